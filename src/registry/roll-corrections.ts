/**
 * Corrections of a frozen roll: a title passed by sale or death, so that other persons hold an entitlement; nothing else of it ever
 * changes (SPEC 4.4). The meeting's state and the chain are judged one floor up, where the entitlement is locked.
 */
import { listEntries } from '../auditlog/entries.ts';
import { assert, present } from '../base/assert.ts';
import { compareText, concat, fromBase64Url, sameBytes, toBase64Url, utf8 } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sealAtRest } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import type { CorrectionLine } from '../record/bundle-lines.ts';
import type { CorrectionGround } from '../record/correction.ts';
import { correctionForm, correctionHash, documentHash } from '../record/correction.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { Holder } from '../record/identity.ts';
import { holdersHash, voterHash } from '../record/identity.ts';
import { leafHash } from '../record/merkle.ts';
import type { RollLeaf } from '../record/roll.ts';
import { rollLeafForm } from '../record/roll.ts';
import { documentPlace, holdersOf, openingIn } from './correction-opening.ts';
import { frozenLeaves, leafOfEntitlement, openingOf } from './frozen-roll.ts';
import type { RegistryRefusal } from './refusals.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { lockCommunity } from './store/communities.ts';
import {
  correctionById,
  correctionHolders,
  correctionsInForce,
  enterCorrection,
  insertCorrection,
} from './store/roll-corrections.ts';
import { frozenRoll } from './store/rolls.ts';
import { ownersInForce } from './store/units.ts';
import { registryUnits } from './units.ts';

/** What an officer asks for; `reference` names the document that he has seen. */
export type NewCorrection = {
  readonly community: string;
  readonly meeting: string;
  readonly entitlement: string;
  readonly ground: CorrectionGround;
  readonly reference: string;
  readonly draftedBy: string;
  readonly convenerRole: 'committee' | 'street';
};

export type DraftedCorrection = {
  readonly act: string;
  readonly correction: string;
  readonly entitlement: string;
};

const bytesOf = (text: string): Uint8Array => present(fromBase64Url(text), 'own base64url');

/** The owners of a head's units in the register in force, where all its units have the same. */
async function ownersOfHead(
  tx: Tx,
  community: string,
  leaf: RollLeaf,
): Promise<Result<readonly Holder[], RegistryRefusal>> {
  const ids = leaf.units.map(({ unit }) => unit);
  const units = await registryUnits(tx, community, ids);
  const sets = new Set(units.map(({ owners }) => owners.toSorted(compareText).join(' ')));
  const [owners] = [...sets];
  if (units.length !== ids.length || owners === undefined || owners === '')
    return refuse('CORRECTION_NO_OWNER');
  if (sets.size > 1) return refuse('CORRECTION_UNITS_APART');
  const identities = new Map(
    (await ownersInForce(tx, community)).map((row) => [row.person_id, toBase64Url(row.identity)]),
  );
  return ok(
    owners
      .split(' ')
      .map((person) => ({ person, identity: present(identities.get(person), 'an owner is a person') })),
  );
}

type InForce = { readonly hash: string; readonly holders: readonly Holder[] };

/** The leaf hash and the holders of an entitlement as they are now. */
async function inForceOf(
  tx: Tx,
  request: { readonly community: string; readonly meeting: string; readonly entitlement: string },
): Promise<InForce> {
  const { community, meeting, entitlement } = request;
  const last = (await correctionsInForce(tx, community, meeting, entitlement)).at(-1);
  if (last !== undefined) {
    const rows = await correctionHolders(tx, community, [last.correction_id]);
    return { hash: toBase64Url(leafHash(last.leaf)), holders: holdersOf(rows) };
  }
  const leaf = present(await leafOfEntitlement(tx, community, meeting, entitlement), 'on the roll');
  const opening = present(await openingOf(tx, community, meeting, entitlement), 'on the roll');
  return { hash: toBase64Url(leafHash(leaf.bytes)), holders: opening.holders };
}

const sameHolders = (a: readonly Holder[], b: readonly Holder[]): boolean =>
  a.length === b.length &&
  a.every((one, at) => one.person === b[at]?.person && one.identity === b[at]?.identity);

/** The entitlement of a frozen roll that a unit belongs to, or undefined. */
export const entitlementOfUnit = async (
  db: Database,
  community: string,
  meeting: string,
  unit: string,
): Promise<string | undefined> =>
  (await frozenLeaves(db, community, meeting)).find(({ leaf }) =>
    leaf.units.some((each) => each.unit === unit),
  )?.entitlement;

/** What `toBeCorrected` found. */
export type ToCorrect = {
  readonly frozen: NonNullable<Awaited<ReturnType<typeof leafOfEntitlement>>>;
  readonly roll: NonNullable<Awaited<ReturnType<typeof frozenRoll>>>;
  readonly before: InForce;
  readonly owners: readonly Holder[];
};

/** What a correction would change: the holders, where the owners in the register in force are others. */
export async function toBeCorrected(
  tx: Tx,
  { community, meeting, entitlement }: Pick<NewCorrection, 'community' | 'meeting' | 'entitlement'>,
): Promise<Result<ToCorrect, RegistryRefusal>> {
  if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
  const roll = await frozenRoll(tx, community, meeting);
  if (roll === undefined) return refuse('ROLL_UNKNOWN');
  const frozen = await leafOfEntitlement(tx, community, meeting, entitlement);
  if (frozen === undefined) return refuse('CORRECTION_UNIT_UNKNOWN');
  const owners = await ownersOfHead(tx, community, frozen.leaf);
  if (!owners.ok) return owners;
  const before = await inForceOf(tx, { community, meeting, entitlement });
  if (sameHolders(before.holders, owners.value)) return refuse('CORRECTION_NOTHING');
  return ok({ frozen, roll, before, owners: owners.value });
}

/** Drafts a correction for its two officers: the holders are the owners in the register in force. */
export async function draftCorrection(
  tx: Tx,
  deps: RegistryDeps,
  request: NewCorrection,
  { frozen, roll, before, owners }: ToCorrect,
): Promise<Result<DraftedCorrection, RegistryRefusal>> {
  const { community, meeting, entitlement, ground, draftedBy, convenerRole } = request;
  const [correction, salt] = [newId(deps.random), deps.random(16)];
  const [holdersSalt, voterSalt] = [deps.random(16), deps.random(16)];
  const reference = request.reference.normalize('NFC');
  const leaf = rollLeafForm.bytes({
    ...frozen.leaf,
    holders: holdersHash(toBase64Url(holdersSalt), owners),
    voter: voterHash(toBase64Url(voterSalt), ''),
  });
  const bytes = correctionForm.bytes({
    v: 1,
    kind: 'correction',
    community,
    meeting,
    entitlement,
    ground,
    documentHash: documentHash(salt, reference),
    nonce: toBase64Url(deps.random(16)),
  });
  await insertCorrection(
    tx,
    {
      community_id: community,
      correction_id: correction,
      meeting_id: meeting,
      roll_id: roll.roll_id,
      entitlement_id: entitlement,
      leaf,
      holders_salt: holdersSalt,
      voter_salt: voterSalt,
      correction: bytes,
      sealed_document: sealAtRest(
        deps.atRest,
        documentPlace(community, correction),
        concat(salt, utf8(reference)),
        deps.random,
      ),
      drafted_by: draftedBy,
      drafted_at_ms: BigInt(deps.clock()),
    },
    owners.map(({ person, identity }) => ({
      community_id: community,
      correction_id: correction,
      person_id: person,
      identity: bytesOf(identity),
    })),
  );
  const entry: UnsignedEntry<'roll.corrected'> = {
    v: 1,
    kind: 'roll.corrected',
    community,
    meeting,
    entitlement,
    index: frozen.index,
    oldLeaf: before.hash,
    newLeaf: toBase64Url(leafHash(leaf)),
    correctionHash: correctionHash(bytes),
  };
  const act = await draftAct(tx, deps, { entry, details: { correction }, convenerRole, draftedBy });
  return ok({ act, correction, entitlement });
}

/** Puts a signed correction in force, where the leaf that it replaces and the register that it follows still are. */
export async function applyCorrection(
  tx: Tx,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, RegistryRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'roll.corrected', `${act.kind} is no correction`);
  const { community, meeting, entitlement } = entry;
  const row = present(
    await correctionById(tx, community, act.details['correction'] ?? ''),
    'the act was drafted with its correction',
  );
  assert(
    sameBytes(leafHash(row.leaf), bytesOf(entry.newLeaf)) && row.entitlement_id === entitlement,
    'the act names its correction',
  );
  const before = await inForceOf(tx, { community, meeting, entitlement });
  if (before.hash !== entry.oldLeaf) return refuse('CORRECTION_MOVED');
  const owners = await ownersOfHead(tx, community, rollLeafForm.own(row.leaf));
  const holders = holdersOf(await correctionHolders(tx, community, [row.correction_id]));
  if (!owners.ok || !sameHolders(owners.value, holders)) return refuse('CORRECTION_MOVED');
  await enterCorrection(tx, community, row.correction_id, entryId);
  return ok(undefined);
}

/** A correction in force: the leaf's bytes, and its row in the log. */
export type CorrectionInForce = {
  readonly entitlement: string;
  readonly leaf: Uint8Array;
  readonly entryId: bigint;
  readonly line: CorrectionLine;
};

/** The corrections of a meeting's roll, or of one entitlement, in log order, with what opens each leaf. */
export async function rollCorrections(
  db: Database,
  community: string,
  meeting: string,
  entitlement?: string,
): Promise<readonly CorrectionInForce[]> {
  const rows = await correctionsInForce(db, community, meeting, entitlement);
  const holders = await correctionHolders(
    db,
    community,
    rows.map((row) => row.correction_id),
  );
  return rows.map((row) => ({
    entitlement: row.entitlement_id,
    leaf: row.leaf,
    entryId: present(row.entry_id, 'in force'),
    line: {
      correction: toBase64Url(row.correction),
      leaf: toBase64Url(row.leaf),
      opening: openingIn(row, holders),
    },
  }));
}

/** The entitlements that were corrected and the leaf hashes of their entries, in log order, as the record of a tally lists them. */
export async function correctedEntitlements(
  db: Database,
  community: string,
  meeting: string,
): Promise<readonly { readonly entitlement: string; readonly entry: string }[]> {
  const rows = new Map(
    (await correctionsInForce(db, community, meeting)).map((row) => [row.entry_id, row.entitlement_id]),
  );
  return (await listEntries(db, { meeting, kinds: ['roll.corrected'] })).map(
    ({ entryId, leafHash: entry }) => ({
      entitlement: present(rows.get(entryId), 'an entry has its correction'),
      entry: toBase64Url(entry),
    }),
  );
}
