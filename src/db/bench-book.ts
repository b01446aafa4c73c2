/** A register and adopted resolutions for a bench of the fund, as rows that registry and tally would have left (DESIGN §6). */
import { sql } from 'kysely';
import { connect } from './connect.ts';

/** What a book stands on: every unit of one kind and state, one resolution of `capFen` for each proposal. */
export type BenchBook = {
  readonly community: string;
  readonly register: string;
  readonly meeting: string;
  readonly definition: Uint8Array;
  /** The bytes of the meeting's `tally.final`. */
  readonly finalEntry: Uint8Array;
  readonly proposals: readonly string[];
  readonly capFen: bigint;
  readonly units: readonly {
    readonly unit: string;
    readonly building: string;
    readonly room: string;
    readonly areaDm2: bigint;
  }[];
  readonly now: number;
};

/** Writes the rows as their owner. */
export async function writeBenchBook(ownerUrl: string, book: BenchBook): Promise<void> {
  const { community, register, meeting, units } = book;
  const owner = connect(ownerUrl);
  try {
    await sql`insert into community values (${community}, 'bench', null, ${book.now})`.execute(owner);
    await sql`insert into register (community_id, register_id, file_hash, file_salt, settings, drafted_by, drafted_at_ms)
      values (${community}, ${register}, sha256(''), decode(repeat('00', 16), 'hex'), '{}', 'bench', ${book.now})`.execute(
      owner,
    );
    await sql`update community set register_id = ${register} where community_id = ${community}`.execute(
      owner,
    );
    await sql`insert into unit (community_id, unit_id, unit_key, building, stair, room, kind, state, area_dm2, area_source, register_id)
      select ${community}, u.unit_id, u.building || ' ' || u.room, u.building, '', u.room, 'dwelling', 'delivered', u.area_dm2, 'register', ${register}
        from unnest(${units.map(({ unit }) => unit)}::text[], ${units.map(({ building }) => building)}::text[],
                    ${units.map(({ room }) => room)}::text[], ${units.map(({ areaDm2 }) => areaDm2)}::bigint[])
          as u (unit_id, building, room, area_dm2)`.execute(owner);
    await sql`insert into meeting (community_id, meeting_id, title, state, definition, meeting_hash, opens_at_ms, closes_at_ms, drafted_by, created_at_ms)
      values (${community}, ${meeting}, 'bench', 'final', ${book.definition}, sha256(${book.definition}), 1, 2, 'bench', ${book.now})`.execute(
      owner,
    );
    await sql`with final as (
        insert into log_entry (data, kind, community_id, meeting_id) values (${book.finalEntry}, 'tally.final', ${community}, ${meeting}) returning id)
      insert into resolution (community_id, meeting_id, proposal_id, outcome, cap_fen, entry_id)
      select ${community}, ${meeting}, p, 'ADOPTED', ${book.capFen}, final.id from final, unnest(${[...book.proposals]}::text[]) as p`.execute(
      owner,
    );
  } finally {
    await owner.destroy();
  }
}
