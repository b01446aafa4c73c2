/** The table of announcements, whose recipients rest sealed, and the place of each (SPEC 3.1, 3.7). */
import type { SealedTable } from '../db/sealed-values.ts';
import { recipientPlace } from './announcing.ts';

export const NOTICE_SEALED: readonly SealedTable[] = [
  {
    table: 'outbox',
    key: ['community_id', 'outbox_id'],
    columns: ['sealed_recipient'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', id = '']) => recipientPlace(community, id),
  },
];
