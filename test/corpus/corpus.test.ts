// Goal: the corpus is whole: every case names its source, is used on at least one side, and says why where it is not on the other;
// and the readers alone already refuse it. Method: the files as they are, and each case's bytes given to the parser or verifier.
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { CAST_REFUSALS } from '../../src/ballot/domain/cast-refusals.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { verify as pageVerify } from '../../src/crypto/ed25519.page.ts';
import { publicKeyOf, sign, verify } from '../../src/crypto/ed25519.ts';
import { isEnrollableKey } from '../../src/crypto/ed25519-key.ts';
import { ballotForm } from '../../src/record/ballot.ts';
import { castForm } from '../../src/record/cast.ts';
import { verifyJws } from '../../src/record/jws.ts';
import { signatureForm } from '../../src/record/signature.ts';
import { CHECKS } from '../../src/verifier/check-catalogue.ts';
import { ballotClaims, RECORD_EXAMPLES } from '../record/record-examples.ts';
import { token } from '../verifier/story-keys.ts';
import { bentSignature, bentText, bentToken, hex, respeltMember } from './bending.ts';
import { LIVE_STORIES } from './live-stories.ts';
import { LIVE_MANDATES, VERIFIED_MANDATES } from './mandate-stories.ts';
import { LIVE_MERGES, VERIFIED_MERGES } from './merge-stories.ts';
import type { Case } from './read-corpus.ts';
import { CASES, FAMILIES, isKind, isLive, isVerified } from './read-corpus.ts';
import { VERIFIED_STORIES } from './verified-stories.ts';

const named = <C extends Case>(cases: readonly C[]) =>
  cases.map((one) => [`${one.name}: ${one.what}`, one] as const);

describe('the corpus', () => {
  it('has its families, and cases with a name of their own and a source', () => {
    expect([...FAMILIES.keys()]).toEqual([
      'base64url.json',
      'ed25519.json',
      'evoting.json',
      'json.json',
      'jws.json',
      'mandates.json',
      'merges.json',
    ]);
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
    for (const { what, source } of CASES) expect([what, source]).not.toContain('');
    // Issue 3 asks for sixteen spellings of one JWS.
    expect(CASES.filter(isKind('token')).length).toBeGreaterThanOrEqual(16);
  });

  it('uses every case on at least one side, and says why where it is not on the other', () => {
    for (const one of CASES) {
      expect(isLive(one) || isVerified(one), one.name).toBe(true);
      for (const side of [one.live, one.verified])
        if ('absent' in side) expect(side.absent.length, one.name).toBeGreaterThan(20);
    }
  });

  it('tells every story on the sides that it names, and no other', () => {
    const stories = CASES.filter(isKind('story'));
    expect(Object.keys(LIVE_STORIES).sort()).toEqual(
      stories
        .filter(isLive)
        .map(({ name }) => name)
        .sort(),
    );
    expect(Object.keys(VERIFIED_STORIES).sort()).toEqual(
      stories
        .filter(isVerified)
        .map(({ name }) => name)
        .sort(),
    );
    const mandates = CASES.filter(isKind('mandate')).map(({ name }) => name);
    expect([Object.keys(LIVE_MANDATES), Object.keys(VERIFIED_MANDATES)]).toEqual([mandates, mandates]);
    const merges = CASES.filter(isKind('merge'));
    expect([Object.keys(LIVE_MERGES), Object.keys(VERIFIED_MERGES)]).toEqual([
      merges.filter(isLive).map(({ name }) => name),
      merges.filter(isVerified).map(({ name }) => name),
    ]);
  });

  it('expects refusals and checks that exist', () => {
    const codes = new Set<string>([
      ...CAST_REFUSALS,
      ...['REQUEST_MALFORMED', 'LETTER_KEY', 'MANDATE_EVIDENCE', 'ACTION_ROLE', 'IDENTITY_REFUSED'],
      ...['MERGE_PERSON', 'MERGE_MERGED', 'MERGE_FROZEN'],
    ]);
    const checks = new Set<string>(CHECKS.map(({ id }) => id));
    for (const one of CASES) {
      if (isLive(one)) expect(codes).toContain(one.live.code);
      if (isVerified(one)) expect(checks).toContain(one.verified.check);
    }
  });
});

const seed = new Uint8Array(32).fill(1);
const honestCast = castForm.bytes(RECORD_EXAMPLES['castForm']?.[0] as Parameters<typeof castForm.bytes>[0]);

describe('a key of the corpus', () => {
  it.each(named(CASES.filter(isKind('key'))))('%s may not be enrolled', (_, { key }) => {
    expect(isEnrollableKey(hex(key))).toBe(false);
  });

  it('that forges is good for every message, so that enrolment alone can stop it', () => {
    const [forger] = CASES.filter(isKind('key')).filter(({ forges }) => forges === true);
    for (const message of ['00', 'ff', '7062']) {
      expect(verify(hex(forger?.key ?? ''), hex(message), hex(forger?.signature ?? ''))).toBe(true);
    }
  });
});

describe('a signature of the corpus', () => {
  const vectors = CASES.filter((one) => one.kind === 'key' || one.kind === 'signature').filter(
    ({ message }) => message !== undefined,
  );

  it.each(named(vectors))('%s gets one verdict of server and page', (_, one) => {
    const [key, message, signature] = [hex(one.key ?? ''), hex(one.message ?? ''), hex(one.signature ?? '')];
    const verdict = verify(key, message, signature);
    expect(verdict).toBe(one.equation ?? verdict);
    // What libraries do not agree on has no verdict here: its key is not enrolled.
    if (one.equation !== undefined) expect(pageVerify(key, message, signature)).toBe(verdict);
    if (isEnrollableKey(key)) expect(verdict).toBe(false);
  });

  it.each(named(CASES.filter(isKind('signature'))))('%s is none under a good key', (_, { signature }) => {
    const message = new Uint8Array(32).fill(9);
    expect(verify(publicKeyOf(seed), message, hex(signature))).toBe(false);
    expect(pageVerify(publicKeyOf(seed), message, hex(signature))).toBe(false);
  });

  it.each(named(CASES.filter(isKind('bent signature'))))('%s is none under its own key', (_, { bend }) => {
    const message = new Uint8Array(32).fill(9);
    const bent = bentSignature(bend, seed, message);
    expect(verify(publicKeyOf(seed), message, bent)).toBe(false);
    expect(pageVerify(publicKeyOf(seed), message, bent)).toBe(false);
    const record = { alg: 'Ed25519', signature: toBase64Url(bent) };
    expect(signatureForm.check(record).ok).toBe(bent.length === 64);
  });

  it('with an R of mixed order is one that a cofactored verifier takes, so the row tells the two apart', () => {
    const message = new Uint8Array(32).fill(9);
    const mixed = bentSignature('mixed R', seed, message);
    expect(ed25519.verify(mixed, message, publicKeyOf(seed), { zip215: true })).toBe(true);
    expect(verify(publicKeyOf(seed), message, sign(seed, message))).toBe(true);
  });
});

describe('a statement of the corpus', () => {
  it.each(named(CASES.filter(isKind('text'))))('%s is not read', (_, one) => {
    const expected =
      isVerified(one) && one.verified.check === 'JCS-01' ? 'RECORD_NOT_CANONICAL' : 'RECORD_MALFORMED';
    expect(castForm.parse(bentText(one, honestCast))).toMatchObject({ refusal: { code: expected } });
  });

  it.each(
    named(
      CASES.filter(isKind('base64url')).filter(({ place }) => place === 'root' || place === 'entitlement'),
    ),
  )('%s is not read', (_, one) => {
    expect(castForm.parse(respeltMember(one, honestCast))).toMatchObject({
      refusal: { code: 'RECORD_MALFORMED' },
    });
  });
});

describe('a token of the corpus', () => {
  const honest = token('owners-vote-ballot+jws', seed, ballotForm.bytes(ballotClaims));
  const codeOf = (text: string): string => {
    const read = verifyJws(text, 'owners-vote-ballot+jws', publicKeyOf(seed), ballotForm);
    return read.ok ? 'taken' : read.refusal.code;
  };

  it('is bent from one that is taken', () => {
    expect(codeOf(honest)).toBe('taken');
  });

  it.each(named(CASES.filter(isKind('token'))))('%s is refused', (_, one) => {
    const bent = bentToken(one, honest, seed);
    expect(bent).not.toBe(honest);
    expect(codeOf(bent)).toBe(one.jws);
  });
});
