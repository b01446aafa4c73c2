// Goal: a checkpoint is believed only under the log's own key, and a witness counts once, with its earliest time.
// Method: vectors of another implementation, one changed part at a time, and cosignatures made here.
import { describe, expect, it } from 'vitest';
import {
  addSignatures,
  cosign,
  cosignersOf,
  logKey,
  parseCheckpoint,
  printCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
  witnessKey,
} from '../../src/record/checkpoint.ts';
import { EMPTY_ROOT } from '../../src/record/merkle.ts';
import { printSignature, printVkey } from '../../src/record/note.ts';
import { parseWitnessRequest, printWitnessRequest } from '../../src/record/witness-request.ts';
import { base64, hex, vectors } from '../support/tlog-vectors.ts';

const { small } = vectors;
const seed = hex(small.seed);
const root = base64(small.checkpointText.split('\n')[2] ?? '');
const checkpoint = { origin: small.logName, size: 5, root };
const witness = { name: 'first', vkey: small.witnessVerifierKey };

describe('the text of a checkpoint', () => {
  it('is the one of the vectors', () => {
    expect(printCheckpoint(checkpoint)).toBe(small.checkpointText);
    expect(parseCheckpoint(small.checkpointText)).toEqual({ ok: true, value: checkpoint });
    const empty = { origin: 'log.example', size: 0, root: EMPTY_ROOT };
    expect(parseCheckpoint(printCheckpoint(empty))).toEqual({ ok: true, value: empty });
  });

  it.each(['', '05', '0x5', ' 5', '5 ', '+5', '-5', '5.0', '5e0', '9007199254740992', '5n'])(
    'with the size %j is refused',
    (size) => {
      const text = small.checkpointText.replace('\n5\n', `\n${size}\n`);
      expect(parseCheckpoint(text).ok).toBe(false);
    },
  );

  it.each([
    ['a short root', small.checkpointText.replace(/\n[^\n]*\n$/, '\nAAAA\n')],
    ['a root that does not re-encode', small.checkpointText.replace('Sl8=', 'Sl9=')],
    ['a root with a space', small.checkpointText.replace('Sl8=', ' Sl8=')],
    ['an extension line', `${small.checkpointText}more\n`],
    ['no final line feed', small.checkpointText.slice(0, -1)],
    ['text behind the last line feed', `${small.checkpointText}x`],
    ['no origin', small.checkpointText.replace('vote.example/log', '')],
    ['an origin with a space', small.checkpointText.replace('vote', 'a vote')],
    ['size 0 and a root', small.checkpointText.replace('\n5\n', '\n0\n')],
    ['two lines', 'vote.example/log\n5\n'],
  ])('with %s is refused', (_, text) => {
    expect(text).not.toBe(small.checkpointText);
    expect(parseCheckpoint(text)).toMatchObject({ ok: false, refusal: { code: 'CHECKPOINT_MALFORMED' } });
  });
});

describe('a signed checkpoint', () => {
  it('is the one of the vectors, byte for byte', () => {
    expect(signCheckpoint(checkpoint, seed)).toBe(small.signedCheckpoint);
    expect(printVkey(logKey(small.logName, seed))).toBe(small.verifierKeyText);
    for (const note of [small.signedCheckpoint, small.cosignedCheckpoint]) {
      expect(verifyCheckpoint(note, small.verifierKeyText)).toEqual({ ok: true, value: checkpoint });
    }
  });

  it.each([
    ['CHECKPOINT_KEY', small.signedCheckpoint, 'not a key'],
    ['CHECKPOINT_KEY', small.cosignedCheckpoint, small.witnessVerifierKey],
    ['CHECKPOINT_MALFORMED', small.checkpointText, small.verifierKeyText],
    ['CHECKPOINT_MALFORMED', small.signedCheckpoint.replace('\n5\n', '\n05\n'), small.verifierKeyText],
    ['CHECKPOINT_ORIGIN', small.signedCheckpoint.replace('vote', 'note'), small.verifierKeyText],
    ['CHECKPOINT_SIGNATURE', small.signedCheckpoint.replace('\n5\n', '\n6\n'), small.verifierKeyText],
    ['CHECKPOINT_UNSIGNED', signCheckpoint(checkpoint, hex(small.witnessSeed)), small.verifierKeyText],
  ])('is refused with %s', (code, note, vkey) => {
    expect(verifyCheckpoint(note, vkey)).toMatchObject({ ok: false, refusal: { code } });
  });
});

describe('a cosignature', () => {
  it('is the one of the vectors', () => {
    const line = printSignature(
      cosign(small.witnessName, hex(small.witnessSeed), small.checkpointText, 1_700_000_000),
    );
    expect(line).toBe(small.cosignatureLine);
    expect(addSignatures(small.signedCheckpoint, [line])).toBe(small.cosignedCheckpoint);
    expect(addSignatures(small.cosignedCheckpoint, [line])).toBe(small.cosignedCheckpoint);
    expect(printVkey(witnessKey(small.witnessName, hex(small.witnessSeed)))).toBe(small.witnessVerifierKey);
    expect(cosignersOf(small.cosignedCheckpoint, [witness])).toEqual([{ name: 'first', at: 1_700_000_000 }]);
  });

  it('counts once for each key, with its earliest time, in the order of the policy', () => {
    const other = hex(small.seed);
    const otherWitness = { name: 'second', vkey: printVkey(witnessKey('witness.example/w2', other)) };
    const at = (time: number) =>
      printSignature(cosign(small.witnessName, hex(small.witnessSeed), small.checkpointText, time));
    const second = printSignature(cosign('witness.example/w2', other, small.checkpointText, 1_600_000_000));
    const note = addSignatures(small.signedCheckpoint, [second, at(1_700_000_050), at(1_700_000_020)]);
    expect(cosignersOf(note, [witness, otherWitness, { ...witness, name: 'again' }])).toEqual([
      { name: 'first', at: 1_700_000_020 },
      { name: 'second', at: 1_600_000_000 },
    ]);
  });

  it('does not count where it is absent, wrong, of another text, or its key no witness key', () => {
    expect(cosignersOf(small.signedCheckpoint, [witness])).toEqual([]);
    expect(cosignersOf(small.cosignedCheckpoint.replace('\n5\n', '\n6\n'), [witness])).toEqual([]);
    expect(cosignersOf(small.checkpointText, [witness])).toEqual([]);
    expect(cosignersOf(small.cosignedCheckpoint, [{ name: 'log', vkey: small.verifierKeyText }])).toEqual([]);
    expect(cosignersOf(small.cosignedCheckpoint, [{ name: 'none', vkey: '' }])).toEqual([]);
  });
});

describe('a request to a witness', () => {
  it('is the one of the vectors', () => {
    const parsed = parseWitnessRequest(small.addCheckpointFrom3);
    if (!parsed.ok) throw new Error(parsed.refusal.code);
    expect(parsed.value.oldSize).toBe(3);
    expect(parsed.value.proof).toHaveLength(4);
    expect(parsed.value.note).toBe(small.signedCheckpoint);
    expect(printWitnessRequest(parsed.value)).toBe(small.addCheckpointFrom3);
  });

  it.each([
    '',
    'old 3',
    'old 3\n\n'.replace('old', 'OLD'),
    small.addCheckpointFrom3.replace('old 3', 'old 03'),
    small.addCheckpointFrom3.replace('old 3', 'old 0'),
    small.addCheckpointFrom3.replace('old 3\n', 'old 3\nAAAA\n'),
    small.addCheckpointFrom3.replace('old 3\n', `old 3\n${`${small.rootAt3}\n`.repeat(60)}`),
  ])('spelled otherwise is refused (%#)', (body) => {
    expect(parseWitnessRequest(body)).toMatchObject({
      ok: false,
      refusal: { code: 'WITNESS_REQUEST_MALFORMED' },
    });
  });

  it('for a first cosignature or a fresh time has no proof', () => {
    for (const oldSize of [0, 5]) {
      const request = { oldSize, proof: [], note: small.signedCheckpoint };
      expect(parseWitnessRequest(printWitnessRequest(request))).toEqual({ ok: true, value: request });
    }
  });
});
