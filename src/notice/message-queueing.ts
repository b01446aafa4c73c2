/** The row of an announcement by message or, where no message reaches its person, on paper (SPEC 3.7). */
import { present } from '../base/assert.ts';
import { canonicalText } from '../base/canonical.ts';
import type { Tx } from '../db/transaction.ts';
import { communityName, reachOf } from '../registry/explaining.ts';
import type { NoticeFacts } from './domain/announcement-text.ts';
import { placeName } from './domain/announcement-text.ts';
import { announcementId, channelFor, isPrintable, mobileOf, REMINDER } from './domain/outgoing.ts';
import type { Outgoing, Source } from './mail-queueing.ts';
import type { AnnouncingDeps } from './notice-deps.ts';
import type { Recipient } from './recipients.ts';
import { sealRecipient } from './recipients.ts';
import type { NewOutboxRow } from './store/outbox.ts';

/** What every text of a community says of whom to ask. */
export const factsFor = async (tx: Tx, { notice }: AnnouncingDeps, community: string) => ({
  community: await communityName(tx, community),
  helpLine: notice.helpLine,
  page: notice.page,
});

/** The row for one person; undefined where nothing is sent. Throws where nobody knows him. */
export async function messageRow(
  tx: Tx,
  deps: AnnouncingDeps,
  community: string,
  facts: Omit<NoticeFacts, 'place'>,
  source: Source,
  { person, event, units, round }: Outgoing,
): Promise<NewOutboxRow | undefined> {
  const reach = present(
    await reachOf({ ...deps, db: tx }, community, person),
    'whom an announcement concerns is known',
  );
  const phone = mobileOf(reach.phones);
  const channel = channelFor(event, phone, deps.notice.gateway !== undefined);
  if (channel === undefined) return undefined;
  const place = placeName(units.length > 0 ? units : reach.units);
  const outboxId = announcementId('service', source.leaf_hash, person, event, round);
  const named = { phone, address: reach.mailingAddress, place };
  const recipient: Recipient = event === REMINDER ? { ...named, person } : named;
  return {
    community_id: community,
    outbox_id: outboxId,
    entry_idx: source.idx,
    event,
    facts: canonicalText({ ...facts }),
    channel,
    ...(channel === 'print' && !isPrintable(recipient)
      ? { state: 'failed', error_code: 'NO_ADDRESS', ended_at_ms: BigInt(deps.clock()) }
      : { state: 'queued', error_code: null, ended_at_ms: null }),
    sealed_recipient: sealRecipient(deps, { community, outboxId }, recipient),
  };
}
