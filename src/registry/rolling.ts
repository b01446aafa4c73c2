/** The roll of a meeting: drafted from the register in force, frozen by two officers (SPEC 4; Judicial Interpretation art. 9). */
import { assert, present } from '../base/assert.ts';
import { concat, fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { Scope } from '../record/meeting.ts';
import type { DraftedEntitlement, ProposalTotals } from './domain/roll-leaves.ts';
import { draftEntitlements, proveAll, totalsOf, unitFaults } from './domain/roll-leaves.ts';
import type { RollRefusal } from './refusals.ts';
import { lockCommunity, registerInForce } from './store/communities.ts';
import { countMergeMoves } from './store/merges.ts';
import { openRequests } from './store/roll-requests.ts';
import { freezeRoll, frozenRoll, insertRoll, rollById } from './store/rolls.ts';
import { ownersInForce } from './store/units.ts';
import { registryUnits } from './units.ts';

export type NewRoll = {
  readonly community: string;
  readonly meeting: string;
  readonly proposals: readonly { readonly proposal: string; readonly scope: Scope }[];
  /** Whether parking and storage carry weight, by the meeting's profile. */
  readonly countSpecialSpaces: boolean;
  readonly draftedBy: string;
  /** Who convenes the meeting, and so which two officers freeze its roll (SPEC 2.4). */
  readonly convenerRole?: 'committee' | 'street';
  /** Why it may be frozen though requests of owners are open: seen by whoever signs, and stands for later ones too (SPEC 4.4). */
  readonly unanswered?: string | undefined;
};

export type DraftedRoll = {
  readonly act: string;
  readonly roll: string;
  readonly root: string;
  readonly size: number;
  readonly totals: readonly ProposalTotals[];
};

/** Draws the roll up and drafts its act; the register stays locked until the caller commits. */
export async function draftRoll(
  tx: Tx,
  deps: OfficerDeps,
  request: NewRoll,
): Promise<Result<DraftedRoll, RollRefusal>> {
  const { community, meeting, proposals, countSpecialSpaces, draftedBy, convenerRole, unanswered } = request;
  if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
  if ((await frozenRoll(tx, community, meeting)) !== undefined) return refuse('ROLL_FROZEN_ALREADY');
  const open = await openRequests(tx, community, meeting);
  if (open > 0 && unanswered === undefined) return refuse('ROLL_REQUESTS_OPEN', undefined, { open });
  const register = await registerInForce(tx, community);
  if (register === undefined) return refuse('REGISTER_MISSING');
  const units = await registryUnits(tx, community);
  const faults = unitFaults(units);
  const [first] = faults;
  if (first !== undefined) {
    const where = [first.building, first.stair, first.room].join(' ').replace(/\s+/g, ' ');
    return {
      ok: false,
      refusal: { code: 'ROLL_UNIT_AT_FAULT', where, facts: { units: faults.length }, faults },
    };
  }
  const identities = new Map(
    (await ownersInForce(tx, community)).map((row) => [row.person_id, toBase64Url(row.identity)]),
  );
  const drafted = draftEntitlements(meeting, units, identities, () => ({
    entitlement: newId(deps.random),
    holdersSalt: toBase64Url(deps.random(16)),
    voterSalt: toBase64Url(deps.random(16)),
  }));
  const totals = totalsOf(
    drafted.map(({ leaf }) => leaf),
    proposals,
    countSpecialSpaces,
  );
  const empty = totals.find(({ heads }) => heads === 0);
  if (empty !== undefined) return refuse('ROLL_SCOPE_EMPTY', empty.proposal);
  const { root, proofs } = proveAll(drafted.map(({ bytes }) => bytes));
  const roll = newId(deps.random);
  await insertRoll(
    tx,
    {
      community_id: community,
      roll_id: roll,
      meeting_id: meeting,
      register_id: register.register_id,
      count_special_spaces: countSpecialSpaces,
      root,
      size: drafted.length,
      totals: JSON.stringify(totals),
      drafted_by: draftedBy,
      drafted_at_ms: BigInt(deps.clock()),
    },
    drafted.map((each, at) => entryRow(community, roll, at, each, present(proofs[at], 'one for each leaf'))),
    drafted.flatMap((each) => holderRows(community, roll, each)),
  );
  const entry = {
    v: 1,
    kind: 'roll.frozen',
    community,
    meeting,
    root: toBase64Url(root),
    size: drafted.length,
    totals,
  } as const;
  const act = await draftAct(tx, deps, {
    entry,
    details: {
      roll,
      merges: String(await countMergeMoves(tx, community)),
      ...(unanswered === undefined ? {} : { unanswered }),
    },
    draftedBy,
    ...(convenerRole === undefined ? {} : { convenerRole }),
  });
  return ok({ act, roll, root: entry.root, size: entry.size, totals });
}

const bytesOf = (text: string): Uint8Array => present(fromBase64Url(text), 'own base64url');

const entryRow = (
  community: string,
  roll: string,
  position: number,
  drafted: DraftedEntitlement,
  proof: readonly Uint8Array[],
) => ({
  community_id: community,
  roll_id: roll,
  entitlement_id: drafted.entitlement,
  position,
  leaf: drafted.bytes,
  proof: concat(...proof),
  holders_salt: bytesOf(drafted.holdersSalt),
  voter_salt: bytesOf(drafted.voterSalt),
  voter: '',
});

const holderRows = (community: string, roll: string, { entitlement, holders }: DraftedEntitlement) =>
  holders.map(({ person, identity }) => ({
    community_id: community,
    roll_id: roll,
    entitlement_id: entitlement,
    person_id: person,
    identity: bytesOf(identity),
  }));

type FreezeCode = 'ROLL_FROZEN_ALREADY' | 'ROLL_REGISTER_SUPERSEDED' | 'ROLL_REQUESTS_OPEN';

/**
 * Freezes the roll of a signed act, where the register that it was drawn from is still in force: owners' corrections come as a new one.
 * A request that came in since it was drawn up holds it up as well (SPEC 4.4).
 */
export async function applyRoll(
  tx: Tx,
  _deps: OfficerDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, Refusal<FreezeCode>>> {
  const { entry } = act;
  assert(entry.kind === 'roll.frozen', `${act.kind} is no roll`);
  await lockCommunity(tx, entry.community);
  const roll = present(
    await rollById(tx, entry.community, act.details['roll'] ?? ''),
    'the act was drafted with its roll',
  );
  assert(
    toBase64Url(roll.root) === entry.root && roll.meeting_id === entry.meeting,
    'the act names its roll',
  );
  if ((await frozenRoll(tx, entry.community, entry.meeting)) !== undefined)
    return refuse('ROLL_FROZEN_ALREADY');
  const register = present(await registerInForce(tx, entry.community), 'the roll was drawn from one');
  if (register.register_id !== roll.register_id) return refuse('ROLL_REGISTER_SUPERSEDED');
  // Two who are one by now, or one who is two, were counted otherwise when it was drawn up.
  if ((act.details['merges'] ?? '0') !== String(await countMergeMoves(tx, entry.community)))
    return refuse('ROLL_REGISTER_SUPERSEDED');
  if (act.details['unanswered'] === undefined && (await openRequests(tx, entry.community, entry.meeting)) > 0)
    return refuse('ROLL_REQUESTS_OPEN');
  await freezeRoll(tx, entry.community, roll.roll_id, entryId);
  return ok(undefined);
}
