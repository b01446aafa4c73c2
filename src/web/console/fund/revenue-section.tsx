/** The public-revenue book at the fund's desk: its balance and newest entries, and what may be done with it (SPEC 8.5; Civil Code §282). */
import { useEffect, useState } from 'preact/hooks';
import type { CivilDate } from '../../../base/civil-date.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Status } from '../../kit/status.tsx';
import type { Decided } from './decided.ts';
import { decidedIn } from './decided.ts';
import { Drafting } from './drafting.tsx';
import { t } from './revenue-desk-words.ts';
import type { Revenue } from './revenue-drafts.ts';
import { entryWords, periodDraft, periodWords } from './revenue-drafts.ts';
import { IncomePart, ReversalPart, SpendingPart } from './revenue-forms.tsx';

/** So many entries are shown; the public page has all. */
const NEWEST = 20;

type PeriodPartProps = {
  readonly path: string;
  readonly revenue: Revenue;
  readonly onSent: () => void;
};

function PeriodPart({ path, revenue, onSent }: PeriodPartProps) {
  const last = revenue.periods.at(-1)?.record.period;
  return (
    <Drafting
      title={t('period', { period: periodWords(revenue.next) })}
      lead={t('periodLead', { last: last === undefined ? t('never') : periodWords(last) })}
      path={`${path}/periods`}
      makes="entry"
      next={t('periodNext')}
      draft={() => periodDraft(revenue)}
      fieldOf={{}}
      onSent={onSent}
      fields={() => null}
    />
  );
}

export type RevenueSectionProps = {
  readonly community: string;
  /** The service's day. */
  readonly today: CivilDate;
  readonly isWriter: boolean;
};

export function RevenueSection({ community, today, isWriter }: RevenueSectionProps) {
  const [revenue, setRevenue] = useState<Revenue>();
  const [decided, setDecided] = useState<readonly Decided[]>([]);
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  const path = `/v1/communities/${community}/revenue`;
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void call<Revenue>('GET', path).then((answer) =>
      answer.ok ? setRevenue(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [path, round]);
  useEffect(() => {
    if (isWriter) void decidedIn(community).then(setDecided);
  }, [community, isWriter]);
  const again = () => setRound((old) => old + 1);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {revenue?.entries.length === 0 && <p>{t('none')}</p>}
      {revenue !== undefined && revenue.entries.length > 0 && (
        <>
          <p class="answer">{t('balance', { yuan: yuanWords(revenue.balanceFen) })}</p>
          <h3>{t('entries')}</h3>
          <ul>
            {revenue.entries
              .slice(-NEWEST)
              .reverse()
              .map(({ record }) => (
                <li key={record.entry}>{entryWords(record)}</li>
              ))}
          </ul>
        </>
      )}
      {revenue !== undefined && isWriter && (
        <>
          <IncomePart path={path} standing={{ today, revenue }} onSent={again} />
          <SpendingPart path={path} standing={{ today, revenue }} decided={decided} onSent={again} />
          {revenue.entries.length > 0 && <ReversalPart path={path} standing={{ today, revenue }} />}
          {revenue.next !== '' && <PeriodPart path={path} revenue={revenue} onSent={again} />}
        </>
      )}
    </section>
  );
}
