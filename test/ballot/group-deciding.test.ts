// Goal: a decision about a cast depends on its neighbours only where they share a ballot or a key (SPEC 6.5, 6.7). Method: random
// groups against the decision of each cast alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckedCast } from '../../src/ballot/domain/cast-checking.ts';
import type { GroupStanding } from '../../src/ballot/domain/group-deciding.ts';
import { agentKey, chainKey, decideGroup, meetingKey } from '../../src/ballot/domain/group-deciding.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { CHAIN_START } from '../../src/record/cast.ts';
import type { Mandate } from '../../src/record/mandate.ts';

const bytesOf = (seed: number): Uint8Array => new Uint8Array(32).fill(seed);
const MEETING = 'm';

/** A checked cast of entitlement `n` whose ballot and key are given by number. */
const castOf = (n: number, ballot: number, key: number, receivedAt: number, seq = 1): CheckedCast =>
  ({
    armed: { community: 'c', meeting: MEETING, revoteLimit: 1, letterRevote: false },
    cast: {
      entitlement: `e${n}`,
      credential: `k${n}`,
      seq,
      prev: CHAIN_START,
      answers: [{ ballot: toBase64Url(bytesOf(ballot)), sealed: toBase64Url(new Uint8Array(80).fill(key)) }],
    },
    hash: bytesOf(100 + n),
    correction: '',
    receivedAt,
  }) as unknown as CheckedCast;

const standing = (casts: readonly CheckedCast[], more: Partial<GroupStanding> = {}): GroupStanding => ({
  windows: new Map([[MEETING, { state: 'open', opensAt: 10, closesAt: 20 }]]),
  inForce: casts.map(() => true),
  mandateInForce: casts.map(() => true),
  designated: casts.map(() => ''),
  principals: new Map(),
  frozen: casts.map(() => false),
  acknowledgements: new Map(),
  chains: new Map(),
  corrections: new Map(),
  spent: new Set(),
  sealedWith: new Set(),
  ...more,
});

const became = (casts: readonly CheckedCast[], more: Partial<GroupStanding> = {}) =>
  decideGroup(casts, standing(casts, more)).map((each) =>
    each.became === 'refused' ? each.refusal.code : each.became,
  );

describe('a group', () => {
  it('decides each cast as if it were alone, where no ballot and no key is shared', () => {
    const each = fc.record({ late: fc.integer({ min: 5, max: 25 }), seq: fc.integer({ min: 1, max: 2 }) });
    fc.assert(
      fc.property(fc.array(each, { maxLength: 30 }), (drawn) => {
        const casts = drawn.map(({ late, seq }, n) => castOf(n, n, n, late, seq));
        expect(became(casts)).toEqual(casts.flatMap((cast) => became([cast])));
      }),
    );
  });

  it('refuses those whose holders were corrected after they were read, and no other', () => {
    const corrected = new Map([
      [chainKey(MEETING, 'e1'), 'x'],
      [chainKey(MEETING, 'e3'), 'y'],
    ]);
    const casts = [1, 2, 3].map((n) => castOf(n, n, n, 15));
    const knowing = casts.map((cast, at) => (at === 2 ? { ...cast, correction: 'y' } : cast));
    expect(became(knowing, { corrections: corrected })).toEqual([
      'CAST_ROLL_CORRECTED',
      'accepted',
      'accepted',
    ]);
  });

  it('refuses those for whose head somebody else was designated after they were read, and no other', () => {
    const head = { units: ['u'], holders: new Map() };
    const casts = [1, 2, 3].map((n) => castOf(n, n, n, 15));
    const relying = casts.map((cast, at) =>
      at === 2 ? cast : { ...cast, designation: { head, voter: 'p' } },
    );
    expect(became(relying, { designated: ['q', 'p', 'q'] })).toEqual([
      'CAST_DESIGNATION_OTHER',
      'accepted',
      'accepted',
    ]);
  });

  it('accepts of those that share a ballot or a key exactly the first that is otherwise in order', () => {
    const each = fc.record({ shared: fc.nat(3), receivedAt: fc.integer({ min: 5, max: 25 }) });
    fc.assert(
      fc.property(fc.array(each, { maxLength: 30 }), fc.boolean(), (drawn, byKey) => {
        const casts = drawn.map(({ shared, receivedAt }, n) =>
          castOf(n, byKey ? n : shared, byKey ? shared : n, receivedAt),
        );
        const outcome = became(casts);
        for (const value of [0, 1, 2, 3]) {
          const timely = drawn.flatMap(({ shared, receivedAt }, n) =>
            shared === value && receivedAt >= 10 && receivedAt < 20 ? [n] : [],
          );
          timely.forEach((n, at) => {
            expect(outcome[n]).toBe(at === 0 ? 'accepted' : byKey ? 'CAST_SEALED' : 'CAST_BALLOT_SPENT');
          });
        }
      }),
    );
  });

  it.each([
    ['noticed', 'VOTING_NOT_OPEN'],
    ['armed', 'VOTING_NOT_OPEN'],
    ['open', 'accepted'],
    ['closing', 'accepted'],
    ['closed', 'VOTING_CLOSED'],
    ['final', 'VOTING_CLOSED'],
  ])('in a meeting that is %s: %s', (state, expected) => {
    const windows = new Map([[MEETING, { state, opensAt: 10, closesAt: 20 }]]);
    expect(became([castOf(1, 1, 1, 15)], { windows })).toEqual([expected]);
    expect(
      became([castOf(1, 1, 1, 20)], {
        windows: new Map([[MEETING, { state: 'closing', opensAt: 10, closesAt: 20 }]]),
      }),
    ).toEqual(['VOTING_CLOSED']);
  });

  it('lets an agent cast for as many principals as the cap allows, those before and those in the group together', () => {
    const under = (n: number, principal: string, basis: Mandate['basis'] = 'mandate'): CheckedCast => {
      const cast = castOf(n, n, n, 15);
      const mandate = { basis, by: { person: principal } };
      return {
        ...cast,
        armed: { ...cast.armed, proxyCap: 3 },
        person: 'agent',
        mandate,
      } as unknown as CheckedCast;
    };
    const principals = new Map([[agentKey(MEETING, 'agent'), new Set(['p1'])]]);
    const casts = [
      under(1, 'p2'),
      under(2, 'p1'),
      under(3, 'p3'),
      under(4, 'p4'),
      under(5, 'p3'),
      under(6, 'p5', 'guardian'),
    ];
    const full = ['accepted', 'accepted', 'accepted', 'CAST_MANDATE_CAP', 'accepted', 'accepted'];
    expect(became(casts, { principals })).toEqual(full);
    expect(became(casts.slice(0, 1), { mandateInForce: [false] })).toEqual(['CAST_MANDATE_ENDED']);
  });

  it('knows what stands already: the cast itself, its ballot, its key, its chain, an ended credential', () => {
    const cast = castOf(1, 2, 3, 15);
    const hash = toBase64Url(cast.hash);
    expect(became([cast], { acknowledgements: new Map([[hash, 'ack']]), windows: new Map() })).toEqual([
      'repeated',
    ]);
    expect(became([cast], { spent: new Set([meetingKey(MEETING, toBase64Url(bytesOf(2)))]) })).toEqual([
      'CAST_BALLOT_SPENT',
    ]);
    expect(became([cast], { sealedWith: new Set([meetingKey(MEETING, toBase64Url(bytesOf(3)))]) })).toEqual([
      'CAST_SEALED',
    ]);
    expect(became([cast], { inForce: [false] })).toEqual(['CAST_CREDENTIAL']);
    expect(became([cast], { windows: new Map() })).toEqual(['VOTING_NOT_OPEN']);
    const end = {
      seq: 1,
      hash: toBase64Url(bytesOf(9)),
      credential: 'k1',
      credentialKind: 'letter',
      revotes: 0,
      principal: undefined,
    } as const;
    expect(became([cast], { chains: new Map([[chainKey(MEETING, 'e1'), end]]) })).toEqual(['CAST_CHAIN']);
  });
});
