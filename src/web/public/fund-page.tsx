/** A community's maintenance fund in public: totals, resolutions and emergencies with their split, applications and payments, months and years (SPEC 8.3; 管理办法 §30). */
import type { ListedApplication } from '../../fund/applications.ts';
import type { CallSummary } from '../../fund/calls.ts';
import type { PeriodFigures } from '../../fund/domain/figures.ts';
import type { PublicBook } from '../../fund/public-book.ts';
import type { RevenueBook } from '../../fund/revenue.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Scroll } from '../kit/scroll.tsx';
import { Page } from '../kit/shell.tsx';
import { dayWords } from '../kit/times.ts';
import { Applications } from './fund-applications.tsx';
import { Charge, Rule, yuan } from './fund-charges.tsx';
import { Revenue } from './fund-revenue.tsx';
import { TopUps } from './fund-top-ups.tsx';
import { t } from './fund-words.ts';
import { t as pageWord } from './words.ts';

/** The newest checkpoint of the log. */
export type PublicCheckpoint = { readonly origin: string; readonly size: number; readonly root: string };

export type FundPageProps = {
  readonly communityName: string;
  /** Undefined where the community has no book yet. */
  readonly book: PublicBook | undefined;
  /** The newest first. */
  readonly applications: readonly ListedApplication[];
  readonly revenue: RevenueBook;
  /** The newest first. */
  readonly calls: readonly CallSummary[];
  readonly checkpoint: PublicCheckpoint | undefined;
  readonly demo: boolean;
};

const KINDS = [
  'unit_available',
  'unit_held',
  'payable',
  'interest_undistributed',
  'deposit_unidentified',
] as const;

function Balance({ totals, banks }: Pick<PublicBook, 'totals' | 'banks'>) {
  const rows = [
    [t('bank'), totals.bank] as const,
    ...KINDS.map((kind) => [t(kind), totals[kind]] as const).filter(([, fen]) => fen !== 0n),
  ];
  return (
    <section class="sheet">
      <h2>{t('balanceTitle')}</h2>
      <table>
        <caption>{t('balanceTitle')}</caption>
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
              <td class="number">{yuan(fen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {banks.length > 1 && (
        <ul class="plain-list">
          {banks.map(({ account, name, balanceFen }) => (
            <li key={account}>
              {t('bankAccount', { name })}：{t('yuan', { yuan: yuan(balanceFen) })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function periodWords(period: string): string {
  const [year = '', month] = period.split('-');
  return month === undefined ? t('year', { year }) : t('month', { year, month: Number(month) });
}

const COLUMNS = ['openingFen', 'depositsFen', 'interestFen', 'paidFen', 'closingFen'] as const;
const HEADS = ['period', 'opening', 'deposits', 'interest', 'payments', 'closing'] as const;

function Periods({ title, figures }: { readonly title: string; readonly figures: readonly PeriodFigures[] }) {
  return (
    <Scroll label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {HEADS.map((head) => (
              <th scope="col" key={head}>
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map((each) => (
            <tr key={each.period}>
              <th scope="row" class="keep">
                {periodWords(each.period)}
                {each.state === 'published' && each.isDoubted && <span class="tag stop">{t('doubted')}</span>}
              </th>
              {each.state !== 'published' ? (
                <td colSpan={COLUMNS.length}>{t(each.state)}</td>
              ) : (
                COLUMNS.map((column) => (
                  <td class="number keep" key={column}>
                    {yuan(each[column])}
                  </td>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** What proves the newest published months; the JSON has them all. */
const PROVED = 12;

function Published({ months }: { readonly months: PublicBook['published'] }) {
  const [first] = months;
  if (first === undefined) return null;
  return (
    <>
      <p>{t('publishedLead')}</p>
      <ul class="plain-list">
        {months.slice(0, PROVED).map(({ month, hash, logIndex, record }) => (
          <li key={month}>
            {t('publishedMonth', {
              month: periodWords(month),
              seq: record.lastSeq,
              at: logIndex === undefined ? t('noLogIndex') : t('logIndex', { at: logIndex }),
              size: record.size,
            })}
            <br />
            <span class="soft mono">{hexGroups(hash, 16).join(' ')}</span>
          </li>
        ))}
      </ul>
      <p>
        <a href={`/v1/communities/${first.record.community}/fund/months`}>{t('publishedAll')}</a>
      </p>
    </>
  );
}

function Check({ book, checkpoint }: { readonly book: PublicBook } & Pick<FundPageProps, 'checkpoint'>) {
  const last = book.lastLogIndex === undefined ? t('noLogIndex') : t('logIndex', { at: book.lastLogIndex });
  const pairs = [
    [t('lastEntry'), `${t('entry', { seq: String(book.lastSeq) })} · ${last}`],
    ...(checkpoint === undefined
      ? []
      : [
          [t('origin'), checkpoint.origin],
          [t('size'), t('sizeText', { count: checkpoint.size })],
          [t('root'), checkpoint.root],
        ]),
  ];
  return (
    <section class="sheet">
      <h2>{t('checkTitle')}</h2>
      <p>{t('checkLead')}</p>
      <dl class="pairs">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a href="/log/checkpoint">{t('checkpoint')}</a>
      </p>
    </section>
  );
}

function Book({ book, checkpoint }: { readonly book: PublicBook } & Pick<FundPageProps, 'checkpoint'>) {
  return (
    <>
      <p class="lead">{t('lead', { on: dayWords(book.lastBookedOn), seq: String(book.lastSeq) })}</p>
      <p class="no-print">
        <a class="button quiet" href="/mine">
          {t('own')}
        </a>
      </p>
      <Balance totals={book.totals} banks={book.banks} />
      <section>
        <h2>{t('chargesTitle')}</h2>
        {book.charges.length === 0 && <p>{t('noCharges')}</p>}
        <ul class="plain-list">
          {book.charges.map((charge) => (
            <Charge key={charge.authorisation.authorisation} charge={charge} />
          ))}
        </ul>
        <Rule rule={book.emergencies} />
      </section>
      <section class="sheet">
        <h2>{t('yearsTitle')}</h2>
        <p>{t('periodLead')}</p>
        <Periods title={t('yearsTitle')} figures={book.years} />
        <h2>{t('monthsTitle')}</h2>
        <Periods title={t('monthsTitle')} figures={book.months} />
        <Published months={book.published} />
      </section>
      <Check book={book} checkpoint={checkpoint} />
      <p class="no-print">{t('print')}</p>
    </>
  );
}

export function FundPage(props: FundPageProps) {
  const { communityName, book, applications, revenue, calls, checkpoint, demo } = props;
  return (
    <Page name={pageWord('name')} home="/" demo={demo} foot={<a href="/">{pageWord('allMeetings')}</a>}>
      <p class="kicker">{communityName}</p>
      <h1>{t('title')}</h1>
      {book === undefined ? <p>{t('noBook')}</p> : <Book book={book} checkpoint={checkpoint} />}
      <TopUps calls={calls} />
      <Applications applications={applications} />
      <Revenue book={revenue} />
    </Page>
  );
}
