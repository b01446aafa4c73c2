// Goal: every rule of acceptance that needs no database: the window, the chain, and what an answer's ballot must say. Method: a real
// ballot signed under the definition's key, with one claim changed at a time; the chain rules as a table.
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnswerContext, Caster, ChainEnd, RevoteRule } from '../../src/ballot/domain/acceptance.ts';
import { checkAnswers, continuesChain, isInWindow } from '../../src/ballot/domain/acceptance.ts';
import { CAST_REFUSALS } from '../../src/ballot/domain/cast-refusals.ts';
import { signToken } from '../../src/ballot/tokens.ts';
import { present } from '../../src/base/assert.ts';
import { concat, toBase64Url } from '../../src/base/bytes.ts';
import { ok, refuse } from '../../src/base/result.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import type { BallotClaims } from '../../src/record/ballot.ts';
import { ballotForm, ballotHash } from '../../src/record/ballot.ts';
import type { Cast } from '../../src/record/cast.ts';
import { CHAIN_START } from '../../src/record/cast.ts';
import { sealedSize } from '../../src/record/choice.ts';
import type { Definition } from '../../src/record/meeting.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import { aHash, anId, definitionOf, motion } from '../assembly/drafts.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('acceptance');
const seed = random(32);
const key = { seed, publicKey: publicKeyOf(seed) };
const meetingHash = aHash();
const credential = anId();
const entitlement = anId();

const leaf: RollLeaf = {
  v: 1,
  kind: 'roll',
  meeting: anId(),
  entitlement,
  basis: 'owner-set',
  units: [
    {
      unit: anId(),
      building: '1栋',
      stair: '',
      room: '101',
      kind: 'dwelling',
      areaDm2: '8000',
      areaSource: 'register',
    },
    {
      unit: anId(),
      building: '车库',
      stair: '',
      room: 'A-1',
      kind: 'parking',
      areaDm2: '1200',
      areaSource: 'register',
    },
  ],
  holders: aHash(),
  voter: aHash(),
};

const inBuildings = (...members: string[]) => ({ kind: 'buildings' as const, members });
const definition: Definition = {
  ...definitionOf([motion(), motion({ scope: inBuildings('1栋') }), motion({ scope: inBuildings('2栋') })]),
  keys: { ballot: toBase64Url(key.publicKey), ack: aHash(), certificate: aHash() },
};
const proposalAt = (at: number) => present(definition.proposals[at], 'a proposal');

const claimsOf = (at: number, change: Partial<BallotClaims> = {}): BallotClaims => ({
  iss: definition.origin,
  jti: anId(),
  nbf: 0,
  meeting: meetingHash,
  proposal: proposalAt(at).proposal,
  entitlement,
  credential,
  mandate: '',
  areaDm2: '8000',
  heads: 1,
  mode: 'open',
  ...change,
});

const issue = (claims: BallotClaims, by = key): Promise<string> =>
  signToken(claims, 'owners-vote-ballot+jws', by, ballotForm);

const sealedFor = (at: number, ephemeral = boxPublicKey(random(32)), extra = 0): string => {
  const size = sealedSize(proposalAt(at).sealLength) - 32 + extra;
  return toBase64Url(concat(ephemeral, random(size)));
};

const castWith = (answers: Cast['answers']): Cast => ({
  v: 1,
  kind: 'cast',
  meeting: meetingHash,
  entitlement,
  credential,
  mandate: '',
  assisted: '',
  seq: 1,
  prev: CHAIN_START,
  size: 0,
  root: aHash(),
  nonce: toBase64Url(random(16)),
  answers,
});

const contextOf = (tokens: readonly string[], change: Partial<AnswerContext> = {}): AnswerContext => ({
  definition,
  meetingHash,
  leaf,
  countSpecialSpaces: false,
  credential,
  tokens: new Map(tokens.map((token) => [ballotHash(token), token])),
  ...change,
});

let tokens: readonly [string, string];
beforeAll(async () => {
  tokens = [await issue(claimsOf(0)), await issue(claimsOf(1))];
});

const answer = (token: string, at: number, sealed = sealedFor(at)) => ({ ballot: ballotHash(token), sealed });

describe('the window', () => {
  const window = { opensAt: 1000, closesAt: 2000 };
  it.each([
    [999, 'VOTING_NOT_OPEN'],
    [1000, ''],
    [1999, ''],
    [2000, 'VOTING_CLOSED'],
    [2001, 'VOTING_CLOSED'],
  ])('from 1000 to 2000 says to %i: %s', (receivedAt, code) => {
    const decided = isInWindow(receivedAt, window);
    expect(decided.ok ? '' : decided.refusal.code).toBe(code);
  });
});

describe('a chain', () => {
  const own = { seq: 1, prev: CHAIN_START, credential };
  const end = (change: Partial<ChainEnd> = {}): ChainEnd => ({
    seq: 1,
    hash: aHash(),
    credential,
    credentialKind: 'passkey',
    revotes: 0,
    principal: undefined,
    ...change,
  });
  const next = (after: ChainEnd) => ({ seq: after.seq + 1, prev: after.hash, credential });
  const strict: RevoteRule = { revoteLimit: 1, letterRevote: false, duplicateRule: 'OWN_KEY' };
  const himself: Caster = { person: 'principal', principal: undefined };

  it('begins with number one after zeros', () => {
    expect(continuesChain(own, undefined, strict, himself)).toEqual(ok(undefined));
    expect(continuesChain({ ...own, seq: 2 }, undefined, strict, himself)).toEqual(refuse('CAST_CHAIN'));
    expect(continuesChain({ ...own, prev: aHash() }, undefined, strict, himself)).toEqual(
      refuse('CAST_CHAIN'),
    );
  });

  it('goes on with the next number after the hash of the last', () => {
    const last = end();
    expect(continuesChain(next(last), last, strict, himself)).toEqual(ok(undefined));
    expect(continuesChain({ ...next(last), seq: 1 }, last, strict, himself)).toEqual(refuse('CAST_CHAIN'));
    expect(continuesChain({ ...next(last), seq: 3 }, last, strict, himself)).toEqual(refuse('CAST_CHAIN'));
    expect(continuesChain({ ...next(last), prev: CHAIN_START }, last, strict, himself)).toEqual(
      refuse('CAST_CHAIN'),
    );
  });

  it.each<readonly [string, Partial<ChainEnd>, Partial<typeof strict>, string]>([
    ['a passkey changes its vote', {}, {}, ''],
    ['a device key changes its vote', { credentialKind: 'device' }, {}, ''],
    ['another key does not', { credential: anId() }, {}, 'CAST_REVOTE_KEY'],
    ['a letter does not', { credentialKind: 'letter' }, {}, 'CAST_REVOTE_KEY'],
    ['a letter does where the notice says so', { credentialKind: 'letter' }, { letterRevote: true }, ''],
    [
      'another letter does not, even then',
      { credentialKind: 'letter', credential: anId() },
      { letterRevote: true },
      'CAST_REVOTE_KEY',
    ],
    ['a second change is one too many', { seq: 2, revotes: 1 }, {}, 'CAST_REVOTE_LIMIT'],
    ['a second change is free where two are', { seq: 2, revotes: 1 }, { revoteLimit: 2 }, ''],
    ['none is where none are', {}, { revoteLimit: 0 }, 'CAST_REVOTE_LIMIT'],
  ])('%s', (_, change, rule, code) => {
    const last = end(change);
    const decided = continuesChain(next(last), last, { ...strict, ...rule }, himself);
    expect(decided.ok ? '' : decided.refusal.code).toBe(code);
  });
});

describe('a chain with an agent', () => {
  const ends = (by: Caster, change: Partial<ChainEnd> = {}): ChainEnd => ({
    seq: 1,
    hash: aHash(),
    credential,
    credentialKind: 'passkey',
    revotes: 0,
    principal: by.principal,
    ...change,
  });
  const owner: Caster = { person: 'owner', principal: undefined };
  const spouse: Caster = { person: 'spouse', principal: undefined };
  const forOwner: Caster = { person: 'agent', principal: { person: 'owner', yields: true } };
  const forSpouse: Caster = { person: 'agent', principal: { person: 'spouse', yields: true } };
  const forWard: Caster = { person: 'parent', principal: { person: 'owner', yields: false } };

  it.each<readonly [string, ChainEnd, Caster, boolean, string]>([
    [
      'its principal takes over, by another key and without limit',
      ends(forOwner, { revotes: 9 }),
      owner,
      false,
      '',
    ],
    ['its principal takes over by a letter', ends(forOwner, { credentialKind: 'letter' }), owner, false, ''],
    ['a co-owner who gave no mandate does not', ends(forOwner), spouse, false, 'CAST_REVOTE_KEY'],
    ['the agent changes once by the same key', ends(forOwner), forOwner, true, ''],
    ['the agent does not by another key', ends(forOwner), forOwner, false, 'CAST_REVOTE_KEY'],
    ['the agent does not twice', ends(forOwner, { revotes: 1 }), forOwner, true, 'CAST_REVOTE_LIMIT'],
    ['the agent does not in the name of another holder', ends(forOwner), forSpouse, true, 'CAST_REVOTE_KEY'],
    [
      'an agent who is a holder does not make it his own',
      ends(forOwner),
      { ...owner, person: 'agent' },
      true,
      'CAST_REVOTE_KEY',
    ],
    [
      'after a holder himself an agent comes too late',
      ends(owner),
      forOwner,
      true,
      'CAST_MANDATE_SUPERSEDED',
    ],
    ['a ward does not take over from his guardian', ends(forWard), owner, false, 'CAST_REVOTE_KEY'],
  ])('%s', (_, last, by, isSameKey, code) => {
    const cast = { seq: 2, prev: last.hash, credential: isSameKey ? credential : anId() };
    const decided = continuesChain(
      cast,
      last,
      { revoteLimit: 1, letterRevote: false, duplicateRule: 'OWN_KEY' },
      by,
    );
    expect(decided.ok ? '' : decided.refusal.code).toBe(code);
  });
});

describe('answers', () => {
  it('that name their ballots in order are accepted with their proposals', () => {
    const checked = checkAnswers(castWith([answer(tokens[0], 0), answer(tokens[1], 1)]), contextOf(tokens));
    expect(checked.ok ? checked.value.map(({ proposal }) => proposal.proposal) : checked.refusal).toEqual([
      proposalAt(0).proposal,
      proposalAt(1).proposal,
    ]);
  });

  it('may leave a proposal out', () => {
    expect(checkAnswers(castWith([answer(tokens[1], 1)]), contextOf(tokens)).ok).toBe(true);
  });

  it.each<readonly [string, () => Cast['answers'], number]>([
    ['out of order', () => [answer(tokens[1], 1), answer(tokens[0], 0)], 1],
    ['given twice', () => [answer(tokens[0], 0), answer(tokens[0], 0)], 1],
  ])('%s are refused', (_, answers, at) => {
    expect(checkAnswers(castWith(answers()), contextOf(tokens))).toEqual(
      refuse('CAST_ANSWERS', `answers[${at}]`),
    );
  });

  it('that name a ballot which was not issued are refused', () => {
    const cast = castWith([answer(tokens[0], 0), answer(tokens[1], 1)]);
    expect(checkAnswers(cast, contextOf([tokens[0]]))).toEqual(refuse('CAST_BALLOT', 'answers[1]'));
  });

  it.each<readonly [string, Partial<BallotClaims>]>([
    ['another meeting', { meeting: aHash() }],
    ['an unknown proposal', { proposal: anId() }],
    ['another entitlement', { entitlement: anId() }],
    ['another credential', { credential: anId() }],
    ['a mandate', { mandate: anId() }],
    ['another mode', { mode: 'secret' }],
    ['one dm² more than the roll', { areaDm2: '8001' }],
    ['the area with the parking space', { areaDm2: '9200' }],
  ])('whose ballot says %s are refused', async (_, change) => {
    const token = await issue(claimsOf(0, change));
    expect(checkAnswers(castWith([answer(token, 0)]), contextOf([token]))).toEqual(
      refuse('CAST_BALLOT', 'answers[0]'),
    );
  });

  it('on a proposal without area of the entitlement are refused', async () => {
    const token = await issue(claimsOf(2, { areaDm2: '0' }));
    expect(checkAnswers(castWith([answer(token, 2)]), contextOf([token]))).toEqual(
      refuse('CAST_BALLOT', 'answers[0]'),
    );
  });

  it('count the parking space where the profile counts special spaces', async () => {
    const token = await issue(claimsOf(0, { areaDm2: '9200' }));
    const context = contextOf([token], { countSpecialSpaces: true });
    expect(checkAnswers(castWith([answer(token, 0)]), context).ok).toBe(true);
  });

  it('whose ballot another key signed are refused', async () => {
    const other = random(32);
    const token = await issue(claimsOf(0), { seed: other, publicKey: publicKeyOf(other) });
    expect(checkAnswers(castWith([answer(token, 0)]), contextOf([token]))).toEqual(
      refuse('CAST_BALLOT', 'answers[0]'),
    );
  });

  it.each<readonly [string, () => string]>([
    ['a byte short', () => sealedFor(0, undefined, -1)],
    ['a byte long', () => sealedFor(0, undefined, 1)],
    ['empty', () => ''],
    ['under a key of small order', () => sealedFor(0, new Uint8Array(32))],
  ])('sealed %s are refused', (_, sealed) => {
    expect(checkAnswers(castWith([answer(tokens[0], 0, sealed())]), contextOf(tokens))).toEqual(
      refuse('CAST_SEALED', 'answers[0]'),
    );
  });
});

describe('two answers', () => {
  it('sealed under the same key and nonce are refused', () => {
    const sealed = sealedFor(0);
    const cast = castWith([answer(tokens[0], 0, sealed), answer(tokens[1], 1, sealed)]);
    expect(checkAnswers(cast, contextOf(tokens))).toEqual(refuse('CAST_SEALED', 'answers[1]'));
  });
});

describe('the codes of refused casts', () => {
  it('are different and fit the refusal’s form', () => {
    expect(new Set(CAST_REFUSALS).size).toBe(CAST_REFUSALS.length);
    expect(CAST_REFUSALS.filter((code) => !/^[A-Z0-9_]{1,60}$/.test(code))).toEqual([]);
  });
});
