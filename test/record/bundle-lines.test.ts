// Goal: a file of lines is split as it was joined, and the inputs of a tally have one hash (SPEC 8.2, 9.1). Method: random lines, cut files, and the
// hash recomputed with node:crypto.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, toHex, utf8 } from '../../src/base/bytes.ts';
import {
  inputsHash,
  linesFile,
  splitLines,
  TALLY_INPUTS,
  type TallyInputs,
} from '../../src/record/bundle-lines.ts';

const line = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.map((byte) => (byte === 10 ? 11 : byte)));

describe('a file of lines', () => {
  it('is split as it was joined', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        expect(splitLines(linesFile(lines))?.map(toHex)).toEqual(lines.map(toHex));
      }),
    );
    expect(splitLines(new Uint8Array())).toEqual([]);
  });

  it('whose last line does not end is refused', () => {
    for (const text of ['a', 'a\nb', '\na']) expect(splitLines(utf8(text))).toBeUndefined();
  });
});

describe('the inputs of a tally', () => {
  const files = Object.fromEntries(TALLY_INPUTS.map((path) => [path, utf8(path)])) as TallyInputs;

  it('have the hash of their manifest lines', () => {
    const sha = (text: string | Uint8Array) => createHash('sha256').update(text).digest('base64url');
    const lines = [
      'meeting.json',
      'roll.jsonl',
      'ballots.jsonl',
      'casts.jsonl',
      'paper.jsonl',
      'box.json',
    ].map((path) => `{"path":"${path}","sha256":"${sha(path)}"}`);
    expect(inputsHash(files)).toBe(sha(`[${lines.join(',')}]`));
  });

  it('have another hash when one byte of one file changes', () => {
    const hashes = TALLY_INPUTS.map((path) =>
      inputsHash({ ...files, [path]: concat(files[path], Uint8Array.of(0)) }),
    );
    expect(new Set([inputsHash(files), ...hashes]).size).toBe(TALLY_INPUTS.length + 1);
  });
});
