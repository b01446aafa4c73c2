/**
 * The SQL of a group of casts: what it locks and reads, and its rows, a few statements for all of them (SPEC 6.5, 6.6). Look-ups
 * are lateral with a limit, so that each goes through its index whatever the planner thinks of the size of an array.
 */
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { Tx } from '../../db/transaction.ts';
import type { CastRow } from './casts.ts';

/** Parallel columns: a meeting, and something of it. */
export type MeetingColumns<T> = {
  readonly communities: readonly string[];
  readonly meetings: readonly string[];
  readonly values: readonly T[];
};

/** A cast that stands, as far as the next one of its chain depends on it. */
export type StandingCast = Pick<
  CastRow,
  'meeting_id' | 'entitlement_id' | 'seq' | 'cast_hash' | 'credential_id' | 'channel' | 'acknowledgement'
> & {
  /** The principal and the basis of its mandate, and the person of its credential, or who signed the paper; nobody made a void. */
  readonly principal_id: string | null;
  readonly basis: string | null;
  readonly person_id: string | null;
};

/** The correction of the roll that is in force for an entitlement. */
export type StandingCorrection = {
  readonly meeting_id: string;
  readonly entitlement_id: string;
  readonly credential_id: string;
};

type StandingRow =
  | ({ readonly what: 'cast' } & StandingCast)
  | ({ readonly what: 'correction' } & StandingCorrection)
  | { readonly what: 'ballot' | 'key'; readonly meeting_id: string; readonly cast_hash: Uint8Array };

/**
 * What stands of each chain, in its order; the correction of the roll in force for each; those of the ballots that are spent; and
 * those of the ephemeral keys that a statement has used. One statement for all, since each one more is a wait for everybody in the
 * group. A correction's id stands in the column of the credential.
 */
export async function standingOf(
  tx: Tx,
  chains: MeetingColumns<string>,
  ballots: MeetingColumns<Uint8Array>,
  keys: MeetingColumns<Uint8Array>,
) {
  const { rows } = await sql<StandingRow>`
    ${PLANNED_ONCE} select 'cast' as what, c.meeting_id, c.cast_hash, c.entitlement_id, c.seq, c.credential_id, c.channel, c.acknowledgement,
           m.principal_id, m.basis, coalesce(k.person_id, c.signer_id) as person_id
      from unnest(${[...chains.communities]}::text[], ${[...chains.meetings]}::text[], ${[...chains.values]}::text[])
           as w (community, meeting, entitlement)
     cross join lateral (select * from cast_statement s
                          where s.community_id = w.community and s.meeting_id = w.meeting
                            and s.entitlement_id = w.entitlement
                          order by s.seq) as c
      left join lateral (select principal_id, basis from mandate i
                          where i.community_id = c.community_id and i.mandate_id = c.mandate_id limit 1) as m on true
      left join lateral (select person_id from credential i
                          where i.community_id = c.community_id and i.credential_id = c.credential_id limit 1) as k on true
    union all
    select 'correction', w.meeting, null, w.entitlement, null, c.correction_id, null, null, null, null, null
      from unnest(${[...chains.communities]}::text[], ${[...chains.meetings]}::text[], ${[...chains.values]}::text[])
           as w (community, meeting, entitlement)
     cross join lateral (select * from roll_correction s
                          where s.community_id = w.community and s.meeting_id = w.meeting
                            and s.entitlement_id = w.entitlement and s.entry_id is not null
                          order by s.entry_id desc limit 1) as c
    union all
    select 'ballot', a.meeting_id, a.ballot_hash, null, null, null, null, null, null, null, null
      from unnest(${[...ballots.communities]}::text[], ${[...ballots.meetings]}::text[], ${[...ballots.values]}::bytea[])
           as w (community, meeting, hash)
     cross join lateral (select * from cast_answer s
                          where s.community_id = w.community and s.meeting_id = w.meeting and s.ballot_hash = w.hash
                          limit 1) as a
    union all
    select 'key', k.meeting_id, k.ephemeral_key, null, null, null, null, null, null, null, null
      from unnest(${[...keys.communities]}::text[], ${[...keys.meetings]}::text[], ${[...keys.values]}::bytea[])
           as w (community, meeting, key)
     cross join lateral (select * from sealed_key s
                          where s.community_id = w.community and s.meeting_id = w.meeting and s.ephemeral_key = w.key
                          limit 1) as k`.execute(tx);
  const used = (what: 'ballot' | 'key') =>
    rows.flatMap((row) => (row.what === what ? [{ meeting: row.meeting_id, value: row.cast_hash }] : []));
  const casts = rows.filter((row): row is Extract<StandingRow, StandingCast> => row.what === 'cast');
  return {
    // A join keeps no order that a subquery had: one by hash once gave a chain's end first, and its next cast was refused.
    casts: casts.sort((one, other) => one.seq - other.seq),
    corrections: rows.flatMap((row) => (row.what === 'correction' ? [row] : [])),
    ballots: used('ballot'),
    keys: used('key'),
  };
}

/** For whom some agents have cast in their meetings under mandates that count for the cap. */
export const principalsServed = async (
  tx: Tx,
  agents: MeetingColumns<string>,
): Promise<readonly { meeting_id: string; agent_id: string; principal_id: string }[]> =>
  (
    await sql<{ meeting_id: string; agent_id: string; principal_id: string }>`
      ${PLANNED_ONCE} select distinct w.meeting as meeting_id, w.agent as agent_id, m.principal_id
        from unnest(${[...agents.communities]}::text[], ${[...agents.meetings]}::text[], ${[...agents.values]}::text[])
             as w (community, meeting, agent)
        join mandate m on m.community_id = w.community and m.agent_id = w.agent and m.basis = 'mandate'
       where exists (select from cast_statement s
                      where s.community_id = w.community and s.meeting_id = w.meeting and s.mandate_id = m.mandate_id)`.execute(
      tx,
    )
  ).rows;

/** A statement with what it spends; its entry is the one of this leaf hash. */
export type CastRows = {
  readonly row: Omit<CastRow, 'entry_id'>;
  readonly leafHash: Uint8Array;
  readonly ballots: readonly Uint8Array[];
  readonly ephemeralKeys: readonly Uint8Array[];
};

/**
 * The casts of a group with the log entries that `appending` returns, their answers and keys, in one statement. A cast whose entry is
 * not among these has no entry id, which the table refuses.
 */
export function castsInsertion(
  casts: readonly CastRows[],
  appending: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const column = <K extends keyof CastRows['row']>(key: K): CastRows['row'][K][] =>
    casts.map(({ row }) => row[key]);
  const ballots = columnsOf(casts, (cast) => cast.ballots);
  const keys = columnsOf(casts, (cast) => cast.ephemeralKeys);
  return sql`
    ${PLANNED_ONCE} with entries as (${appending}),
    statements as (
      insert into cast_statement (community_id, meeting_id, cast_hash, entitlement_id, seq, prev, credential_id, mandate_id, channel,
                                  cast_bytes, signature, acknowledgement, accepted_at_ms, entry_id)
      select c.community_id, c.meeting_id, c.cast_hash, c.entitlement_id, c.seq, c.prev, c.credential_id, c.mandate_id, c.channel,
             c.cast_bytes, c.signature, c.acknowledgement, c.accepted_at_ms, e.id
        from unnest(
        ${column('community_id')}::text[], ${column('meeting_id')}::text[], ${column('cast_hash')}::bytea[],
        ${column('entitlement_id')}::text[], ${column('seq')}::int[], ${column('prev')}::bytea[],
        ${column('credential_id')}::text[], ${column('mandate_id')}::text[], ${column('channel')}::text[], ${column('cast_bytes')}::bytea[],
        ${column('signature')}::text[], ${column('acknowledgement')}::text[], ${column('accepted_at_ms')}::bigint[],
        ${casts.map(({ leafHash }) => leafHash)}::bytea[])
        as c (community_id, meeting_id, cast_hash, entitlement_id, seq, prev, credential_id, mandate_id, channel,
              cast_bytes, signature, acknowledgement, accepted_at_ms, leaf_hash)
        left join entries e on e.leaf_hash = c.leaf_hash),
    answers as (
      insert into cast_answer (community_id, meeting_id, ballot_hash, cast_hash)
      select * from unnest(${ballots.communities}::text[], ${ballots.meetings}::text[], ${ballots.values}::bytea[],
                           ${ballots.casts}::bytea[]))
    insert into sealed_key (community_id, meeting_id, ephemeral_key, cast_hash)
    select * from unnest(${keys.communities}::text[], ${keys.meetings}::text[], ${keys.values}::bytea[],
                         ${keys.casts}::bytea[])`;
}

function columnsOf(casts: readonly CastRows[], valuesOf: (cast: CastRows) => readonly Uint8Array[]) {
  const flat = casts.flatMap((cast) => valuesOf(cast).map((value) => ({ value, row: cast.row })));
  return {
    communities: flat.map(({ row }) => row.community_id),
    meetings: flat.map(({ row }) => row.meeting_id),
    casts: flat.map(({ row }) => row.cast_hash),
    values: flat.map(({ value }) => value),
  };
}

/**
 * Makes the COMMIT wait until all that stands so far is durable, also on a synchronous standby: an answer about somebody
 * else's row may otherwise precede the durability of that row (docs/decisions/group-commit.md).
 */
export const awaitingDurability = (): RawBuilder<unknown> =>
  sql`select pg_logical_emit_message(true, 'owners-vote', 'repeated')`;
