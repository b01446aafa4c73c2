/** The SQL of who is neither owner nor concerned by any vote any more (docs/personal-information.md). */
import { sql } from 'kysely';
import type { CivilDate } from '../../base/civil-date.ts';
import type { Instant } from '../../base/instant.ts';
import type { Tx } from '../../db/transaction.ts';
import type { PersonRow } from '../../registry/store/units.ts';

const AT_ONCE = 200;

export type Departed = {
  readonly community: string;
  /** Persons after this one. */
  readonly after: string;
  /** Gone, and done with every vote, by then. */
  readonly before: Instant;
  readonly today: CivilDate;
};

/**
 * Persons of a community, whose row the caller holds, who owned something and do not any more: a register without them came in force
 * by `before`, every meeting on whose roll they stand was over by then, and no mandate of theirs is in force. Who never owned
 * anything is an agent whom officers wrote down, and not among them.
 */
export async function departedPersons(tx: Tx, departed: Departed): Promise<readonly PersonRow[]> {
  const { community, after, before, today } = departed;
  const pending = (holders: 'roll_holder' | 'roll_correction_holder') => {
    const through = holders === 'roll_holder' ? 'roll' : 'roll_correction';
    const id = holders === 'roll_holder' ? 'roll_id' : 'correction_id';
    return sql`exists (
      select 1 from ${sql.table(holders)} h
        join ${sql.table(through)} r on r.community_id = h.community_id and r.${sql.ref(id)} = h.${sql.ref(id)}
        left join meeting m on m.community_id = r.community_id and m.meeting_id = r.meeting_id
       where h.community_id = p.community_id and h.person_id = p.person_id
         and (m.meeting_id is null or m.state not in ('final', 'cancelled')
              or greatest(m.closes_at_ms, m.objection_until_ms) > ${BigInt(before)}))`;
  };
  const { rows } = await sql<PersonRow>`
    select p.* from person p
     where p.community_id = ${community} and p.person_id > ${after}
       and not exists (select 1 from ownership o join community c
                           on c.community_id = o.community_id and c.register_id = o.register_id
                        where o.community_id = p.community_id and o.person_id = p.person_id)
       and exists (
         select 1 from act where act.kind = 'register.imported' and act.done_at_ms <= ${BigInt(before)}
            and act.entry_id = (
              select min(later.entry_id) from register later
               where later.community_id = p.community_id and later.entry_id > (
                 select max(last.entry_id) from ownership o join register last
                     on last.community_id = o.community_id and last.register_id = o.register_id
                  where o.community_id = p.community_id and o.person_id = p.person_id)))
       and not exists (select 1 from mandate m
                        where m.community_id = p.community_id and p.person_id in (m.principal_id, m.agent_id)
                          and m.ended_entry_id is null and m.until_on >= ${today})
       and not ${pending('roll_holder')} and not ${pending('roll_correction_holder')}
     order by p.person_id limit ${AT_ONCE} for no key update of p`.execute(tx);
  return rows;
}

/** Those of these persons who have an address of e-mail, or wait for the code of one. */
export async function withEmail(
  tx: Tx,
  community: string,
  persons: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ person_id: string }>`
    select person_id from email_address where community_id = ${community} and person_id = any(${[...persons]}::text[])
     union
    select person_id from email_code where community_id = ${community} and person_id = any(${[...persons]}::text[])`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.person_id));
}

/** Deletes a person's address of e-mail, with a code that he waits for. */
export async function deleteEmail(
  tx: Tx,
  { community_id, person_id }: Pick<PersonRow, 'community_id' | 'person_id'>,
): Promise<void> {
  for (const table of ['email_address', 'email_code'])
    await sql`delete from ${sql.table(table)} where community_id = ${community_id} and person_id = ${person_id}`.execute(
      tx,
    );
}

/** Puts an empty contact in the place of a person's. */
export async function replaceContact(
  tx: Tx,
  row: Pick<PersonRow, 'community_id' | 'person_id' | 'sealed_contact'>,
): Promise<void> {
  await tx
    .updateTable('person')
    .set({ sealed_contact: row.sealed_contact })
    .where('community_id', '=', row.community_id)
    .where('person_id', '=', row.person_id)
    .execute();
}
