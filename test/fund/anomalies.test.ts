// Goal: the regulator's list names what SPEC 8.3 says and nothing of an honest book. Method: the rules with figures by hand, at each of
// their edges; then a book on a real database, honest first, whose month and work are then left lying.
import { afterAll, describe, expect, it } from 'vitest';
import { accrueStage } from '../../src/fund/accruing.ts';
import type { Granted, Inspected, Step } from '../../src/fund/domain/anomalies.ts';
import { anomaliesOf } from '../../src/fund/domain/anomalies.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { inspectBook } from '../../src/fund/inspecting.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
import { acceptance, accepted, authorise, codeOf, deposit, fundWorld, pay } from './fund-world.ts';

const granted = (authorisation: string, more: Partial<Granted> = {}): Granted => ({
  authorisation,
  isEmergency: false,
  payee: '甲公司',
  payeeAccount: '甲账户',
  capFen: 100_000_000n,
  state: 'open',
  ...more,
});
const step = (
  kind: Step['kind'],
  seq: number,
  bookedOn: string,
  fen: number,
  more: Partial<Step> = {},
): Step => ({
  kind,
  authorisation: '一',
  seq: BigInt(seq),
  bookedOn,
  amountFen: BigInt(fen),
  reference: kind === 'accrue' ? `验收 ${acceptance(seq)}` : '拨付单',
  payeeAccount: kind === 'pay' ? '甲账户' : '',
  ...more,
});
const found = (facts: Partial<Inspected>): readonly string[] =>
  anomaliesOf({
    today: '2027-01-31',
    thresholdFen: 3_000_000n,
    granted: [granted('一')],
    steps: [],
    claims: [],
    unanswered: [],
    unpublished: [],
    ...facts,
  }).map(({ kind, authorisation, seqs }) => [kind, authorisation, ...seqs].join(' '));

describe('the list', () => {
  it('is empty of an honest book', () => {
    const steps = [step('accrue', 1, '2027-01-01', 5_000_000), step('pay', 2, '2027-01-02', 5_000_000)];
    expect(found({ steps })).toEqual([]);
  });

  it('names a stage without a document, and one document under two resolutions', () => {
    const bare = step('accrue', 1, '2027-01-01', 1, { reference: '口头验收' });
    expect(found({ steps: [bare] })).toEqual(['no_acceptance 一 1']);
    const same = { reference: `验收 ${acceptance(9)}` };
    const other = step('accrue', 2, '2027-01-02', 1, { ...same, authorisation: '二' });
    expect(found({ steps: [step('accrue', 1, '2027-01-01', 1, same), other] })).toEqual([
      'acceptance_reused  1 2',
    ]);
    const again = step('accrue', 2, '2027-01-02', 1, same);
    expect(found({ steps: [step('accrue', 1, '2027-01-01', 1, same), again] })).toEqual([]);
  });

  it.each([
    ['2026-11-02', 'open', []],
    ['2026-11-01', 'open', ['no_acceptance 一 1']],
    ['2026-11-01', 'closed', []],
    ['2026-11-01', 'revoked', []],
  ] as const)('on the 31st of January, of work paid on %s and %s, has %j', (on, state, expected) => {
    expect(found({ granted: [granted('一', { state })], steps: [step('pay', 1, on, 1)] })).toEqual(expected);
  });

  it('names a payment to another account, and a payee whose account changed since the resolution before', () => {
    const steps = [step('pay', 1, '2027-01-01', 1, { payeeAccount: '乙账户' })];
    expect(found({ steps })).toEqual(['payee_changed 一 1']);
    expect(found({ granted: [granted('一'), granted('二', { payeeAccount: '乙账户' })] })).toEqual([
      'payee_changed 二',
    ]);
    const another = granted('二', { payee: '乙公司', payeeAccount: '乙账户' });
    expect(found({ granted: [granted('一'), another] })).toEqual([]);
  });

  it.each([
    ['together under it', [2_999_999, 0], '2027-01-02', []],
    ['together on it', [1_500_000, 1_500_000], '2027-01-31', ['split_payments 一 1 2']],
    ['a day too far apart', [1_500_000, 1_500_000], '2027-02-01', []],
    ['of which one is over it alone', [3_000_000, 2_000_000], '2027-01-02', []],
  ] as const)('of two payments %s', (_what, [first, second], on, expected) => {
    const steps = [step('pay', 1, '2027-01-01', first), step('pay', 2, on, second)];
    expect(found({ steps })).toEqual(expected);
  });

  it('takes payments to two accounts for two, and says of three that belong together once', () => {
    const apart = step('pay', 2, '2027-01-02', 2_000_000, { authorisation: '二', payeeAccount: '乙账户' });
    expect(found({ steps: [step('pay', 1, '2027-01-01', 2_000_000), apart] })).toEqual([]);
    const three = [1, 2, 3].map((seq) => step('pay', seq, `2027-01-0${seq}`, 2_000_000));
    expect(found({ steps: three })).toEqual(['split_payments 一 1 2 3']);
  });

  it.each([
    [94_999_999, []],
    [95_000_000, ['near_cap 一 1']],
    [99_999_999, ['near_cap 一 1']],
    [100_000_000, []],
  ] as const)('of %i fen paid of 100,000,000 has %j', (fen, expected) => {
    expect(found({ steps: [step('pay', 1, '2027-01-01', fen)] })).toEqual(expected);
  });

  it.each([
    ['180 days apart', '2027-06-30', true, '甲账户', ['emergency_repeated 一 1 2']],
    ['181 days apart', '2027-07-01', true, '甲账户', []],
    ['to another payee', '2027-01-02', true, '乙账户', []],
    ['of which one was voted on', '2027-01-02', false, '甲账户', []],
  ] as const)('of two emergencies %s', (_what, on, isEmergency, payeeAccount, expected) => {
    const steps = [step('accrue', 1, '2027-01-01', 1), step('accrue', 2, on, 1, { authorisation: '二' })];
    const two = [
      granted('一', { isEmergency: true }),
      granted('二', { isEmergency, payee: '乙公司', payeeAccount }),
    ];
    expect(found({ granted: two, steps })).toEqual(expected);
  });

  it('says of three emergencies to one payee once, and nothing of two stages of one', () => {
    const stages = [1, 2, 3].map((seq) =>
      step('accrue', seq, `2027-01-0${seq}`, 1, { authorisation: String(seq) }),
    );
    const three = ['1', '2', '3'].map((name) => granted(name, { isEmergency: true }));
    expect(found({ granted: three, steps: stages })).toEqual(['emergency_repeated 1 1 2 3']);
    const one = stages.map((each) => ({ ...each, authorisation: '1' }));
    expect(found({ granted: three.slice(0, 1), steps: one })).toEqual([]);
  });

  it('names a month that is not published 31 days after its end', () => {
    const at = (today: string) => found({ today, unpublished: ['2026-12'] });
    expect(at('2027-02-01')).toEqual([]);
    expect(at('2027-02-02')).toEqual(['month_unpublished ']);
  });
});

describe('a book', () => {
  it('is inspected as it stands: honest, then left lying, then closed', async () => {
    const fresh = await freshDatabase();
    afterAll(async () => fresh.close());
    const world = await fundWorld(fresh, {
      seed: 'anomalies',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 10_000n,
    });
    const ref = { community: world.community, authorisation: '' };
    const kinds = async () =>
      accepted(await inspectBook(world.deps, world.community)).map(({ kind, seqs }) =>
        [kind, ...seqs].join(' '),
      );
    expect(codeOf(await inspectBook(world.deps, world.community))).toBe('FUND_BOOK_MISSING');
    accepted(await deposit(world, [20_000n]));
    const at = { ...ref, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, at));
    accepted(
      await accrueStage(world.deps, {
        ...at,
        amountFen: 5000n,
        stage: 'final',
        acceptanceHash: acceptance(1),
      }),
    );
    await pay(world, at.authorisation, 5000n);
    expect(await kinds()).toEqual([]);
    world.time.advance(100 * 86_400_000);
    expect(await kinds()).toEqual(['no_acceptance 4', 'month_unpublished', 'month_unpublished']);
    await closeWork(world, at, 1);
    expect(await kinds()).toEqual(['month_unpublished', 'month_unpublished']);
  });
});
