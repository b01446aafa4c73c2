/** The register's table that people are found in by the keyed index of their number, and how that number opens (SPEC 3.1). */
import type { IndexedTable } from '../db/indexed-values.ts';
import { personPlace } from './persons.ts';

export const REGISTRY_INDEXED: readonly IndexedTable[] = [
  {
    table: 'person',
    key: ['community_id', 'person_id'],
    columns: ['number_index'],
    rowsAtOnce: 200,
    // An import and an agent's entry look for a number before they write it down.
    isCopiedUnderCommunity: true,
    kind: 'doc_kind',
    sealed: 'sealed_number',
    placeOf: ([community = '', id = '']) => personPlace('sealed_number', community, id),
  },
];
