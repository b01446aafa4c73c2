// The verifier's replay over a stored book: it is told what the log says around each entry, by the ids of the log's rows, and must find
// every entry good.
import { expect } from 'vitest';
import { listAuthorisations } from '../../src/fund/authorisations.ts';
import { fundEntryForm, refundForm } from '../../src/record/fund.ts';
import type { Opening } from '../../src/verifier/fund-records.ts';
import { openBook } from '../../src/verifier/ledger-replay.ts';
import type { FundWorld } from './fund-world.ts';

/** The row of the log by which each authorisation came, and the first by which it ended. */
async function livesOf({ fresh, community }: FundWorld) {
  const of = (table: 'fund_closing' | 'fund_emergency_annulment') =>
    fresh.owner
      .selectFrom(table)
      .select(['authorisation_id', 'entry_id'])
      .where('community_id', '=', community)
      .execute();
  const annulled = await fresh.owner
    .selectFrom('resolution_annulment as x')
    .innerJoin('fund_authorisation as f', (join) =>
      join.onRef('f.meeting_id', '=', 'x.meeting_id').onRef('f.proposal_id', '=', 'x.proposal_id'),
    )
    .select(['f.authorisation_id', 'x.entry_id'])
    .where('x.community_id', '=', community)
    .execute();
  const ends = new Map<string, bigint>();
  for (const { authorisation_id, entry_id } of [
    ...(await of('fund_closing')),
    ...(await of('fund_emergency_annulment')),
    ...annulled,
  ]) {
    const known = ends.get(authorisation_id);
    if (known === undefined || entry_id < known) ends.set(authorisation_id, entry_id);
  }
  const begun = await fresh.owner
    .selectFrom('fund_authorisation')
    .select(['authorisation_id', 'entry_id', 'kind', 'record'])
    .where('community_id', '=', community)
    .execute();
  return { ends, begun };
}

/** The verifier, which knows nothing of the database, finds every entry of the book good. */
export async function replayStored(world: FundWorld): Promise<void> {
  const { fresh, community } = world;
  const { ends, begun } = await livesOf(world);
  const works = await listAuthorisations(fresh.db, community);
  const since = new Map(begun.map((row) => [row.authorisation_id, row.entry_id]));
  const refunds = begun.filter(({ kind }) => kind === 'unit_refund');
  const opened = new Map<string, Opening>();
  for (const { record } of works) opened.set(record.authorisation, record);
  for (const row of refunds) opened.set(row.authorisation_id, refundForm.own(row.record));
  const rows = await fresh.owner
    .selectFrom('fund_entry')
    .select(['record', 'log_entry_id'])
    .where('community_id', '=', community)
    .orderBy('seq')
    .execute();
  const entries = rows.map((row) => ({ at: row.log_entry_id, entry: fundEntryForm.own(row.record) }));
  const book = openBook();
  for (const [place, { at, entry }] of entries.entries()) {
    const own = since.get(entry.authorisation) ?? 0n;
    const openBefore = works
      .filter(
        (one) => (since.get(one.authorisation) ?? own) < own && (ends.get(one.authorisation) ?? at) >= at,
      )
      .map(({ record }) => record);
    const around = { openBefore, next: entries[place + 1]?.entry };
    expect([entry.seq, book.apply(entry, opened.get(entry.authorisation), around)]).toEqual([entry.seq, []]);
  }
}
