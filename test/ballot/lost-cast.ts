// A commit that is lost behind its promise: a cast and its entry are taken out of the database before they have a place in the log, as a
// standby that took over too early would have it (SPEC 6.12).
import { sql } from 'kysely';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import type { TestService } from '../support/service.ts';
import type { Voter } from './voting-world.ts';
import { signatureOver } from './voting-world.ts';

/** What an owner's page keeps of a cast until a quorum stands under its receipt. */
export type KeptCast = { readonly voter: Voter; readonly cast: Cast; readonly acknowledgement: string };

export const hashOfKept = ({ cast }: Pick<KeptCast, 'cast'>): string =>
  toBase64Url(castHash(castForm.bytes(cast)));

/** The body with which a page hands a lost cast in. */
export const handInBody = ({ voter, cast, acknowledgement }: KeptCast) => {
  const bytes = castForm.bytes(cast);
  return { cast: toBase64Url(bytes), signature: signatureOver(voter.seed, bytes), acknowledgement };
};

/** Takes it out, with all that was committed with it; throws where the log has given it a place. */
export async function loseCast({ fresh }: TestService, kept: KeptCast): Promise<KeptCast> {
  const hash = castHash(castForm.bytes(kept.cast));
  await inTransaction(fresh.owner, async (tx) => {
    const tables = ['cast_answer', 'sealed_key', 'cast_statement', 'log_entry'];
    for (const table of tables) await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
    await sql`delete from cast_answer where cast_hash = ${hash}`.execute(tx);
    await sql`delete from sealed_key where cast_hash = ${hash}`.execute(tx);
    const { rows } = await sql<{ entry_id: string }>`
      delete from cast_statement where cast_hash = ${hash} returning entry_id`.execute(tx);
    const gone = await sql`
      delete from log_entry where id = ${present(rows[0], 'a statement').entry_id} and idx is null returning id`.execute(
      tx,
    );
    present(
      gone.rows[0],
      'an entry without a place: what has one was published, and is not lost with a commit',
    );
    for (const table of tables) await sql.raw(`alter table ${table} enable trigger user`).execute(tx);
  });
  return kept;
}
