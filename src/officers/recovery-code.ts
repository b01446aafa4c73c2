/** The recovery code of an officer: drawn while he still has a key, proved when he has none (SPEC 2.5). */
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { Busy } from './argon2-queue.ts';
import type { OfficerDeps } from './officer-deps.ts';
import { isInForce } from './signers.ts';
import { countRecoveryTry, keepRecoveryCode, lockRecoveryCode, recoveryCodeOf } from './store/sessions.ts';
import { officerById } from './store.ts';
import { isCode, MAX_TRIES, newCode } from './typed-codes.ts';

/** Draws a code that ends the former one; it is shown once. */
export async function drawRecoveryCode(
  deps: OfficerDeps,
  officer: string,
): Promise<Result<{ readonly code: string }, Busy>> {
  const drawn = await newCode(deps);
  if (!drawn.ok) return drawn;
  const { code, codeHash } = drawn.value;
  await keepRecoveryCode(deps.db, officer, codeHash, deps.clock());
  return ok({ code });
}

/** Whether an officer has a code that is not locked. */
export async function hasRecoveryCode(deps: Pick<OfficerDeps, 'db'>, officer: string): Promise<boolean> {
  const row = await recoveryCodeOf(deps.db, officer);
  return row !== undefined && row.tries < MAX_TRIES;
}

/** The hash of nobody's code: computed where there is none, so that time tells nothing. */
const NOBODYS =
  '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/**
 * Whether this is the officer's code. A try counts only for whoever holds the second officer's invitation: a stranger cannot
 * lock anybody out by guessing.
 */
export async function provesRecovery(
  tx: Tx,
  deps: Pick<OfficerDeps, 'clock'>,
  officer: string,
  code: string,
  isInvited: boolean,
): Promise<Result<boolean, Busy>> {
  const row = await lockRecoveryCode(tx, officer);
  const open = row !== undefined && row.tries < MAX_TRIES;
  const compared = await isCode(open ? row.code_hash : NOBODYS, code);
  if (!compared.ok) return compared;
  const isRight = compared.value;
  const lost = await officerById(tx, officer);
  const holds = lost !== undefined && isInForce(lost, deps.clock());
  if (open && isInvited && !isRight) await countRecoveryTry(tx, officer, row.tries + 1);
  return ok(open && isRight && holds);
}
