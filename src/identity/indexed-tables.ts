/** The table of the property manager's staff, found by the keyed index of their number, and how that number opens (SPEC 3.1, 3.6). */
import type { IndexedTable } from '../db/indexed-values.ts';
import { staffPlace } from './property-staff.ts';

export const IDENTITY_INDEXED: readonly IndexedTable[] = [
  {
    table: 'property_staff',
    key: ['community_id', 'staff_id'],
    columns: ['number_index'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: true,
    kind: 'doc_kind',
    sealed: 'sealed_number',
    placeOf: ([community = '', id = '']) => staffPlace(community, id),
  },
];
