/** An officer's action over the very bytes that the page shows, against the newest checkpoint that it verified (SPEC 2.3). */

import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { parseCanonical } from '../../base/canonical.ts';
import { parseInstant, showInstant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { ActAnswer, OfficerAnswer } from '../../officers/contract.ts';
import type { Action, Role } from '../../record/action.ts';
import { actionForm, actionHash, subjectHash } from '../../record/action.ts';
import type { Checkpoint } from '../../record/checkpoint.ts';
import { verifyCheckpoint } from '../../record/checkpoint.ts';
import type { Entry } from '../../record/entry.ts';
import { entryForm } from '../../record/entry.ts';
import type { Answer } from '../kit/api.ts';
import { call, readText } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import { readDeployment } from './deployment.ts';
import { signByPasskey } from './passkey.ts';
import { t } from './words.ts';

/** An action lives a day: long enough for the second officer's page, far below the limit of 72 hours. */
const LIFE_MS = 24 * 3_600_000;

/** The entry that an act would write, read from the bytes that the subject hashes; refused where anything differs. */
export function readActEntry(
  act: Pick<ActAnswer, 'entry' | 'subject' | 'kind' | 'community' | 'meeting'>,
): Result<Entry, Refusal<'ACT_BYTES' | 'ACT_SUBJECT' | 'ACT_CONTEXT'>> {
  const bytes = fromBase64Url(act.entry) ?? new Uint8Array();
  const value = parseCanonical(bytes);
  if (typeof value !== 'object' || Array.isArray(value) || 'evidence' in value) return refuse('ACT_BYTES');
  const parsed = entryForm.check({ ...value, evidence: [] });
  if (!parsed.ok) return refuse('ACT_BYTES', parsed.refusal.where);
  if (subjectHash(bytes) !== act.subject) return refuse('ACT_SUBJECT');
  const {
    kind,
    community = '',
    meeting = '',
  } = parsed.value as {
    readonly kind: string;
    readonly community?: string;
    readonly meeting?: string;
  };
  const fits = kind === act.kind && community === act.community && meeting === act.meeting;
  return fits ? ok(parsed.value) : refuse('ACT_CONTEXT');
}

/** The newest checkpoint under the log key of the published assets. */
export async function newestCheckpoint(logVkey: string): Promise<Answer<Checkpoint>> {
  const note = await readText('/log/checkpoint');
  if (!note.ok) return note;
  const checkpoint = verifyCheckpoint(note.value, logVkey);
  if (checkpoint.ok) return checkpoint;
  const { code } = checkpoint.refusal;
  return { ok: false, problem: { code, sentence: t('checkpointBad', { code }) } };
}

/** The action's record for an act; `nowMs` is the service's time. */
export const actionOf = (
  act: Pick<ActAnswer, 'kind' | 'subject' | 'community' | 'meeting'>,
  officer: Pick<OfficerAnswer, 'officer' | 'role'>,
  { size, root }: Checkpoint,
  nowMs: number,
): Action => ({
  v: 1,
  kind: 'action',
  action: act.kind,
  subject: act.subject,
  community: act.community,
  meeting: act.meeting,
  officer: officer.officer,
  role: officer.role as Role,
  size,
  root: toBase64Url(root),
  expires: showInstant(nowMs + LIFE_MS),
  nonce: toBase64Url(draw(16)),
});

/** Signs an act: checks its bytes, verifies the newest checkpoint, lets the passkey sign the action's hash, hands it in. */
export async function signAct(
  act: ActAnswer,
  officer: OfficerAnswer,
  logVkey: string,
): Promise<Answer<{ readonly state: string }>> {
  if (!readActEntry(act).ok)
    return { ok: false, problem: { code: 'ACT_BYTES', sentence: t('actUnreadable') } };
  const [checkpoint, deployment] = [await newestCheckpoint(logVkey), await readDeployment()];
  if (!checkpoint.ok) return checkpoint;
  if (!deployment.ok) return deployment;
  const now = parseInstant(deployment.value.now) ?? Date.now();
  const bytes = actionForm.bytes(actionOf(act, officer, checkpoint.value, now));
  const signature = await signByPasskey(deployment.value.rpId, actionHash(bytes));
  if (!signature.ok) return signature;
  const body = { action: toBase64Url(bytes), signature: signature.value };
  return call<{ readonly state: string }>('POST', `/v1/acts/${act.act}/actions`, body);
}
