/** What the owner's page checks of a roll entry that was corrected after the freeze: each step is in the log, and changes holders only (SPEC 4.4, 6.0). Pure. */
import type { PapersAnswer } from '../../ballot/contract.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { parseCanonical } from '../../base/canonical.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { onlyHoldersDiffer } from '../../record/correction.ts';
import { leafHash } from '../../record/merkle.ts';
import type { LogTrust } from '../../record/proof.ts';
import { verifyLogProof } from '../../record/proof.ts';
import type { RollLeaf } from '../../record/roll.ts';
import { rollLeafForm } from '../../record/roll.ts';

type Paper = Pick<PapersAnswer['papers'][number], 'corrections' | 'index' | 'leaf'>;

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The leaf in force: the frozen one, which the caller has checked under the root, or the last that the log put in its place. */
export function leafInForce(
  paper: Paper,
  frozen: RollLeaf,
  trust: LogTrust,
): Result<RollLeaf, Refusal<'ROLL_CORRECTION' | 'ROLL_CORRECTION_NOT_YET'>> {
  let [leaf, hash] = [frozen, toBase64Url(leafHash(bytesOf(paper.leaf)))];
  for (const correction of paper.corrections) {
    if (correction.entry === '' || correction.proof === '') return refuse('ROLL_CORRECTION_NOT_YET');
    const bytes = bytesOf(correction.leaf);
    const parsed = rollLeafForm.parse(bytes);
    const entry = bytesOf(correction.entry);
    const said = parseCanonical(entry) as Readonly<Record<string, unknown>> | undefined;
    const newLeaf = toBase64Url(leafHash(bytes));
    const fits =
      said?.['kind'] === 'roll.corrected' &&
      said['meeting'] === frozen.meeting &&
      said['entitlement'] === frozen.entitlement &&
      said['index'] === paper.index &&
      said['oldLeaf'] === hash &&
      said['newLeaf'] === newLeaf;
    if (!parsed.ok || !fits || !onlyHoldersDiffer(frozen, parsed.value)) return refuse('ROLL_CORRECTION');
    const proven = verifyLogProof(entry, correction.proof, trust);
    if (!proven.ok)
      return refuse(
        proven.refusal.code === 'PROOF_QUORUM_SHORT' ? 'ROLL_CORRECTION_NOT_YET' : 'ROLL_CORRECTION',
      );
    [leaf, hash] = [parsed.value, newLeaf];
  }
  return ok(leaf);
}
