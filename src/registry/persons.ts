/** Persons at rest: each value sealed for its row and column, found by a keyed index, opened one value at a time (SPEC 3.1). */
import { assert, present } from '../base/assert.ts';
import { compareText, fromBase64Url, fromUtf8, toBase64Url, toHex, utf8 } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import {
  generationOf,
  generationOfKey,
  numberIndex,
  numberIndexes,
  openAtRest,
  sealAtRest,
} from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import { identityHash } from '../record/identity.ts';
import { identityOpeningOf } from './domain/identity-opening.ts';
import type { RegisterPerson } from './domain/register-units.ts';
import type { RegistryDeps } from './registry-deps.ts';
import type { PersonRow } from './store/units.ts';
import { personById, personsOf } from './store/units.ts';

type SealedColumn = 'sealed_number' | 'sealed_name' | 'sealed_contact' | 'sealed_salt';
type SealingDeps = Pick<RegistryDeps, 'atRest' | 'random'>;
type OpeningDeps = Pick<RegistryDeps, 'atRest'>;

/** Where a value of a person is sealed for. */
export const personPlace = (column: string, community: string, person: string): string =>
  `person.${column}/${community}/${person}`;

function openColumn(deps: OpeningDeps, row: PersonRow, column: SealedColumn): Uint8Array {
  return openAtRest(deps.atRest, personPlace(column, row.community_id, row.person_id), row[column]);
}

const textOf = (bytes: Uint8Array): string => present(fromUtf8(bytes), 'sealed by us');

/** The name of a person's row. */
export const openName = (deps: OpeningDeps, row: PersonRow): string =>
  textOf(openColumn(deps, row, 'sealed_name'));

/** The normalised document number of a person's row. */
export const openNumber = (deps: OpeningDeps, row: PersonRow): string =>
  textOf(openColumn(deps, row, 'sealed_number'));

/** The salt of a person's commitment, base64url. */
export const openSalt = (deps: OpeningDeps, row: PersonRow): string =>
  toBase64Url(openColumn(deps, row, 'sealed_salt'));

/** How a person can be reached. */
export type Contact = { readonly phones: readonly string[]; readonly mailingAddress: string };

/** The phones and the mailing address of a person's row. */
export const openContact = (deps: OpeningDeps, row: PersonRow): Contact =>
  JSON.parse(textOf(openColumn(deps, row, 'sealed_contact'))) as Contact;

/** What stands in the place of a contact that was erased. */
export const emptyContact = (
  deps: SealingDeps,
  { community_id, person_id }: Pick<PersonRow, 'community_id' | 'person_id'>,
): Uint8Array =>
  sealAtRest(
    deps.atRest,
    personPlace('sealed_contact', community_id, person_id),
    utf8(JSON.stringify({ phones: [], mailingAddress: '' } satisfies Contact)),
    deps.random,
  );

/** Kind and normalised number of a document. */
type NumberedPerson = { readonly docKind: string; readonly number: string };

/** The index that a person is written down under. */
export const indexOf = (deps: OpeningDeps, person: NumberedPerson): Uint8Array =>
  numberIndex(deps.atRest, person.docKind, person.number);

/** Every index under which he may stand while the index key is being changed. */
export const indexesOf = (deps: OpeningDeps, person: NumberedPerson): readonly Uint8Array[] =>
  numberIndexes(deps.atRest, person.docKind, person.number);

/** Throws where an index is of a key that this process lacks: whoever stands under it would be missed, and become two. */
export function assertKnownIndexes(
  deps: OpeningDeps,
  rows: readonly { readonly number_index: Uint8Array | null }[],
): void {
  const known = new Set(deps.atRest.indexing.map((key) => toHex(generationOfKey(key))));
  assert(
    rows.every((row) => row.number_index === null || known.has(toHex(generationOf(row.number_index)))),
    'an index is of a key that this process lacks: restart it with all index keys',
  );
}

/** Finds persons among rows by kind and number, whatever key each row's index is of. */
export function personFinder<Row extends Pick<PersonRow, 'number_index'>>(
  deps: OpeningDeps,
  rows: readonly Row[],
): (person: NumberedPerson) => Row | undefined {
  assertKnownIndexes(deps, rows);
  const byIndex = new Map(
    rows.flatMap((row) => (row.number_index === null ? [] : [[toHex(row.number_index), row] as const])),
  );
  return (person) => {
    for (const index of indexesOf(deps, person)) {
      const row = byIndex.get(toHex(index));
      if (row !== undefined) return row;
    }
    return undefined;
  };
}

/**
 * The row of a person of a new register. One who is known keeps his id, and his commitment while his name stays; under a
 * new name he gets a new commitment, and needs a new letter.
 */
export function personRow(
  deps: SealingDeps,
  community: string,
  person: RegisterPerson,
  known: PersonRow | undefined,
): PersonRow {
  const id = known?.person_id ?? newId(deps.random);
  const seal = (column: SealedColumn, bytes: Uint8Array): Uint8Array =>
    sealAtRest(deps.atRest, personPlace(column, community, id), bytes, deps.random);
  const opening = identityOpeningOf(person);
  const { phones, mailingAddress } = person;
  const contact = seal('sealed_contact', utf8(JSON.stringify({ phones, mailingAddress } satisfies Contact)));
  if (known !== undefined && openName(deps, known) === opening.name)
    return { ...known, sealed_contact: contact };
  const salt = deps.random(16);
  return {
    community_id: community,
    person_id: id,
    doc_kind: person.docKind,
    number_index: indexOf(deps, person),
    sealed_number: known?.sealed_number ?? seal('sealed_number', utf8(person.number)),
    sealed_name: seal('sealed_name', utf8(opening.name)),
    sealed_contact: contact,
    sealed_salt: seal('sealed_salt', salt),
    identity: present(fromBase64Url(identityHash(toBase64Url(salt), opening)), 'own hash'),
    erased_at_ms: null,
  };
}

/** A person as far as the caller opens him; undefined where the community has no such person, or erased him. */
export async function readPerson(
  deps: Pick<RegistryDeps, 'db'>,
  community: string,
  person: string,
): Promise<PersonRow | undefined> {
  const row = await personById(deps.db, community, person);
  return row?.erased_at_ms === null ? row : undefined;
}

/** The same for what is over, where one who was erased still stands, without a name. */
export const readPersonOfRecord = (
  deps: Pick<RegistryDeps, 'db'>,
  community: string,
  person: string,
): Promise<PersonRow | undefined> => personById(deps.db, community, person);

/** What stands in the place of a person's sealed values once he was erased; no opening fits his commitment by the new salt. */
export function emptyValues(
  deps: SealingDeps,
  row: Pick<PersonRow, 'community_id' | 'person_id'>,
): Pick<PersonRow, SealedColumn> {
  const seal = (column: SealedColumn, bytes: Uint8Array): Uint8Array =>
    sealAtRest(deps.atRest, personPlace(column, row.community_id, row.person_id), bytes, deps.random);
  return {
    sealed_number: seal('sealed_number', new Uint8Array()),
    sealed_name: seal('sealed_name', new Uint8Array()),
    sealed_contact: emptyContact(deps, row),
    sealed_salt: seal('sealed_salt', deps.random(16)),
  };
}

/** Every person that the community ever had, with the commitment, sorted by id. */
export async function personsIn(
  db: Database,
  community: string,
): Promise<readonly { readonly person: string; readonly identity: string }[]> {
  const rows = await personsOf(db, community);
  return rows
    .map((row) => ({ person: row.person_id, identity: toBase64Url(row.identity) }))
    .sort((a, b) => compareText(a.person, b.person));
}
