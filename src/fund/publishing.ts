/**
 * Publishing a month of the book: in order, once, and only where every bank account was compared on each of its days and no difference
 * stands unexplained. The record's hash is an entry of the log, and nothing is booked in a published month any more (SPEC 8.3).
 */

import { latestCheckpoint } from '../auditlog/checkpoints.ts';
import { placeOf } from '../auditlog/domain/log-place.ts';
import { writeEntry } from '../auditlog/entry-writing.ts';
import { parseDecimal } from '../base/area.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { FundMonth } from '../record/fund.ts';
import { fundEntryForm, fundMonthForm, fundMonthHash, MONEY_KINDS } from '../record/fund.ts';
import { EMPTY_ROOT } from '../record/merkle.ts';
import { listAuthorisations } from './authorisations.ts';
import { inBook } from './booking.ts';
import type { MonthDays, Movement } from './domain/month-gate.ts';
import { countingIn, daysOfMonth, monthAfter, monthGaps } from './domain/month-gate.ts';
import { isReceiptReference } from './domain/references.ts';
import { exportJournal } from './exporting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { Reconciliation } from './reconciling.ts';
import { listReconciliations } from './reconciling.ts';
import type { FundRefusal } from './refusals.ts';
import {
  banksSince,
  extentOf,
  insertMonth,
  lastMonthOf,
  monthMovements,
  monthSums,
  monthsOf,
} from './store/months.ts';

export type MonthRef = {
  readonly community: string;
  /** `YYYY-MM`. */
  readonly month: string;
};

type Sums = Awaited<ReturnType<typeof monthSums>>;

const isIn = (kinds: readonly string[]) => (row: Sums[number]) => kinds.includes(row.entryKind);
const total = (rows: Sums, fen: (row: Sums[number]) => bigint): string => String(sumFen(rows.map(fen)));

/** Opening, in, out and closing of one kind of account, on its normal side. */
function groupOf(sums: Sums, accountKind: FundMonth['accounts'][number]['accountKind']) {
  const rows = sums.filter((row) => row.accountKind === accountKind);
  const sign = accountKind === 'bank' ? 1n : -1n;
  const openingFen = sign * sumFen(rows.map(({ beforeFen }) => beforeFen));
  const [debits, credits] = [
    sumFen(rows.map((row) => row.debitFen)),
    sumFen(rows.map((row) => row.creditFen)),
  ];
  const [inFen, outFen] = accountKind === 'bank' ? [debits, credits] : [credits, debits];
  const closingFen = openingFen + inFen - outFen;
  return {
    accountKind,
    openingFen: String(openingFen),
    inFen: String(inFen),
    outFen: String(outFen),
    closingFen: String(closingFen),
  };
}

const whole = ({ beforeFen, debitFen, creditFen }: Sums[number]): bigint => beforeFen + debitFen - creditFen;

/** Each resolution with its split, and where its money was at the end of the month. */
async function chargesOf(tx: Tx, community: string, sums: Sums): Promise<FundMonth['charges']> {
  const touched = new Set(sums.map(({ authorisation }) => authorisation));
  const stored = (await listAuthorisations(tx, community)).filter(({ authorisation }) =>
    touched.has(authorisation),
  );
  return stored.map(({ authorisation, capFen, record }) => {
    const own = sums.filter((row) => row.authorisation === authorisation);
    const of = (accountKind: string) => own.filter((row) => row.accountKind === accountKind);
    const sumOf = (texts: readonly string[]) =>
      sumFen(texts.map((text) => present(parseDecimal(text), 'checked decimal')));
    const areaDm2 = sumOf(record.shares.map((share) => share.areaDm2));
    return {
      authorisation,
      capFen: String(capFen),
      units: record.shares.length,
      areaDm2: String(areaDm2),
      leftOverFen: String(sumOf(record.shares.map(({ remainder }) => remainder)) / areaDm2),
      heldFen: total(of('unit_held'), (row) => -whole(row)),
      payableFen: total(of('payable'), (row) => -whole(row)),
      paidFen: total(of('bank'), (row) => -whole(row)),
    };
  });
}

/** What the bank should show, without the opening balances, which are no movement at the bank. */
async function movementsOf(tx: Tx, community: string, days: MonthDays): Promise<readonly Movement[]> {
  const rows = await monthMovements(tx, community, days);
  return rows.filter(({ seq, kind, record }) => {
    if (kind !== 'deposit') return true;
    const parsed = fundEntryForm.parse(record);
    assert(parsed.ok, `the record of entry ${seq} is ours`);
    return isReceiptReference(parsed.value.reference);
  });
}

/** The statements that count in the month, and how many differences of its days were explained, also before a later comparison. */
function statementsOf(compared: readonly Reconciliation[], days: MonthDays) {
  const { from, to } = days;
  const explained = compared
    .flatMap(({ differences }) => differences)
    .filter(({ on, reason }) => reason !== '' && from <= on && on <= to);
  const statements = countingIn(days, compared)
    .map(({ account, closingFen, ...each }) => ({
      account,
      from: each.from,
      to: each.to,
      closingFen: String(closingFen),
    }))
    .reverse();
  return { statements, explained: explained.length };
}

async function recordOf(
  tx: Tx,
  { community, month }: MonthRef,
  lastSeq: bigint,
  journal: string,
): Promise<FundMonth> {
  const days = daysOfMonth(month);
  const sums = await monthSums(tx, community, days);
  const inMonth = sums.filter(({ accountKind }) => accountKind === 'bank');
  const moved = ({ debitFen, creditFen }: Sums[number]): bigint => debitFen - creditFen;
  const bank = (...kinds: readonly string[]) => total(inMonth.filter(isIn(kinds)), moved);
  const checkpoint = await latestCheckpoint(tx);
  return {
    v: 1,
    kind: 'fund-month',
    community,
    month,
    lastSeq: Number(lastSeq),
    accounts: MONEY_KINDS.map((kind) => groupOf(sums, kind)),
    depositsFen: bank('deposit', 'deposit_unidentified', 'deposit_reversed'),
    interestFen: bank('interest_received'),
    paidFen: total(inMonth.filter(isIn(['pay', 'pay_returned'])), (row) => -moved(row)),
    charges: await chargesOf(tx, community, sums),
    ...statementsOf(await listReconciliations(tx, community), days),
    size: checkpoint?.size ?? 0,
    root: toBase64Url(checkpoint?.root ?? EMPTY_ROOT),
    journalHash: toBase64Url(sha256(utf8(journal))),
  };
}

/** Refused where the month is not the next one, or where something of the bank is missing; answers the last number booked by its end. */
async function publishable(tx: Tx, { community, month }: MonthRef): Promise<Result<bigint, FundRefusal>> {
  const days = daysOfMonth(month);
  const last = await lastMonthOf(tx, community);
  if (last !== undefined && last >= month) return refuse('FUND_MONTH_PUBLISHED', 'month');
  const extent = await extentOf(tx, community, days.to);
  const next = last === undefined ? extent?.firstOn?.slice(0, 7) : monthAfter(last);
  if (extent === undefined || next !== month)
    return refuse('FUND_MONTH_ORDER', 'month', { month: next ?? '' });
  const gaps = monthGaps(
    days,
    await banksSince(tx, community),
    await listReconciliations(tx, community),
    await movementsOf(tx, community, days),
  );
  if (gaps.length > 0) return { ok: false, refusal: { code: 'FUND_MONTH_UNRECONCILED', gaps } };
  return ok(extent.lastSeq);
}

/** A published month; `hash` names its exact bytes in the log. */
export type PublishedMonth = {
  readonly month: string;
  readonly hash: string;
  readonly record: FundMonth;
  readonly publishedAt: number;
  /** Undefined until it has one. */
  readonly logIndex: number | undefined;
};

/** Publishes the next month of a book, which must be over. */
export async function publishMonth(
  deps: FundDeps,
  ref: MonthRef,
  officer: string,
): Promise<Result<PublishedMonth, FundRefusal>> {
  const { community, month } = ref;
  const { to } = daysOfMonth(month);
  if (to >= civilDateAt(deps.clock())) return refuse('FUND_MONTH_NOT_OVER', 'month');
  // The journal is read before the lock, since it takes long; an order signed late may still book, and then it is read again.
  const before = await extentOf(deps.db, community, to);
  const journal = await exportJournal(deps.db, community, to);
  if (!journal.ok) return journal;
  return inBook(deps, community, async (tx): Promise<Result<PublishedMonth, FundRefusal>> => {
    const good = await publishable(tx, ref);
    if (!good.ok) return good;
    if (good.value !== before?.lastSeq)
      return refuse('FUND_BOOK_MOVED_ON', undefined, { lastSeq: String(good.value) });
    const record = await recordOf(tx, ref, good.value, journal.value);
    const bytes = fundMonthForm.bytes(record);
    const hash = fundMonthHash(bytes);
    const { entryId } = await writeEntry(
      tx,
      { v: 1, kind: 'fund.published', community, month, monthHash: hash },
      [],
    );
    const publishedAt = deps.clock();
    await insertMonth(tx, {
      community_id: community,
      month,
      record: bytes,
      hash: present(fromBase64Url(hash), 'own hash'),
      last_seq: good.value,
      officer_id: officer,
      published_at_ms: BigInt(publishedAt),
      entry_id: entryId,
    });
    return ok({ month, hash, record, publishedAt, logIndex: undefined });
  });
}

/** The published months of a community, the newest first. */
export async function listMonths(db: Database, community: string): Promise<readonly PublishedMonth[]> {
  return (await monthsOf(db, community)).map((row) => {
    const parsed = fundMonthForm.parse(row.record);
    assert(parsed.ok, `the record of month ${row.month} is ours`);
    return {
      month: row.month,
      hash: toBase64Url(row.hash),
      record: parsed.value,
      publishedAt: Number(row.published_at_ms),
      logIndex: placeOf(row.idx),
    };
  });
}
