/** The SQL of pauses: when a vote stopped, its close until then, and the close since it went on (SPEC 5). */
import type { Selectable } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { MeetingPauseTable } from '../../db/tables/assembly.ts';
import type { Tx } from '../../db/transaction.ts';

export type PauseRow = Selectable<MeetingPauseTable>;
type Reader = Database | Tx;
type Ids = { readonly community: string; readonly meeting: string };

export async function insertPause(
  tx: Tx,
  row: Omit<PauseRow, 'resumed_at_ms' | 'closes_at_ms'>,
): Promise<void> {
  await tx
    .insertInto('meeting_pause')
    .values({ ...row, resumed_at_ms: null, closes_at_ms: null })
    .execute();
}

/** The pauses of a meeting, the first one first; the last one lasts where it has no end. */
export const pauseRows = (db: Reader, { community, meeting }: Ids): Promise<readonly PauseRow[]> =>
  db
    .selectFrom('meeting_pause')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy('paused_at_ms')
    .execute();

export async function endPause(
  tx: Tx,
  { community_id, meeting_id, pause_id }: PauseRow,
  resumedAt: Instant,
  closesAt: Instant,
): Promise<void> {
  await tx
    .updateTable('meeting_pause')
    .set({ resumed_at_ms: BigInt(resumedAt), closes_at_ms: BigInt(closesAt) })
    .where('community_id', '=', community_id)
    .where('meeting_id', '=', meeting_id)
    .where('pause_id', '=', pause_id)
    .execute();
}

/** The pauses of a meeting with their reasons, the first one first. */
export const pausesOf = (db: Reader, { community, meeting }: Ids) =>
  db
    .selectFrom('meeting_pause as p')
    .innerJoin('meeting_text as t', (join) =>
      join
        .onRef('t.community_id', '=', 'p.community_id')
        .onRef('t.meeting_id', '=', 'p.meeting_id')
        .onRef('t.text_hash', '=', 'p.reason_hash'),
    )
    .select(['p.paused_at_ms', 'p.resumed_at_ms', 't.body'])
    .where('p.community_id', '=', community)
    .where('p.meeting_id', '=', meeting)
    .orderBy('p.paused_at_ms')
    .execute();
