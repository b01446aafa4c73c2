/** The table of the fund that holds sealed values, and the place that each is sealed for (SPEC 3.1, 8.3). */
import type { SealedTable } from '../db/sealed-values.ts';
import { openingPlace } from './account-opening.ts';

export const FUND_SEALED: readonly SealedTable[] = [
  {
    table: 'fund_account_opening',
    key: ['community_id', 'act_id'],
    columns: ['sealed_opening'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', act = '']) => openingPlace(community, act),
  },
];
