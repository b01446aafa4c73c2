// An address of e-mail with a code that waits, as rows alone: for tests of what deletes them. Nobody opens what is sealed here.
import type { Database } from '../../src/db/connect.ts';

/** Puts both for a person. */
export async function putEmail(db: Database, community: string, person: string): Promise<void> {
  const own = { community_id: community, person_id: person };
  await db
    .insertInto('email_address')
    .values({ ...own, sealed_address: new Uint8Array([1]), code_id: person, confirmed_at_ms: 1n })
    .execute();
  await db
    .insertInto('email_code')
    .values({
      ...own,
      code_id: person,
      sealed_code: new Uint8Array([1]),
      day: 1n,
      asked: 1,
      state: 'sent',
      next_at_ms: 1n,
      expires_at_ms: 9_999_999_999_999n,
    })
    .execute();
}

/** The persons of a community with an address, and those with a code that can still be typed. */
export async function emailsOf(
  db: Database,
  community: string,
): Promise<{ readonly addresses: readonly string[]; readonly codes: readonly string[] }> {
  const addresses = await db
    .selectFrom('email_address')
    .select('person_id')
    .where('community_id', '=', community)
    .execute();
  const codes = await db
    .selectFrom('email_code')
    .select('person_id')
    .where('community_id', '=', community)
    .where('sealed_code', 'is not', null)
    .execute();
  return {
    addresses: addresses.map((row) => row.person_id),
    codes: codes.map((row) => row.person_id),
  };
}
