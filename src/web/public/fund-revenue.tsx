/** The public revenue of a community: what stands, each published half-year by source and cost, and the entries since (SPEC 8.5; Civil Code §282). */
import type { PublishedPeriod, RevenueBook } from '../../fund/revenue.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Scroll } from '../kit/scroll.tsx';
import { dayWords } from '../kit/times.ts';
import { yuan } from './fund-charges.tsx';
import { t } from './revenue-words.ts';

const placeWords = (at: number | undefined): string =>
  at === undefined ? t('noLogIndex') : t('logIndex', { at });

const periodWords = (period: string): string =>
  t(period.endsWith('1') ? 'firstHalf' : 'secondHalf', { year: period.slice(0, 4) });

function Period({ period: { record, hash, logIndex } }: { readonly period: PublishedPeriod }) {
  const title = periodWords(record.period);
  const rows = [
    [t('opening'), record.openingFen] as const,
    ...record.lines.map(
      ({ entryKind, heading, amountFen }) => [`${t(entryKind)}：${t(heading)}`, amountFen] as const,
    ),
    [t('closing'), record.closingFen] as const,
  ];
  return (
    <Scroll label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('item')}</th>
            <th scope="col">{t('amount')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, fen]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{yuan(BigInt(fen))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {placeWords(logIndex)}
        <br />
        <span class="soft mono">{hexGroups(hash, 16).join(' ')}</span>
      </p>
    </Scroll>
  );
}

/** Entries that no published half-year holds yet. */
function Since({ book }: { readonly book: RevenueBook }) {
  const last = book.periods.at(-1)?.record.period;
  const isSince = (on: string): boolean =>
    last === undefined || on > `${last.slice(0, 4)}-${last.endsWith('1') ? '06-30' : '12-31'}`;
  const entries = book.entries.filter(({ record }) => isSince(record.bookedOn)).toReversed();
  if (entries.length === 0) return null;
  return (
    <>
      <h3>{t('since')}</h3>
      <ul class="plain-list">
        {entries.map(({ record, logIndex }) => (
          <li key={record.entry}>
            {dayWords(record.bookedOn)} {t(record.entryKind)}：{t(record.heading)}{' '}
            {t('yuan', { yuan: yuan(BigInt(record.amountFen)) })}
            <br />
            <span class="soft">
              {record.text} · {placeWords(logIndex)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Revenue({ book }: { readonly book: RevenueBook }) {
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {book.entries.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <p>{t('balance', { yuan: yuan(book.balanceFen) })}</p>
      )}
      {book.periods.toReversed().map((period) => (
        <Period key={period.record.period} period={period} />
      ))}
      <Since book={book} />
    </section>
  );
}
