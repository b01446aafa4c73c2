/** Who holds an entitlement, proved against the roll: whom votes and corrections of the roll are told to (SPEC 3.7, 4.1, 4.4). */
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { EntryOf } from './entry.ts';
import { holdersHash } from './identity.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import type { RollLeaf } from './roll.ts';
import { rollLeafForm } from './roll.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm } from './schema.ts';
import { hash, id, nonce, someBytes } from './shapes.ts';
import type { Lines, Memory, Told } from './told.ts';
import { told } from './told.ts';

const holdersLine = closed({
  v: exactly(1),
  kind: oneOf('holders'),
  leaf: someBytes(8 * 1024 * 1024),
  /** Place and proof of the frozen leaf; a corrected leaf stands under none. */
  index: integer(0, 1_000_000),
  proof: list(hash, 20),
  holdersSalt: nonce,
  holders: list(closed({ person: id, identity: hash }), 200, 1),
});
export type HoldersLine = Of<typeof holdersLine>;
/** Who holds an entitlement: its leaf, where that stands, and what opens its `holders`; nothing of any cast. */
export const holdersLineForm = recordForm(holdersLine, 'holders line', 12 * 1024 * 1024);

type ReadHolders = { readonly line: HoldersLine; readonly leaf: RollLeaf; readonly leafHash: string };

/** A holders line whose opening opens its leaf. */
function readHolders(line: Uint8Array): ReadHolders | undefined {
  const parsed = holdersLineForm.parse(line);
  if (!parsed.ok) return undefined;
  const bytes = present(fromBase64Url(parsed.value.leaf), 'checked bytes');
  const leaf = rollLeafForm.parse(bytes);
  if (!leaf.ok) return undefined;
  if (holdersHash(parsed.value.holdersSalt, parsed.value.holders) !== leaf.value.holders) return undefined;
  return { line: parsed.value, leaf: leaf.value, leafHash: toBase64Url(leafHash(bytes)) };
}

/** Whether this is the leaf of the entitlement that is in force at this place of the log. */
function isLeafInForce({ line, leaf, leafHash: own }: ReadHolders, memory: Memory): boolean {
  const corrected = memory.corrected.get(leaf.entitlement);
  if (corrected !== undefined) return corrected === own;
  const roll = memory.rolls.get(leaf.meeting);
  if (roll === undefined) return false;
  const bytesOf = (text: string): Uint8Array => present(fromBase64Url(text), 'checked bytes');
  const proof = line.proof.map(bytesOf);
  return verifyInclusion(bytesOf(own), line.index, roll.size, bytesOf(roll.root), proof);
}

export type StatementKind = 'cast.accepted' | 'cast.restored' | 'paper.accepted' | 'cast.voided';

const eventOf = ({ kind, seq }: EntryOf<StatementKind>): Told['event'] => {
  if (kind === 'paper.accepted') return 'paper-recorded';
  if (kind === 'cast.voided') return 'vote-voided';
  return seq === 1 ? 'cast-first' : 'cast-changed';
};

/** Every holder of the head that a vote was cast for, a paper was entered for, or whose vote was voided. */
export function toldOfCast(
  entry: EntryOf<StatementKind>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const read = lines[0] === undefined || lines.length !== 1 ? undefined : readHolders(lines[0]);
  if (read === undefined) return undefined;
  if (read.leaf.meeting !== entry.meeting || read.leaf.entitlement !== entry.entitlement) return undefined;
  if (memory !== undefined && !isLeafInForce(read, memory)) return undefined;
  return read.line.holders.map((holder) => told(eventOf(entry), holder, read.leaf.units));
}

/** The holders before, then the holders after; whoever is both is told once. */
export function toldOfCorrection(
  entry: EntryOf<'roll.corrected'>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const [before, after] = lines.map(readHolders);
  if (before === undefined || after === undefined || lines.length !== 2) return undefined;
  const areOfEntry = [before, after].every(
    ({ leaf }) => leaf.meeting === entry.meeting && leaf.entitlement === entry.entitlement,
  );
  if (!areOfEntry || before.leafHash !== entry.oldLeaf || after.leafHash !== entry.newLeaf) return undefined;
  if (memory !== undefined && !isLeafInForce(before, memory)) return undefined;
  memory?.corrected.set(entry.entitlement, entry.newLeaf);
  const both = new Map(
    [...before.line.holders, ...after.line.holders].map((holder) => [holder.person, holder]),
  );
  return [...both.values()].map((holder) => told('roll-corrected', holder, after.leaf.units));
}
