/** The SQL of persons, units and ownership. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { OwnershipTable, PersonTable, UnitTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';
import { insertRows } from './bulk-insert.ts';

export type PersonRow = Selectable<PersonTable>;
export type UnitRow = Selectable<UnitTable>;
export type OwnershipRow = Selectable<OwnershipTable>;

/** Every person that the community ever had, to find one again by his index. */
export const personsOf = (db: Database, community: string): Promise<PersonRow[]> =>
  db.selectFrom('person').selectAll().where('community_id', '=', community).execute();

/** The generations of the indexes of a community's persons, each once. */
export const indexGenerationsIn = async (
  db: Database,
  community: string,
): Promise<readonly Pick<PersonRow, 'number_index'>[]> =>
  (
    await sql<Pick<PersonRow, 'number_index'>>`
      select distinct substring(number_index from 1 for 5) as number_index from person
       where community_id = ${community} and number_index is not null`.execute(db)
  ).rows;

export const personById = (db: Database, community: string, person: string): Promise<PersonRow | undefined> =>
  db
    .selectFrom('person')
    .selectAll()
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .executeTakeFirst();

/** Stores persons; of known ones only what a register may change. */
export const upsertPersons = (tx: Tx, rows: readonly PersonRow[]): Promise<void> =>
  insertRows(
    tx,
    'person',
    {
      community_id: 'text',
      person_id: 'text',
      doc_kind: 'text',
      number_index: 'bytea',
      sealed_number: 'bytea',
      sealed_name: 'bytea',
      sealed_contact: 'bytea',
      sealed_salt: 'bytea',
      identity: 'bytea',
      erased_at_ms: 'int8',
    },
    rows,
    {
      key: ['community_id', 'person_id'],
      replaced: ['sealed_name', 'sealed_contact', 'sealed_salt', 'identity'],
    },
  );

/** Places of all units that the community ever had. */
export const placesOf = (db: Database, community: string) =>
  db
    .selectFrom('unit')
    .select(['unit_id', 'unit_key', 'building', 'stair', 'room'])
    .where('community_id', '=', community)
    .execute();

/** Stores units; known ones keep their id and place. */
export const upsertUnits = (tx: Tx, rows: readonly UnitRow[]): Promise<void> =>
  insertRows(
    tx,
    'unit',
    {
      community_id: 'text',
      unit_id: 'text',
      unit_key: 'text',
      building: 'text',
      stair: 'text',
      room: 'text',
      kind: 'text',
      state: 'text',
      area_dm2: 'int8',
      area_source: 'text',
      since_on: 'date',
      register_id: 'text',
    },
    rows,
    {
      key: ['community_id', 'unit_id'],
      replaced: [
        'building',
        'stair',
        'room',
        'kind',
        'state',
        'area_dm2',
        'area_source',
        'since_on',
        'register_id',
      ],
    },
  );

export const insertOwnership = (tx: Tx, rows: readonly OwnershipRow[]): Promise<void> =>
  insertRows(
    tx,
    'ownership',
    { community_id: 'text', register_id: 'text', unit_id: 'text', person_id: 'text' },
    rows,
  );

/** Units of the register in force, or the named ones among them. */
export const unitsInForce = (
  db: Database,
  community: string,
  unitIds?: readonly string[],
): Promise<UnitRow[]> =>
  db
    .selectFrom('unit')
    .innerJoin('community', (join) =>
      join
        .onRef('community.community_id', '=', 'unit.community_id')
        .onRef('community.register_id', '=', 'unit.register_id'),
    )
    .selectAll('unit')
    .where('unit.community_id', '=', community)
    .$if(unitIds !== undefined, (query) =>
      query.where('unit.unit_id', 'in', unitIds === undefined || unitIds.length === 0 ? [''] : [...unitIds]),
    )
    .execute();

/** Where some units of the register in force are. */
export async function placesInForce(
  db: Database,
  community: string,
  unitIds: readonly string[],
): Promise<readonly Pick<UnitRow, 'unit_id' | 'building' | 'stair' | 'room'>[]> {
  const found = await sql<Pick<UnitRow, 'unit_id' | 'building' | 'stair' | 'room'>>`
    ${PLANNED_ONCE} select u.unit_id, u.building, u.stair, u.room
      from community c join unit u on u.community_id = c.community_id and u.register_id = c.register_id
     where c.community_id = ${community} and u.unit_id = any(${[...unitIds]}::text[])
     order by u.unit_key`.execute(db);
  return found.rows;
}

/** Ownership as the register in force has it, whoever is one person under two documents. */
export const ownershipAsImported = (db: Database, community: string): Promise<OwnershipRow[]> =>
  db
    .selectFrom('ownership')
    .innerJoin('community', (join) =>
      join
        .onRef('community.community_id', '=', 'ownership.community_id')
        .onRef('community.register_id', '=', 'ownership.register_id'),
    )
    .selectAll('ownership')
    .where('ownership.community_id', '=', community)
    .orderBy('ownership.unit_id')
    .orderBy('ownership.person_id')
    .execute();

/** Ownership in the register in force, of all units or of one person; who was merged counts as who he is (SPEC 3.8). */
export const ownershipInForce = async (
  db: Database,
  community: string,
  person?: string,
): Promise<OwnershipRow[]> =>
  (
    await sql<OwnershipRow>`
      select distinct o.community_id, o.register_id, o.unit_id, coalesce(m.keeps_id, o.person_id)::text as person_id
        from ownership o
        join community c on c.community_id = o.community_id and c.register_id = o.register_id
        left join person_merge m on m.community_id = o.community_id and m.merged_id = o.person_id
                                and m.entry_id is not null and m.ended_entry_id is null
       where o.community_id = ${community}
         and (${person ?? ''} = '' or coalesce(m.keeps_id, o.person_id)::text = ${person ?? ''})
       order by o.unit_id, person_id`.execute(db)
  ).rows;

/** Persons who own a unit as the register in force has it. */
export const ownersAsImported = (db: Database, community: string): Promise<PersonRow[]> =>
  db
    .selectFrom('person')
    .selectAll('person')
    .where('person.community_id', '=', community)
    .where('person.person_id', 'in', (inner) =>
      inner
        .selectFrom('ownership')
        .innerJoin('community', (join) =>
          join
            .onRef('community.community_id', '=', 'ownership.community_id')
            .onRef('community.register_id', '=', 'ownership.register_id'),
        )
        .select('ownership.person_id')
        .where('ownership.community_id', '=', community),
    )
    .orderBy('person.person_id')
    .execute();

/** Persons who own a unit in the register in force, by id with their commitments; who was merged counts as who he is. */
export const ownersInForce = async (
  db: Database,
  community: string,
): Promise<readonly Pick<PersonRow, 'person_id' | 'identity'>[]> =>
  (
    await sql<Pick<PersonRow, 'person_id' | 'identity'>>`
      select p.person_id, p.identity
        from person p
       where p.community_id = ${community}
         and p.person_id in (
           select coalesce(m.keeps_id, o.person_id)
             from ownership o
             join community c on c.community_id = o.community_id and c.register_id = o.register_id
             left join person_merge m on m.community_id = o.community_id and m.merged_id = o.person_id
                                     and m.entry_id is not null and m.ended_entry_id is null
            where o.community_id = ${community})
       order by p.person_id`.execute(db)
  ).rows;
