/** The address of e-mail ends with the letter or the key of its owner: whoever had that might have typed it (SPEC 3.7). */
import type { Tx } from '../db/transaction.ts';
import { forgetEmails } from '../notice/email-address.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { credentialsById } from './store/credentials.ts';

/** Forgets the addresses and codes of the persons of credentials; call it in the transaction that ends these. */
export async function forgetEmailsUnder(
  tx: Tx,
  deps: Pick<IdentityDeps, 'atRest' | 'random' | 'clock'>,
  community: string,
  credentials: readonly string[],
): Promise<void> {
  const rows = await credentialsById(tx, community, credentials);
  await forgetEmails(tx, deps, community, [...new Set(rows.map((row) => row.person_id))].sort());
}
