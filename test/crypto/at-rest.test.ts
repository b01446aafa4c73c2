// Goal: personal data at rest opens only at its place, unaltered, under a key of the deployment. Method: seal, then move, alter, change keys.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { toHex, utf8 } from '../../src/base/bytes.ts';
import {
  atRestKeys,
  generationOf,
  generationOfKey,
  identitySalt,
  numberIndex,
  openAtRest,
  sameSecret,
  sealAtRest,
} from '../../src/crypto/at-rest.ts';
import { seededRandom } from '../support/random.ts';

const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const keys = atRestKeys([secret(1)], secret(9));
const random = seededRandom('at rest');

describe('a sealed value', () => {
  it('opens to what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (plaintext, place) => {
        const sealed = sealAtRest(keys, place, plaintext, random);
        expect(toHex(openAtRest(keys, place, sealed))).toBe(toHex(plaintext));
        expect(sealed.length).toBe(plaintext.length + 33);
      }),
    );
  });

  it('does not open at another place', () => {
    const sealed = sealAtRest(keys, 'person.name/a/b', utf8('陈大文'), random);
    expect(() => openAtRest(keys, 'person.name/a/c', sealed)).toThrow(InvariantError);
  });

  it('does not open when any single bit was changed', () => {
    const sealed = sealAtRest(keys, 'x', utf8('陈大文'), random);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = sealed.slice();
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openAtRest(keys, 'x', altered)).toThrow(InvariantError);
    }
  });

  it('does not open when it was cut short', () => {
    const sealed = sealAtRest(keys, 'x', utf8('陈大文'), random);
    for (let size = 0; size < sealed.length; size += 1)
      expect(() => openAtRest(keys, 'x', sealed.subarray(0, size))).toThrow(InvariantError);
  });

  it('opens under a former key, is sealed under the current one, and not under a stranger’s', () => {
    const former = sealAtRest(keys, 'x', utf8('a'), random);
    const changed = atRestKeys([secret(2), secret(1)], secret(9));
    expect(toHex(openAtRest(changed, 'x', former))).toBe(toHex(utf8('a')));
    const current = sealAtRest(changed, 'x', utf8('a'), random);
    expect(() => openAtRest(keys, 'x', current)).toThrow('no key opens x');
  });

  it('is refused under another generation’s name, by that key and by its own', () => {
    const both = atRestKeys([secret(2), secret(1)], secret(9));
    const former = sealAtRest(keys, 'x', utf8('陈大文'), random);
    const renamed = former.slice();
    renamed.set(generationOf(sealAtRest(both, 'x', utf8('a'), random)));
    expect(() => openAtRest(both, 'x', renamed)).toThrow('x was altered');
    expect(() => openAtRest(keys, 'x', renamed)).toThrow('no key opens x');
  });

  it('names the generation of the key that sealed it', () => {
    const sealed = sealAtRest(keys, 'x', utf8('a'), random);
    expect(toHex(generationOf(sealed))).toBe(toHex(generationOfKey(keys.sealing[0])));
  });

  it('never has one nonce for two messages, even where randomness repeats itself', () => {
    const stuck = (size: number): Uint8Array => new Uint8Array(size);
    const nonceOf = (text: string, place: string) =>
      toHex(sealAtRest(keys, place, utf8(text), stuck).subarray(5, 17));
    expect(new Set([nonceOf('a', 'x'), nonceOf('b', 'x'), nonceOf('a', 'y')]).size).toBe(3);
  });
});

describe('a keyed index', () => {
  it('depends on kind, number and key, and on nothing else', () => {
    const of = (kind: string, number: string, key = keys) => toHex(numberIndex(key, kind, number));
    expect(of('passport', 'E1')).toBe(of('passport', 'E1'));
    const other = atRestKeys([secret(1)], secret(8));
    expect(
      new Set([of('passport', 'E1'), of('other', 'E1'), of('passport', 'E2'), of('passport', 'E1', other)])
        .size,
    ).toBe(4);
  });
});

describe('kind and number', () => {
  it('are framed, so that no two pairs are one', () => {
    const cut = (text: string, at: number) => [text.slice(0, at), text.slice(at)] as const;
    const indexes = [1, 2, 3].map((at) => toHex(numberIndex(keys, ...cut('abcd', at))));
    const salts = [1, 2, 3].map((at) => toHex(identitySalt(secret(1), ...cut('abcd', at))));
    expect(new Set([...indexes, ...salts]).size).toBe(6);
    expect(salts[0]).toHaveLength(32);
    expect(toHex(identitySalt(secret(2), 'a', 'bcd'))).not.toBe(salts[0]);
  });
});

describe('the comparison of secrets', () => {
  it('is equality', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameSecret(a, b) === (a === b)));
    expect(sameSecret('01100X', '01100X')).toBe(true);
  });
});
