/** What an act's private bytes say once the page has compared them with the hash that the act carries (SPEC 1.6, 2.4). */
import { fromBase64Url } from '../../base/bytes.ts';
import type { ActOpeningsAnswer } from '../../identity/act-openings-contract.ts';
import type { Entry } from '../../record/entry.ts';
import type { Holder } from '../../record/identity.ts';
import { DOCUMENT_KINDS, foldNumber, identityHash } from '../../record/identity.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './opened-words.ts';

/** A person whom the record names: `identity` is the record's, `salt` opens it together with his document. */
export type Party = { readonly who: string; readonly identity: string; readonly salt: string };

/** Everything in it comes from bytes that hash to what is signed, but the names of units where `hasServiceUnits` says so. */
export type Opened = {
  readonly facts: readonly string[];
  /** Whose document the officer types before he may sign: of all of them, or of one. */
  readonly parties: readonly Party[];
  readonly needs: 'all' | 'one';
  readonly hasServiceUnits?: boolean;
  /** The link between the record and the identity is the service's word. */
  readonly hasServicePerson?: boolean;
  /** The documents are for the other officer to compare. */
  readonly isWithheld?: boolean;
  /** A hash that stands on the owner's phone too. */
  readonly groups?: string;
};

/** Undefined where a byte is not what the act says. */
export type Opener = (entry: Entry, given: ActOpeningsAnswer) => Opened | undefined;

export const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The record's person with the salt that the service gave for him. */
export function partyOf(
  { persons }: ActOpeningsAnswer,
  { person, identity }: Holder,
  who: string,
): Party | undefined {
  const salt = persons.find((each) => each.person === person)?.salt;
  return salt === undefined || fromBase64Url(salt)?.length !== 16 ? undefined : { who, identity, salt };
}

/** All of them, or none where one has no salt; nobody where the service leaves them to the other officer. */
export function allOf(
  { withheld }: ActOpeningsAnswer,
  parties: readonly (Party | undefined)[],
): readonly Party[] | undefined {
  if (withheld) return [];
  return parties.every((each) => each !== undefined) ? parties : undefined;
}

/** A permit to the mainland keeps its first nine characters when it is renewed, and only they are committed to. */
const numbersOf = (typed: string): readonly string[] => {
  const number = foldNumber(typed);
  return /^[HM]\d{10}$/.test(number) ? [number, number.slice(0, 9)] : [number];
};

/** Whether the document that an officer typed is that of the record's person; its kind is found by trying. */
export function isOpenedBy(
  { identity, salt }: Party,
  typed: { readonly number: string; readonly name: string },
): boolean {
  const name = typed.name.normalize('NFC').trim();
  if (name === '' || typed.number.trim() === '') return false;
  return numbersOf(typed.number).some((number) =>
    DOCUMENT_KINDS.some((docKind) => identityHash(salt, { docKind, number, name }) === identity),
  );
}

/** Name and number that open the identity of a record, or undefined where those that the service gave do not. */
export function servedDocument(
  { persons }: ActOpeningsAnswer,
  { person, identity }: Holder,
): string | undefined {
  const found = persons.find((each) => each.person === person);
  if (found === undefined || fromBase64Url(found.salt)?.length !== 16) return undefined;
  const { salt, docKind, number, name } = found;
  return identityHash(salt, { docKind, number, name }) === identity
    ? t('document', { name, number })
    : undefined;
}

/** The record's units by the names that the service gives; one that it does not name stands by its number. */
export function unitsFact({ units }: ActOpeningsAnswer, ids: readonly string[]): string {
  const named = ids.map((id) => {
    const found = units.find(({ unit }) => unit === id);
    return found === undefined ? id : unitWords(found);
  });
  return t('units', { count: ids.length, units: named.join('、') });
}
