/** Every "no" of the fund floor, a closed union of stable codes. */
import type { Refusal } from '../base/result.ts';
import type { BankFinding } from './domain/bank-findings.ts';
import type { MonthGap } from './domain/month-gate.ts';
import type { OpeningFinding } from './domain/opening-balances.ts';

export type FundRefusalCode =
  | 'FUND_COMMUNITY_UNKNOWN'
  | 'FUND_BOOK_MISSING'
  | 'FUND_BOOK_BUSY'
  | 'FUND_BOOK_MOVED_ON'
  | 'FUND_UNIT_UNKNOWN'
  | 'FUND_RESOLUTION_UNKNOWN'
  | 'FUND_RESOLUTION_ANNULLED'
  | 'FUND_AUTHORISATION_UNKNOWN'
  | 'FUND_AUTHORISATION_CLOSED'
  | 'FUND_ENTRY_DIFFERS'
  | 'FUND_ENTRY_UNKNOWN'
  | 'FUND_ENTRY_REVERSED'
  | 'FUND_MONEY_MOVED_ON'
  | 'FUND_UNIT_IN_FORCE'
  | 'FUND_UNIT_REFUNDED'
  | 'FUND_UNIT_HELD'
  | 'FUND_UNIT_AUTHORISED'
  | 'FUND_UNIT_UNPAID'
  | 'FUND_BALANCE_DIFFERS'
  | 'FUND_INTEREST_WAITS'
  | 'FUND_AMOUNT_ZERO'
  | 'FUND_TEXT_BLANK'
  | 'FUND_RECEIPT_REPEATED'
  | 'FUND_REFERENCE_RESERVED'
  | 'FUND_ABOVE_UNIDENTIFIED'
  | 'FUND_INTEREST_NONE'
  | 'FUND_INTEREST_PERIOD'
  | 'FUND_OPENING_REFUSED'
  | 'FUND_FILE_REFUSED'
  | 'FUND_PERIOD_UNCLEAR'
  | 'FUND_DIFFERENCE_UNKNOWN'
  | 'FUND_DIFFERENCE_EXPLAINED'
  | 'FUND_VALUE_DATE_LATE'
  | 'FUND_HOUSEHOLDS_SHORT'
  | 'FUND_ABOVE_HELD'
  | 'FUND_OVERRUN_NEEDS_VOTE'
  | 'FUND_ABOVE_PAYABLE'
  | 'FUND_NOTHING_HELD'
  | 'FUND_NOTHING_CLAIMED'
  | 'FUND_HELD_ALREADY'
  | 'FUND_CLAIMS_STRANDED'
  | 'FUND_UNPAID_ACCRUALS'
  | 'FUND_CLOSING_NEEDED'
  | 'FUND_PAYEE_DIFFERS'
  | 'FUND_BANK_UNCLEAR'
  | 'FUND_BANK_SHORT'
  | 'FUND_MONTH_NOT_OVER'
  | 'FUND_MONTH_ORDER'
  | 'FUND_MONTH_PUBLISHED'
  | 'FUND_MONTH_UNRECONCILED'
  | 'FUND_EMERGENCIES_BARRED'
  | 'FUND_EMERGENCIES_SAME'
  | 'FUND_EMERGENCY_UNKNOWN'
  | 'FUND_EMERGENCY_ANNULLED'
  | 'FUND_SCOPE_UNKNOWN'
  | 'FUND_REGISTER_CHANGED'
  | 'FUND_SCOPE_LARGE'
  | 'FUND_APPLICATIONS_WAITING'
  | 'FUND_APPLICATIONS_FULL'
  | 'FUND_APPLICATION_UNKNOWN'
  | 'REVENUE_HEADING'
  | 'REVENUE_PERIOD_PUBLISHED'
  | 'REVENUE_PERIOD_ORDER'
  | 'REVENUE_PERIOD_NOT_OVER'
  | 'REVENUE_USE_UNDECIDED'
  | 'REVENUE_SHORT'
  | 'FUND_APPLICATION_ANSWERED'
  | 'FUND_TOP_UP_UNDECIDED'
  | 'FUND_TOP_UP_NONE'
  | 'FUND_TOP_UP_DUE'
  | 'FUND_TOP_UP_UNKNOWN'
  | 'FUND_TOP_UP_STALE'
  | 'FUND_ANSWER_UNCLEAR'
  | 'FUND_MEETING_UNANNOUNCED'
  | 'FUND_MEETING_EARLIER'
  | 'NOT_ALLOWED';

/** What a household lacks for its share, in fen. */
export type Shortfall = {
  readonly unit: string;
  readonly shareFen: bigint;
  readonly availableFen: bigint;
  readonly missingFen: bigint;
};

/** A refusal, with the list that a person needs to put it right. */
export type FundRefusal = Refusal<FundRefusalCode> & {
  readonly shortfalls?: readonly Shortfall[];
  readonly gaps?: readonly MonthGap[];
  readonly findings?: readonly (OpeningFinding | BankFinding)[];
};
