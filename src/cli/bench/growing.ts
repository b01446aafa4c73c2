/** Accepted casts in bulk, so that a bench can see what a full table costs: rows of the usual size, made by the database itself. */
import pg from 'pg';
import type { LogDeps } from '../../auditlog/log-deps.ts';
import { sequenceAll } from '../../auditlog/sequencing.ts';
import type { BenchDeployment } from './deployment.ts';

const CHUNK = 50_000;

/** A valid random_id of a number and a purpose. */
const idOf = (purpose: string): string =>
  `translate(substr(md5('${purpose}' || n), 1, 25), '0189', 'ghij') || 'a'`;
const hashOf = (purpose: string): string => `sha256(convert_to('${purpose}' || n, 'UTF8'))`;

const STATEMENTS = [
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

/** Adds casts to a meeting up to a number, numbers their entries, and lets the database settle. */
export async function growTables(
  place: BenchDeployment,
  log: LogDeps,
  meeting: string,
  rows: { readonly from: number; readonly to: number },
  say: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: place.ownerUrl });
  await client.connect();
  try {
    const found = await client.query('select community_id from meeting where meeting_id = $1', [meeting]);
    const community: unknown = found.rows[0]?.community_id;
    for (let from = rows.from + 1; from <= rows.to; from += CHUNK) {
      const to = Math.min(rows.to, from + CHUNK - 1);
      for (const statement of STATEMENTS) await client.query(statement, [from, to, community, meeting]);
      say(`行 rows ${to}/${rows.to}`);
    }
    await sequenceAll(log);
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}
