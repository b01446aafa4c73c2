/** What an owner's page checks of his own entries of a frozen roll, from the log's entry down to his own person (SPEC 4.5). Pure. */
import type { RollEntryAnswer } from '../../ballot/roll-contract.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import { parseCanonical } from '../../base/canonical.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { LogTrust } from '../../record/proof.ts';
import { verifyLogProof } from '../../record/proof.ts';
import type { CheckedRollEntry, RollEntryCode } from './roll-entry.ts';
import { checkRollEntry } from './roll-entry.ts';

export type OwnRollCode =
  | RollEntryCode
  | 'ROLL_FROZEN_NOT_YET'
  | 'ROLL_FROZEN_ENTRY'
  | 'ROLL_FROZEN_PROOF'
  | 'ROLL_NOT_HOLDER';

/** The owner's entries as the log proves them; `size` is how many entitlements the roll has. */
export type CheckedRoll = {
  readonly root: string;
  readonly size: number;
  readonly entries: readonly CheckedRollEntry[];
};

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Checks an answer for a person who is signed in; the code is that of the first check that failed. */
export function checkOwnRoll(
  answer: RollEntryAnswer,
  owner: { readonly person: string; readonly community: string; readonly meeting: string },
  trust: LogTrust,
): Result<CheckedRoll, Refusal<OwnRollCode>> {
  if (answer.frozenEntry === '' || answer.frozenProof === '') return refuse('ROLL_FROZEN_NOT_YET');
  const bytes = bytesOf(answer.frozenEntry);
  const said = parseCanonical(bytes) as Readonly<Record<string, unknown>> | undefined;
  const [root, size] = [said?.['root'], said?.['size']];
  const isOurs =
    said?.['kind'] === 'roll.frozen' &&
    said['meeting'] === owner.meeting &&
    said['community'] === owner.community;
  if (!isOurs || typeof root !== 'string' || typeof size !== 'number') return refuse('ROLL_FROZEN_ENTRY');
  const proven = verifyLogProof(bytes, answer.frozenProof, trust);
  if (!proven.ok)
    return refuse(proven.refusal.code === 'PROOF_QUORUM_SHORT' ? 'ROLL_FROZEN_NOT_YET' : 'ROLL_FROZEN_PROOF');
  const entries: CheckedRollEntry[] = [];
  for (const served of answer.entries) {
    const checked = checkRollEntry(served, { meeting: owner.meeting, root, size }, trust);
    if (!checked.ok) return checked;
    const isHeld = checked.value.opening.holders.some(({ person }) => person === owner.person);
    if (!isHeld) return refuse('ROLL_NOT_HOLDER');
    entries.push(checked.value);
  }
  return ok({ root, size, entries });
}
