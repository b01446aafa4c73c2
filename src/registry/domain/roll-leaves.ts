/** The roll of a meeting from the register: heads, leaves, totals and proofs (SPEC 4.1–4.3; Judicial Interpretation art. 8, 9). */
import { present } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import type { Holder } from '../../record/identity.ts';
import { holdersHash, voterHash } from '../../record/identity.ts';
import type { Scope } from '../../record/meeting.ts';
import { leafHash, nodeHash } from '../../record/merkle.ts';
import type { RollLeaf, RollUnit } from '../../record/roll.ts';
import { byEntitlement, rollLeafForm, weightOf } from '../../record/roll.ts';
import type { UnitState } from './head.ts';
import { groupHeads } from './head.ts';

/** A unit of the register; `owners` are ids of persons. Area in dm². */
export type RegistryUnit = Omit<RollUnit, 'areaDm2'> & {
  readonly areaDm2: bigint;
  readonly state: UnitState;
  readonly owners: readonly string[];
};

/** Why a unit cannot stand on a roll: nobody owns it, it has no area, or the developer who votes for it is unknown. */
export type UnitFault = {
  readonly unit: string;
  readonly building: string;
  readonly stair: string;
  readonly room: string;
  readonly fault: 'NO_OWNER' | 'NO_AREA' | 'NO_DEVELOPER';
};

/** What is drawn fresh for each entitlement; salts are 16 bytes in base64url. */
export type EntitlementDraw = {
  readonly entitlement: string;
  readonly holdersSalt: string;
  readonly voterSalt: string;
};

/** An entitlement with its leaf and what opens it. Nobody is designated yet, so any holder may vote. */
export type DraftedEntitlement = EntitlementDraw & {
  readonly leaf: RollLeaf;
  readonly bytes: Uint8Array;
  readonly holders: readonly Holder[];
};

const padded = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(8, '0'));

/** Order of units for people: 2栋 before 10栋, room 301 before 1101. */
export const byPlace = (
  a: Pick<RollUnit, 'building' | 'stair' | 'room'>,
  b: Pick<RollUnit, 'building' | 'stair' | 'room'>,
): number =>
  compareText(padded(a.building), padded(b.building)) ||
  compareText(padded(a.stair), padded(b.stair)) ||
  compareText(padded(a.room), padded(b.room));

const headUnits = (units: readonly RegistryUnit[]) =>
  units.map(({ unit, owners, state }) => ({ unit, holders: owners, state }));

/** Every unit at fault, each once, in the order given. */
export function unitFaults(units: readonly RegistryUnit[]): readonly UnitFault[] {
  const ownerless = new Set(
    groupHeads(headUnits(units))
      .filter((head) => head.basis === 'developer-stock' && head.holders.length === 0)
      .flatMap((head) => head.units),
  );
  return units.flatMap(({ unit, building, stair, room, areaDm2, owners }): readonly UnitFault[] => {
    const place = { unit, building, stair, room };
    if (areaDm2 <= 0n) return [{ ...place, fault: 'NO_AREA' }];
    if (ownerless.has(unit)) return [{ ...place, fault: 'NO_DEVELOPER' }];
    return owners.length === 0 ? [{ ...place, fault: 'NO_OWNER' }] : [];
  });
}

/**
 * The leaves of a roll, sorted by entitlement; the units must be without fault. Heads draw in the order of their first place, so that
 * equal draws make an equal roll, in whatever order the units come.
 */
export function draftEntitlements(
  meeting: string,
  units: readonly RegistryUnit[],
  identities: ReadonlyMap<string, string>,
  draw: () => EntitlementDraw,
): readonly DraftedEntitlement[] {
  const byId = new Map(units.map((unit) => [unit.unit, unit]));
  const placed = units.toSorted((a, b) => byPlace(a, b) || compareText(a.unit, b.unit));
  const drafted = groupHeads(headUnits(placed)).map(({ basis, holders: persons, units: ids }) => {
    const { entitlement, holdersSalt, voterSalt } = draw();
    const holders = persons.map((person) => ({
      person,
      identity: present(identities.get(person), 'an owner is a person of the register'),
    }));
    const leaf: RollLeaf = {
      v: 1,
      kind: 'roll',
      meeting,
      entitlement,
      basis,
      units: ids
        .map((unit) => present(byId.get(unit), 'heads name their units'))
        .sort(byPlace)
        .map(rollUnitOf),
      holders: holdersHash(holdersSalt, holders),
      voter: voterHash(voterSalt, ''),
    };
    return { entitlement, holdersSalt, voterSalt, leaf, bytes: rollLeafForm.bytes(leaf), holders };
  });
  return drafted.sort(byEntitlement);
}

const rollUnitOf = ({ unit, building, stair, room, kind, areaDm2, areaSource }: RegistryUnit): RollUnit => ({
  unit,
  building,
  stair,
  room,
  kind,
  areaDm2: areaDm2.toString(),
  areaSource,
});

/** What a proposal's base weighs: Σ area in dm² and heads (SPEC 4.3). */
export type ProposalTotals = { readonly proposal: string; readonly areaDm2: string; readonly heads: number };

/** The totals of each proposal over the whole roll. */
export const totalsOf = (
  leaves: readonly RollLeaf[],
  proposals: readonly { readonly proposal: string; readonly scope: Scope }[],
  countSpecialSpaces: boolean,
): readonly ProposalTotals[] =>
  proposals.map(({ proposal, scope }) => {
    let [areaDm2, heads] = [0n, 0];
    for (const leaf of leaves) {
      const weight = weightOf(leaf, scope, countSpecialSpaces);
      areaDm2 += weight.areaDm2;
      heads += weight.heads;
    }
    return { proposal, areaDm2: areaDm2.toString(), heads };
  });

/** The RFC 6962 root over leaves, and each leaf's inclusion proof, its sibling first; at least one leaf. */
export function proveAll(leaves: readonly Uint8Array[]): {
  readonly root: Uint8Array;
  readonly proofs: readonly (readonly Uint8Array[])[];
} {
  const hashes = leaves.map(leafHash);
  const proofs = leaves.map((): Uint8Array[] => []);
  const climb = (from: number, to: number): Uint8Array => {
    if (to - from === 1) return present(hashes[from], 'inside the tree');
    let half = 1;
    while (half * 2 < to - from) half *= 2;
    const [left, right] = [climb(from, from + half), climb(from + half, to)];
    // Proofs of the levels below stand already, so each list grows from its leaf upwards.
    for (let at = from; at < to; at += 1) proofs[at]?.push(at < from + half ? right : left);
    return nodeHash(left, right);
  };
  return { root: climb(0, leaves.length), proofs };
}
