/**
 * What is kept of one who asks for it is erased as far as the law lets it go (PIPL §47): how he is reached as soon as no vote needs him,
 * number, name and salt when the time for challenging his last vote is over. What counts and proves votes stays (docs/personal-information.md).
 */

import { canonicalText } from '../base/canonical.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { personByIndexes } from '../identity/store/providers.ts';
import { announcementId, changeSource, MOST_REMINDERS, REMINDER } from '../notice/domain/outgoing.ts';
import type { NoticeEvent } from '../record/told.ts';
import { readDocument } from '../registry/domain/document-number.ts';
import { emptyContact, emptyValues, indexesOf, openContact } from '../registry/persons.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import type { PersonRow } from '../registry/store/units.ts';
import type { ForgettingDeps } from './forgetting.ts';
import type { Subject } from './store/erasing.ts';
import {
  changesOf,
  claimsOn,
  eraseFilesOf,
  erasePassing,
  eraseRecipients,
  insertErasure,
  keptOf,
  lockPersons,
  meetingsOf,
  passingOf,
  personsWith,
  putErased,
  standingRecipients,
  wordsAbout,
} from './store/erasing.ts';
import { replaceContact } from './store/forgetting.ts';

const DAY_MS = 24 * 3_600_000;

export type ErasureRefusal = Refusal<
  | 'PERSON_UNKNOWN'
  | 'PERSON_ERASED'
  | 'ERASURE_OWNER'
  | 'ERASURE_MEETING'
  | 'ERASURE_MANDATE'
  | 'ERASURE_WAITS'
>;

/** What goes, by kind; each is a number of values or rows. */
export type Erased = {
  readonly identity: number;
  /** Files of registers that are out of force; they go with number and name. */
  readonly files: number;
  readonly contact: number;
  readonly announcements: number;
  readonly requests: number;
  readonly sessions: number;
  readonly counter: number;
  readonly email: number;
};
/** What stays; `until` is a date for number, name and salt, and empty for what stays as long as the community's records. */
export type Kept = {
  readonly what:
    | 'identity'
    | 'files'
    | 'ownership'
    | 'rolls'
    | 'keys'
    | 'votes'
    | 'papers'
    | 'tokens'
    | 'mandates'
    | 'requisitions'
    | 'objections'
    | 'corrections';
  readonly count: number;
  readonly until: CivilDate | '';
};
export type Erasure = {
  /** Ids of the person, and of whoever he is one with. */
  readonly persons: readonly string[];
  readonly erased: Erased;
  readonly kept: readonly Kept[];
};

export type ErasureWish = {
  readonly community: string;
  readonly person: string;
  /** 4 to 200 characters that name nobody, such as the number of the written request. */
  readonly reason: string;
  /** Days from the end of his last vote to the erasure of number and name. */
  readonly identityDays: number;
  /** Tells what would be, and changes nothing. */
  readonly isDryRun: boolean;
};

/** Why nothing of theirs may be erased now; undefined where nothing stands against it. */
async function hindrance(
  tx: Tx,
  subject: Subject,
  now: Instant,
): Promise<Extract<Result<never, ErasureRefusal>, { ok: false }> | undefined> {
  const { homes, mandates, waits } = await claimsOn(tx, subject, now);
  if (homes > 0) return refuse('ERASURE_OWNER');
  const open = (await meetingsOf(tx, subject)).find(({ endsAt }) => endsAt === undefined);
  if (open !== undefined) return refuse('ERASURE_MEETING', open.meeting);
  if (mandates > 0) return refuse('ERASURE_MANDATE');
  return waits > 0 ? refuse('ERASURE_WAITS') : undefined;
}

/** The ids that announcements of an event to a person may have: by message or paper, by e-mail, and of each reminder. */
function idsFor(source: Uint8Array, person: string, event: NoticeEvent): readonly string[] {
  const rounds = event === REMINDER ? Array.from({ length: MOST_REMINDERS }, (_, at) => at + 1) : [undefined];
  return (['service', 'service-email'] as const).flatMap((sender) =>
    rounds.map((round) => announcementId(sender, source, person, event, round)),
  );
}

/** Announcements to them whose recipient still stands. */
async function announcementsTo(tx: Tx, subject: Subject) {
  const changes = new Set(
    (await changesOf(tx, subject)).flatMap(({ code_id: code, person_id: person, event }) =>
      idsFor(changeSource(code), person, event as NoticeEvent),
    ),
  );
  return (await standingRecipients(tx, subject.community)).filter(
    ({ leaf_hash: leafHash, event, outbox_id: id }) =>
      leafHash === null
        ? changes.has(id)
        : subject.persons.some((person) => idsFor(leafHash, person, event as NoticeEvent).includes(id)),
  );
}

/** When number and name may go: some days after the last meeting that concerned him was over; undefined where none did. */
async function identityUntil(tx: Tx, subject: Subject, days: number): Promise<Instant | undefined> {
  const ends = (await meetingsOf(tx, subject)).map(({ endsAt }) => endsAt ?? Number.POSITIVE_INFINITY);
  return ends.length === 0 ? undefined : Math.max(...ends) + days * DAY_MS;
}

/** The id of the person of a document, as an operator types its number; undefined where the community has none. */
export async function personOfNumber(
  deps: Pick<ForgettingDeps, 'db' | 'atRest'>,
  now: Instant,
  community: string,
  typed: string,
): Promise<string | undefined> {
  const document = readDocument(typed, '', civilDateAt(now));
  if (document.fault !== undefined) return undefined;
  const indexes = indexesOf(deps, { docKind: document.kind, number: document.number });
  return (await personByIndexes(deps.db, community, indexes))?.person_id;
}

const reachable = (deps: ForgettingDeps, row: PersonRow): boolean => {
  const { phones, mailingAddress } = openContact(deps, row);
  return phones.length > 0 || mailingAddress !== '';
};

/** Erases what may go of a person, in one transaction with the record of it; or tells what would. */
export const erasePerson = (
  deps: ForgettingDeps,
  now: Instant,
  wish: ErasureWish,
): Promise<Result<Erasure, ErasureRefusal>> =>
  inTransaction(deps.db, async (tx): Promise<Result<Erasure, ErasureRefusal>> => {
    const { community, person, isDryRun } = wish;
    // An import that brings him back, and a merge, hold it too.
    if ((await lockCommunity(tx, community)) === undefined) return refuse('PERSON_UNKNOWN');
    const subject = { community, persons: await personsWith(tx, community, person) };
    const rows = await lockPersons(tx, subject);
    if (!rows.some((row) => row.person_id === person)) return refuse('PERSON_UNKNOWN');
    if (rows.every((row) => row.erased_at_ms !== null)) return refuse('PERSON_ERASED');
    const hindered = await hindrance(tx, subject, now);
    if (hindered !== undefined) return hindered;
    const announced = await announcementsTo(tx, subject);
    if (announced.some(({ state, channel }) => state === 'queued' && channel !== 'email'))
      return refuse('ERASURE_WAITS');
    const until = await identityUntil(tx, subject, wish.identityDays);
    const isDue = until === undefined || until <= now;
    const concerns = await meetingsOf(tx, subject);
    const { files, ...counts } = await keptOf(tx, subject);
    const words = await wordsAbout(
      tx,
      subject,
      concerns.map(({ meeting }) => meeting),
    );
    const stays = { ...counts, ...words };
    const erased: Erased = {
      identity: isDue ? rows.length : 0,
      files: isDue ? files : 0,
      contact: rows.filter((row) => reachable(deps, row)).length,
      announcements: announced.length,
      ...(await passingOf(tx, subject)),
    };
    const kept = isDue
      ? keptLines(stays)
      : [identityLine(rows.length, until), ...keptLines({ files, ...stays })];
    if (!isDryRun) {
      const ids = announced.map((row) => row.outbox_id);
      await eraseRecipients(tx, community, ids, now);
      await erasePassing(tx, subject);
      if (isDue) await eraseFilesOf(tx, subject);
      for (const row of rows)
        await (isDue
          ? putErased(tx, row, emptyValues(deps, row), now)
          : replaceContact(tx, { ...row, sealed_contact: emptyContact(deps, row) }));
      await insertErasure(tx, {
        community_id: community,
        erasure_id: newId(deps.random),
        person_id: person,
        reason: wish.reason,
        erased: canonicalText({ ...erased }),
        kept: canonicalText(kept.map((each) => ({ ...each }))),
        erased_at_ms: now,
      });
    }
    return ok({ persons: subject.persons, erased, kept });
  });

/** The first day on which number and name may go. */
const identityLine = (count: number, until: Instant): Kept => ({
  what: 'identity',
  count,
  until: civilDateAt(until + DAY_MS - 1),
});

const keptLines = (counts: Partial<Readonly<Record<Kept['what'], number>>>): readonly Kept[] =>
  (Object.entries(counts) as [Kept['what'], number][]).flatMap(([what, count]) =>
    count === 0 ? [] : [{ what, count, until: '' }],
  );
