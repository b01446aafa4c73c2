/**
 * Acts: entries of the log that wait for officers. A feature drafts the entry without evidence, officers sign its hash one
 * after the other, and when the rule of SPEC 2.4 is met a job executes it (`docs/decisions/acts-and-jobs.md`).
 */

import { hasCheckpoint } from '../auditlog/checkpoints.ts';
import { writeEntry } from '../auditlog/entry-writing.ts';
import { assert, present } from '../base/assert.ts';
import { compareText, fromBase64Url, sameBytes, toBase64Url } from '../base/bytes.ts';
import { parseCanonical } from '../base/canonical.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import { parseInstant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Action, Role } from '../record/action.ts';
import { actionForm } from '../record/action.ts';
import type { EntryKind, UnsignedEntry } from '../record/entry.ts';
import { entryForm, subjectOf, unsignedBytes, withEvidence } from '../record/entry.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import type { ActionRule } from '../record/two-officers.ts';
import { actionRuleOf, ruleVariantOf } from '../record/two-officers.ts';
import { canLeadTo, fits, isComplete } from './domain/signatures.ts';
import type { OfficerDeps, SigningRules } from './officer-deps.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { declaredRoots } from './root.ts';
import { isInForce, signerOf } from './signers.ts';
import { holdOfficer } from './store/ending.ts';
import type { ActRow } from './store.ts';
import {
  actById,
  insertAct,
  insertSignature,
  keysOfOfficer,
  lockAct,
  setActState,
  signaturesOf,
} from './store.ts';

/** Texts that the executing shell needs again; ids and hashes only, no personal data. */
export type ActDetails = Readonly<Record<string, string>>;

/** What a feature asks officers to sign. */
export type NewAct = {
  readonly entry: UnsignedEntry;
  readonly details: ActDetails;
  /** Who convenes the meeting: only where the street does may street and regulator sign alone (SPEC 2.4). */
  readonly convenerRole?: 'committee' | 'street';
  /** A role that may not sign, such as the convener's for the release of the box (SPEC 5). */
  readonly excludes?: Role;
  /** Signatures must still live at this instant: an opening is executed at its time (SPEC 2.3). */
  readonly liveUntil?: Instant;
  /** Officer who drafted it, or `job`. */
  readonly draftedBy: string;
};

/** The job kind under which a complete act is executed. */
export const EXECUTE_ACT = 'act.execute';

/** Drafts an act in the caller's transaction; returns its id. */
export async function draftAct(tx: Tx, deps: OfficerDeps, act: NewAct): Promise<string> {
  const ids = act.entry as {
    readonly kind: EntryKind;
    readonly community?: string;
    readonly meeting?: string;
  };
  const variant = ruleVariantOf(act.entry);
  assert(actionRuleOf(ids.kind, variant) !== undefined, `${ids.kind} needs no officer`);
  entryForm.bytes(withEvidence(act.entry, []));
  const actId = newId(deps.random);
  await insertAct(tx, {
    act_id: actId,
    community_id: ids.community ?? '',
    meeting_id: ids.meeting ?? null,
    kind: ids.kind,
    entry: unsignedBytes(act.entry),
    subject: present(fromBase64Url(subjectOf(act.entry)), 'own hash'),
    rule_kind: variant ?? null,
    details: JSON.stringify({
      ...act.details,
      ...needOf(act),
      ...(act.excludes === undefined ? {} : { excludes: act.excludes }),
      ...(act.liveUntil === undefined ? {} : { liveUntil: String(act.liveUntil) }),
    }),
    drafted_by: act.draftedBy,
    drafted_at_ms: BigInt(deps.clock()),
  });
  return actId;
}

/** Runs a transaction that drafts; an entry that waits for its officers already is a refusal, not a second act. */
export async function inDraft<A>(
  deps: OfficerDeps,
  draft: (tx: Tx) => Promise<A>,
): Promise<A | { readonly ok: false; readonly refusal: Refusal<'ACT_DRAFTED'> }> {
  try {
    return await inTransaction(deps.db, draft);
  } catch (error) {
    const refusal = refusalOfConstraint(error, { act_subject_key: 'ACT_DRAFTED' } as const);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** The one role that must be among the signers: by who convenes, and the roots for regulator and street (SPEC 2.2, 2.4). */
function needOf({ entry, convenerRole }: NewAct): ActDetails {
  if (entry.kind === 'officer.appointed' && ['regulator', 'street'].includes(entry.role))
    return { needs: 'root' };
  return convenerRole === undefined
    ? {}
    : { needs: convenerRole === 'committee' ? 'committee' : 'regulator' };
}

/** The rule of a drafted act. */
export function ruleOf(act: Pick<ActRow, 'kind' | 'rule_kind' | 'details'>): ActionRule {
  const rule = present(
    actionRuleOf(act.kind as EntryKind, act.rule_kind ?? undefined),
    'drafted acts have a rule',
  );
  const { needs, excludes } = JSON.parse(act.details) as ActDetails;
  return rule.filter(
    (roles) =>
      (needs === undefined || roles.includes(needs as Role)) &&
      (excludes === undefined || !roles.includes(excludes as Role)),
  );
}

type SignRefusal = Refusal<OfficerRefusalCode>;
export type SignOutcome = { readonly act: string; readonly state: 'open' | 'signed' };

const SIGNATURE_CONSTRAINTS = {
  act_signature_pk: 'ACTION_REPEATED',
  act_signature_evidence_key: 'ACTION_REPEATED',
  act_signature_identity_key: 'ACTION_SAME_IDENTITY',
  act_signature_public_key_key: 'ACTION_SAME_IDENTITY',
} as const;

/** Adds an officer's signed action to an act; when the rule is met the act is queued for execution. */
export async function signAct(
  deps: OfficerDeps,
  actId: string,
  actionBytes: Uint8Array,
  signature: Signature,
  rules: SigningRules = {},
): Promise<Result<SignOutcome>> {
  const parsed = actionForm.parse(actionBytes);
  if (!parsed.ok) return refuse('ACTION_MALFORMED', parsed.refusal.where);
  try {
    return await inTransaction(deps.db, (tx) =>
      addSignature(tx, deps, actId, { bytes: actionBytes, action: parsed.value, signature, rules }),
    );
  } catch (error) {
    const refusal = refusalOfConstraint(error, SIGNATURE_CONSTRAINTS);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** Time between the last signature and a checkpoint that covers the entry, with room for a slow beat (SPEC 2.3). */
const EXECUTION_MARGIN_MS = 10 * 60_000;

function expiryOf(actionBytes: Uint8Array): Instant {
  const action = actionForm.parse(actionBytes);
  return present(action.ok ? parseInstant(action.value.expires) : undefined, 'a checked action');
}

type SignedAction = {
  readonly bytes: Uint8Array;
  readonly action: Action;
  readonly signature: Signature;
  readonly rules: SigningRules;
};

async function addSignature(
  tx: Tx,
  deps: OfficerDeps,
  actId: string,
  { bytes: actionBytes, action, signature, rules }: SignedAction,
): Promise<Result<SignOutcome>> {
  const act = await lockAct(tx, actId);
  if (act === undefined) return refuse('ACT_UNKNOWN');
  if (act.state !== 'open') return refuse('ACT_NOT_OPEN');
  const facts = {
    kind: act.kind,
    subject: toBase64Url(act.subject),
    community: act.community_id,
    meeting: act.meeting_id ?? '',
  };
  const now = deps.clock();
  const fit = fits(action, facts, now);
  if (!fit.ok) return fit;
  if (!(await hasCheckpoint(tx, action.size, action.root))) return refuse('ACTION_CHECKPOINT');
  const former = await signaturesOf(tx, actId);
  const lives = former.every((row) => expiryOf(row.action) > now + EXECUTION_MARGIN_MS);
  const liveUntil = Number((JSON.parse(act.details) as ActDetails)['liveUntil'] ?? now);
  if (!lives || expiryOf(actionBytes) <= Math.max(now, liveUntil) + EXECUTION_MARGIN_MS)
    return refuse('ACTION_EXPIRED');
  const roles = [...former.map((row) => row.role as Role), action.role];
  const rule = ruleOf(act);
  if (!canLeadTo(rule, roles)) return refuse('ACTION_ROLE');
  const signer = await signerOf(tx, deps, action, actionBytes, signature);
  if (!signer.ok) return signer;
  const permitted = await rules[act.kind as EntryKind]?.(tx, actId, action.officer);
  if (permitted?.ok === false) return permitted;
  await insertSignature(tx, {
    act_id: actId,
    officer_id: action.officer,
    role: action.role,
    identity: signer.value.identity,
    public_key: signer.value.publicKey,
    action: actionBytes,
    signature: new TextDecoder().decode(signatureForm.bytes(signature)),
    evidence: present(fromBase64Url(evidenceHash(signature)), 'own hash'),
    signed_at_ms: BigInt(now),
  });
  const threshold = (await declaredRoots(tx))?.threshold ?? 1;
  if (!isComplete(rule, roles, threshold)) return ok({ act: actId, state: 'open' });
  await setActState(tx, actId, { state: 'signed' });
  await enqueue(tx, { kind: EXECUTE_ACT, payload: { act: actId }, runAt: now, onceKey: actId }, now);
  return ok({ act: actId, state: 'signed' });
}

/**
 * Whether every signature still lives, every officer is still in force and his key is still his, at the moment of execution
 * (SPEC 2.2, 2.3). Holds the officers, so that the end of one of them takes its place in the log before or after this act.
 */
export async function stillSigned(tx: Tx, deps: OfficerDeps, actId: string): Promise<boolean> {
  const now = deps.clock();
  const rows = await signaturesOf(tx, actId);
  for (const row of [...rows].sort((a, b) => compareText(a.officer_id, b.officer_id))) {
    if (expiryOf(row.action) <= now) return false;
    if (row.role === 'root') continue;
    const officer = await holdOfficer(tx, row.officer_id);
    if (officer === undefined || !isInForce(officer, now)) return false;
    const keys = await keysOfOfficer(tx, row.officer_id);
    if (!keys.some((key) => sameBytes(key.public_key, row.public_key))) return false;
  }
  return true;
}

/** A complete act, locked for execution. */
export type SignedAct = {
  readonly actId: string;
  readonly kind: EntryKind;
  readonly entry: UnsignedEntry;
  readonly details: ActDetails;
  readonly evidence: readonly string[];
  readonly draftedBy: string;
};

/** Locks a complete act; undefined where it was executed or refused already. */
export async function takeSignedAct(tx: Tx, actId: string): Promise<SignedAct | undefined> {
  const act = await lockAct(tx, actId);
  if (act?.state !== 'signed') return undefined;
  const signatures = await signaturesOf(tx, actId);
  return {
    actId,
    kind: act.kind as EntryKind,
    entry: present(parseCanonical(act.entry), 'own bytes') as unknown as UnsignedEntry,
    details: JSON.parse(act.details) as ActDetails,
    evidence: signatures.map((row) => toBase64Url(row.evidence)),
    draftedBy: act.drafted_by,
  };
}

/** Writes the act's entry with its evidence and marks the act done; returns the entry's row. */
export async function enterAct(tx: Tx, deps: OfficerDeps, act: SignedAct): Promise<bigint> {
  const { entryId } = await writeEntry(tx, act.entry, act.evidence);
  await setActState(tx, act.actId, { state: 'done', done_at_ms: deps.clock(), entry_id: entryId });
  return entryId;
}

/** Ends an act that its feature refused at execution. */
export const refuseAct = (deps: OfficerDeps, actId: string, code: string): Promise<void> =>
  setActState(deps.db, actId, { state: 'refused', refusal_code: code });

/** Takes back an act that nobody has completed. */
export async function withdrawAct(
  deps: Pick<OfficerDeps, 'db'>,
  actId: string,
): Promise<Result<undefined, SignRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const act = await lockAct(tx, actId);
    if (act === undefined) return refuse('ACT_UNKNOWN');
    if (act.state !== 'open') return refuse('ACT_NOT_OPEN');
    await setActState(tx, actId, { state: 'withdrawn' });
    return ok(undefined);
  });
}

/** An act and who has signed it. */
export async function readAct(deps: OfficerDeps, actId: string) {
  const act = await actById(deps.db, actId);
  return act === undefined ? undefined : { act, signatures: await signaturesOf(deps.db, actId) };
}
