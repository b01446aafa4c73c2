// Goal: public revenue as it is typed becomes the bodies that the routes take, never more goes out than the book has, and a half-year says what its
// entries sum to. Method: pure forms over books with entries on both sides of a half-year.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { CivilDate } from '../../src/base/civil-date.ts';
import { periodOf } from '../../src/fund/domain/revenue.ts';
import type { RevenueEntry } from '../../src/record/revenue.ts';
import type { Revenue } from '../../src/web/console/fund/revenue-drafts.ts';
import {
  emptyMoney,
  incomeDraft,
  periodDraft,
  periodWords,
  reversalDraft,
  reversible,
  spendingDraft,
} from '../../src/web/console/fund/revenue-drafts.ts';

const FILE = { name: '发票.pdf', sha256: toBase64Url(new Uint8Array(32).fill(9)) };
const COMMUNITY = 'a'.repeat(26);
const entryOf = (name: string, part: Partial<RevenueEntry>): RevenueEntry => ({
  v: 1,
  kind: 'revenue-entry',
  community: COMMUNITY,
  entry: name.repeat(26),
  entryKind: 'income',
  heading: 'parking',
  bookedOn: '2026-06-30',
  amountFen: '500000',
  text: '停车',
  documentHash: FILE.sha256,
  meeting: '',
  proposal: '',
  reverses: '',
  nonce: toBase64Url(new Uint8Array(16)),
  ...part,
});
const bookOf = (records: readonly RevenueEntry[], more: Partial<Revenue> = {}): Revenue => ({
  balanceFen: String(records.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n)),
  next: '2026-H2',
  entries: records.map((record) => ({ record, logIndex: 1 })),
  periods: [{ record: { period: '2026-H1' } }],
  ...more,
});
const today = '2026-11-29' as CivilDate;
const RECORDS = [
  entryOf('b', {}),
  entryOf('c', { bookedOn: '2026-07-01', amountFen: '300000' }),
  entryOf('d', { bookedOn: '2026-10-08', entryKind: 'cost', heading: 'tax', amountFen: '-100000' }),
];
const standing = { today, revenue: bookOf(RECORDS) };
const typed = { ...emptyMoney(today), heading: 'parking', amount: '100', text: ' 停车 ', document: FILE };

describe('an income', () => {
  it('is a body, and says the balance that follows', () => {
    const made = incomeDraft(typed, standing);
    expect(made).toEqual({
      ok: true,
      body: {
        heading: 'parking',
        bookedOn: today,
        amountFen: '10000',
        text: '停车',
        documentHash: FILE.sha256,
      },
      facts: [
        '公共收益收入 100.00 元（大写：壹佰元整）：停车',
        '记账日期 2026年11月29日；事由（公开）：停车',
        '票据：发票.pdf，0909 0909 0909 0909 …',
        '记账后余额 7,100.00 元',
      ],
    });
  });

  it.each([
    ['', '请选择日期'],
    ['2026-11-30', '不能晚于今天'],
    ['2026-06-30', '这半年已经公布，请记在以后的日期'],
    ['2025-12-31', '这半年已经公布，请记在以后的日期'],
  ])('on %j is refused', (bookedOn, error) => {
    expect(incomeDraft({ ...typed, bookedOn }, standing)).toEqual({ ok: false, errors: { bookedOn: error } });
  });

  it('on the first day after the half-year that was published is taken', () => {
    expect(incomeDraft({ ...typed, bookedOn: '2026-07-01' }, standing).ok).toBe(true);
  });

  it('tells every empty field', () => {
    const made = incomeDraft(emptyMoney(today), standing);
    expect(!made.ok && Object.keys(made.errors).sort()).toEqual(['amount', 'document', 'heading', 'text']);
  });
});

describe('spending', () => {
  const form = { ...typed, heading: '', entryKind: 'cost' as const, proposal: '' };
  const common = { bookedOn: today, amountFen: '10000', text: '停车', documentHash: FILE.sha256 };

  it.each([
    [{ heading: 'tax' }, { entryKind: 'cost', heading: 'tax' }],
    [{ entryKind: 'transfer' }, { entryKind: 'transfer' }],
    [
      { entryKind: 'use', proposal: 'meeting proposal' },
      { entryKind: 'use', meeting: 'meeting', proposal: 'proposal' },
    ],
  ] as const)('of %j has the members of its kind alone', (part, own) => {
    const made = spendingDraft({ ...form, ...part }, standing, '例会：换灯');
    expect(made).toMatchObject({ ok: true, body: { ...own, ...common } });
    expect(made.ok && Object.keys(made.body).sort()).toEqual(
      [...Object.keys(own), ...Object.keys(common)].sort(),
    );
    expect(made.ok && made.facts.some((line) => line.includes('例会：换灯'))).toBe('proposal' in own);
  });

  it('takes the whole balance and not a fen more', () => {
    expect(spendingDraft({ ...form, heading: 'tax', amount: '7000' }, standing, '').ok).toBe(true);
    expect(spendingDraft({ ...form, heading: 'tax', amount: '7000.01' }, standing, '')).toEqual({
      ok: false,
      errors: { amount: '超过了余额 7,000.00 元' },
    });
  });

  it('asks for what its kind needs', () => {
    expect(spendingDraft(form, standing, '')).toEqual({ ok: false, errors: { heading: '请选择一项' } });
    expect(spendingDraft({ ...form, entryKind: 'use' }, standing, '')).toEqual({
      ok: false,
      errors: { proposal: '请选择一项' },
    });
  });
});

describe('a reversal', () => {
  const undone = entryOf('e', { entryKind: 'reversal', amountFen: '-300000', reverses: 'c'.repeat(26) });

  it('is offered for what is not undone and undoes nothing, the newest first', () => {
    const entries = bookOf([...RECORDS, undone]).entries;
    expect(reversible({ entries }).map(({ entry }) => entry[0])).toEqual(['d', 'b']);
  });

  it('names the entry, and says the balance that follows', () => {
    const made = reversalDraft({ reverses: 'd'.repeat(26), text: '退税', document: FILE }, standing);
    expect(made).toMatchObject({
      ok: true,
      body: { reverses: 'd'.repeat(26), text: '退税', documentHash: FILE.sha256 },
    });
    expect(made.ok && made.facts).toEqual([
      '冲回：2026年10月8日 支出 1,000.00 元 · 成本 · 税费 · 停车',
      '记账日期 2026年11月29日；事由（公开）：退税',
      '票据：发票.pdf，0909 0909 0909 0909 …',
      '记账后余额 8,000.00 元',
    ]);
  });

  it('of an entry that is undone is refused', () => {
    const revenue = bookOf([...RECORDS, undone]);
    const form = { reverses: 'c'.repeat(26), text: '误记', document: FILE };
    expect(reversalDraft(form, { today, revenue })).toEqual({
      ok: false,
      errors: { reverses: '请选择一项' },
    });
  });
});

describe('a half-year', () => {
  it('says what the record of the service will say', () => {
    const made = periodDraft(bookOf(RECORDS));
    const record = periodOf(COMMUNITY, '2026-H2', RECORDS);
    expect([record.openingFen, record.closingFen]).toEqual(['500000', '700000']);
    expect(made).toEqual({
      ok: true,
      body: { period: '2026-H2' },
      facts: ['期初余额 5,000.00 元', '收入 3,000.00 元，支出 1,000.00 元，共 2 笔', '期末余额 7,000.00 元'],
    });
  });

  it.each([
    ['2026-H1', '2026年上半年'],
    ['2027-H2', '2027年下半年'],
  ])('%s is %s', (period, words) => {
    expect(periodWords(period)).toBe(words);
  });
});
