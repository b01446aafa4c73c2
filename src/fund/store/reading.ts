/** The SQL that reads a book: for the journal, the statements, the bundle. */
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';

/** Entries booked up to a date, in order of `seq`. */
export const entriesUpTo = (db: Database, community: string, asOf: string) =>
  db
    .selectFrom('fund_entry')
    .select(['entry_id', 'seq', 'kind', 'booked_on', 'value_on', 'authorisation_id', 'record'])
    .select(['reverses_entry_id', 'log_entry_id'])
    .where('community_id', '=', community)
    .where('booked_on', '<=', asOf)
    .orderBy('seq')
    .execute();

/** Postings of these entries, in order of `seq` and line. */
export const postingsUpTo = (db: Database, community: string, asOf: string) =>
  db
    .selectFrom('fund_posting as p')
    .innerJoin('fund_entry as e', (join) =>
      join.onRef('e.community_id', '=', 'p.community_id').onRef('e.entry_id', '=', 'p.entry_id'),
    )
    .innerJoin('fund_account as a', (join) =>
      join.onRef('a.community_id', '=', 'p.community_id').onRef('a.account_id', '=', 'p.account_id'),
    )
    .select(['p.entry_id', 'a.account_id', 'a.name', 'p.amount_fen'])
    .where('p.community_id', '=', community)
    .where('e.booked_on', '<=', asOf)
    .orderBy('e.seq')
    .orderBy('p.line_no')
    .execute();

/** The stored balance of each account that was touched up to a date, as its last posting left it. */
export async function balancesUpTo(db: Database, community: string, asOf: string) {
  const found = await sql<{ account_id: string; name: string; kind: string; balance_after_fen: bigint }>`
    select distinct on (p.account_id) p.account_id, a.name, a.kind, p.balance_after_fen
      from fund_posting p
      join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
      join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
     where p.community_id = ${community} and e.booked_on <= ${asOf}::date
     order by p.account_id, p.account_version desc`.execute(db);
  return found.rows;
}

/** Postings of one unit's accounts that have money up to a date, with the place of each entry in the log. */
export const postingsOfUnit = (db: Database, community: string, unit: string, asOf: string) =>
  db
    .selectFrom('fund_account as a')
    .innerJoin('fund_posting as p', (join) =>
      join.onRef('p.community_id', '=', 'a.community_id').onRef('p.account_id', '=', 'a.account_id'),
    )
    .innerJoin('fund_entry as e', (join) =>
      join.onRef('e.community_id', '=', 'p.community_id').onRef('e.entry_id', '=', 'p.entry_id'),
    )
    .innerJoin('log_entry as l', 'l.id', 'e.log_entry_id')
    .select([
      'e.seq',
      'e.kind',
      'e.booked_on',
      'e.value_on',
      'e.authorisation_id',
      'e.record',
      'a.kind as account_kind',
      'p.amount_fen',
      'l.idx',
    ])
    .where('a.community_id', '=', community)
    .where('a.unit_id', '=', unit)
    .where('a.kind', 'in', ['unit_available', 'unit_held'])
    .where('e.booked_on', '<=', asOf)
    .orderBy('e.seq')
    .orderBy('p.line_no')
    .execute();

/** The accounts of some units that have money, with their stored balances. */
export const accountsOfUnits = async (db: Database, community: string, units: readonly string[]) =>
  units.length === 0
    ? []
    : db
        .selectFrom('fund_account')
        .select(['unit_id', 'kind', 'authorisation_id', 'balance_fen'])
        .where('community_id', '=', community)
        .where('unit_id', 'in', units)
        .where('kind', 'in', ['unit_available', 'unit_held'])
        .execute();

/** The records of all entries, in order of `seq`. */
export const recordsOf = (db: Database, community: string) =>
  db.selectFrom('fund_entry').select('record').where('community_id', '=', community).orderBy('seq').execute();

/** What the log says of a community's fund from a place on, and what has no place yet. */
export const loggedFrom = (db: Database, community: string, size: number) =>
  db
    .selectFrom('log_entry')
    .select('data')
    .where('community_id', '=', community)
    .where('kind', 'in', [
      'fund.entry',
      'fund.authorised',
      'refund.authorised',
      'emergency.authorised',
      'application.filed',
      'application.answered',
      'revenue.received',
      'revenue.spent',
      'revenue.published',
      'fund.published',
    ])
    .where((eb) => eb.or([eb('idx', 'is', null), eb('idx', '>=', BigInt(size))]))
    .execute();

/** Σ of balances by kind of account and authorisation. */
export const totalsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_account')
    .select(['kind', 'authorisation_id'])
    .select((eb) => sql<bigint>`${eb.fn.sum('balance_fen')}::bigint`.as('total_fen'))
    .where('community_id', '=', community)
    .groupBy(['kind', 'authorisation_id'])
    .execute();

/** Outcomes of a meeting's proposals, as the tally left them. */
export const resolutionsOf = (db: Database, community: string, meeting: string) =>
  db
    .selectFrom('resolution')
    .select(['proposal_id', 'outcome', 'cap_fen'])
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .execute();

/** The entry at a number of the book, with the entry that reverses it. */
export const entryBySeq = (db: Database, community: string, seq: bigint) =>
  db
    .selectFrom('fund_entry as e')
    .leftJoin('fund_entry as r', (join) =>
      join.onRef('r.community_id', '=', 'e.community_id').onRef('r.reverses_entry_id', '=', 'e.entry_id'),
    )
    .select(['e.kind', 'e.record', 'r.entry_id as reversed_by'])
    .where('e.community_id', '=', community)
    .where('e.seq', '=', seq)
    .executeTakeFirst();

/** The value date of the last distribution of interest, where the next period begins. */
export async function lastDistributionOn(db: Database, community: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('fund_entry')
    .select((eb) => eb.fn.max('value_on').as('last'))
    .where('community_id', '=', community)
    .where('kind', '=', 'interest_distributed')
    .executeTakeFirst();
  return row?.last ?? undefined;
}

/** What each unit gained (credit) by value date, available and held together; a refunded unit has no part in interest any more. */
export async function datedGains(db: Database, community: string) {
  const found = await sql<{ unit: string; valueOn: string; gainFen: bigint }>`
    select a.unit_id as unit, e.value_on as "valueOn", -sum(p.amount_fen)::bigint as "gainFen"
      from fund_account a
      join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
      join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
     where a.community_id = ${community} and a.kind in ('unit_available', 'unit_held')
       and not exists (select from fund_authorisation f where f.community_id = a.community_id and f.unit_id = a.unit_id)
     group by a.unit_id, e.value_on having sum(p.amount_fen) <> 0`.execute(db);
  return found.rows;
}

/** The entries of some kinds under an authorisation, in order of `seq`. */
export const entriesUnder = (
  db: Database,
  community: string,
  authorisation: string,
  kinds: readonly string[],
) =>
  db
    .selectFrom('fund_entry')
    .select(['entry_id', 'seq'])
    .where('community_id', '=', community)
    .where('authorisation_id', '=', authorisation)
    .where('kind', 'in', kinds)
    .orderBy('seq')
    .execute();

/** What was accrued of each unit under an authorisation, in fen, less what was cancelled. */
export async function accruedByUnit(db: Database, community: string, authorisation: string) {
  const found = await sql<{ unit: string; amountFen: bigint }>`
    select a.unit_id as unit, sum(p.amount_fen)::bigint as "amountFen"
      from fund_account a
      join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
     where a.community_id = ${community} and a.authorisation_id = ${authorisation} and a.kind = 'unit_held'
       and p.entry_kind in ('accrue', 'accrual_cancelled', 'unpaid_cancelled')
     group by a.unit_id order by a.unit_id`.execute(db);
  return found.rows;
}

/** Whether something is payable under a revoked authorisation of which something was accrued of the unit, less what was cancelled. */
export async function hasUnpaidPart(db: Database, community: string, unit: string): Promise<boolean> {
  const found = await sql<{ found: boolean }>`
    select fund_has_unpaid_part(${community}, ${unit}) as found`.execute(db);
  return found.rows[0]?.found === true;
}

/** Every posting of a book by entry and line, whether or not its entry stands. */
export const allPostings = (db: Database, community: string) =>
  db
    .selectFrom('fund_posting')
    .select(['entry_id', 'account_id', 'amount_fen', 'balance_after_fen', 'account_version'])
    .where('community_id', '=', community)
    .orderBy('entry_id')
    .orderBy('line_no')
    .execute();

const KINDS_OF_CHECK = [
  'fund.entry',
  'fund.authorised',
  'refund.authorised',
  'emergency.authorised',
  'fund.closed',
  'resolution.annulled',
  'emergency.annulled',
  'emergencies.declared',
  'application.filed',
  'application.answered',
  'fund.published',
  'revenue.received',
  'revenue.spent',
  'revenue.published',
  'topup.called',
  'topup.withdrawn',
];

/**
 * The rows of the log that say by their bytes, or by their columns, that they name something of a community's money or end it.
 * The columns are in no hash, so they alone choose nothing.
 */
export const loggedOfBook = (db: Database, community: string) =>
  db
    .selectFrom('log_entry')
    .select(['id', 'kind', 'community_id', 'data'])
    .where((eb) =>
      eb.or([
        eb.and([eb('kind', 'in', KINDS_OF_CHECK), eb('community_id', '=', community)]),
        eb.and([
          sql<boolean>`position(convert_to(${`"${community}"`}, 'UTF8') in data) > 0`,
          eb.or(
            KINDS_OF_CHECK.map(
              (kind) => sql<boolean>`position(convert_to(${`"${kind}"`}, 'UTF8') in data) > 0`,
            ),
          ),
        ]),
      ]),
    )
    .orderBy('id')
    .execute();

export const allShapes = (db: Database) => db.selectFrom('fund_entry_shape').selectAll().execute();
