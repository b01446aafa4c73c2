// Goal: ES256 verification takes exactly DER signatures under a point of the curve (SPEC 1.3). Method: keys and signatures of node:crypto, changed.
import { Buffer } from 'node:buffer';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../src/base/bytes.ts';
import { isP256Point, verifyP256 } from '../../src/crypto/p256.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const point = concat(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'));
const message = utf8('authenticator data ‖ client hash');
const der = new Uint8Array(sign('sha256', message, privateKey));

describe('an ES256 signature', () => {
  it('verifies under its key and message alone', () => {
    expect(verifyP256(point, message, der)).toBe(true);
    expect(verifyP256(point, utf8('other'), der)).toBe(false);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const stranger = concat(Buffer.from(other.x ?? '', 'base64url'), Buffer.from(other.y ?? '', 'base64url'));
    expect(verifyP256(stranger, message, der)).toBe(false);
  });

  it('is refused in the fixed-length form, cut, with a byte behind it, or empty', () => {
    const raw = new Uint8Array(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
    for (const wrong of [
      raw,
      der.subarray(1),
      der.subarray(0, -1),
      concat(der, Uint8Array.of(0)),
      new Uint8Array(),
    ])
      expect(verifyP256(point, message, wrong)).toBe(false);
  });

  it('is refused under what is no point, never with a throw', () => {
    for (const wrong of [
      new Uint8Array(64),
      point.subarray(1),
      concat(point, Uint8Array.of(0)),
      new Uint8Array(),
    ])
      expect(verifyP256(wrong, message, der)).toBe(false);
  });
});

describe('a point of P-256', () => {
  it('is on the curve, 64 bytes, with reduced coordinates', () => {
    expect(isP256Point(point)).toBe(true);
    const off = point.slice();
    off[63] = (off[63] ?? 0) ^ 1;
    const tooLarge = concat(new Uint8Array(32).fill(255), point.subarray(32));
    for (const wrong of [
      off,
      tooLarge,
      new Uint8Array(64),
      point.subarray(1),
      concat(point, Uint8Array.of(0)),
    ])
      expect(isP256Point(wrong)).toBe(false);
  });
});
