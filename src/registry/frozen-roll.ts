/** Reading a frozen roll: leaves, weights, what opens them, and their proofs (SPEC 4.1, 4.2, 4.5). */
import { assert, present } from '../base/assert.ts';
import { compareText, toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { RollOpening } from '../record/identity.ts';
import { HASH_BYTES, hashAt } from '../record/merkle.ts';
import type { RollLeaf } from '../record/roll.ts';
import { rollLeafForm } from '../record/roll.ts';
import type { ProposalTotals } from './domain/roll-leaves.ts';
import { correctionHolders, correctionsInForce } from './store/roll-corrections.ts';
import {
  frozenEntries,
  frozenEntriesOfPerson,
  frozenEntry,
  frozenHolders,
  frozenRoll,
  frozenSalts,
  standingsOnRolls,
} from './store/rolls.ts';

/** A leaf of a frozen roll; `bytes` are what the root covers at `index`. */
export type FrozenLeaf = {
  readonly entitlement: string;
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: RollLeaf;
};

type LeafRow = { readonly entitlement_id: string; readonly position: number; readonly leaf: Uint8Array };

function frozenLeaf(row: LeafRow): FrozenLeaf {
  const parsed = rollLeafForm.parse(row.leaf);
  assert(parsed.ok, `the leaf of ${row.entitlement_id} is ours`);
  return { entitlement: row.entitlement_id, index: row.position, bytes: row.leaf, leaf: parsed.value };
}

/** The frozen roll's root, size and totals, or undefined before the freeze. */
export async function rollRootOf(
  db: Database,
  community: string,
  meeting: string,
): Promise<
  | {
      readonly root: string;
      readonly size: number;
      readonly totals: readonly ProposalTotals[];
      readonly countSpecialSpaces: boolean;
      readonly entryId: bigint;
    }
  | undefined
> {
  const row = await frozenRoll(db, community, meeting);
  if (row === undefined) return undefined;
  return {
    root: toBase64Url(row.root),
    size: row.size,
    totals: JSON.parse(row.totals) as readonly ProposalTotals[],
    countSpecialSpaces: row.count_special_spaces,
    entryId: present(row.entry_id, 'frozen'),
  };
}

/** All leaves in their order; none before the freeze. */
export const frozenLeaves = async (
  db: Database,
  community: string,
  meeting: string,
): Promise<readonly FrozenLeaf[]> => (await frozenEntries(db, community, meeting)).map(frozenLeaf);

/** The leaf of an entitlement, or undefined. */
export async function leafOfEntitlement(
  db: Database,
  community: string,
  meeting: string,
  entitlement: string,
): Promise<FrozenLeaf | undefined> {
  const row = await frozenEntry(db, community, meeting, entitlement);
  return row === undefined ? undefined : frozenLeaf(row);
}

/** The entitlements that a person holds now, alone or with others; the leaves are those under the root, whatever was corrected. */
export const entitlementsOfPerson = async (
  db: Database,
  community: string,
  meeting: string,
  person: string,
): Promise<readonly FrozenLeaf[]> =>
  (await frozenEntriesOfPerson(db, community, meeting, person)).map(frozenLeaf);

/** What opens the leaves of a roll: for named auditors, or of one entitlement for its holder. */
export async function openingsOf(
  db: Database,
  community: string,
  meeting: string,
  entitlement?: string,
): Promise<readonly RollOpening[]> {
  const holders = new Map<string, { person: string; identity: string }[]>();
  for (const row of await frozenHolders(db, community, meeting, entitlement)) {
    const list = holders.get(row.entitlement_id) ?? [];
    holders.set(row.entitlement_id, list);
    list.push({ person: row.person_id, identity: toBase64Url(row.identity) });
  }
  // The commitment's order is that of code units, which the database's collation need not share.
  for (const list of holders.values()) list.sort((a, b) => compareText(a.person, b.person));
  return (await frozenSalts(db, community, meeting, entitlement)).map((row) => ({
    entitlement: row.entitlement_id,
    holdersSalt: toBase64Url(row.holders_salt),
    holders: present(holders.get(row.entitlement_id), 'every entitlement has holders'),
    voterSalt: toBase64Url(row.voter_salt),
    voter: row.voter,
  }));
}

/** Everybody who held an entitlement since the freeze, by entitlement: as frozen, and by each correction. */
export async function everyHolderOf(
  db: Database,
  community: string,
  meeting: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const holders = new Map<string, Set<string>>();
  const add = (entitlement: string, person: string): void => {
    const known = holders.get(entitlement) ?? new Set();
    holders.set(entitlement, known);
    known.add(person);
  };
  for (const row of await frozenHolders(db, community, meeting)) add(row.entitlement_id, row.person_id);
  const corrections = await correctionsInForce(db, community, meeting);
  const entitlementOf = new Map(corrections.map((row) => [row.correction_id, row.entitlement_id]));
  for (const row of await correctionHolders(db, community, [...entitlementOf.keys()]))
    add(present(entitlementOf.get(row.correction_id), 'asked for'), row.person_id);
  return holders;
}

/** What opens one leaf, or undefined. */
export const openingOf = async (
  db: Database,
  community: string,
  meeting: string,
  entitlement: string,
): Promise<RollOpening | undefined> => (await openingsOf(db, community, meeting, entitlement))[0];

/** The inclusion proof of an entitlement's leaf, as RFC 6962 has it: the leaf's sibling first. */
export type RollInclusion = {
  readonly index: number;
  readonly size: number;
  readonly root: string;
  readonly proof: readonly string[];
};

/** The proof that an entitlement stands on the frozen roll, or undefined. */
export async function rollInclusion(
  db: Database,
  community: string,
  meeting: string,
  entitlement: string,
): Promise<RollInclusion | undefined> {
  const row = await frozenEntry(db, community, meeting, entitlement);
  if (row === undefined) return undefined;
  const proof = Array.from({ length: row.proof.length / HASH_BYTES }, (_, at) =>
    toBase64Url(hashAt(row.proof, at)),
  );
  return { index: row.position, size: row.size, root: toBase64Url(row.root), proof };
}

/** An entitlement on a frozen roll. */
export type RollQuestion = {
  readonly community: string;
  readonly meeting: string;
  readonly entitlement: string;
};

/** What the roll answers: `voter` is the person designated, or empty; the holders' identities by person. */
export type RollStanding = {
  readonly leaf: RollLeaf;
  readonly voter: string;
  /** The correction in force, or empty where the leaf is as it was frozen (SPEC 4.4). */
  readonly correction: string;
  readonly holders: ReadonlyMap<string, string>;
};

/** How some entitlements stand on their rolls, in the order asked; undefined where one is not on the roll. */
export async function standingsOf(
  db: Database,
  questions: readonly RollQuestion[],
): Promise<readonly (RollStanding | undefined)[]> {
  const rows = await standingsOnRolls(db, {
    communities: questions.map(({ community }) => community),
    meetings: questions.map(({ meeting }) => meeting),
    entitlements: questions.map(({ entitlement }) => entitlement),
  });
  const standings: (RollStanding | undefined)[] = questions.map(() => undefined);
  for (const { place, leaf, voter, correction, persons, identities } of rows) {
    const holders = persons.map((person, at): [string, string] => [
      person,
      toBase64Url(present(identities[at], 'each holder has an identity')),
    ]);
    standings[place - 1] = {
      leaf: rollLeafForm.own(leaf),
      voter,
      correction: correction ?? '',
      holders: new Map(holders),
    };
  }
  return standings;
}
