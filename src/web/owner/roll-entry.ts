/** What the owner's page checks of a roll entry: under the frozen root, each correction in the log and of holders only, opened to its holders (SPEC 4.4, 4.5, 6.0). Pure. */
import type { RollEntryAnswer } from '../../ballot/roll-contract.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { parseCanonical } from '../../base/canonical.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { onlyHoldersDiffer } from '../../record/correction.ts';
import type { RollOpening } from '../../record/identity.ts';
import { holdersHash, rollOpeningForm, voterHash } from '../../record/identity.ts';
import { leafHash, verifyInclusion } from '../../record/merkle.ts';
import type { LogTrust } from '../../record/proof.ts';
import { verifyLogProof } from '../../record/proof.ts';
import type { RollLeaf } from '../../record/roll.ts';
import { rollLeafForm } from '../../record/roll.ts';

type Served = RollEntryAnswer['entries'][number];

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

export type RollEntryCode =
  | 'ROLL_LEAF'
  | 'ROLL_INCLUSION'
  | 'ROLL_CORRECTION'
  | 'ROLL_CORRECTION_NOT_YET'
  | 'ROLL_OPENING';

/** The leaf in force: the frozen one, which the caller has checked under the root, or the last that the log put in its place. */
function leafInForce(
  paper: Pick<Served, 'corrections' | 'index' | 'leaf'>,
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

/** An entry that stands under the frozen root, and what opens the leaf in force. */
export type CheckedRollEntry = {
  readonly leaf: RollLeaf;
  readonly opening: RollOpening;
  /** How often its holders were corrected after the freeze. */
  readonly corrections: number;
};

/** Checks a served entry against the frozen roll; `root` is 32 bytes in base64url. */
export function checkRollEntry(
  entry: Served,
  roll: { readonly meeting: string; readonly root: string; readonly size: number },
  trust: LogTrust,
): Result<CheckedRollEntry, Refusal<RollEntryCode>> {
  const bytes = bytesOf(entry.leaf);
  const parsed = rollLeafForm.parse(bytes);
  if (!parsed.ok) return refuse('ROLL_LEAF', parsed.refusal.where);
  const leaf = parsed.value;
  if (leaf.entitlement !== entry.entitlement || leaf.meeting !== roll.meeting) return refuse('ROLL_LEAF');
  const proof = entry.inclusion.map(bytesOf);
  const isIn =
    entry.size === roll.size &&
    verifyInclusion(leafHash(bytes), entry.index, roll.size, bytesOf(roll.root), proof);
  if (!isIn) return refuse('ROLL_INCLUSION');
  const opening = rollOpeningForm.parse(bytesOf(entry.opening));
  if (!opening.ok || opening.value.entitlement !== leaf.entitlement) return refuse('ROLL_OPENING');
  const inForce = leafInForce(entry, leaf, trust);
  if (!inForce.ok) return inForce;
  const { holders, holdersSalt, voter, voterSalt } = opening.value;
  const opens =
    holdersHash(holdersSalt, holders) === inForce.value.holders &&
    voterHash(voterSalt, voter) === inForce.value.voter;
  return opens
    ? ok({ leaf, opening: opening.value, corrections: entry.corrections.length })
    : refuse('ROLL_OPENING');
}
