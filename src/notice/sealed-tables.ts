/** The tables of announcements and of addresses of e-mail, which rest sealed, and the place of each (SPEC 3.1, 3.7). */
import type { SealedTable } from '../db/sealed-values.ts';
import { addressPlace, codePlace, formerPlace } from './email-address.ts';
import { recipientPlace } from './recipients.ts';

export const NOTICE_SEALED: readonly SealedTable[] = [
  {
    table: 'outbox',
    key: ['community_id', 'outbox_id'],
    columns: ['sealed_recipient'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', id = '']) => recipientPlace(community, id),
  },
  {
    table: 'email_address',
    key: ['community_id', 'person_id'],
    columns: ['sealed_address'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', person = '']) => addressPlace(community, person),
  },
  {
    table: 'email_change',
    key: ['community_id', 'code_id', 'event'],
    columns: ['sealed_former'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', code = '', event = '']) => formerPlace(community, code, event),
  },
  {
    table: 'email_code',
    key: ['community_id', 'person_id'],
    columns: ['sealed_code'],
    rowsAtOnce: 200,
    isCopiedUnderCommunity: false,
    placeOf: (_, [community = '', person = '']) => codePlace(community, person),
  },
];
