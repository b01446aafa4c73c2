/** What a batch of letters must be: one letter in force for each person, for the persons and units of the register and for agents (SPEC 3.2, 3.6). */
import { compareText } from '../../base/bytes.ts';
import type { CivilDate } from '../../base/civil-date.ts';
import { addDays, parseCivilDate } from '../../base/civil-date.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { LetterItem } from '../../record/letter.ts';
import { letterItemForm } from '../../record/letter.ts';
import { leafHash, rootOfHashes } from '../../record/merkle.ts';

export type BatchFault =
  | 'LETTER_MALFORMED'
  | 'LETTERS_EMPTY'
  | 'LETTERS_REPEAT'
  | 'LETTER_PERSON'
  | 'LETTER_AGENT'
  | 'LETTER_IDENTITY'
  | 'LETTER_UNITS'
  | 'LETTER_KEY'
  | 'LETTER_KEY_USED'
  | 'LETTER_ID_USED'
  | 'LETTER_REPLACES';

/** A person whom a letter may be made for. */
export type LetterOwner = {
  readonly identity: string;
  /** His units, and those of the head that he holds: together what his letter names; none of an agent who owns nothing. */
  readonly units: ReadonlySet<string>;
  /** The letter that he has, or empty; a new one replaces it. */
  readonly letter: string;
};

/** What the register and the letters before say. */
export type BatchFacts = {
  readonly owners: ReadonlyMap<string, LetterOwner>;
  /** Two officers sign the batch, and not the registrar alone. */
  readonly isReissue: boolean;
  readonly usedKeys: ReadonlySet<string>;
  readonly usedLetters: ReadonlySet<string>;
  readonly isEnrollable: (publicKey: string) => boolean;
};

/** Longest life of a batch: three years, in days. */
const MAX_LIFE_DAYS = 3 * 365 + 1;

/** Whether a batch may end on this date; empty is without end. */
export const isBatchEnd = (until: CivilDate | '', today: CivilDate): boolean =>
  until === '' ||
  (parseCivilDate(until) !== undefined && until >= today && until <= addDays(today, MAX_LIFE_DAYS));

/** The items of a batch, read and in the order of its root: by letter. */
export function readItems(values: readonly unknown[]): Result<readonly LetterItem[], Refusal<BatchFault>> {
  const items: LetterItem[] = [];
  for (const [at, value] of values.entries()) {
    const read = letterItemForm.check(value);
    if (!read.ok) return refuse('LETTER_MALFORMED', `items[${at}]`, { at: read.refusal.where ?? '' });
    items.push(read.value);
  }
  if (items.length === 0) return refuse('LETTERS_EMPTY');
  return ok(items.sort((a, b) => compareText(a.letter, b.letter)));
}

/** The RFC 6962 root over the items' bytes, in their order. */
export const batchRoot = (items: readonly LetterItem[]): Uint8Array =>
  rootOfHashes(items.map((item) => leafHash(letterItemForm.bytes(item))));

/** Checks one item against the facts; `where` of the refusal is the letter's id. */
function itemFault(item: LetterItem, facts: BatchFacts): BatchFault | undefined {
  const owner = facts.owners.get(item.person);
  if (owner === undefined) return 'LETTER_PERSON';
  if (owner.units.size === 0 && !facts.isReissue) return 'LETTER_AGENT';
  if (owner.identity !== item.identity) return 'LETTER_IDENTITY';
  const named = new Set(item.units);
  const sameUnits = named.size === item.units.length && named.size === owner.units.size;
  if (!sameUnits || !item.units.every((unit) => owner.units.has(unit))) return 'LETTER_UNITS';
  if (owner.letter !== item.replaces) return 'LETTER_REPLACES';
  if (facts.usedLetters.has(item.letter)) return 'LETTER_ID_USED';
  if (facts.usedKeys.has(item.publicKey)) return 'LETTER_KEY_USED';
  return facts.isEnrollable(item.publicKey) ? undefined : 'LETTER_KEY';
}

/** Checks a whole batch; the first fault refuses all of it. */
export function checkBatch(
  items: readonly LetterItem[],
  facts: BatchFacts,
): Result<undefined, Refusal<BatchFault>> {
  const seen = new Set<string>();
  for (const item of items) {
    for (const once of [item.letter, item.person, item.publicKey]) {
      if (seen.has(once)) return refuse('LETTERS_REPEAT', item.letter);
      seen.add(once);
    }
  }
  for (const item of items) {
    const fault = itemFault(item, facts);
    if (fault !== undefined) return refuse(fault, item.letter);
  }
  return ok(undefined);
}
