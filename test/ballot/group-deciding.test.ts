// Goal: a decision about a cast depends on its neighbours only where they share a ballot or a key (SPEC 6.5, 6.7). Method: random
// groups against the decision of each cast alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckedCast } from '../../src/ballot/domain/cast-checking.ts';
import type { GroupStanding } from '../../src/ballot/domain/group-deciding.ts';
import { chainKey, decideGroup, meetingKey } from '../../src/ballot/domain/group-deciding.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { CHAIN_START } from '../../src/record/cast.ts';

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
    receivedAt,
  }) as unknown as CheckedCast;

const standing = (casts: readonly CheckedCast[], more: Partial<GroupStanding> = {}): GroupStanding => ({
  windows: new Map([[MEETING, { state: 'open', opensAt: 10, closesAt: 20 }]]),
  inForce: casts.map(() => true),
  acknowledgements: new Map(),
  chains: new Map(),
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
    } as const;
    expect(became([cast], { chains: new Map([[chainKey(MEETING, 'e1'), end]]) })).toEqual(['CAST_CHAIN']);
  });
});
