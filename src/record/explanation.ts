/**
 * What an entry of the log means for persons: the private bytes that its hashes name, whom they concern, and whether they are the
 * right ones. The service and a monitor apart from it derive announcements by this one function (SPEC 3.7, 1.6).
 */
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Binding } from './binding.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from './binding.ts';
import type { Entry, EntryOf } from './entry.ts';
import { holdersHash } from './identity.ts';
import type { LetterItem } from './letter.ts';
import { letterItemForm } from './letter.ts';
import { mandateForm, mandateHash } from './mandate.ts';
import { leafHash, rootOfHashes, verifyInclusion } from './merkle.ts';
import type { RollLeaf } from './roll.ts';
import { rollLeafForm } from './roll.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm } from './schema.ts';
import { hash, id, nonce, someBytes } from './shapes.ts';

/** What is told to a person; a later kind of entry adds its own. */
export const EVENTS = [
  'letter-issued',
  'letter-replaced',
  'letter-revoked',
  'key-bound',
  'key-revoked',
  'cast-first',
  'cast-changed',
  'mandate-granted',
  'mandate-revoked',
  'roll-corrected',
] as const;
export type NoticeEvent = (typeof EVENTS)[number];

/** Kinds of entries that are announced. */
export const ANNOUNCED_KINDS = [
  'letters.issued',
  'letters.reissued',
  'letters.revoked',
  'credential.bound',
  'credential.revoked',
  'cast.accepted',
  'mandate.granted',
  'mandate.revoked',
  'roll.corrected',
] as const satisfies readonly Entry['kind'][];

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

/** Whom an entry concerns; `units` is filled where the entry is about an entitlement, and then names its units. */
export type Told = {
  readonly person: string;
  readonly identity: string;
  readonly event: NoticeEvent;
  readonly units: RollLeaf['units'];
};

/** What whoever follows the log remembers of its earlier entries; without it only an entry's own hashes can be compared. */
export type Memory = {
  /** Identity of each letter's person, by letter. */
  readonly letters: Map<string, string>;
  /** Identity of each bound key's person, by the hash that the log names. */
  readonly bound: Map<string, string>;
  /** Root and size of frozen rolls, by meeting. */
  readonly rolls: Map<string, { readonly root: string; readonly size: number }>;
  /** Leaf hash of corrected entitlements. */
  readonly corrected: Map<string, string>;
};

type Lines = readonly Uint8Array[];
type AnnouncedKind = (typeof ANNOUNCED_KINDS)[number];
export type AnnouncedEntry = EntryOf<AnnouncedKind>;

export const isAnnounced = (entry: Entry): entry is AnnouncedEntry =>
  (ANNOUNCED_KINDS as readonly string[]).includes(entry.kind);

const told = (
  event: NoticeEvent,
  { person, identity }: { readonly person: string; readonly identity: string },
  units: RollLeaf['units'] = [],
): Told => ({ person, identity, event, units });

/** Every line by its form, or undefined where one is none. */
function readAll<T>(
  lines: Lines,
  form: { readonly parse: (bytes: Uint8Array) => { ok: true; value: T } | { ok: false } },
): readonly T[] | undefined {
  const read = lines.flatMap((line) => {
    const parsed = form.parse(line);
    return parsed.ok ? [parsed.value] : [];
  });
  return read.length === lines.length ? read : undefined;
}

const toldOfLetters = (items: readonly LetterItem[]): readonly Told[] =>
  items.map((item) => told(item.replaces === '' ? 'letter-issued' : 'letter-replaced', item));

function ofBatch(
  entry: EntryOf<'letters.issued' | 'letters.reissued'>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const items = readAll(lines, letterItemForm);
  if (items === undefined || items.length !== entry.count) return undefined;
  if (toBase64Url(rootOfHashes(lines.map(leafHash))) !== entry.root) return undefined;
  if (memory !== undefined) for (const item of items) memory.letters.set(item.letter, item.identity);
  return toldOfLetters(items);
}

function ofRevokedLetter(
  entry: EntryOf<'letters.revoked'>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const [item] = readAll(lines, letterItemForm) ?? [];
  if (item === undefined || lines.length !== 1 || item.letter !== entry.letter) return undefined;
  const isRight = memory === undefined || memory.letters.get(item.letter) === item.identity;
  return isRight ? [told('letter-revoked', item)] : undefined;
}

function readBinding(line: Uint8Array | undefined): { bound: Binding; hash: string } | undefined {
  const parsed = line === undefined ? undefined : bindingForm.parse(line);
  if (line === undefined || parsed?.ok !== true) return undefined;
  return { bound: parsed.value, hash: toBase64Url(bindHash(line)) };
}

function ofBoundKey(
  entry: EntryOf<'credential.bound'>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const read = lines.length === 1 ? readBinding(lines[0]) : undefined;
  if (read?.hash !== entry.bindHash) return undefined;
  memory?.bound.set(read.hash, read.bound.identity);
  return [told('key-bound', read.bound)];
}

/** The revocation, then the binding of the key that it ends. */
function ofRevokedKey(
  entry: EntryOf<'credential.revoked'>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const [line, second] = lines;
  const parsed = line === undefined ? undefined : revocationForm.parse(line);
  const read = readBinding(second);
  if (line === undefined || parsed?.ok !== true || read === undefined || lines.length !== 2) return undefined;
  if (toBase64Url(revocationHash(line)) !== entry.revocationHash) return undefined;
  if (parsed.value.credential !== read.bound.credential) return undefined;
  if (memory !== undefined && memory.bound.get(read.hash) !== read.bound.identity) return undefined;
  return [told('key-revoked', read.bound)];
}

function ofMandate(
  entry: EntryOf<'mandate.granted' | 'mandate.revoked'>,
  lines: Lines,
): readonly Told[] | undefined {
  const [line] = lines;
  const parsed = line === undefined ? undefined : mandateForm.parse(line);
  if (line === undefined || parsed?.ok !== true || lines.length !== 1) return undefined;
  if (toBase64Url(mandateHash(line)) !== entry.mandateHash) return undefined;
  const event = entry.kind === 'mandate.granted' ? 'mandate-granted' : 'mandate-revoked';
  return [told(event, parsed.value.by), told(event, parsed.value.to)];
}

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

function ofCast(
  entry: EntryOf<'cast.accepted'>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const read = lines[0] === undefined || lines.length !== 1 ? undefined : readHolders(lines[0]);
  if (read === undefined) return undefined;
  if (read.leaf.meeting !== entry.meeting || read.leaf.entitlement !== entry.entitlement) return undefined;
  if (memory !== undefined && !isLeafInForce(read, memory)) return undefined;
  const event = entry.seq === 1 ? 'cast-first' : 'cast-changed';
  return read.line.holders.map((holder) => told(event, holder, read.leaf.units));
}

/** The holders before, then the holders after; whoever is both is told once. */
function ofCorrection(
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

/**
 * Whom an entry concerns, or undefined where the lines are not what its hashes name. With a memory, also what only earlier entries
 * can tell is compared, and what later ones need is remembered.
 */
export function toldBy(entry: AnnouncedEntry, lines: Lines, memory?: Memory): readonly Told[] | undefined {
  switch (entry.kind) {
    case 'letters.issued':
    case 'letters.reissued':
      return ofBatch(entry, lines, memory);
    case 'letters.revoked':
      return ofRevokedLetter(entry, lines, memory);
    case 'credential.bound':
      return ofBoundKey(entry, lines, memory);
    case 'credential.revoked':
      return ofRevokedKey(entry, lines, memory);
    case 'cast.accepted':
      return ofCast(entry, lines, memory);
    case 'mandate.granted':
    case 'mandate.revoked':
      return ofMandate(entry, lines);
    case 'roll.corrected':
      return ofCorrection(entry, lines, memory);
  }
}

/** Remembers what an entry says publicly, whether or not it is announced. */
export function rememberPublic(entry: Entry, memory: Memory): void {
  if (entry.kind === 'roll.frozen') memory.rolls.set(entry.meeting, { root: entry.root, size: entry.size });
  // Also where its explanation is refused: casts after it stand on the new leaf.
  if (entry.kind === 'roll.corrected') memory.corrected.set(entry.entitlement, entry.newLeaf);
}
