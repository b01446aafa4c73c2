/** The tables of keys and mandates that hold sealed values, and the place that each value is sealed for (SPEC 3.1, 3.3, 3.6). */
import type { SealedTable } from '../db/sealed-values.ts';
import { idTokenPlace } from './binding.ts';
import { sharePlace } from './key-shares.ts';
import { designationPaperPlace } from './paper-designations.ts';
import { paperPlace } from './paper-mandates.ts';
import { staffPlace } from './property-staff.ts';

export const IDENTITY_SEALED: readonly SealedTable[] = [
  {
    table: 'key_share',
    key: ['community_id', 'credential_id'],
    columns: ['share'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', id = '']) => sharePlace(community, id),
  },
  {
    table: 'mandate_paper',
    key: ['community_id', 'mandate_id'],
    columns: ['sealed_file', 'sealed_salt'],
    rowsAtOnce: 5,
    isCopiedUnderCommunity: false,
    placeOf: (column, [community = '', id = '']) => paperPlace(column, community, id),
  },
  {
    table: 'designation_paper',
    key: ['community_id', 'designation_id'],
    columns: ['sealed_file', 'sealed_salt'],
    rowsAtOnce: 5,
    isCopiedUnderCommunity: false,
    placeOf: (column, [community = '', id = '']) => designationPaperPlace(column, community, id),
  },
  {
    table: 'credential_binding',
    key: ['community_id', 'credential_id'],
    columns: ['id_token'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', id = '']) => idTokenPlace(community, id),
  },
  {
    table: 'property_staff',
    key: ['community_id', 'staff_id'],
    columns: ['sealed_number'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', id = '']) => staffPlace(community, id),
  },
];
