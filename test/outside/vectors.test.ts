// Goal: the outside client reads hashes, proofs, tiles and notes as others do, its signature check is as strict as RFC 8032 allows, and it
// owes nothing to the product. Method: the vectors of another implementation, RFC 8032's own, edge points against OpenSSL and @noble, and
// its imports read as text.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ed25519 } from '@noble/curves/ed25519.js';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { concat, toHex, utf8 } from '../../src/base/bytes.ts';
import { publicKeyOf, sign, verify } from '../../src/crypto/ed25519.ts';
import { hex } from '../support/tlog-vectors.ts';
import { pythonHere, runPython } from './run-log-client.ts';

// Each check is a process of its own, which a busy machine may start slowly.
vi.setConfig({ testTimeout: 120_000 });
const python = await pythonHere();
const here = fileURLToPath(new URL('.', import.meta.url));
const CHECKER = join(here, 'check_vectors.py');
const VECTORS = fileURLToPath(new URL('../vectors/tlog-vectors.json', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-outside-vectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(python)('the vectors of the log', () => {
  it('hold, all of them', async () => {
    const { code, out } = await runPython([CHECKER, 'tlog', VECTORS]);
    expect(out).toBe('84 checks held, 0 failed\n');
    expect(code).toBe(0);
  });

  it.each([
    ['a root', '5dc9da79a70659a9', '5dc9da79a70659a8', 'FAIL root of 8'],
    ['a path', '4e08bf05f4b21809', '4e08bf05f4b21808', 'FAIL path of 12345\nFAIL inclusion of 12345'],
    ['a tile', '5a8eb2fe63c90ddf', '5a8eb2fe63c90dde', 'FAIL tile/1/001.p/17'],
    ['a spelling', 'tile/0/x001/000', 'tile/0/1000', 'FAIL tile/0/1000'],
  ])('fail where %s is another one', async (_what, from, to, words) => {
    const text = readFileSync(VECTORS, 'utf8');
    expect(text).toContain(from);
    const path = join(folder, 'altered.json');
    writeFileSync(path, text.replace(from, to));
    const { code, out } = await runPython([CHECKER, 'tlog', path]);
    expect(out).toContain(words);
    expect(code).toBe(1);
  });
});

type Signed = { readonly key: Uint8Array; readonly message: Uint8Array; readonly signature: Uint8Array };

/** The client's word on each of these signatures. */
async function wordsFor(signed: readonly Signed[]): Promise<readonly string[]> {
  const list = signed.map(({ key, message, signature }) => ({
    publicKey: toHex(key),
    message: toHex(message),
    signature: toHex(signature),
  }));
  const path = join(folder, 'signatures.json');
  writeFileSync(path, JSON.stringify(list));
  const { code, out } = await runPython([CHECKER, 'ed25519', path]);
  expect(code, out).toBe(0);
  return out.trimEnd().split('\n');
}

const ORDER = ed25519.Point.Fn.ORDER;
const FIELD = 2n ** 255n - 19n;
const SIGN = 2n ** 255n;
const littleEndian = (value: bigint, size = 32): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
const seed = new Uint8Array(32).fill(7);
const key = publicKeyOf(seed);
const message = utf8('entry');
const signature = sign(seed, message);

describe.runIf(python)('a signature', () => {
  it('of RFC 8032, and of random keys and messages, holds; with a flipped bit it does not', async () => {
    const rfc: readonly (readonly [string, string, string])[] = [
      [
        'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ],
      [
        '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        '72',
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      ],
      [
        'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
        'af82',
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
      ],
    ];
    const good: Signed[] = rfc.map(([k, m, s]) => ({ key: hex(k), message: hex(m), signature: hex(s) }));
    for (let i = 0; i < 40; i += 1) {
      const [random, text] = [ed25519.utils.randomSecretKey(), utf8(`message ${'x'.repeat(i * 7)}`)];
      good.push({ key: publicKeyOf(random), message: text, signature: sign(random, text) });
    }
    expect(new Set(await wordsFor(good))).toEqual(new Set(['ok']));
    const bad = Array.from({ length: 64 }, (_, at) => ({
      key,
      message,
      signature: signature.with(at, (signature[at] ?? 0) ^ (1 << (at & 7))),
    }));
    expect(await wordsFor(bad)).not.toContain('ok');
    expect(await wordsFor([{ key, message: utf8('Entry'), signature }])).toEqual(['SIGNATURE_WRONG']);
  });

  it('has one form only: S + L, wide points and other lengths are refused, each with its word', async () => {
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
    const sent = (bytes: Uint8Array, by = key): Signed => ({ key: by, message, signature: bytes });
    const zero = littleEndian(0n);
    expect(
      await wordsFor([
        sent(concat(r, littleEndian(numberOf(s) + ORDER))),
        sent(concat(r, littleEndian(ORDER))),
        sent(concat(littleEndian(FIELD + 1n), zero)),
        sent(concat(littleEndian(1n + SIGN), zero)),
        sent(signature.subarray(0, 63)),
        sent(concat(signature, new Uint8Array(1))),
        sent(signature, littleEndian(FIELD + 1n)),
        sent(signature, littleEndian(2n)),
        sent(signature, key.subarray(1)),
        sent(concat(littleEndian(1n), zero), littleEndian(1n)),
      ]),
    ).toEqual([
      'SIGNATURE_S_TOO_LARGE',
      'SIGNATURE_S_TOO_LARGE',
      'SIGNATURE_POINT',
      'SIGNATURE_POINT',
      'SIGNATURE_LENGTH',
      'SIGNATURE_LENGTH',
      'KEY_POINT',
      'KEY_POINT',
      'KEY_POINT',
      'KEY_SMALL_ORDER',
    ]);
  });

  it('is measured without the cofactor: a point of small order in R does not pass', async () => {
    const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
    const nonce = 123_456_789n;
    const signedWith = (addend: typeof torsion): Signed => {
      const r = ed25519.Point.BASE.multiply(nonce).add(addend).toBytes();
      const digest = new Uint8Array(
        createHash('sha512')
          .update(concat(r, key, message))
          .digest(),
      );
      const k = numberOf(digest) % ORDER;
      return { key, message, signature: concat(r, littleEndian((nonce + k * scalar) % ORDER)) };
    };
    const mixed = signedWith(torsion);
    expect(ed25519.verify(mixed.signature, message, key, { zip215: true })).toBe(true);
    expect(await wordsFor([signedWith(ed25519.Point.ZERO), mixed])).toEqual(['ok', 'SIGNATURE_WRONG']);
  });

  it('over edge points is never accepted where the product refuses it', async () => {
    const eighth = numberOf(hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')) % SIGN;
    const other = numberOf(hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')) % SIGN;
    const numbers = [0n, 1n, FIELD - 1n, FIELD, FIELD + 1n, eighth, other];
    const points = [...numbers, ...numbers.map((y) => y + SIGN)].map((y) => littleEndian(y));
    const scalars = [0n, 1n, ORDER - 1n, ORDER].map((s) => littleEndian(s));
    const cases = points.flatMap((a) =>
      [...points, key].flatMap((r) => scalars.map((s) => ({ key: a, message, signature: concat(r, s) }))),
    );
    const words = await wordsFor(cases);
    expect(words).toHaveLength(cases.length);
    expect(new Set(words)).toEqual(new Set(['KEY_POINT', 'KEY_SMALL_ORDER']));
    // With a sound key every edge point in R is refused by both.
    const underKey = cases.map((one) => ({ ...one, key }));
    const verdicts = underKey.map((one) => verify(one.key, one.message, one.signature));
    expect((await wordsFor(underKey)).map((word) => word === 'ok')).toEqual(verdicts);
  });
});

describe('the outside client', () => {
  it('imports the standard library and its own files, and starts no other program', () => {
    const files = readdirSync(here).filter((name) => name.endsWith('.py'));
    const own = new Set(files.map((name) => name.slice(0, -'.py'.length)));
    const library = new Set(
      'argparse base64 datetime hashlib http.client json os re sys traceback urllib.parse zlib'.split(' '),
    );
    expect(files.length).toBeGreaterThan(4);
    for (const name of files) {
      const text = readFileSync(join(here, name), 'utf8');
      const imports = [...text.matchAll(/^\s*(?:import|from) ([\w.]+)/gm)].map((match) => match[1] ?? '');
      expect(imports.filter((module) => !own.has(module) && !library.has(module))).toEqual([]);
      expect(text).not.toMatch(/__import__|importlib|subprocess|os\.system|os\.popen|\bexec\(|\beval\(/);
    }
    const runner = readFileSync(join(here, 'run-log-client.ts'), 'utf8');
    const sources = [...runner.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
    expect(sources.every((source) => source.startsWith('node:'))).toBe(true);
  });
});
