/**
 * A notice or a reminder by e-mail, in a row of its own beside the message or the paper and never instead of it: a thief who holds a letter
 * might have typed the address (SPEC 3.7; docs/decisions/announcements.md).
 */
import { canonicalText } from '../base/canonical.ts';
import type { Tx } from '../db/transaction.ts';
import type { Told } from '../record/told.ts';
import type { NoticeFacts } from './domain/announcement-text.ts';
import { placeName } from './domain/announcement-text.ts';
import { announcementId } from './domain/outgoing.ts';
import type { AnnouncingDeps } from './notice-deps.ts';
import type { Notified } from './noticing.ts';
import { sealRecipient } from './recipients.ts';
import { personsWithAddress } from './store/emails.ts';
import type { NewOutboxRow, OutboxRow } from './store/outbox.ts';

/** What is told to whom, and of which units. */
export type Outgoing = Pick<Told, 'person' | 'event'> & {
  readonly units: Notified['units'];
  /** Of a reminder, since each is a message of its own. */
  readonly round?: number;
  /** Of an e-mail that tells an address that it no longer holds. */
  readonly former?: string;
};

/** What an announcement follows from: a numbered entry, or the change of an address, which has no entry (`changeSource`). */
export type Source = { readonly idx: OutboxRow['entry_idx']; readonly leaf_hash: Uint8Array };

/** The persons of a community who want e-mail; nobody where none is sent. */
export const personsToMail = async (
  tx: Tx,
  { notice }: AnnouncingDeps,
  community: string,
): Promise<ReadonlySet<string>> =>
  notice.mail === undefined ? new Set() : personsWithAddress(tx, community);

/** The row of an e-mail. */
export function mailRow(
  deps: AnnouncingDeps,
  community: string,
  facts: Omit<NoticeFacts, 'place'>,
  source: Source,
  { person, event, units, round, former }: Outgoing,
): NewOutboxRow {
  const outboxId = announcementId('service-email', source.leaf_hash, person, event, round);
  return {
    community_id: community,
    outbox_id: outboxId,
    entry_idx: source.idx,
    event,
    facts: canonicalText({ ...facts }),
    channel: 'email',
    state: 'queued',
    error_code: null,
    ended_at_ms: null,
    sealed_recipient: sealRecipient(
      deps,
      { community, outboxId },
      {
        phone: '',
        address: '',
        place: placeName(units),
        person,
        ...(former === undefined ? {} : { former }),
      },
    ),
  };
}
