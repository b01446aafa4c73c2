// Goal: no two lists of inputs share a frame, and the bytes never change (SPEC 1.1). Method: pinned vectors that node:crypto recomputes here
// without our code, and properties that move bytes between inputs.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, toBase64Url, toHex, utf8 } from '../../src/base/bytes.ts';
import { type FrameInput, frame, h256, h256Text } from '../../src/crypto/frame.ts';
import { sha256 as pageSha256 } from '../../src/crypto/sha256.page.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { TAGS, type Tag } from '../../src/crypto/tags.ts';

/** The frame by hand: a second writing of SPEC 1.1 with Buffer. */
function byHand(tag: string, inputs: readonly FrameInput[]): string {
  const hash = createHash('sha256');
  const add = (bytes: Uint8Array) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    hash.update(size).update(bytes);
  };
  add(Buffer.from(`owners-vote/v1/${tag}`, 'ascii'));
  for (const input of inputs) {
    if (typeof input === 'string') add(Buffer.from(input, 'utf8'));
    else if (typeof input === 'bigint') {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(input);
      add(bytes);
    } else add(input);
  }
  return hash.digest('hex');
}

const GOLDEN: readonly (readonly [Tag, readonly FrameInput[], string])[] = [
  ['cast', [], '5fb2d9a88750a84163854cd766f4ebf6d77d976228613e3c5b9fc1f8ebf4140b'],
  ['cast', [utf8('{"v":1}')], 'c6f1f947c854d3bededb3b9f719087ceb5a5a6c37966510a2c03582cb26da488'],
  [
    'login',
    ['log.example', new Uint8Array(32), new Uint8Array(32).fill(1)],
    'a07cfd58fe42cdd4b7919e2b4363e305a7575daccc7443d9e60222dd6ff4939b',
  ],
  [
    'letter-seed',
    [Uint8Array.from({ length: 16 }, (_, i) => i)],
    'ee629c6dbcb820bc07ac95765b0681ebcc6b6aa2200568023f47d277d84bdc87',
  ],
  ['voter', ['业主', 2n ** 64n - 1n, ''], '8d59787c6701809b8884074f2fbfc31154ae09628a0ff06a145990954f6c3992'],
];

const inputs = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 5 });
const tag = fc.constantFrom(...TAGS);

describe('a framed hash', () => {
  it.each(GOLDEN)('of %s has its pinned value, which node:crypto gives too', (name, parts, golden) => {
    expect(toHex(h256(name, ...parts))).toBe(golden);
    expect(byHand(name, parts)).toBe(golden);
  });

  it('is that of the hand-written frame, whatever goes in', () => {
    const input = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'grapheme' }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    );
    fc.assert(
      fc.property(tag, fc.array(input, { maxLength: 5 }), (name, parts) => {
        expect(toHex(h256(name, ...parts))).toBe(byHand(name, parts));
        expect(h256Text(name, ...parts)).toBe(toBase64Url(h256(name, ...parts)));
      }),
    );
  });

  it('changes when bytes move from one input to the next', () => {
    fc.assert(
      fc.property(tag, inputs, fc.nat(), fc.nat(), (name, parts, at, cut) => {
        if (parts.length < 2) return;
        const place = at % (parts.length - 1);
        const joined = concat(parts[place] ?? new Uint8Array(), parts[place + 1] ?? new Uint8Array());
        const border = cut % (joined.length + 1);
        const moved: Uint8Array[] = [...parts];
        moved.splice(place, 2, joined.subarray(0, border), joined.subarray(border));
        const isSame = border === parts[place]?.length;
        expect(toHex(h256(name, ...moved)) === toHex(h256(name, ...parts))).toBe(isSame);
        const merged: Uint8Array[] = [...parts];
        merged.splice(place, 2, joined);
        expect(toHex(h256(name, ...merged))).not.toBe(toHex(h256(name, ...parts)));
        expect(toHex(h256(name, ...parts, new Uint8Array()))).not.toBe(toHex(h256(name, ...parts)));
      }),
    );
  });

  it('of other inputs or another tag has another frame', () => {
    const spell = (parts: readonly Uint8Array[]) => JSON.stringify(parts.map(toHex));
    fc.assert(
      fc.property(tag, tag, inputs, inputs, (a, b, left, right) => {
        const isSame = a === b && spell(left) === spell(right);
        expect(toHex(frame(a, ...left)) === toHex(frame(b, ...right))).toBe(isSame);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no integer outside of 64 bits', () => {
    for (const value of [-1n, 2n ** 64n]) expect(() => frame('cast', value)).toThrow(RangeError);
  });

  it('has a tag for each purpose, once, in plain ASCII', () => {
    expect(new Set(TAGS).size).toBe(TAGS.length);
    for (const each of TAGS) expect(each).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

describe('SHA-256', () => {
  it('is that of FIPS 180-4', () => {
    expect(toHex(sha256(utf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is the same in the page and on the server, in one part or many', () => {
    fc.assert(
      fc.property(inputs, (parts) => {
        const whole = createHash('sha256')
          .update(concat(...parts))
          .digest('hex');
        expect(toHex(sha256(...parts))).toBe(whole);
        expect(toHex(pageSha256(...parts))).toBe(whole);
      }),
    );
  });
});
