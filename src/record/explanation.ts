/**
 * What an entry of the log means for persons: the private bytes that its hashes name, whom they concern, and whether they are the
 * right ones. The service and a monitor apart from it derive announcements by this one function (SPEC 3.7, 1.6).
 */
import { toBase64Url } from '../base/bytes.ts';
import type { Binding } from './binding.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from './binding.ts';
import { designationForm, designationHash } from './designation.ts';
import type { Entry, EntryOf } from './entry.ts';
import { freezeForm, freezeHash } from './freeze.ts';
import { toldOfCast, toldOfCorrection } from './holders-line.ts';
import type { LetterItem } from './letter.ts';
import { letterItemForm } from './letter.ts';
import { mandateForm, mandateHash } from './mandate.ts';
import { mergeForm, mergeHash } from './merge.ts';
import { leafHash, rootOfHashes } from './merkle.ts';
import type { Lines, Memory, Told } from './told.ts';
import { told } from './told.ts';

/** Kinds of entries that are announced. */
export const ANNOUNCED_KINDS = [
  'letters.issued',
  'letters.reissued',
  'letters.revoked',
  'credential.bound',
  'credential.revoked',
  'cast.accepted',
  'cast.restored',
  'paper.accepted',
  'cast.voided',
  'mandate.granted',
  'mandate.revoked',
  'roll.corrected',
  'voting.frozen',
  'voting.unfrozen',
  'designation.recorded',
  'persons.merged',
  'persons.separated',
] as const satisfies readonly Entry['kind'][];

type AnnouncedKind = (typeof ANNOUNCED_KINDS)[number];
export type AnnouncedEntry = EntryOf<AnnouncedKind>;

export const isAnnounced = (entry: Entry): entry is AnnouncedEntry =>
  (ANNOUNCED_KINDS as readonly string[]).includes(entry.kind);

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
  for (const item of memory === undefined ? [] : items) {
    memory?.letters.set(item.letter, item.identity);
    memory?.persons.set(item.identity, item.person);
  }
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
  memory?.persons.set(read.bound.identity, read.bound.person);
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

/** Both are told, each under his own document: who is merged against his will still hears of it. */
function ofMerge(
  entry: EntryOf<'persons.merged' | 'persons.separated'>,
  lines: Lines,
): readonly Told[] | undefined {
  const [line] = lines;
  const parsed = line === undefined ? undefined : mergeForm.parse(line);
  if (line === undefined || parsed?.ok !== true || lines.length !== 1) return undefined;
  if (mergeHash(line) !== entry.mergeHash || parsed.value.community !== entry.community) return undefined;
  const event = entry.kind === 'persons.merged' ? 'persons-merged' : 'persons-separated';
  return [told(event, parsed.value.keeps), told(event, parsed.value.merged)];
}

/** The freeze, then the letter's item or the binding of the credential that signed it: a freeze names its person by id alone. */
function ofFreeze(
  entry: EntryOf<'voting.frozen' | 'voting.unfrozen'>,
  lines: Lines,
  memory: Memory | undefined,
): readonly Told[] | undefined {
  const [line, second] = lines;
  const parsed = line === undefined ? undefined : freezeForm.parse(line);
  if (line === undefined || second === undefined || parsed?.ok !== true || lines.length !== 2)
    return undefined;
  if (toBase64Url(freezeHash(line)) !== entry.freezeHash) return undefined;
  const item = letterItemForm.parse(second);
  const signer = item.ok ? item.value : readBinding(second)?.bound;
  if (signer?.person !== parsed.value.person) return undefined;
  if (memory !== undefined && memory.persons.get(signer.identity) !== signer.person) return undefined;
  return [told(entry.kind === 'voting.frozen' ? 'voting-frozen' : 'voting-unfrozen', signer)];
}

function ofDesignation(entry: EntryOf<'designation.recorded'>, lines: Lines): readonly Told[] | undefined {
  const [line] = lines;
  const parsed = line === undefined ? undefined : designationForm.parse(line);
  if (line === undefined || parsed?.ok !== true || lines.length !== 1) return undefined;
  if (toBase64Url(designationHash(line)) !== entry.designationHash) return undefined;
  const { by, to } = parsed.value;
  return [...by, to].map((holder) => told('designation-recorded', holder));
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
    case 'cast.restored':
    case 'paper.accepted':
    case 'cast.voided':
      return toldOfCast(entry, lines, memory);
    case 'mandate.granted':
    case 'mandate.revoked':
      return ofMandate(entry, lines);
    case 'roll.corrected':
      return toldOfCorrection(entry, lines, memory);
    case 'voting.frozen':
    case 'voting.unfrozen':
      return ofFreeze(entry, lines, memory);
    case 'designation.recorded':
      return ofDesignation(entry, lines);
    case 'persons.merged':
    case 'persons.separated':
      return ofMerge(entry, lines);
  }
}

/** Remembers what an entry says publicly, whether or not it is announced. */
export function rememberPublic(entry: Entry, memory: Memory): void {
  if (entry.kind === 'roll.frozen') memory.rolls.set(entry.meeting, { root: entry.root, size: entry.size });
  // Also where its explanation is refused: casts after it stand on the new leaf.
  if (entry.kind === 'roll.corrected') memory.corrected.set(entry.entitlement, entry.newLeaf);
}
