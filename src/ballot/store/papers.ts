/** The SQL of papers: printed serials, scans, who keyed which act, and the accepted statements (SPEC 6.4). */
import type { Selectable } from 'kysely';
import { present } from '../../base/assert.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import type { NamedLocks } from '../../db/advisory-locks.ts';
import type { Database } from '../../db/connect.ts';
import type { PaperBallotTable, PaperKeyingTable, PaperScanTable } from '../../db/tables/ballot.ts';
import type { Tx } from '../../db/transaction.ts';
import { paperForm } from '../../record/paper.ts';
import type { CastRow } from './casts.ts';

type Reader = Database | Tx;
export type PaperBallotRow = Selectable<PaperBallotTable>;

/** Namespace of the locks of prints and of versions of a serial; both are short and hold up nobody who votes. */
const PAPER_LOCK = 7_408;

/** Serialises the prints of a meeting, or the versions of one serial. */
export const paperLocks = (name: string): NamedLocks => ({ space: PAPER_LOCK, shared: false, names: [name] });

/** The number of the last print of each entitlement. */
export async function lastPrints(
  db: Reader,
  community: string,
  meeting: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('paper_ballot')
    .select((select) => ['entitlement_id', select.fn.max('print_no').as('last')])
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .groupBy('entitlement_id')
    .execute();
  return new Map(rows.map((row) => [row.entitlement_id, Number(row.last)]));
}

/** Rows of one statement: the server takes at most 65,535 parameters. */
const ROWS_AT_ONCE = 5_000;

export async function insertPaperBallots(tx: Tx, rows: readonly PaperBallotRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await tx
      .insertInto('paper_ballot')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
}

export const paperBallot = (
  db: Reader,
  community: string,
  meeting: string,
  serial: string,
): Promise<PaperBallotRow | undefined> =>
  db
    .selectFrom('paper_ballot')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('serial', '=', serial)
    .executeTakeFirst();

/** Whether a paper of this serial stands. */
export const isSerialSpent = async (
  db: Reader,
  community: string,
  meeting: string,
  serial: string,
): Promise<boolean> =>
  (await db
    .selectFrom('cast_statement')
    .select('seq')
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('serial', '=', serial)
    .executeTakeFirst()) !== undefined;

/** Keeps a picture; whoever brings the same one again, after a version was withdrawn, finds it kept. */
export async function insertScan(tx: Tx, row: Selectable<PaperScanTable>): Promise<void> {
  await tx
    .insertInto('paper_scan')
    .values(row)
    .onConflict((conflict) => conflict.constraint('paper_scan_pk').doNothing())
    .execute();
}

/** Notes that an officer keyed the bytes of an act; once is enough. */
export async function insertKeying(tx: Tx, row: Selectable<PaperKeyingTable>): Promise<void> {
  await tx
    .insertInto('paper_keying')
    .values(row)
    .onConflict((conflict) => conflict.constraint('paper_keying_pk').doNothing())
    .execute();
}

/** The signers of an act who did not key its bytes themselves. */
export const unkeyedSigners = async (tx: Tx, act: string): Promise<readonly string[]> =>
  (
    await tx
      .selectFrom('act_signature')
      .leftJoin('paper_keying', (join) =>
        join
          .onRef('paper_keying.act_id', '=', 'act_signature.act_id')
          .onRef('paper_keying.officer_id', '=', 'act_signature.officer_id'),
      )
      .select('act_signature.officer_id')
      .where('act_signature.act_id', '=', act)
      .where('paper_keying.act_id', 'is', null)
      .execute()
  ).map((row) => row.officer_id);

/** The acts of papers of a meeting that wait for an officer or for their execution. */
export const waitingPapers = (db: Reader, community: string, meeting: string) =>
  db
    .selectFrom('act')
    .select(['act_id', 'details'])
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('kind', '=', 'paper.accepted')
    .where('state', 'in', ['open', 'signed'])
    .orderBy('drafted_at_ms')
    .execute();

/** Which of some acts an officer keyed. */
export const keyedBy = async (db: Reader, officer: string, acts: readonly string[]): Promise<boolean> =>
  acts.length > 0 &&
  (await db
    .selectFrom('paper_keying')
    .select('act_id')
    .where('officer_id', '=', officer)
    .where('act_id', 'in', [...acts])
    .executeTakeFirst()) !== undefined;

/** An accepted paper with the ephemeral keys that it uses up. */
export async function insertPaperStatement(
  tx: Tx,
  row: CastRow,
  ephemeralKeys: readonly Uint8Array[],
): Promise<void> {
  const { community_id, meeting_id, cast_hash } = row;
  await tx.insertInto('cast_statement').values(row).execute();
  await tx
    .insertInto('sealed_key')
    .values(ephemeralKeys.map((ephemeral_key) => ({ community_id, meeting_id, ephemeral_key, cast_hash })))
    .execute();
}

/** Serial and picture of each accepted paper, in the order of the log. */
export async function acceptedScans(
  db: Reader,
  { community, meeting }: { readonly community: string; readonly meeting: string },
): Promise<readonly { readonly serial: string; readonly scanHash: Uint8Array }[]> {
  const rows = await db
    .selectFrom('cast_statement as c')
    .innerJoin('log_entry as e', 'e.id', 'c.entry_id')
    .select(['c.serial', 'c.cast_bytes'])
    .where('c.community_id', '=', community)
    .where('c.meeting_id', '=', meeting)
    .where('c.channel', '=', 'paper')
    .orderBy('e.idx')
    .execute();
  return rows.map(({ serial, cast_bytes }) => ({
    serial: serial ?? '',
    scanHash: present(fromBase64Url(paperForm.own(cast_bytes).scanHash), 'checked hash'),
  }));
}

/** A picture as its officer's page sealed it. */
export const boxedScan = async (
  db: Reader,
  { community, meeting }: { readonly community: string; readonly meeting: string },
  serial: string,
  scanHash: Uint8Array,
): Promise<Uint8Array | undefined> =>
  (
    await db
      .selectFrom('paper_scan')
      .select('boxed_scan')
      .where('community_id', '=', community)
      .where('meeting_id', '=', meeting)
      .where('serial', '=', serial)
      .where('scan_hash', '=', scanHash)
      .executeTakeFirst()
  )?.boxed_scan;
