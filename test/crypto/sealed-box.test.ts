// Goal: a sealed choice opens to its plaintext under the one secret, and hostile ephemeral keys do not open. Method: round trips, bit flips, and
// the encodings of small order or above the field prime.
import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex, utf8 } from '../../src/base/bytes.ts';
import {
  boxPublicKey,
  isBoxKey,
  openSeal,
  opensBox,
  SEAL_OVERHEAD,
  seal,
} from '../../src/crypto/sealed-box.ts';

const hex = (text: string): Uint8Array => fromHex(text) ?? expect.fail(`no hex: ${text}`);
const filled = (byte: number, size = 32): Uint8Array => new Uint8Array(size).fill(byte);
const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

const [secret, ephemeral, nonce] = [filled(1), filled(2), filled(3, 24)];
const boxKey = boxPublicKey(secret);
const FIELD = 2n ** 255n - 19n;
const HIGH_BIT = 2n ** 255n;

/** The u-coordinates of order 1, 2, 4 and 8, on the curve and on its twist (cr.yp.to/ecdh.html). */
const SMALL = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  FIELD - 1n,
];

describe('a sealed choice', () => {
  it('opens to its plaintext and is 72 bytes longer', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(key, key, fc.uint8Array({ maxLength: 200 }), (box, once, plaintext) => {
        const sealed = seal(plaintext, boxPublicKey(box), once, nonce);
        expect(SEAL_OVERHEAD).toBe(72);
        expect(sealed.length).toBe(72 + plaintext.length);
        expect(toHex(sealed.subarray(0, 32))).toBe(toHex(boxPublicKey(once)));
        expect(toHex(sealed.subarray(32, 56))).toBe(toHex(nonce));
        expect(openSeal(sealed, box)).toEqual(plaintext);
      }),
      { numRuns: 20 },
    );
  });

  it('has the key pair of RFC 7748 §6.1, and for every secret the public key that node:crypto gives', () => {
    expect(toHex(boxPublicKey(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb')))).toBe(
      'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    );
    const pkcs8 = hex('302e020100300506032b656e04220420');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (each) => {
        const key = createPrivateKey({ key: Buffer.from(concat(pkcs8, each)), format: 'der', type: 'pkcs8' });
        const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
        expect(toHex(boxPublicKey(each))).toBe(spki.subarray(-32).toString('hex'));
      }),
      { numRuns: 30 },
    );
  });

  it('does not open under another secret, cut short, or with any byte changed', () => {
    const sealed = seal(utf8('同意'), boxKey, ephemeral, nonce);
    expect(openSeal(sealed, secret)).toEqual(utf8('同意'));
    expect(openSeal(sealed, filled(9))).toBeUndefined();
    for (let size = 0; size < sealed.length; size += 1)
      expect(openSeal(sealed.subarray(0, size), secret)).toBeUndefined();
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = sealed.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(openSeal(altered, secret), `byte ${at}`).toBeUndefined();
    }
  });

  it('does not open with an ephemeral key of small order, though the box itself would', () => {
    for (const point of SMALL) {
      const epk = littleEndian(point);
      const real = seal(utf8('同意'), epk, secret, nonce);
      // The holder's secret times a point of small order is zero: anybody can make this box.
      expect(openSeal(concat(epk, real.subarray(32)), secret)).toBeUndefined();
    }
  });

  it('does not open with an ephemeral key in a second spelling', () => {
    const sealed = seal(utf8('同意'), boxKey, ephemeral, nonce);
    const masked = sealed.slice();
    masked[31] = (masked[31] ?? 0) | 0x80;
    // X25519 ignores the high bit, so only the check of the spelling refuses it.
    expect(openSeal(masked, secret)).toBeUndefined();
  });
});

describe('a box key', () => {
  it('is every key that a secret gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (each) => {
        expect(isBoxKey(boxPublicKey(each))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it.each(SMALL)('is not the point %d of small order, in any spelling', (point) => {
    expect(isBoxKey(littleEndian(point))).toBe(false);
    expect(isBoxKey(littleEndian(point + HIGH_BIT))).toBe(false);
    if (point + FIELD < 2n ** 256n) expect(isBoxKey(littleEndian(point + FIELD))).toBe(false);
  });

  it('is below the field prime and 32 bytes long', () => {
    expect(isBoxKey(littleEndian(FIELD - 2n))).toBe(true);
    for (const value of [FIELD, FIELD + 2n, HIGH_BIT, HIGH_BIT + 9n, 2n ** 256n - 1n])
      expect(isBoxKey(littleEndian(value))).toBe(false);
    for (const size of [0, 31, 33]) expect(isBoxKey(filled(9, size))).toBe(false);
  });

  it('belongs to one secret', () => {
    expect(opensBox(secret, boxKey)).toBe(true);
    expect(opensBox(ephemeral, boxKey)).toBe(false);
    expect(opensBox(secret.subarray(0, 31), boxKey)).toBe(false);
  });
});
