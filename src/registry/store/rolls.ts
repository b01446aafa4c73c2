/** The SQL of rolls, their entitlements and holders. Readers see the frozen roll of a meeting only. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { RollEntryTable, RollHolderTable, RollTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';
import { insertRows } from './bulk-insert.ts';

export type RollRow = Selectable<RollTable>;
export type RollEntryRow = Selectable<RollEntryTable>;
export type RollHolderRow = Selectable<RollHolderTable>;

export async function insertRoll(
  tx: Tx,
  roll: Omit<RollRow, 'entry_id'>,
  entries: readonly RollEntryRow[],
  holders: readonly RollHolderRow[],
): Promise<void> {
  await tx
    .insertInto('roll')
    .values({ ...roll, entry_id: null })
    .execute();
  await insertRows(
    tx,
    'roll_entry',
    {
      community_id: 'text',
      roll_id: 'text',
      entitlement_id: 'text',
      position: 'int4',
      leaf: 'bytea',
      proof: 'bytea',
      holders_salt: 'bytea',
      voter_salt: 'bytea',
      voter: 'text',
    },
    entries,
  );
  await insertRows(
    tx,
    'roll_holder',
    { community_id: 'text', roll_id: 'text', entitlement_id: 'text', person_id: 'text', identity: 'bytea' },
    holders,
  );
}

export const rollById = (db: Database, community: string, roll: string): Promise<RollRow | undefined> =>
  db
    .selectFrom('roll')
    .selectAll()
    .where('community_id', '=', community)
    .where('roll_id', '=', roll)
    .executeTakeFirst();

export const frozenRoll = (db: Database, community: string, meeting: string): Promise<RollRow | undefined> =>
  db
    .selectFrom('roll')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('entry_id', 'is not', null)
    .executeTakeFirst();

export async function freezeRoll(tx: Tx, community: string, roll: string, entryId: bigint): Promise<void> {
  await tx
    .updateTable('roll')
    .set({ entry_id: entryId })
    .where('community_id', '=', community)
    .where('roll_id', '=', roll)
    .execute();
}

const entriesOfFrozen = (db: Database, community: string, meeting: string) =>
  db
    .selectFrom('roll')
    .innerJoin('roll_entry', (join) =>
      join
        .onRef('roll_entry.community_id', '=', 'roll.community_id')
        .onRef('roll_entry.roll_id', '=', 'roll.roll_id'),
    )
    .where('roll.community_id', '=', community)
    .where('roll.meeting_id', '=', meeting)
    .where('roll.entry_id', 'is not', null);

/** All leaves in their order. */
export const frozenEntries = (db: Database, community: string, meeting: string) =>
  entriesOfFrozen(db, community, meeting)
    .select(['roll_entry.entitlement_id', 'roll_entry.position', 'roll_entry.leaf'])
    .orderBy('roll_entry.position')
    .execute();

/** One entitlement with its root, its proof and what opens it, the holders apart. */
export const frozenEntry = (db: Database, community: string, meeting: string, entitlement: string) =>
  entriesOfFrozen(db, community, meeting)
    .selectAll('roll_entry')
    .select(['roll.root', 'roll.size'])
    .where('roll_entry.entitlement_id', '=', entitlement)
    .executeTakeFirst();

type LeafRow = Pick<RollEntryRow, 'entitlement_id' | 'position' | 'leaf'>;

/** Entitlements that a person holds now: as frozen where nothing was corrected, else by the latest correction (SPEC 4.4). */
export const frozenEntriesOfPerson = async (
  db: Database,
  community: string,
  meeting: string,
  person: string,
): Promise<readonly LeafRow[]> =>
  (
    await sql<LeafRow>`
      select e.entitlement_id, e.position, e.leaf
        from roll r
        join roll_holder h on h.community_id = r.community_id and h.roll_id = r.roll_id and h.person_id = ${person}
        join roll_entry e on e.community_id = h.community_id and e.roll_id = h.roll_id
                         and e.entitlement_id = h.entitlement_id
       where r.community_id = ${community} and r.meeting_id = ${meeting} and r.entry_id is not null
         and not exists (select from roll_correction c
                          where c.community_id = r.community_id and c.meeting_id = r.meeting_id
                            and c.entitlement_id = e.entitlement_id and c.entry_id is not null)
      union all
      select e.entitlement_id, e.position, e.leaf
        from roll_correction_holder h
        join roll_correction c on c.community_id = h.community_id and c.correction_id = h.correction_id
                              and c.entry_id is not null
        join roll_entry e on e.community_id = c.community_id and e.roll_id = c.roll_id
                         and e.entitlement_id = c.entitlement_id
       where h.community_id = ${community} and h.person_id = ${person} and c.meeting_id = ${meeting}
         and not exists (select from roll_correction d
                          where d.community_id = c.community_id and d.meeting_id = c.meeting_id
                            and d.entitlement_id = c.entitlement_id and d.entry_id > c.entry_id)
       order by position`.execute(db)
  ).rows;

/** What opens the commitments, of one entitlement or of all, in the order of the leaves. */
export const frozenSalts = (db: Database, community: string, meeting: string, entitlement?: string) =>
  entriesOfFrozen(db, community, meeting)
    .select([
      'roll_entry.entitlement_id',
      'roll_entry.holders_salt',
      'roll_entry.voter_salt',
      'roll_entry.voter',
    ])
    .$if(entitlement !== undefined, (query) =>
      query.where('roll_entry.entitlement_id', '=', entitlement ?? ''),
    )
    .orderBy('roll_entry.position')
    .execute();

/** Holders, of one entitlement or of all; those of one entitlement in the order of its commitment. */
export const frozenHolders = (
  db: Database,
  community: string,
  meeting: string,
  entitlement?: string,
): Promise<RollHolderRow[]> =>
  db
    .selectFrom('roll')
    .innerJoin('roll_holder', (join) =>
      join
        .onRef('roll_holder.community_id', '=', 'roll.community_id')
        .onRef('roll_holder.roll_id', '=', 'roll.roll_id'),
    )
    .selectAll('roll_holder')
    .where('roll.community_id', '=', community)
    .where('roll.meeting_id', '=', meeting)
    .where('roll.entry_id', 'is not', null)
    .$if(entitlement !== undefined, (query) =>
      query.where('roll_holder.entitlement_id', '=', entitlement ?? ''),
    )
    .orderBy('roll_holder.person_id')
    .execute();

/**
 * What a cast finds on frozen rolls, in one query for many meetings: `place` is the position in the arrays, `correction` the one in
 * force, or null. Where an entitlement was corrected, leaf and holders are the correction's, and nobody is designated.
 */
export const standingsOnRolls = async (
  db: Database,
  wanted: {
    readonly communities: readonly string[];
    readonly meetings: readonly string[];
    readonly entitlements: readonly string[];
  },
) =>
  (
    await sql<{
      place: number;
      leaf: Uint8Array;
      voter: string;
      correction: string | null;
      persons: string[];
      identities: Uint8Array[];
    }>`
      ${PLANNED_ONCE} select w.place::int as place, coalesce(c.leaf, e.leaf) as leaf,
             case when c.correction_id is null then e.voter else '' end as voter,
             c.correction_id as correction, h.persons, h.identities
        from unnest(${[...wanted.communities]}::text[], ${[...wanted.meetings]}::text[],
                    ${[...wanted.entitlements]}::text[])
             with ordinality as w (community, meeting, entitlement, place)
       cross join lateral (select * from roll i
                            where i.community_id = w.community and i.meeting_id = w.meeting and i.entry_id is not null
                            limit 1) as r
       cross join lateral (select * from roll_entry i
                            where i.community_id = r.community_id and i.roll_id = r.roll_id
                              and i.entitlement_id = w.entitlement
                            limit 1) as e
        left join lateral (select * from roll_correction i
                            where i.community_id = w.community and i.meeting_id = w.meeting
                              and i.entitlement_id = w.entitlement and i.entry_id is not null
                            order by i.entry_id desc limit 1) as c on true
       cross join lateral (select array_agg(i.person_id::text) as persons, array_agg(i.identity::bytea) as identities
                             from (select person_id, identity from roll_holder f
                                    where c.correction_id is null and f.community_id = e.community_id
                                      and f.roll_id = e.roll_id and f.entitlement_id = e.entitlement_id
                                   union all
                                   select person_id, identity from roll_correction_holder f
                                    where f.community_id = c.community_id and f.correction_id = c.correction_id) as i)
             as h`.execute(db)
  ).rows;
