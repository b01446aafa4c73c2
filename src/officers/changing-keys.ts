/**
 * New keys for an officer in office: he adds or drops some himself while he has one, or comes back by his recovery code and a
 * second officer's invitation when he has none. Either way his appointment is signed again by those who may (SPEC 2.2, 2.5).
 */
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Role } from '../record/action.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { draftAct, inDraft } from './acts.ts';
import type { OfficerSession } from './domain/session.ts';
import { actsIn } from './domain/session.ts';
import type { NewKey } from './enrolling.ts';
import { checkedKeys, INVITATION_LIFE_MS } from './enrolling.ts';
import type { OfficerDeps } from './officer-deps.ts';
import { hasRecoveryCode } from './recovery-code.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { APPOINTERS } from './removing.ts';
import { isInForce } from './signers.ts';
import type { OfficerKeyRow } from './store.ts';
import { insertEnrolment, keysOfOfficer, officerById } from './store.ts';
import { newCode } from './typed-codes.ts';

/** As many keys as an appointment can name (SPEC 2.2). */
const MAX_KEYS = 8;

type Drafted = Result<{ readonly act: string }, Refusal<OfficerRefusalCode>>;

const asNamed = (row: OfficerKeyRow) =>
  ({
    credential: row.credential_id,
    key: {
      v: 1,
      alg: row.alg === 'webauthn' ? 'webauthn' : 'Ed25519',
      publicKey: toBase64Url(row.public_key),
      webauthnId: toBase64Url(row.webauthn_id),
    },
  }) as const;

/** Drafts an officer's appointment again with the keys that he keeps and those that he adds. */
export async function draftKeyChange(
  deps: OfficerDeps,
  by: OfficerSession,
  kept: readonly string[],
  added: readonly NewKey[],
): Promise<Drafted> {
  const fresh = await checkedKeys(deps, added);
  if (!fresh.ok) return fresh;
  return inDraft<Drafted>(deps, async (tx) => {
    const officer = present(await officerById(tx, by.officer), 'signed in');
    const live = await keysOfOfficer(tx, by.officer);
    const keptKeys = live.filter((row) => kept.includes(row.credential_id));
    const keys = [
      ...keptKeys.map(asNamed),
      ...fresh.value.map((key) => ({ credential: newId(deps.random), key })),
    ];
    const isChange = fresh.value.length > 0 || keptKeys.length < live.length;
    if (keptKeys.length !== new Set(kept).size || keys.length > MAX_KEYS || keys.length === 0 || !isChange)
      return refuse('OFFICER_KEYS');
    const entry: UnsignedEntry<'officer.appointed'> = {
      v: 1,
      kind: 'officer.appointed',
      officer: by.officer,
      identity: toBase64Url(officer.identity),
      role: officer.role as Role,
      community: officer.community_id,
      keys,
      until: officer.until_on,
    };
    const details = { name: officer.name, officer: by.officer, change: 'keys' };
    return ok({ act: await draftAct(tx, deps, { entry, details, draftedBy: by.officer }) });
  });
}

type Opened = Result<{ readonly enrolment: string; readonly code: string }, Refusal<OfficerRefusalCode>>;

/**
 * A second officer, in another role, lets one who lost his keys enrol new ones; he hands him the code himself, having seen
 * who he is. Without the officer's own recovery code the invitation opens nothing.
 */
export async function openRecovery(deps: OfficerDeps, by: OfficerSession, officer: string): Promise<Opened> {
  const lost = await officerById(deps.db, officer);
  if (lost === undefined || !actsIn(by, lost.community_id)) return refuse('OFFICER_UNKNOWN');
  if (!APPOINTERS.includes(by.role)) return refuse('NOT_ALLOWED');
  if (!isInForce(lost, deps.clock())) return refuse('OFFICER_UNKNOWN');
  if (by.role === lost.role || by.officer === officer) return refuse('RECOVERY_ROLE');
  if (!(await hasRecoveryCode(deps, officer))) return refuse('RECOVERY_NO_CODE');
  const enrolment = newId(deps.random);
  const drawn = await newCode(deps);
  if (!drawn.ok) return drawn;
  const { code, codeHash } = drawn.value;
  await insertEnrolment(deps.db, {
    enrolment_id: enrolment,
    community_id: lost.community_id,
    role: lost.role,
    name: lost.name,
    identity: lost.identity,
    code_hash: codeHash,
    expires_at_ms: BigInt(deps.clock() + INVITATION_LIFE_MS),
    recovers_officer_id: officer,
  });
  return ok({ enrolment, code });
}
