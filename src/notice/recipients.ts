/** Who gets an announcement, sealed as the outbox keeps it (SPEC 3.7). */
import { utf8 } from '../base/bytes.ts';
import { sealAtRest } from '../crypto/at-rest.ts';
import type { AnnouncingDeps } from './notice-deps.ts';

/**
 * `phone` is empty for paper, `address` where the register has none; an e-mail has neither but its `person`, whose address is looked up
 * when it is sent, so that one that was taken back gets nothing more. A reminder by message has its `person` besides, who may have voted by
 * then. `former` is an address that no longer holds and is told so.
 */
export type Recipient = {
  readonly phone: string;
  readonly address: string;
  readonly place: string;
  readonly person?: string;
  readonly former?: string;
};

export const recipientPlace = (community: string, outboxId: string): string =>
  `outbox.sealed_recipient/${community}/${outboxId}`;

/** The recipient of an announcement for its row. */
export const sealRecipient = (
  { atRest, random }: Pick<AnnouncingDeps, 'atRest' | 'random'>,
  row: { readonly community: string; readonly outboxId: string },
  recipient: Recipient,
): Uint8Array =>
  sealAtRest(atRest, recipientPlace(row.community, row.outboxId), utf8(JSON.stringify(recipient)), random);
