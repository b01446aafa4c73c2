/** The tables of the register that hold sealed values, and the place that each value is sealed for (SPEC 3.1). */
import { assert } from '../base/assert.ts';
import type { SealedTable } from '../db/sealed-values.ts';
import { documentPlace } from './correction-opening.ts';
import { outcomePlace } from './import-checking.ts';
import { draftPlace } from './importing.ts';
import { personPlace } from './persons.ts';
import { filePlace } from './raw-files.ts';
import { answerPlace, textPlace } from './roll-requests.ts';

const PLACES: Readonly<Record<string, (community: string, id: string) => string>> = {
  draft: draftPlace,
  file: filePlace,
  outcome: outcomePlace,
};

function importPlace(column: string, [community = '', id = '']: readonly string[]): string {
  const place = PLACES[column];
  assert(place !== undefined, `${column} is sealed`);
  return place(community, id);
}

/** Imports before registers, since a draft and its file move from one to the other. */
export const REGISTRY_SEALED: readonly SealedTable[] = [
  {
    table: 'register_import',
    key: ['community_id', 'import_id'],
    columns: ['file', 'draft', 'outcome'],
    rowsAtOnce: 1,
    isCopiedUnderCommunity: true,
    placeOf: importPlace,
  },
  {
    table: 'register',
    key: ['community_id', 'register_id'],
    columns: ['draft', 'file'],
    rowsAtOnce: 1,
    isCopiedUnderCommunity: false,
    placeOf: importPlace,
  },
  {
    table: 'person',
    key: ['community_id', 'person_id'],
    columns: ['sealed_number', 'sealed_name', 'sealed_contact', 'sealed_salt'],
    rowsAtOnce: 200,
    // An import writes back what it read of a person that it knows.
    isCopiedUnderCommunity: true,
    placeOf: (column, [community = '', id = '']) => personPlace(column, community, id),
  },
  {
    table: 'roll_correction',
    key: ['community_id', 'correction_id'],
    columns: ['sealed_document'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', id = '']) => documentPlace(community, id),
  },
  {
    table: 'roll_request',
    key: ['community_id', 'request_id'],
    columns: ['sealed_text', 'sealed_answer'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (column, [community = '', id = '']) =>
      column === 'sealed_text' ? textPlace(community, id) : answerPlace(community, id),
  },
];
