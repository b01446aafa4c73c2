// Goal: a call to top up that nobody decided, that one officer signed, or that asks a home for anything but what the book makes of it, is
// named by FUND-06 (SPEC 8.6). Method: the story of bundle-builder.ts with one lie at a time.
import { describe, expect, it } from 'vitest';
import type { TopUpCall } from '../../src/record/top-up.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { Forge, TopUpWish } from './forge.ts';

const OTHER = 'a'.repeat(26);
const record =
  (change: (call: TopUpCall) => Partial<TopUpCall>): NonNullable<TopUpWish['record']> =>
  (call) => ({ ...call, ...change(call) });
type Line = TopUpCall['units'][number];
/** Changes the lines that ask something, or those that ask nothing. */
const lines = (isAsked: boolean, change: (line: Line) => Partial<Line>): NonNullable<TopUpWish['record']> =>
  record(({ units }) => ({
    units: units.map((line) => ((line.dueFen !== '0') === isAsked ? { ...line, ...change(line) } : line)),
  }));

describe('a call to top up', () => {
  it.each([
    ['by the rule of the city', {}],
    ['by a resolution that raises the fund', { decided: true }],
    ['that another one replaced', { replaced: true }],
    ['that was withdrawn', { withdrawn: 'itself' }],
    ['whose resolution was annulled', { decided: true, annulled: true }],
  ] as const)('%s passes every check, also in public', async (_what, topUp) => {
    const built = buildBundle({ topUp });
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'FUND-06')?.outcome).toBe('pass');
    const open = publicBundle(built);
    expect(await failuresOf(open)).toEqual([]);
    // Who is in arrears is not for everybody.
    expect((await checksOf(open)).find(({ id }) => id === 'FUND-06')?.outcome).toBe('not made');
    const text = [...open.files.values()].map((bytes) => new TextDecoder().decode(bytes)).join('\n');
    expect(text).not.toContain('firstFen');
  });

  const lies: readonly (readonly [string, TopUpWish])[] = [
    ['of another community', { record: record(() => ({ community: OTHER })) }],
    ['under another id in the log', { named: OTHER }],
    ['by nothing', { record: record(() => ({ documentHash: '' })) }],
    [
      'by a rule and a resolution',
      { decided: true, record: record((one) => ({ documentHash: one.depositsHash })) },
    ],
    ['by a meeting without a proposal', { decided: true, record: record(() => ({ proposal: '' })) }],
    ['by what nobody decided', { decided: true, record: record(() => ({ proposal: OTHER })) }],
    ['by another meeting that has no result', { decided: true, record: record(() => ({ meeting: OTHER })) }],
    [
      'that asks a home for one fen more',
      { record: lines(true, (one) => ({ dueFen: String(BigInt(one.dueFen) + 1n) })) },
    ],
    ['that spares a home', { record: lines(true, () => ({ dueFen: '0' })) }],
    ['that asks who has enough', { record: lines(false, () => ({ dueFen: '500' })) }],
    ['that hides a balance', { record: lines(true, () => ({ balanceFen: '0', dueFen: '25000001' })) }],
    ['that asks by another target', { record: record(() => ({ targetPercent: 60 })) }],
    [
      'that asks nobody',
      { record: record(({ units }) => ({ units: units.filter((one) => one.dueFen === '0') })) },
    ],
    ['that counts an entry which is not booked', { record: record(({ seq }) => ({ seq: seq + 1 })) }],
    ['that counts an earlier state of the book', { record: record(() => ({ seq: 1 })) }],
    [
      'that lists a home twice',
      { record: record(({ units }) => ({ units: [...units, ...units.slice(-1)] })) },
    ],
    ['that was withdrawn twice', { withdrawn: 'itself', twice: true }],
    ['before which one was withdrawn', { early: true }],
    ['beside which another is withdrawn', { withdrawn: OTHER }],
    ['that was withdrawn after it was replaced', { replaced: true, withdrawn: 'itself' }],
  ];
  it.each(lies)('%s is refused', async (_what, topUp) => {
    expect(await failing({ topUp })).toEqual(['FUND-06']);
  });

  // The checkpoint before the call is of 21 December, the one that covers it of 28 December.
  it.each([
    ['on the first day on which it may have come into force', '2026-12-21', ['FUND-06']],
    ['on the day after that', '2026-12-22', []],
    ['366 days from the last such day', '2027-12-29', []],
    ['a day later', '2027-12-30', ['FUND-06']],
    ['years before it', '2020-01-01', ['FUND-06']],
  ] as const)('due %s', async (_when, dueOn, expected) => {
    expect(await failing({ topUp: { record: record(() => ({ dueOn })) } })).toEqual(expected);
  });

  it('due long ago is not judged where no witness bounds the day', async () => {
    const built = buildBundle({ topUp: { record: record(() => ({ dueOn: '2020-01-01' })) } });
    const trust = { ...built.trust, witnesses: [], quorum: 0 };
    expect(await failuresOf(built, { trust })).not.toContain('FUND-06');
  });

  it('by a resolution that only uses the fund is refused', async () => {
    const { meeting, proposals } = buildBundle({ topUp: {} }).definition;
    const byRoof = record(() => ({ documentHash: '', meeting, proposal: proposals[1]?.proposal ?? '' }));
    expect(await failing({ topUp: { record: byRoof } })).toEqual(['FUND-06']);
  });

  it.each([
    ['the street office alone', ['street'], ['ACT-01', 'FUND-06']],
    ['committee and street office', ['committee', 'street'], ['ACT-01']],
  ] as const)('by the rule of the city, signed by %s, is refused', async (_who, signers, expected) => {
    expect(await failing({ topUp: { signers } })).toEqual(expected);
  });

  it('by a resolution, signed by committee and regulator, is refused, as is such a withdrawal', async () => {
    const signers = ['committee', 'regulator'];
    expect(await failing({ topUp: { decided: true, signers } })).toEqual(['ACT-01']);
    expect(await failing({ topUp: { withdrawn: 'itself', withdrawers: signers } })).toEqual(['ACT-01']);
  });

  it('without its line is missed', async () => {
    const files: Forge['files'] = (of) => editLines(of, 'top-ups.jsonl', () => []);
    expect(await failing({ topUp: {}, files })).toEqual(['LOG-01', 'FUND-06']);
  });
});
