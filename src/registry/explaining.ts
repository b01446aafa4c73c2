/** Who holds an entitlement at a place of the log, with what proves it; and how a person is reached (SPEC 3.7, 4.1, 4.4). */
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { EntryOf } from '../record/entry.ts';
import type { StatementKind } from '../record/holders-line.ts';
import { holdersLineForm } from '../record/holders-line.ts';
import type { RollUnit } from '../record/roll.ts';
import { leafOfEntitlement, openingOf, rollInclusion } from './frozen-roll.ts';
import type { Contact } from './persons.ts';
import { openContact, readPersonOfRecord } from './persons.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { communityById } from './store/communities.ts';
import { correctionHolders, correctionsInForce } from './store/roll-corrections.ts';
import { unitsOfPerson } from './units.ts';

type Entitled = { readonly community: string; readonly meeting: string; readonly entitlement: string };

/** The holders as frozen. */
async function frozenLine(
  db: Database,
  { community, meeting, entitlement }: Entitled,
): Promise<Uint8Array | undefined> {
  const leaf = await leafOfEntitlement(db, community, meeting, entitlement);
  const inclusion = await rollInclusion(db, community, meeting, entitlement);
  const opening = await openingOf(db, community, meeting, entitlement);
  if (leaf === undefined || inclusion === undefined || opening === undefined) return undefined;
  return holdersLineForm.bytes({
    v: 1,
    kind: 'holders',
    leaf: toBase64Url(leaf.bytes),
    index: leaf.index,
    proof: [...inclusion.proof],
    holdersSalt: opening.holdersSalt,
    holders: [...opening.holders],
  });
}

/** Holders lines of an entitlement as they followed each other in the log: as frozen, then of each correction with its entry. */
async function holdersLines(
  db: Database,
  entitled: Entitled,
): Promise<readonly { readonly line: Uint8Array; readonly entryId: bigint }[]> {
  const { community, meeting, entitlement } = entitled;
  const frozen = await frozenLine(db, entitled);
  if (frozen === undefined) return [];
  const corrections = await correctionsInForce(db, community, meeting, entitlement);
  const holders = await correctionHolders(
    db,
    community,
    corrections.map((row) => row.correction_id),
  );
  const lines = corrections.map((row) => ({
    entryId: present(row.entry_id, 'in force'),
    line: holdersLineForm.bytes({
      v: 1,
      kind: 'holders',
      leaf: toBase64Url(row.leaf),
      index: 0,
      proof: [],
      holdersSalt: toBase64Url(row.holders_salt),
      holders: holders
        .filter((holder) => holder.correction_id === row.correction_id)
        .map((holder) => ({ person: holder.person_id, identity: toBase64Url(holder.identity) })),
    }),
  }));
  return [{ line: frozen, entryId: 0n }, ...lines];
}

/** The line of the holders whom a cast, a paper or a void concerns: those at its own place in the log. */
export async function explainCast(
  db: Database,
  community: string,
  entry: EntryOf<StatementKind>,
  entryId: bigint,
): Promise<readonly Uint8Array[]> {
  const lines = await holdersLines(db, { ...entry, community });
  const before = lines.filter((each) => each.entryId < entryId).at(-1);
  return before === undefined ? [] : [before.line];
}

/** The lines of the holders before and after a correction. */
export async function explainCorrection(
  db: Database,
  entry: EntryOf<'roll.corrected'>,
  entryId: bigint,
): Promise<readonly Uint8Array[]> {
  const lines = await holdersLines(db, entry);
  const at = lines.findIndex((each) => each.entryId === entryId);
  return at < 1 ? [] : lines.slice(at - 1, at + 1).map(({ line }) => line);
}

/** How a person is reached, and the units that he owns in the register in force; undefined where he is unknown. */
export async function reachOf(
  deps: Pick<RegistryDeps, 'db' | 'atRest'>,
  community: string,
  person: string,
): Promise<
  (Contact & { readonly units: readonly Pick<RollUnit, 'building' | 'stair' | 'room'>[] }) | undefined
> {
  const row = await readPersonOfRecord(deps, community, person);
  if (row === undefined) return undefined;
  return { ...openContact(deps, row), units: await unitsOfPerson(deps.db, community, person) };
}

/** The name of a community, empty where there is none. */
export const communityName = async (db: Database, community: string): Promise<string> =>
  (await communityById(db, community))?.name ?? '';
