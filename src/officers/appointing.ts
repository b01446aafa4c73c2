/**
 * Appointments that were signed: a new officer, or new keys of one who is in office. A later appointment of the same officer
 * takes the place of the earlier: its keys alone are his from then on (SPEC 2.2).
 */
import { present } from '../base/assert.ts';
import { fromBase64Url, sameBytes } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { EntryOf, UnsignedEntry } from '../record/entry.ts';
import type { SignedAct } from './acts.ts';
import { endKeysOf } from './ending.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { lockOfficer, setUntil } from './store/ending.ts';
import { dropRecoveryCode } from './store/sessions.ts';
import type { NewKeyRow, OfficerRow } from './store.ts';
import { insertKeys, insertOfficer, keysOfOfficer } from './store.ts';

/** For the executor of acts: which violated constraints are refusals. */
export const appointmentConstraints = {
  officer_identity_key: 'OFFICER_EXISTS',
  officer_key_public_key_key: 'OFFICER_EXISTS',
  officer_key_pk: 'OFFICER_EXISTS',
} as const;

type Applied = Result<undefined, Refusal<OfficerRefusalCode>>;
type Appointment = UnsignedEntry<'officer.appointed'>;

/** For the executor: nobody may execute what this officer's old keys signed while his new ones draw their place in the log. */
export async function lockAppointment(tx: Tx, act: SignedAct): Promise<void> {
  await lockOfficer(tx, (act.entry as Appointment).officer);
}

/** Executes a signed appointment. */
export async function applyAppointment(
  tx: Tx,
  deps: OfficerDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Applied> {
  const entry = act.entry as Appointment;
  const known = await lockOfficer(tx, entry.officer);
  const keys = entry.keys.map((one) => keyRow(entry, one));
  if (known !== undefined) return renew(tx, deps, entry, known, keys, entryId);
  await insertOfficer(
    tx,
    {
      officer_id: entry.officer,
      community_id: entry.community,
      role: entry.role,
      name: act.details['name'] ?? '',
      identity: present(fromBase64Url(entry.identity), 'checked hash'),
      until_on: entry.until,
      appointed_entry_id: entryId,
    },
    keys,
  );
  return ok(undefined);
}

async function renew(
  tx: Tx,
  deps: OfficerDeps,
  entry: Appointment,
  known: OfficerRow,
  keys: readonly NewKeyRow[],
  entryId: bigint,
): Promise<Applied> {
  const identity = present(fromBase64Url(entry.identity), 'checked hash');
  const isHe =
    known.removed_entry_id === null &&
    known.role === entry.role &&
    known.community_id === entry.community &&
    sameBytes(known.identity, identity);
  if (!isHe) return refuse('OFFICER_UNKNOWN');
  const live = await keysOfOfficer(tx, entry.officer);
  const isLive = (key: NewKeyRow): boolean =>
    live.some((row) => row.credential_id === key.credential_id && sameBytes(row.public_key, key.public_key));
  const added = keys.filter((key) => !isLive(key));
  // A key that ended stands there still, under its own name: it is refused by its constraint.
  await insertKeys(tx, added);
  await setUntil(tx, entry.officer, entry.until);
  const kept = keys.map((key) => key.credential_id);
  await endKeysOf(tx, deps, entry.officer, kept, entryId);
  // Whoever kept none of his keys came by his recovery code, or gave everything up: the code ends with them.
  if (added.length === keys.length) await dropRecoveryCode(tx, entry.officer);
  return ok(undefined);
}

const keyRow = (
  { officer }: Pick<Appointment, 'officer'>,
  { credential, key }: EntryOf<'officer.appointed'>['keys'][number],
): NewKeyRow => ({
  credential_id: credential,
  officer_id: officer,
  alg: key.alg,
  public_key: present(fromBase64Url(key.publicKey), 'checked bytes'),
  webauthn_id: present(fromBase64Url(key.webauthnId), 'checked bytes'),
});
