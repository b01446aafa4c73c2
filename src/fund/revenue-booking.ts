/**
 * Booking public revenue: what comes in one officer enters over its document; what goes out, and what is undone, two sign. Never more goes
 * out than came in, and another use than costs and the fund needs an adopted resolution (SPEC 8.5; Civil Code §282).
 */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { RevenueEntry } from '../record/revenue.ts';
import { halfYearOf, revenueEntryForm, revenueEntryHash } from '../record/revenue.ts';
import { lockCommunityById } from '../registry/communities.ts';
import { blankAmong } from './domain/blank-texts.ts';
import { fenOf, fitsKind } from './domain/revenue.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { readRevenue } from './revenue.ts';
import { isStanding } from './store/annulments.ts';
import { insertRevenue } from './store/revenue.ts';

type Asked = Pick<RevenueEntry, 'community' | 'heading' | 'bookedOn' | 'text' | 'documentHash'>;
/** Positive fen. */
export type IncomeRequest = Asked & { readonly amountFen: bigint };
export type SpendingRequest = IncomeRequest &
  Pick<RevenueEntry, 'meeting' | 'proposal'> & { readonly entryKind: 'cost' | 'use' | 'transfer' };
export type RevenueReversal = Pick<RevenueEntry, 'community' | 'reverses' | 'text' | 'documentHash'>;

const fresh = (deps: FundDeps) => ({ entry: newId(deps.random), nonce: toBase64Url(deps.random(16)) });

/** Whether the book as it stands takes the entry. */
async function bookable(
  tx: Tx,
  deps: FundDeps,
  record: RevenueEntry,
): Promise<Result<undefined, FundRefusal>> {
  const { community, bookedOn, entryKind, meeting, proposal, reverses } = record;
  if (blankAmong({ text: record.text }) !== undefined) return refuse('FUND_TEXT_BLANK', 'text');
  if (fenOf(record) === 0n) return refuse('FUND_AMOUNT_ZERO', 'amountFen');
  if (!fitsKind(record)) return refuse('REVENUE_HEADING', 'heading');
  if (bookedOn > civilDateAt(deps.clock())) return refuse('FUND_VALUE_DATE_LATE', 'bookedOn');
  const book = await readRevenue(tx, community);
  if (book.periods.some(({ record: { period } }) => period >= halfYearOf(bookedOn)))
    return refuse('REVENUE_PERIOD_PUBLISHED', 'bookedOn');
  if ((entryKind === 'use') !== (meeting !== '' && proposal !== ''))
    return refuse('REVENUE_USE_UNDECIDED', 'proposal');
  if (entryKind === 'use') {
    const ref = { community, meeting, proposal };
    if (!(await isStanding(tx, ref))) return refuse('REVENUE_USE_UNDECIDED', 'proposal');
  }
  if (reverses !== '' && book.entries.some((one) => one.record.reverses === reverses))
    return refuse('FUND_ENTRY_REVERSED', 'reverses');
  return book.balanceFen + fenOf(record) < 0n ? refuse('REVENUE_SHORT', 'amountFen') : ok(undefined);
}

async function write(tx: Tx, record: RevenueEntry, bytes: Uint8Array, entryId: bigint): Promise<void> {
  const orNull = (id: string): string | null => (id === '' ? null : id);
  await insertRevenue(tx, {
    community_id: record.community,
    entry_id: record.entry,
    kind: record.entryKind,
    heading: record.heading,
    booked_on: record.bookedOn,
    amount_fen: fenOf(record),
    meeting_id: orNull(record.meeting),
    proposal_id: orNull(record.proposal),
    reverses_entry_id: orNull(record.reverses),
    record: bytes,
    hash: present(fromBase64Url(revenueEntryHash(bytes)), 'own hash'),
    log_entry_id: entryId,
  });
}

/** Enters what came in. */
export function receiveRevenue(
  deps: FundDeps,
  { amountFen, ...asked }: IncomeRequest,
): Promise<Result<{ readonly entry: string }, FundRefusal>> {
  return inTransaction(deps.db, async (tx): Promise<Result<{ readonly entry: string }, FundRefusal>> => {
    if ((await lockCommunityById(tx, asked.community)) === undefined) return refuse('FUND_COMMUNITY_UNKNOWN');
    const record: RevenueEntry = {
      v: 1,
      kind: 'revenue-entry',
      ...fresh(deps),
      ...asked,
      entryKind: 'income',
      amountFen: String(amountFen),
      meeting: '',
      proposal: '',
      reverses: '',
    };
    const good = await bookable(tx, deps, record);
    if (!good.ok) return good;
    const bytes = revenueEntryForm.bytes(record);
    const { community, entry } = record;
    const { entryId } = await writeEntry(
      tx,
      { v: 1, kind: 'revenue.received', community, entry, revenueHash: revenueEntryHash(bytes) },
      [],
    );
    await write(tx, record, bytes, entryId);
    return ok({ entry });
  });
}

type Drafted = Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>;

async function draftEntry(tx: Tx, deps: OfficerDeps, record: RevenueEntry, draftedBy: string) {
  const good = await bookable(tx, deps, record);
  if (!good.ok) return good;
  const bytes = revenueEntryForm.bytes(record);
  const unsigned: UnsignedEntry<'revenue.spent'> = {
    v: 1,
    kind: 'revenue.spent',
    community: record.community,
    entry: record.entry,
    revenueHash: revenueEntryHash(bytes),
  };
  const details = { record: toBase64Url(bytes) };
  return ok({ act: await draftAct(tx, deps, { entry: unsigned, details, draftedBy }) });
}

/** Drafts what goes out, for its two officers. */
export const draftSpending = (
  deps: OfficerDeps,
  { amountFen, ...asked }: SpendingRequest,
  draftedBy: string,
): Promise<Drafted> =>
  inDraft(deps, (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const record: RevenueEntry = {
      v: 1,
      kind: 'revenue-entry',
      ...fresh(deps),
      ...asked,
      amountFen: String(-amountFen),
      reverses: '',
    };
    return draftEntry(tx, deps, record, draftedBy);
  });

/** Drafts the exact negation of an entry, booked today, for its two officers. */
export const draftRevenueReversal = (
  deps: OfficerDeps,
  { community, reverses, text, documentHash }: RevenueReversal,
  draftedBy: string,
): Promise<Drafted> =>
  inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const found = (await readRevenue(tx, community)).entries.find(({ record }) => record.entry === reverses);
    if (found === undefined || found.record.entryKind === 'reversal') return refuse('FUND_ENTRY_UNKNOWN');
    const record: RevenueEntry = {
      v: 1,
      kind: 'revenue-entry',
      ...fresh(deps),
      community,
      entryKind: 'reversal',
      heading: found.record.heading,
      bookedOn: civilDateAt(deps.clock()),
      amountFen: String(-fenOf(found.record)),
      text,
      documentHash,
      meeting: '',
      proposal: '',
      reverses,
    };
    return draftEntry(tx, deps, record, draftedBy);
  });

/** Locks the community before the entry's place in the log is drawn, so that the balance is never less than nothing in its order. */
export async function lockSpending(tx: Tx, act: SignedAct): Promise<void> {
  await lockCommunityById(tx, (act.entry as UnsignedEntry<'revenue.spent'>).community);
}

/** Books what two officers signed, in the transaction that wrote its log entry, row `entryId`. */
export async function applySpending(
  tx: Tx,
  deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'revenue.spent'>;
  const bytes = present(fromBase64Url(act.details['record'] ?? ''), 'spending is drafted with its record');
  assert(revenueEntryHash(bytes) === entry.revenueHash, 'the officers signed the bytes of the entry');
  const record = revenueEntryForm.own(bytes);
  const good = await bookable(tx, deps, record);
  if (!good.ok) return good;
  await write(tx, record, bytes, entryId);
  return ok(undefined);
}
