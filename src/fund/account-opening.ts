/**
 * Who is shown the account behind the hash of an emergency, a refund or a payment: the officers who may sign its act, while it is open, and nobody
 * else, so that both know where the money goes and not only who drafted it (SPEC 8.3). It rests sealed and stands in no record.
 */
import { present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, utf8 } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openAtRest, sealAtRest } from '../crypto/at-rest.ts';
import type { Tx } from '../db/transaction.ts';
import { actForSigner } from '../officers/act-for-signers.ts';
import { accountHash } from '../record/meeting.ts';
import { recordAccess } from '../registry/personal-accesses.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import type { SealingDeps } from './fund-deps.ts';
import { accountOpeningOf, insertAccountOpening } from './store/account-openings.ts';

/** `salt` is 16 bytes as base64url; whoever pays one payee twice keeps it, so that both hashes are one. */
export type AccountOpening = { readonly salt: string; readonly number: string };

/** The hash by which every record names the account. */
export const openedAccountHash = ({ salt, number }: AccountOpening): string =>
  accountHash(present(fromBase64Url(salt), 'a checked salt'), number);

/** Where an opening is sealed for. */
export const openingPlace = (community: string, act: string): string =>
  `fund_account_opening.sealed_opening/${community}/${act}`;

/** Keeps the opening beside the act that was drafted with its hash, in the same transaction. */
export async function keepOpening(
  tx: Tx,
  { atRest, random }: SealingDeps,
  { community, act }: { readonly community: string; readonly act: string },
  { salt, number }: AccountOpening,
): Promise<void> {
  const plain = utf8(JSON.stringify({ number, salt }));
  await insertAccountOpening(tx, {
    community_id: community,
    act_id: act,
    sealed_opening: sealAtRest(atRest, openingPlace(community, act), plain, random),
  });
}

/** Salt and number, for an officer whose role may sign the open act; who was given them stands in the record of accesses first (SPEC 3.1). */
export async function accountOfAct(
  deps: SealingDeps,
  officer: ActingOfficer,
  { community, act: id }: { readonly community: string; readonly act: string },
): Promise<Result<AccountOpening, Refusal<'ACT_UNKNOWN' | 'ACT_NOT_OPEN' | 'NOT_ALLOWED'>>> {
  const act = await actForSigner(deps, officer, { community, act: id });
  if (!act.ok) return act;
  const row = await accountOpeningOf(deps.db, community, id);
  if (row === undefined) return refuse('ACT_UNKNOWN');
  await recordAccess(deps, officer, { community, kind: 'act.openings', subject: id, reason: act.value.kind });
  const plain = openAtRest(deps.atRest, openingPlace(community, id), row.sealed_opening);
  return ok(JSON.parse(present(fromUtf8(plain), 'own text')) as AccountOpening);
}
