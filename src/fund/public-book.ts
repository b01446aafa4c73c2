/** What anybody may see of a community's fund: totals, each resolution and emergency with its split and its payments, months and years; no household (SPEC 8.3). */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { parseDecimal } from '../base/area.ts';
import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { ShownAnnulment } from './annulling.ts';
import { readAnnulments } from './annulling.ts';
import { readEmergencyAnnulments } from './annulling-emergencies.ts';
import type { StoredAuthorisation } from './authorisations.ts';
import type { Closing } from './closing.ts';
import { readClosings } from './closing.ts';
import type { EmergencyRule } from './declaring.ts';
import { emergencyRule } from './declaring.ts';
import { resolutionKey } from './domain/authorisation-check.ts';
import type { EntryKind } from './domain/entry-shapes.ts';
import type { PeriodFigures } from './domain/figures.ts';
import { periodFigures } from './domain/figures.ts';
import { listEmergencies } from './listing-emergencies.ts';
import type { PublishedMonth } from './publishing.ts';
import { listMonths } from './publishing.ts';
import type { AuthorisationSummary, BookSummary } from './reading.ts';
import { readBook } from './reading.ts';
import { listReconciliations } from './reconciling.ts';
import type { FundRefusal } from './refusals.ts';
import { resolutionTitles } from './resolution-titles.ts';
import { lastLogIndex, monthlyMoves, paymentRows } from './store/public-figures.ts';

/** A payment, or one that came back (then negative), in fen. */
export type PublicPayment = {
  readonly seq: bigint;
  readonly bookedOn: string;
  readonly amountFen: bigint;
  readonly logIndex: number | undefined;
};

/** What a resolution or an emergency laid on the owners of its scope, and where its money is. */
export type PublicCharge = AuthorisationSummary & {
  readonly title: string;
  readonly totalAreaDm2: bigint;
  /** Fen that were left over by rounding down, one each to as many units by the largest remainder. */
  readonly leftOverFen: bigint;
  readonly payments: readonly PublicPayment[];
  /** Undefined until two officers closed it. */
  readonly closing: Closing | undefined;
  /** Undefined until two officers annulled the resolution or the emergency. */
  readonly annulment: ShownAnnulment | undefined;
  /** The place of an emergency in the log; undefined until it has one, and of a resolution, which its meeting shows. */
  readonly logIndex: number | undefined;
};

export type PublicBook = Omit<BookSummary, 'authorisations'> & {
  readonly charges: readonly PublicCharge[];
  readonly months: readonly PeriodFigures[];
  readonly years: readonly PeriodFigures[];
  /** Undefined where nothing was ever declared: then emergencies are barred. */
  readonly emergencies: EmergencyRule | undefined;
  /** The newest first. */
  readonly published: readonly PublishedMonth[];
  /** Place of the book's last entry in the log; undefined until it has one. */
  readonly lastLogIndex: number | undefined;
};

const sumOf = (texts: readonly string[]): bigint =>
  sumFen(texts.map((text) => present(parseDecimal(text), 'checked decimal')));

function splitOf({ record }: StoredAuthorisation) {
  const totalAreaDm2 = sumOf(record.shares.map(({ areaDm2 }) => areaDm2));
  // Σ remainders is the number of left-over fen times the whole area: that is what the floors left.
  return { totalAreaDm2, leftOverFen: sumOf(record.shares.map(({ remainder }) => remainder)) / totalAreaDm2 };
}

async function bookIn(db: Database, community: string): Promise<Result<PublicBook, FundRefusal>> {
  const read = await readBook(db, community);
  if (!read.ok) return read;
  const { authorisations, ...book } = read.value;
  const titles = await resolutionTitles(
    db,
    authorisations.map(({ authorisation }) => authorisation),
  );
  const closings = await readClosings(db, community);
  const unlawful = await readEmergencyAnnulments(db, community);
  const annulled = await readAnnulments(db, community);
  const emergencies = new Map(
    (await listEmergencies(db, community)).map(({ authorisation, logIndex }) => [authorisation, logIndex]),
  );
  const payments = await paymentRows(db, community);
  const moves = (await monthlyMoves(db, community)).map((row) => ({ ...row, kind: row.kind as EntryKind }));
  const compared = (await listReconciliations(db, community)).map(({ differences, ...each }) => ({
    ...each,
    unexplainedOn: differences.filter(({ reason }) => reason === '').map(({ on }) => on),
  }));
  const charges = authorisations.map((each): PublicCharge => {
    const { authorisation: id, record } = each.authorisation;
    const own = payments.filter((row) => row.authorisation === id);
    return {
      ...each,
      title: titles.get(id) ?? '',
      ...splitOf(each.authorisation),
      closing: closings.get(id),
      annulment:
        record.kind === 'emergency'
          ? unlawful.get(id)
          : annulled.get(resolutionKey(record.meeting, record.proposal)),
      logIndex: emergencies.get(id),
      payments: own.map(({ seq, bookedOn, amountFen, idx }) => ({
        seq,
        bookedOn,
        amountFen,
        logIndex: placeOf(idx),
      })),
    };
  });
  const published = await listMonths(db, community);
  const months = new Set(published.map(({ month }) => month));
  const lastIndex = await lastLogIndex(db, community, book.lastSeq);
  const figures = periodFigures(moves, compared, months);
  const rule = await emergencyRule(db, community);
  return ok({ ...book, charges, ...figures, emergencies: rule, published, lastLogIndex: lastIndex });
}

/** The whole book at one moment. */
export const readPublicBook = (db: Database, community: string): Promise<Result<PublicBook, FundRefusal>> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => bookIn(tx, community));
