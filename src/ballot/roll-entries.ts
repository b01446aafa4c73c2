/** An owner's own entries of a frozen roll, with their proofs: from the freeze on, whatever the meeting's state (SPEC 4.5). */
import { readMeeting } from '../assembly/meetings.ts';
import { listEntries } from '../auditlog/entries.ts';
import { receiptOf } from '../auditlog/proving.ts';
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { RollOpening } from '../record/identity.ts';
import { rollOpeningForm } from '../record/identity.ts';
import type { FrozenLeaf, RollInclusion } from '../registry/frozen-roll.ts';
import { entitlementsOfPerson, openingOf, rollInclusion } from '../registry/frozen-roll.ts';
import type { CorrectionInForce } from '../registry/roll-corrections.ts';
import { rollCorrections } from '../registry/roll-corrections.ts';
import type { BallotDeps } from './ballot-deps.ts';
import type { RollEntryAnswer } from './roll-contract.ts';

type Provable = {
  readonly entitlement: string;
  readonly leaf: Uint8Array;
  readonly inclusion: RollInclusion;
  readonly corrections: readonly CorrectionInForce[];
  readonly opening: RollOpening;
};

/** An entry of the log with its proof, both empty before a checkpoint covers it. */
async function proven(deps: BallotDeps, entryId: bigint): Promise<{ entry: string; proof: string }> {
  const receipt = await receiptOf(deps.log, entryId);
  return receipt.ok
    ? { entry: toBase64Url(receipt.value.bytes), proof: receipt.value.text }
    : { entry: '', proof: '' };
}

/** An entitlement of a roll as pages are served it. */
export const servedEntry = async (
  deps: BallotDeps,
  { entitlement, leaf, inclusion, corrections, opening }: Provable,
): Promise<RollEntryAnswer['entries'][number]> => ({
  entitlement,
  leaf: toBase64Url(leaf),
  index: inclusion.index,
  size: inclusion.size,
  inclusion: [...inclusion.proof],
  corrections: await Promise.all(
    corrections.map(async (each) => ({
      leaf: toBase64Url(each.leaf),
      ...(await proven(deps, each.entryId)),
    })),
  ),
  opening: toBase64Url(rollOpeningForm.bytes(opening)),
});

async function provableOf(
  { db }: BallotDeps,
  community: string,
  meeting: string,
  { entitlement, bytes }: FrozenLeaf,
): Promise<Provable> {
  const corrections = await rollCorrections(db, community, meeting, entitlement);
  const frozen = await openingOf(db, community, meeting, entitlement);
  return {
    entitlement,
    leaf: bytes,
    inclusion: present(await rollInclusion(db, community, meeting, entitlement), 'on the roll'),
    corrections,
    opening: corrections.at(-1)?.line.opening ?? present(frozen, 'on the roll'),
  };
}

/** The owner's entries of a meeting's frozen roll; `ROLL_UNKNOWN` before the freeze. */
export async function ownRollEntries(
  deps: BallotDeps,
  owner: { readonly community: string; readonly person: string },
  meetingId: string,
): Promise<Result<RollEntryAnswer, Refusal<'MEETING_UNKNOWN' | 'ROLL_UNKNOWN'>>> {
  const meeting = await readMeeting(deps.db, meetingId);
  // To owners a draft is not there.
  if (meeting === undefined || meeting.community !== owner.community || meeting.state === 'draft')
    return refuse('MEETING_UNKNOWN');
  const [frozen] = await listEntries(deps.db, { meeting: meetingId, kinds: ['roll.frozen'] });
  if (frozen === undefined) return refuse('ROLL_UNKNOWN');
  const { entry, proof } = await proven(deps, frozen.entryId);
  const leaves = await entitlementsOfPerson(deps.db, owner.community, meetingId, owner.person);
  const entries: RollEntryAnswer['entries'] = [];
  for (const leaf of leaves)
    entries.push(await servedEntry(deps, await provableOf(deps, owner.community, meetingId, leaf)));
  return ok({ person: owner.person, frozenEntry: entry, frozenProof: proof, entries });
}
