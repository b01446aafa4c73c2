// Goal: server and page give the same verdict on every signature, also where libraries differ (SPEC 1.3). Method: RFC 8032 vectors, random
// inputs to both twins, the five edge rows by hand, and enrolment as the gate for the rows that both accept.
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex, utf8 } from '../../src/base/bytes.ts';
import {
  publicKeyOf as pageKeyOf,
  sign as pageSign,
  verify as pageVerify,
} from '../../src/crypto/ed25519.page.ts';
import { publicKeyOf, sign, verify } from '../../src/crypto/ed25519.ts';
import { isEnrollableKey } from '../../src/crypto/ed25519-key.ts';
import { hasReducedScalar } from '../../src/crypto/ed25519-scalar.ts';

const hex = (text: string): Uint8Array => fromHex(text) ?? expect.fail(`no hex: ${text}`);
const twins = [
  { name: 'the server', publicKeyOf, sign, verify },
  { name: 'the page', publicKeyOf: pageKeyOf, sign: pageSign, verify: pageVerify },
] as const;

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
const scalarOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);

/** The same signature with S + ℓ for S. */
const withLargerScalar = (signature: Uint8Array): Uint8Array =>
  concat(signature.subarray(0, 32), littleEndian(scalarOf(signature.subarray(32)) + ORDER));

const IDENTITY = littleEndian(1n);
const FIELD = 2n ** 255n - 19n;
/** y = p + 1, the identity in a form that is not reduced. */
const WIDE_IDENTITY = littleEndian(FIELD + 1n);
/** A point of order 8. */
const ORDER_8 = hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
const ZERO = new Uint8Array(32);

/** RFC 8032 §7.1, tests 1 to 3. */
const RFC = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

describe.each(twins)('Ed25519 on $name', ({ publicKeyOf: keyOf, sign: signBy, verify: verifyBy }) => {
  it.each(RFC)('signs as RFC 8032 for the seed %s', (seed, key, message, signature) => {
    expect(toHex(keyOf(hex(seed)))).toBe(key);
    expect(toHex(signBy(hex(seed), hex(message)))).toBe(signature);
    expect(verifyBy(hex(key), hex(message), hex(signature))).toBe(true);
  });

  it('refuses another message, key or signature', () => {
    const [seed, message] = [new Uint8Array(32).fill(7), utf8('cast')];
    const [key, signature] = [keyOf(seed), signBy(seed, message)];
    expect(verifyBy(key, utf8('Cast'), signature)).toBe(false);
    expect(verifyBy(keyOf(new Uint8Array(32)), message, signature)).toBe(false);
    // One bit of every byte; the page's library needs milliseconds for each.
    for (let at = 0; at < 64; at += 1) {
      const altered = signature.slice();
      altered[at] = (altered[at] ?? 0) ^ (1 << (at & 7));
      if (verifyBy(key, message, altered)) expect.fail(`byte ${at}`);
    }
  });

  it('is false, never a throw, for keys and signatures of a wrong length', () => {
    const signature = signBy(ZERO, utf8('x'));
    for (const size of [0, 31, 33]) expect(verifyBy(new Uint8Array(size), utf8('x'), signature)).toBe(false);
    for (const size of [0, 63, 65])
      expect(verifyBy(keyOf(ZERO), utf8('x'), new Uint8Array(size))).toBe(false);
  });

  it('refuses a key that is no point', () => {
    for (const y of [2n, 7n, FIELD, FIELD + 2n])
      expect(verifyBy(littleEndian(y), utf8('x'), new Uint8Array(64))).toBe(false);
  });

  it('edge row 1: takes a normal signature', () => {
    expect(verifyBy(keyOf(ZERO), utf8('x'), signBy(ZERO, utf8('x')))).toBe(true);
  });

  it('edge row 2: refuses S + ℓ', () => {
    fc.assert(
      fc.property(bytes32, fc.uint8Array({ maxLength: 40 }), (seed, message) => {
        const larger = withLargerScalar(signBy(seed, message));
        expect(hasReducedScalar(larger)).toBe(false);
        expect(verifyBy(keyOf(seed), message, larger)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('edge row 3: takes A = R = identity, S = 0 for any message, so that enrolment must refuse this key', () => {
    for (const message of ['a', 'b'])
      expect(verifyBy(IDENTITY, utf8(message), concat(IDENTITY, ZERO))).toBe(true);
    expect(isEnrollableKey(IDENTITY)).toBe(false);
  });

  it('edge row 5: refuses A and R as a non-canonical identity', () => {
    expect(verifyBy(WIDE_IDENTITY, utf8('x'), concat(WIDE_IDENTITY, ZERO))).toBe(false);
    expect(verifyBy(WIDE_IDENTITY, utf8('x'), concat(IDENTITY, ZERO))).toBe(
      verify(WIDE_IDENTITY, utf8('x'), concat(IDENTITY, ZERO)),
    );
    expect(verifyBy(IDENTITY, utf8('x'), concat(WIDE_IDENTITY, ZERO))).toBe(false);
  });
});

describe('both twins', () => {
  it('agree on random keys, messages and signatures', () => {
    fc.assert(
      fc.property(
        bytes32,
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(63),
        fc.nat(255),
        (seed, message, at, byte) => {
          expect(toHex(pageKeyOf(seed))).toBe(toHex(publicKeyOf(seed)));
          const signature = sign(seed, message);
          expect(toHex(pageSign(seed, message))).toBe(toHex(signature));
          const altered = signature.slice();
          altered[at] = byte;
          const key = publicKeyOf(seed);
          expect(pageVerify(key, message, altered)).toBe(verify(key, message, altered));
          expect(verify(key, message, altered)).toBe(toHex(altered) === toHex(signature));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('agree on bytes that are no key and no signature, without a throw', () => {
    const any64 = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(
        bytes32,
        fc.uint8Array({ maxLength: 40 }),
        any64,
        fc.boolean(),
        (key, message, any, small) => {
          const signature = small ? concat(any.subarray(0, 63), Uint8Array.of(0)) : any;
          expect(verify(key, message, signature)).toBe(false);
          expect(pageVerify(key, message, signature)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('edge row 4: agree on a key of order 8, which is good for some messages and never enrolled', () => {
    const verdicts = Array.from({ length: 48 }, (_, i) => {
      const message = utf8(`message ${i}`);
      const verdict = verify(ORDER_8, message, concat(IDENTITY, ZERO));
      expect(pageVerify(ORDER_8, message, concat(IDENTITY, ZERO))).toBe(verdict);
      return verdict;
    });
    // A forgery that needs no secret: the equation holds wherever the challenge is a multiple of 8.
    expect(verdicts).toContain(true);
    expect(verdicts).toContain(false);
    expect(isEnrollableKey(ORDER_8)).toBe(false);
  });

  it('agree on keys and R of mixed order, and such a key is never enrolled', () => {
    const torsion = ed25519.Point.fromBytes(ORDER_8, false);
    for (let i = 0; i < 12; i += 1) {
      const seed = new Uint8Array(32).fill(i);
      const mixed = ed25519.Point.fromBytes(publicKeyOf(seed), false).add(torsion).toBytes();
      const message = utf8(`mixed ${i}`);
      const signature = sign(seed, message);
      expect(pageVerify(mixed, message, signature)).toBe(verify(mixed, message, signature));
      const mixedR = ed25519.Point.fromBytes(signature.subarray(0, 32), false).add(torsion).toBytes();
      const other = concat(mixedR, signature.subarray(32));
      expect(pageVerify(publicKeyOf(seed), message, other)).toBe(verify(publicKeyOf(seed), message, other));
      expect(isEnrollableKey(mixed)).toBe(false);
    }
  });
});

describe('a reduced scalar', () => {
  it('is below ℓ', () => {
    const at = (value: bigint): boolean => hasReducedScalar(concat(ZERO, littleEndian(value)));
    expect([0n, 1n, ORDER - 1n].map(at)).toEqual([true, true, true]);
    expect([ORDER, ORDER + 1n, 2n ** 253n, 2n ** 256n - 1n].map(at)).toEqual([false, false, false, false]);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(at(value)).toBe(value < ORDER);
      }),
    );
  });

  it('stands in 64 bytes', () => {
    for (const size of [0, 32, 63, 65]) expect(hasReducedScalar(new Uint8Array(size))).toBe(false);
  });
});

describe('a key that may be enrolled', () => {
  it('is that of every seed', () => {
    fc.assert(
      fc.property(bytes32, (seed) => {
        expect(isEnrollableKey(publicKeyOf(seed))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ['31 bytes', new Uint8Array(31)],
    ['33 bytes', new Uint8Array(33)],
    ['no point', littleEndian(2n)],
    ['the identity', IDENTITY],
    ['the identity with the sign bit', littleEndian(1n + 2n ** 255n)],
    ['the identity not reduced', WIDE_IDENTITY],
    ['zero, of order 4', ZERO],
    ['p − 1, of order 2', littleEndian(FIELD - 1n)],
    ['p, not reduced', littleEndian(FIELD)],
    ['a point of order 8', ORDER_8],
    ['its negative', concat(ORDER_8.subarray(0, 31), Uint8Array.of(0xfa))],
    ['all ones', new Uint8Array(32).fill(255)],
  ])('is not %s', (_, key) => {
    expect(isEnrollableKey(key)).toBe(false);
  });
});
