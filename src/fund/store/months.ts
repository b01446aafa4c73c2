/** The SQL of published months: what each account kind moved, which entries the bank should show, and the months that stand (SPEC 8.3). */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { CivilDate } from '../../base/civil-date.ts';
import type { Database } from '../../db/connect.ts';
import type { FundMonthTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';
import type { MonthDays } from '../domain/month-gate.ts';

/** Before the month and in it, by kind of account, kind of entry and authorisation; debits and credits in fen. */
export async function monthSums(tx: Tx, community: string, { from, to }: MonthDays) {
  const found = await sql<{
    accountKind: string;
    entryKind: string;
    authorisation: string;
    beforeFen: bigint;
    debitFen: bigint;
    creditFen: bigint;
  }>`
    select p.account_kind as "accountKind", e.kind as "entryKind", coalesce(e.authorisation_id, '') as authorisation,
           coalesce(sum(p.amount_fen) filter (where e.booked_on < ${from}), 0)::bigint as "beforeFen",
           coalesce(sum(p.amount_fen) filter (where e.booked_on >= ${from} and p.amount_fen > 0), 0)::bigint as "debitFen",
           coalesce(-sum(p.amount_fen) filter (where e.booked_on >= ${from} and p.amount_fen < 0), 0)::bigint as "creditFen"
      from fund_posting p join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
     where p.community_id = ${community} and e.booked_on <= ${to} group by 1, 2, 3 order by 1, 2, 3`.execute(
    tx,
  );
  return found.rows;
}

/** What moved at the banks on the month's days or was booked in it, in order of `seq`. */
export async function monthMovements(tx: Tx, community: string, { from, to }: MonthDays) {
  const found = await sql<{
    account: string;
    seq: bigint;
    kind: string;
    on: CivilDate;
    record: Uint8Array;
  }>`
    select * from (
      select distinct a.name as account, e.seq, e.kind, e.booked_on, e.record,
             case e.kind when 'deposit_reversed' then e.booked_on else e.value_on end as "on"
        from fund_posting p
        join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
        join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
       where p.community_id = ${community} and a.kind = 'bank') m
     where m."on" between ${from} and ${to} or m.booked_on between ${from} and ${to} order by m.seq`.execute(
    tx,
  );
  return found.rows;
}

/** The bank accounts of a book with the day of their first entry. */
export async function banksSince(tx: Tx, community: string) {
  const found = await sql<{ account: string; since: CivilDate }>`
    select a.name as account, min(e.booked_on) as since
      from fund_account a
      join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
      join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
     where a.community_id = ${community} and a.kind = 'bank' group by a.name order by a.name`.execute(tx);
  return found.rows;
}

/** The first and the last day of booking up to a day, and the last number; undefined before the first entry. */
export async function extentOf(db: Database, community: string, to: CivilDate) {
  const found = await sql<{ firstOn: CivilDate | null; lastSeq: bigint }>`
    select min(booked_on) as "firstOn", coalesce(max(seq) filter (where booked_on <= ${to}), 0)::bigint as "lastSeq"
      from fund_entry where community_id = ${community}`.execute(db);
  return found.rows[0];
}

export async function insertMonth(tx: Tx, row: Insertable<FundMonthTable>): Promise<void> {
  await tx.insertInto('fund_month').values(row).execute();
}

/** The last month of a book that was published, `2026-11`; undefined where there is none. */
export const lastMonthOf = async (db: Database, community: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom('fund_month')
    .select('month')
    .where('community_id', '=', community)
    .orderBy('month', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.month;
};

/** The published months of a community with their place in the log, the newest first. */
export const monthsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_month as m')
    .innerJoin('log_entry as l', 'l.id', 'm.entry_id')
    .select(['m.month', 'm.record', 'm.hash', 'm.published_at_ms', 'l.idx'])
    .where('m.community_id', '=', community)
    .orderBy('m.month', 'desc')
    .execute();
