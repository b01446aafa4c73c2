// Goal: `verify` finds every forgery of the corpus by the check that its case names, where it stands. Method: the cases are put into
// the statements, ballots and letters of a meeting in which the operator went along, several in one bundle, each at its own line.
import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { CheckId } from '../../src/verifier/check-catalogue.ts';
import type { Check } from '../../src/verifier/notebook.ts';
import type { Forge } from '../verifier/bundle-builder.ts';
import { buildBundle } from '../verifier/bundle-builder.ts';
import { checksOf, editLines } from '../verifier/failing-checks.ts';
import { bentSignature, bentText, bentToken, hex, respell, respeltMember } from './bending.ts';
import type { Case, CastCase, KeyCase, Verified } from './read-corpus.ts';
import { CASES, isCastCase, isKind, isVerified } from './read-corpus.ts';

/** Checks that judge one line by itself; others also fail where what they need is gone. */
const OF_A_LINE: readonly CheckId[] = ['JCS-01', 'KIND-01', 'CAST-01', 'CRED-02', 'JWS-01'];
/** Places of the story's casts that open a chain. */
const SEATS = [0, 1, 2, 4, 5] as const;

function batches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

const verified = CASES.filter((one): one is Verified => isVerified(one));
const named = <C extends Case>(cases: readonly C[]) =>
  cases.map((one) => [`${one.name}: ${one.what}`, one] as const);

/** The checks of one line, as far as they found something there. */
const foundAt = (checks: readonly Check[], where: string): readonly CheckId[] =>
  checks
    .filter(({ id }) => OF_A_LINE.includes(id))
    .filter(({ findings }) => findings.some((one) => `${one.where} `.startsWith(`${where} `)))
    .map(({ id }) => id);

/** Bends a line of casts.jsonl that no form would write. */
function bendLine(one: CastCase, line: string): string {
  const { cast, signature } = JSON.parse(line) as { cast: string; signature: { signature: string } };
  if (one.kind === 'base64url' && one.place === 'cast')
    return JSON.stringify({ cast: respell(cast, one.how), signature });
  const spelt =
    one.kind === 'base64url'
      ? respell(signature.signature, one.how)
      : signature.signature
          .slice(0, one.kind === 'bent signature' && one.bend === 'truncated' ? -2 : 86)
          .repeat(one.kind === 'bent signature' && one.bend === 'doubled' ? 2 : 1);
  return JSON.stringify({ cast, signature: { alg: 'Ed25519', signature: spelt } });
}

const isOfLine = (one: CastCase): boolean =>
  (one.kind === 'base64url' && ['cast', 'signature'].includes(one.place)) ||
  (one.kind === 'bent signature' && ['truncated', 'doubled'].includes(one.bend));

/** A meeting in which each case has a seat of its own; `tokens` collects how its ballot was spelt. */
function seated(cases: readonly CastCase[], tokens: Map<CastCase, string>): Forge {
  const at = (place: number): CastCase | undefined => cases[SEATS.indexOf(place as (typeof SEATS)[number])];
  return {
    cast: (cast, place) => {
      const one = at(place);
      // One answer less leaves spare bits in the base64url of the whole.
      const needsSpareBits = one?.kind === 'base64url' && one.place === 'cast' && one.how === 'tail';
      return needsSpareBits ? { ...cast, answers: cast.answers.slice(0, 1) } : cast;
    },
    castBytes: (bytes, place) => {
      const one = at(place);
      if (one?.kind === 'text') return bentText(one, bytes);
      return one?.kind === 'base64url' && !isOfLine(one) ? respeltMember(one, bytes) : bytes;
    },
    castSignature: (honest, place, { seed, hash }) => {
      const one = at(place);
      if (one === undefined || isOfLine(one)) return honest;
      if (one.kind === 'signature') return { alg: 'Ed25519', signature: toBase64Url(hex(one.signature)) };
      return one.kind === 'bent signature'
        ? { alg: 'Ed25519', signature: toBase64Url(bentSignature(one.bend, seed, hash)) }
        : honest;
    },
    ballotToken: (token, place, answer, seed) => {
      const one = at(place);
      if (one?.kind !== 'token' || answer !== 0) return token;
      const bent = bentToken(one, token, seed);
      tokens.set(one, bent);
      return bent;
    },
    files: (files) =>
      editLines(files, 'casts.jsonl', (lines) =>
        lines.map((line, place) => {
          const one = at(place);
          return one !== undefined && isOfLine(one) ? bendLine(one, line) : line;
        }),
      ),
  };
}

const inCasts = verified.filter(isCastCase);
/** A line that no form reads leaves its whole file unread, so such lines are no neighbours of others. */
const BUNDLES = [true, false].flatMap((ofLine) =>
  batches(
    inCasts.filter((one) => isOfLine(one) === ofLine),
    SEATS.length,
  ),
);

describe.each(BUNDLES.map((cases) => [cases] as const))('in one bundle', (cases) => {
  const tokens = new Map<CastCase, string>();
  let checks: readonly Check[] = [];
  let ballots: readonly string[] = [];
  beforeAll(async () => {
    const built = buildBundle(seated(cases, tokens));
    checks = await checksOf(built);
    ballots = new TextDecoder()
      .decode(built.files.get('ballots.jsonl'))
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { token: string }).token);
  });

  it.each(named(cases))('%s', (_, one) => {
    const place = SEATS[cases.indexOf(one)] as number;
    const line = ballots.indexOf(tokens.get(one) ?? '-') + 1;
    const where = one.kind === 'token' ? `ballots.jsonl:${line}` : `casts.jsonl:${place + 1}`;
    expect(foundAt(checks, where)).toEqual([one.verified.check]);
  });

  it('nothing is found at the lines beside them', () => {
    const taken = new Set<number | undefined>(cases.map((_, at) => SEATS[at]));
    for (const place of [0, 1, 2, 3, 4, 5].filter((each) => !taken.has(each)))
      expect(foundAt(checks, `casts.jsonl:${place + 1}`)).toEqual([]);
  });
});

describe.each(batches(verified.filter(isKind('key')), 5).map((cases) => [cases] as const))(
  'keys of owners',
  (cases) => {
    /** By the owner's place among the letters; the story's casts are by ada, bao, chen, bao, deng, emei. */
    const CASTER = [0, 1, 2, 1, 3, 4] as const;
    let checks: readonly Check[] = [];
    const keyOf = (one: KeyCase): string => toBase64Url(hex(one.key));
    beforeAll(async () => {
      const put = <T extends { readonly publicKey: string }>(each: T, at: number): T => {
        const one = cases[at];
        return one === undefined ? each : { ...each, publicKey: keyOf(one) };
      };
      const forge: Forge = {
        letters: (items) => items.map(put),
        credentials: (lines) => lines.map(put),
        castSignature: (honest, place) => {
          const one = cases[CASTER[place] ?? -1];
          return one?.forges === true
            ? { alg: 'Ed25519', signature: toBase64Url(hex(one.signature ?? '')) }
            : honest;
        },
      };
      checks = await checksOf(buildBundle(forge));
    });

    it.each(named(cases))('%s', (_, one) => {
      const at = cases.indexOf(one);
      const rule = present(
        checks.find(({ id }) => id === one.verified.check),
        'check',
      ).findings.filter(({ where }) => where === `credentials.jsonl:${at + 1}`);
      expect(rule.map(({ expected }) => expected)).toContain('an Ed25519 key that obeys SPEC 1.3');
      // Under a key that forges, the signature itself verifies: nothing but the rule of keys finds it.
      const casts = CASTER.flatMap((caster, place) => (caster === at ? [`casts.jsonl:${place + 1}`] : []));
      const wrong = casts.filter((where) => foundAt(checks, where).includes('CAST-01'));
      expect(wrong).toEqual(one.forges === true ? [] : casts);
    });
  },
);
