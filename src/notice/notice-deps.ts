/** What the shells of announcements are given; `explain` and `timeliness` come from above, since this room knows none that it speaks of (SPEC 3.7). */
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { EntryOf } from '../record/entry.ts';
import type { AnnouncedEntry } from '../record/explanation.ts';
import type { NoticeEvent } from '../record/told.ts';
import type { RegistryDeps } from '../registry/registry-deps.ts';
import type { MailLimits, MailServer } from './mailing.ts';
import type { Notified } from './noticing.ts';
import type { Gateway } from './webhook.ts';

/** What begins or ends a call to top up; an annulled resolution may have had none. */
export type CallEntry = EntryOf<'topup.called' | 'topup.withdrawn' | 'resolution.annulled'>;

/** The bytes behind an entry: private ones, as `record/explanation.ts` reads them, or the record of a call to top up. */
export type Explain = (
  db: Database,
  community: string,
  entry: AnnouncedEntry | CallEntry,
  row: { readonly entryId: bigint },
) => Promise<readonly Uint8Array[]>;

/** Whether what is told of a meeting is still of use; of a reminder `units` are the homes of its receiver for which nobody voted by now. */
export type Timeliness =
  | { readonly isTimely: false }
  | { readonly isTimely: true; readonly units?: Notified['units'] };

/**
 * Whether a mail about a meeting, or a reminder by message, is still of use to its receiver: the meeting is not over, and a reminder's owner has not voted for all his
 * homes. It follows from participation alone, never from a choice.
 */
export type TimelinessNow = (
  db: Database,
  told: { readonly event: NoticeEvent; readonly meeting: string; readonly person: string },
  now: Instant,
) => Promise<Timeliness>;

/** `helpLine` and `page` stand in every text and may be empty; `maxQueued` messages of a community may wait for the gateway. */
export type NoticeSettings = {
  readonly gateway: Gateway | undefined;
  readonly helpLine: string;
  readonly page: string;
  readonly maxQueued: number;
  /** How long the gateway may take for its whole answer. */
  readonly answerMs: number;
  /** Where e-mail is handed in, and how long that may take; absent where none is sent. `stopping` ends the waits of a process that stops. */
  readonly mail?: MailLimits & { readonly server: MailServer; readonly stopping?: AbortSignal };
};

export type AnnouncingDeps = Pick<RegistryDeps, 'db' | 'clock' | 'random' | 'atRest'> & {
  readonly explain: Explain;
  readonly timeliness: TimelinessNow;
  readonly notice: NoticeSettings;
};

/** What the routes need: officers, sealed recipients, and what entries mean. */
export type NoticeDeps = RegistryDeps & { readonly explain: Explain };
