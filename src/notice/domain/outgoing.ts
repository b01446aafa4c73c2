/** By which channel an announcement goes, under which id, and when it is tried again (SPEC 3.7). */
import { toBase32, utf8 } from '../../base/bytes.ts';
import { h256 } from '../../crypto/frame.ts';
import type { NoticeEvent } from '../../record/told.ts';

export type Channel = 'print' | 'webhook';

/** Mobile numbers of the mainland; a landline takes no message. */
const MOBILE = /^(?:\+?86)?1[3-9]\d{9}$/;

/** The number that a message can go to, the first of the list; empty where there is none. */
export const mobileOf = (phones: readonly string[]): string =>
  phones.find((phone) => MOBILE.test(phone)) ?? '';

/**
 * By which channel, or undefined where nothing is sent: a first letter is itself the paper, so that paper about it would only double it.
 */
export function channelFor(event: NoticeEvent, phone: string, hasGateway: boolean): Channel | undefined {
  if (hasGateway && phone !== '') return 'webhook';
  return event === 'letter-issued' ? undefined : 'print';
}

/**
 * Whom a reminder goes to is who has not voted: no list or count of announcements tells that, and it never becomes paper, which would
 * come after the vote and tell whoever prints it (SPEC 6.11).
 */
export const REMINDER: NoticeEvent = 'vote-reminder';
/** Reminders of one meeting. */
export const MOST_REMINDERS = 3;

/** What goes to many owners at once: it must hold up no warning that concerns one. */
export const TO_EVERYBODY: readonly string[] = [
  'meeting-noticed',
  REMINDER,
  'top-up-called',
  'top-up-withdrawn',
  'top-up-annulled',
] satisfies readonly NoticeEvent[];

/**
 * E-mails of these go to the address that no longer holds, since a thief of a session would turn the mail away unseen; such an address is
 * erased with its mail's end.
 */
export const TO_FORMER: readonly string[] = [
  'email-changed',
  'email-removed',
] satisfies readonly NoticeEvent[];

/** Whether paper would reach anybody: by post, or put under the door of the unit. */
export const isPrintable = ({
  address,
  place,
}: {
  readonly address: string;
  readonly place: string;
}): boolean => address !== '' || place !== '';

/**
 * The id of an announcement, 16 bytes as ids are written: the same for the same entry or change, person and event, also after a crash or from a
 * database that was put back, so that a gateway that has it sends nothing twice. Without the person's random id nobody can compute it.
 * A monitor's ids differ from the service's: it must not be silenced by what the service sent before; those of e-mails too, which go beside.
 */
export const announcementId = (
  sender: 'service' | 'service-email' | 'monitor',
  /** The leaf hash of an entry, or `changeSource` of an address. */
  source: Uint8Array,
  person: string,
  event: NoticeEvent,
  round?: number,
): string =>
  toBase32(
    h256('announcement', sender, source, person, round === undefined ? event : `${event} ${round}`).subarray(
      0,
      16,
    ),
  );

/** What stands for the entry that a change of an address does not have: the id of the code that confirmed it. */
export const changeSource = (codeId: string): Uint8Array => utf8(codeId);

/** How often something is tried, and how long it rests between: `firstMs` at first, twice as long each time, at most `longestMs`. */
export type Retrying = { readonly attempts: number; readonly firstMs: number; readonly longestMs: number };

/** A message that a gateway does not take becomes paper after these tries. */
export const MESSAGE_RETRYING: Retrying = { attempts: 8, firstMs: 10_000, longestMs: 30 * 60_000 };

/** Ten hours or so: mail servers turn a sender away at first whom they do not know. */
export const MAIL_RETRYING: Retrying = { attempts: 16, firstMs: 60_000, longestMs: 60 * 60_000 };

/** A code is waited for by somebody, and holds for an hour. */
export const CODE_RETRYING: Retrying = { attempts: 12, firstMs: 15_000, longestMs: 5 * 60_000 };

/** How long it rests after its n-th failed try: between half and all of the time (`share` in 0..1). */
export function pauseAfter({ firstMs, longestMs }: Retrying, attempt: number, share: number): number {
  const whole = Math.min(firstMs * 2 ** (attempt - 1), longestMs);
  return Math.round(whole * (0.5 + share / 2));
}
