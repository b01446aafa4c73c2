/** Rows that a bench makes in bulk, and what it asks of the server: accepted casts and log entries of the usual size (DESIGN §6). */
import pg from 'pg';

/** A connection of the owner's for a bench. */
export type BenchClient = {
  /** The process that serves this connection. */
  readonly backendPid: () => Promise<number>;
  /** Accepted casts from number `from` to `to` in a meeting, with entries that wait for their index. */
  readonly addCasts: (meeting: string, from: number, to: number) => Promise<void>;
  /** Entries of accepted casts in one meeting, which wait for their index. */
  readonly addEntries: (meeting: string, entries: readonly Uint8Array[]) => Promise<void>;
  /** The same bytes in a table that knows nothing of a log: what storing them costs at least. */
  readonly addBare: (entries: readonly Uint8Array[]) => Promise<void>;
  /** Lets the planner know the new sizes, and the disk have what it was promised. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A valid random_id of a number and a purpose. */
const idOf = (purpose: string): string =>
  `translate(substr(md5('${purpose}' || n), 1, 25), '0189', 'ghij') || 'a'`;
const hashOf = (purpose: string): string => `sha256(convert_to('${purpose}' || n, 'UTF8'))`;

const CASTS = [
  `insert into ballot (community_id, meeting_id, ballot_hash, proposal_id, entitlement_id, credential_id, token)
   select $3, $4, ${hashOf('ballot')}, ${idOf('proposal')}, ${idOf('entitlement')}, ${idOf('credential')}, repeat('t', 620)
     from generate_series($1::int, $2::int) as n`,
  `with entry as (
     insert into log_entry (data, kind, community_id, meeting_id)
     select convert_to(repeat('e', 300) || n, 'UTF8'), 'cast.accepted', $3, $4 from generate_series($1::int, $2::int) as n
     returning id, substr(convert_from(data, 'UTF8'), 301) as n)
   insert into cast_statement (community_id, meeting_id, cast_hash, entitlement_id, seq, prev, credential_id, channel,
                               cast_bytes, signature, acknowledgement, entry_id, accepted_at_ms)
   select $3, $4, ${hashOf('cast')}, ${idOf('entitlement')}, 1, decode(repeat('00', 32), 'hex'), ${idOf('credential')},
          'letter', convert_to(repeat('c', 1400), 'UTF8'), repeat('s', 140), repeat('a', 560), id, 0 from entry`,
  `insert into cast_answer (community_id, meeting_id, ballot_hash, cast_hash)
   select $3, $4, ${hashOf('ballot')}, ${hashOf('cast')} from generate_series($1::int, $2::int) as n`,
  `insert into sealed_key (community_id, meeting_id, ephemeral_key, cast_hash)
   select $3, $4, ${hashOf('key')}, ${hashOf('cast')} from generate_series($1::int, $2::int) as n`,
];

const CHUNK = 10_000;

/** Opens a connection as the owner of the tables, who may fill them. */
export async function openBenchClient(ownerUrl: string): Promise<BenchClient> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const inChunks = async (
    statement: string,
    entries: readonly Uint8Array[],
    ...more: readonly string[]
  ): Promise<void> => {
    for (let at = 0; at < entries.length; at += CHUNK) {
      await client.query(statement, [entries.slice(at, at + CHUNK), ...more]);
    }
  };
  return {
    async backendPid() {
      const { rows } = await client.query('select pg_backend_pid() as pid');
      return Number(rows[0]?.pid);
    },
    async addCasts(meeting, from, to) {
      const found = await client.query('select community_id from meeting where meeting_id = $1', [meeting]);
      const community: unknown = found.rows[0]?.community_id;
      for (const statement of CASTS) await client.query(statement, [from, to, community, meeting]);
    },
    addEntries: (meeting, entries) =>
      inChunks(
        "insert into log_entry (data, kind, meeting_id) select d, 'cast.accepted', $2 from unnest($1::bytea[]) as d",
        entries,
        meeting,
      ),
    async addBare(entries) {
      await client.query(
        'create table if not exists bare (n bigint generated always as identity primary key, data bytea not null)',
      );
      await inChunks('insert into bare (data) select d from unnest($1::bytea[]) as d', entries);
    },
    async settle() {
      await client.query('vacuum analyze');
    },
    close: () => client.end(),
  };
}
