// Goal: a cast under a letter that stands in no batch is found, whether its line is there or not. Method: the story, in which the
// server votes for deng with a key of its own under an id that no letter has (SPEC 3.2, 3.3).
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { CredentialLine } from '../../src/record/bundle-lines.ts';
import type { Forge } from './bundle-builder.ts';
import { failing } from './failing-checks.ts';

const seed = new Uint8Array(32).fill(0x33);
const publicKey = toBase64Url(publicKeyOf(seed));
const UNKNOWN = 'a'.repeat(26);
const DENG = 4;
const DENGS_AREA = '12000';

/** What the server tells of the key that no letter holds. */
const told = (credentials: (lines: readonly CredentialLine[]) => readonly CredentialLine[]): Forge => ({
  credentials,
  claims: (claims) => (claims.areaDm2 === DENGS_AREA ? { ...claims, credential: UNKNOWN } : claims),
  cast: (cast, place) => (place === DENG ? { ...cast, credential: UNKNOWN } : cast),
  castSignature: (signature, place, { hash }) =>
    place === DENG ? { alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) } : signature,
});

/** The lines are in the order of first votes: ada, bao, chen, deng, emei. */
const DENGS_LINE = 3;

describe('a cast under a letter of no batch', () => {
  it('is found where its line says that it is a letter', async () => {
    const lie = told((lines) =>
      lines.map((line, at) => (at === DENGS_LINE ? { ...line, credential: UNKNOWN, publicKey } : line)),
    );
    expect(await failing(lie)).toContain('CRED-01');
  });
  it('is found where it has no line', async () => {
    const lie = told((lines) => lines.filter((_, at) => at !== DENGS_LINE));
    expect(await failing(lie)).toContain('CAST-01');
  });
});
