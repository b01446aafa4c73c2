/**
 * Which kind of entry may touch which kind of account, on which side: the one road out is available, held, payable, bank
 * (SPEC 8.3). The table `fund_entry_shape` holds the same rows, and a test compares both.
 */
import type { ACCOUNT_KINDS, ENTRY_KINDS, MONEY_KINDS } from '../../record/fund.ts';

export type AccountKind = (typeof ACCOUNT_KINDS)[number];
export type MoneyKind = (typeof MONEY_KINDS)[number];
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** What an entry debits, one of these kinds, and what it credits. */
type Shape = { readonly debit: readonly AccountKind[]; readonly credit: AccountKind };

const SHAPES: Readonly<Record<EntryKind, Shape>> = {
  deposit: { debit: ['bank'], credit: 'unit_available' },
  deposit_reversed: { debit: ['unit_available', 'deposit_unidentified'], credit: 'bank' },
  hold: { debit: ['unit_available'], credit: 'unit_held' },
  accrue: { debit: ['unit_held'], credit: 'payable' },
  accrual_cancelled: { debit: ['payable'], credit: 'unit_held' },
  unpaid_cancelled: { debit: ['payable'], credit: 'unit_held' },
  pay: { debit: ['payable'], credit: 'bank' },
  pay_returned: { debit: ['bank'], credit: 'payable' },
  release: { debit: ['unit_held'], credit: 'unit_available' },
  interest_received: { debit: ['bank'], credit: 'interest_undistributed' },
  interest_distributed: { debit: ['interest_undistributed'], credit: 'unit_available' },
  bank_moved: { debit: ['bank'], credit: 'bank' },
  deposit_unidentified: { debit: ['bank'], credit: 'deposit_unidentified' },
  deposit_identified: { debit: ['deposit_unidentified'], credit: 'unit_available' },
  refund: { debit: ['unit_available'], credit: 'payable' },
  claim: { debit: ['claim'], credit: 'claim_contra' },
  claim_settled: { debit: ['claim_contra'], credit: 'claim' },
  claim_cancelled: { debit: ['claim_contra'], credit: 'claim' },
};

/** What the community has stands on the debit side, what it owes and what answers a claim on the credit side. */
export const isDebitKind = (kind: AccountKind): boolean => kind === 'bank' || kind === 'claim';

/** Whether a leg of this amount (debit positive, fen) fits its entry. */
export function fitsShape(kind: EntryKind, account: AccountKind, amountFen: bigint): boolean {
  const shape = SHAPES[kind];
  return amountFen !== 0n && (amountFen > 0n ? shape.debit.includes(account) : account === shape.credit);
}

/** The rows that the table of shapes must have, and no other. */
export const allowedSides = () =>
  Object.entries(SHAPES).flatMap(([entryKind, { debit, credit }]) => [
    ...debit.map((accountKind) => ({ entryKind, accountKind, side: 'D' })),
    { entryKind, accountKind: credit, side: 'C' },
  ]);

/** What people call each kind. */
export const ENTRY_WORDS: Readonly<Record<EntryKind, string>> = {
  deposit: '交存',
  deposit_reversed: '交存冲回',
  hold: '冻结',
  accrue: '应付确认',
  accrual_cancelled: '应付冲回',
  unpaid_cancelled: '应付注销',
  pay: '拨付',
  pay_returned: '拨付退回',
  release: '解冻',
  interest_received: '结息',
  interest_distributed: '利息分配',
  bank_moved: '专户划转',
  deposit_unidentified: '待查收款',
  deposit_identified: '待查认领',
  refund: '返还',
  claim: '应收建设单位',
  claim_settled: '应收已补',
  claim_cancelled: '应收注销',
};
