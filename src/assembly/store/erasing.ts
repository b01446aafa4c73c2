/** The SQL of one person's erasure: what still needs him, what of his goes, and what stays (docs/personal-information.md). */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import { civilDateAt } from '../../base/civil-date.ts';
import type { Instant } from '../../base/instant.ts';
import type { PersonalErasureTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';
import type { PersonRow } from '../../registry/store/units.ts';

/** A person with whoever is one with him. */
export type Subject = { readonly community: string; readonly persons: readonly string[] };

const among = ({ persons }: Subject) => sql.join([...persons]);

/** The ids of a person and of whoever he is one with (SPEC 3.8). */
export async function personsWith(tx: Tx, community: string, person: string): Promise<readonly string[]> {
  const { rows } = await sql<{ person_id: string }>`
    with kept as (
      select coalesce((select keeps_id from person_merge m where m.community_id = ${community} and m.merged_id = ${person}
                          and m.entry_id is not null and m.ended_entry_id is null), ${person})::text as id)
    select id as person_id from kept
     union select m.merged_id from person_merge m join kept on m.keeps_id = kept.id
      where m.community_id = ${community} and m.entry_id is not null and m.ended_entry_id is null
     order by 1`.execute(tx);
  return rows.map((row) => row.person_id);
}

/** Their rows, locked: whatever refers to one of them is before or after. */
export const lockPersons = (tx: Tx, { community, persons }: Subject): Promise<PersonRow[]> =>
  tx
    .selectFrom('person')
    .selectAll()
    .where('community_id', '=', community)
    .where('person_id', 'in', [...persons])
    .orderBy('person_id')
    .forUpdate()
    .execute();

/** Counts by name, each a subquery over the subject. */
async function countsOf<Name extends string>(
  tx: Tx,
  subject: Subject,
  queries: (subject: Subject) => Readonly<Record<Name, ReturnType<typeof sql>>>,
): Promise<Readonly<Record<Name, number>>> {
  const named = Object.entries(queries(subject)) as [Name, ReturnType<typeof sql>][];
  const columns = sql.join(named.map(([name, query]) => sql`(${query})::int as ${sql.ref(name)}`));
  const { rows } = await sql<Record<Name, number>>`select ${columns}`.execute(tx);
  return rows[0] as Record<Name, number>;
}

/** Kinds of acts that may be about a person. */
const ABOUT_PERSONS = '^(register|roll|letters|credential|voting|mandate|designation|persons)[.]';

/** What still needs them, as counts: homes that they own, mandates that hold, and what waits in the community or for them. */
export const claimsOn = (tx: Tx, subject: Subject, now: Instant) =>
  countsOf(tx, subject, (each) => ({
    homes: sql`select count(*) from ownership o join community c
        on c.community_id = o.community_id and c.register_id = o.register_id
      where o.community_id = ${each.community} and o.person_id in (${among(each)})`,
    mandates: sql`select count(*) from mandate m
      where m.community_id = ${each.community} and (m.principal_id in (${among(each)}) or m.agent_id in (${among(each)}))
        and m.ended_entry_id is null and m.until_on >= ${civilDateAt(now)}`,
    waits: sql`select
        (select count(*) from act where act.community_id = ${each.community} and act.state in ('open', 'signed')
            and act.kind ~ ${ABOUT_PERSONS})
      + (select count(*) from register_import i where i.community_id = ${each.community} and i.draft is not null
            or i.community_id = ${each.community} and i.file is not null)
      + (select count(*) from counter_request r where r.community_id = ${each.community}
            and r.person_id in (${among(each)}) and r.expires_at_ms > ${BigInt(now)})`,
  }));

/** A meeting that they could vote in, or voted in for others; no end where it is not over. */
export type Concern = { readonly meeting: string; readonly endsAt: Instant | undefined };

/** The meetings whose roll was made from a register with them, or corrected so, or in which a mandate of theirs voted; by id. */
export async function meetingsOf(tx: Tx, subject: Subject): Promise<readonly Concern[]> {
  const { community } = subject;
  const { rows } = await sql<{ meeting: string; ends: bigint | null }>`
    select w.meeting_id as meeting,
           case when m.state in ('final', 'cancelled') then greatest(m.closes_at_ms, m.objection_until_ms) end as ends
      from (select r.meeting_id from roll_holder h join roll r on r.community_id = h.community_id and r.roll_id = h.roll_id
             where h.community_id = ${community} and h.person_id in (${among(subject)})
             union
            select r.meeting_id from roll_correction_holder h
              join roll_correction r on r.community_id = h.community_id and r.correction_id = h.correction_id
             where h.community_id = ${community} and h.person_id in (${among(subject)})
             union
            select r.meeting_id from roll r join ownership o
                on o.community_id = r.community_id and o.register_id = r.register_id
             where r.community_id = ${community} and o.person_id in (${among(subject)})
             union
            select c.meeting_id from mandate g
              join cast_statement c on c.community_id = g.community_id and c.mandate_id = g.mandate_id
             where g.community_id = ${community} and (g.principal_id in (${among(subject)}) or g.agent_id in (${among(subject)}))
           ) w left join meeting m on m.community_id = ${community} and m.meeting_id = w.meeting_id
     order by 1`.execute(tx);
  return rows.map((row) => ({
    meeting: row.meeting,
    endsAt: row.ends === null ? undefined : Number(row.ends),
  }));
}

/** Files of former registers that listed them, which are kept for a while after the last roll was made from them (SPEC 3.1). */
const filesOf = (subject: Subject) => sql`r.community_id = ${subject.community} and r.file is not null
  and exists (select from ownership o where o.community_id = r.community_id and o.register_id = r.register_id
                 and o.person_id in (${among(subject)}))`;

/** Erases those files. */
export async function eraseFilesOf(tx: Tx, subject: Subject): Promise<void> {
  await sql`update register r set file = null where ${filesOf(subject)}`.execute(tx);
}

/** What stays of theirs, as counts. */
export const keptOf = (tx: Tx, subject: Subject) =>
  countsOf(tx, subject, (each) => ({
    files: sql`select count(*) from register r where ${filesOf(each)}`,
    ownership: sql`select count(*) from ownership where community_id = ${each.community} and person_id in (${among(each)})`,
    rolls: sql`select (select count(*) from roll_holder where community_id = ${each.community} and person_id in (${among(each)}))
      + (select count(*) from roll_correction_holder where community_id = ${each.community} and person_id in (${among(each)}))`,
    keys: sql`select count(*) from credential where community_id = ${each.community} and person_id in (${among(each)})`,
    votes: sql`select count(*) from cast_statement s join credential c
        on c.community_id = s.community_id and c.credential_id = s.credential_id
      where s.community_id = ${each.community} and c.person_id in (${among(each)})`,
    papers: sql`select count(*) from cast_statement
      where community_id = ${each.community} and signer_id in (${among(each)})`,
    tokens: sql`select count(*) from credential_binding b join credential c
        on c.community_id = b.community_id and c.credential_id = b.credential_id
      where b.community_id = ${each.community} and b.id_token is not null and c.person_id in (${among(each)})`,
    mandates: sql`select (select count(*) from mandate where community_id = ${each.community}
        and (principal_id in (${among(each)}) or agent_id in (${among(each)})))
      + (select count(*) from designation where community_id = ${each.community} and designee_id in (${among(each)}))
      + (select count(*) from designation_signature where community_id = ${each.community} and person_id in (${among(each)}))`,
    requisitions: sql`select (select count(*) from requisition
          where community_id = ${each.community} and filed_by in (${among(each)}))
      + (select count(*) from requisition_support
          where community_id = ${each.community} and person_id in (${among(each)}))`,
  }));

/** What may name them in free words, as counts: texts about meetings that concerned them, and documents of corrections of their homes. */
export const wordsAbout = (tx: Tx, subject: Subject, meetings: readonly string[]) =>
  countsOf(tx, subject, (each) => ({
    objections: sql`select count(*) from objection o
      where o.community_id = ${each.community} and o.meeting_id = any(${[...meetings]}::text[])`,
    corrections: sql`select count(*) from roll_correction c where c.community_id = ${each.community}
      and (exists (select from roll_correction_holder h where h.community_id = c.community_id
                      and h.correction_id = c.correction_id and h.person_id in (${among(each)}))
        or exists (select from roll_holder h where h.community_id = c.community_id and h.roll_id = c.roll_id
                      and h.entitlement_id = c.entitlement_id and h.person_id in (${among(each)})))`,
  }));

/** The community's announcements whose recipients still stand, with the leaf hash of what each announces; null where it has no entry. */
export async function standingRecipients(
  tx: Tx,
  community: string,
): Promise<
  readonly {
    readonly outbox_id: string;
    readonly event: string;
    readonly leaf_hash: Uint8Array | null;
    readonly state: string;
    readonly channel: string;
  }[]
> {
  const { rows } = await sql<{
    outbox_id: string;
    event: string;
    leaf_hash: Uint8Array | null;
    state: string;
    channel: string;
  }>`
    select o.outbox_id, o.event, o.state, o.channel, e.leaf_hash from outbox o left join log_entry e on e.idx = o.entry_idx
     where o.community_id = ${community} and o.sealed_recipient is not null`.execute(tx);
  return rows;
}

/** By which codes their addresses of e-mail changed, as far as that is kept. */
export const changesOf = (tx: Tx, { community, persons }: Subject) =>
  tx
    .selectFrom('email_change')
    .select(['code_id', 'event', 'person_id'])
    .where('community_id', '=', community)
    .where('person_id', 'in', persons)
    .execute();

/** Erases their recipients, and ends the e-mails among them that wait: no address is left for them. */
export async function eraseRecipients(
  tx: Tx,
  community: string,
  announcements: readonly string[],
  now: Instant,
): Promise<void> {
  if (announcements.length === 0) return;
  await sql`update outbox set state = 'failed', error_code = 'MAIL_ADDRESS_NONE', ended_at_ms = ${BigInt(now)}, held_until_ms = null
    where community_id = ${community} and channel = 'email' and state = 'queued'
      and outbox_id in (${sql.join([...announcements])})`.execute(tx);
  await sql`update outbox set sealed_recipient = null, receipt = null
    where community_id = ${community} and state <> 'queued' and outbox_id in (${sql.join([...announcements])})`.execute(
    tx,
  );
}

/** Counts what of theirs may go at once: sessions, requests at the counter, addresses of e-mail, what they asked of rolls. */
export const passingOf = (tx: Tx, subject: Subject) =>
  countsOf(tx, subject, (each) => ({
    sessions: sql`select count(*) from owner_session s join credential c
        on c.community_id = s.community_id and c.credential_id = s.credential_id
      where s.community_id = ${each.community} and c.person_id in (${among(each)})`,
    counter: sql`select count(*) from counter_request where community_id = ${each.community} and person_id in (${among(each)})`,
    email: sql`select (select count(*) from email_address where community_id = ${each.community} and person_id in (${among(each)}))
      + (select count(*) from email_code where community_id = ${each.community} and person_id in (${among(each)}))
      + (select count(*) from email_change where community_id = ${each.community} and person_id in (${among(each)}))`,
    requests: sql`select (select count(*) from roll_request where community_id = ${each.community}
          and person_id in (${among(each)}) and sealed_text is not null)
        + (select count(*) from meeting_question where community_id = ${each.community} and person_id in (${among(each)}))`,
  }));

/** Erases it. */
export async function erasePassing(tx: Tx, subject: Subject): Promise<void> {
  const { community } = subject;
  await sql`delete from owner_session s using credential c
    where s.community_id = ${community} and c.community_id = s.community_id and c.credential_id = s.credential_id
      and c.person_id in (${among(subject)})`.execute(tx);
  await sql`delete from counter_request where community_id = ${community} and person_id in (${among(subject)})`.execute(
    tx,
  );
  for (const table of ['email_address', 'email_code', 'email_change'])
    await sql`delete from ${sql.table(table)} where community_id = ${community} and person_id in (${among(subject)})`.execute(
      tx,
    );
  await sql`delete from meeting_question where community_id = ${community} and person_id in (${among(subject)})`.execute(
    tx,
  );
  await sql`update roll_request set sealed_text = null, sealed_answer = null
    where community_id = ${community} and person_id in (${among(subject)}) and sealed_text is not null`.execute(
    tx,
  );
}

/** Puts empty values in the place of a person's; `erasedAt` with them where number and name go too. */
export async function putErased(
  tx: Tx,
  row: Pick<PersonRow, 'community_id' | 'person_id'>,
  values: Pick<PersonRow, 'sealed_number' | 'sealed_name' | 'sealed_contact' | 'sealed_salt'>,
  erasedAt: Instant,
): Promise<void> {
  await tx
    .updateTable('person')
    .set({ ...values, number_index: null, erased_at_ms: BigInt(erasedAt) })
    .where('community_id', '=', row.community_id)
    .where('person_id', '=', row.person_id)
    .execute();
}

export async function insertErasure(tx: Tx, row: Insertable<PersonalErasureTable>): Promise<void> {
  await tx.insertInto('personal_erasure').values(row).execute();
}
