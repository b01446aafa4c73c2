/** The desk of the fund: who works here, of which community, and the sections of his role (SPEC 8.3, 8.5). */
import { useEffect, useState } from 'preact/hooks';
import { civilDateAt } from '../../../base/civil-date.ts';
import { parseInstant } from '../../../base/instant.ts';
import type { BookAnswer, PaymentsAnswer } from '../../../fund/contract.ts';
import type { OfficerAnswer } from '../../../officers/contract.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { Status } from '../../kit/status.tsx';
import { BankSection } from './bank-section.tsx';
import { BuildingsSection } from './buildings-part.tsx';
import { EmergencySection } from './emergency-section.tsx';
import { MovementSection } from './movement-section.tsx';
import { OpeningPart } from './opening-part.tsx';
import { RefundSection } from './refund-section.tsx';
import { RevenueSection } from './revenue-section.tsx';
import { SpendingSection } from './spending-section.tsx';
import { TopUpLetters } from './top-up-letters.tsx';
import type { Letters } from './top-up-section.tsx';
import { TopUpSection } from './top-up-section.tsx';
import { OtherResolutions } from './undoing-part.tsx';
import { t } from './words.ts';

type Community = { readonly community: string; readonly name: string };

const ROLES: readonly string[] = ['committee', 'street', 'regulator'];
/** Who prepares entries. */
const WRITERS: readonly string[] = ['committee', 'street'];

type SectionsProps = {
  readonly community: Community;
  readonly officer: OfficerAnswer;
  /** The service's time, RFC 3339. */
  readonly now: string;
};

/** The book, and the orders of payment that were drafted in it. */
function useBook(base: string, round: number) {
  const [book, setBook] = useState<BookAnswer | 'none'>();
  const [orders, setOrders] = useState<PaymentsAnswer['payments']>([]);
  const [problem, setProblem] = useState<string>();
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void call<BookAnswer>('GET', base).then((answer) => {
      if (answer.ok) setBook(answer.value);
      // A community without a book is no fault.
      else if (answer.problem.code === 'FUND_BOOK_MISSING') setBook('none');
      else setProblem(answer.problem.sentence);
    });
    void call<PaymentsAnswer>('GET', `${base}/payments`).then((answer) =>
      answer.ok ? setOrders(answer.value.payments) : setProblem(answer.problem.sentence),
    );
  }, [base, round]);
  return { book, orders, problem };
}

function Sections({ community: { community, name }, officer, now }: SectionsProps) {
  const today = civilDateAt(parseInstant(now) ?? Date.now());
  const [round, setRound] = useState(0);
  const base = `/v1/communities/${community}/fund`;
  const { book, orders, problem } = useBook(base, round);
  const isWriter = WRITERS.includes(officer.role);
  const [letters, setLetters] = useState<Letters>();
  const again = () => setRound((old) => old + 1);
  if (letters !== undefined)
    return <TopUpLetters {...letters} communityName={name} onBack={() => setLetters(undefined)} />;
  return (
    <>
      <h1>{t('of', { name })}</h1>
      <p>{t('lead')}</p>
      <p>
        <a href="/console">{t('toConsole')}</a>
        {' · '}
        <a href={`/communities/${community}/fund`}>{t('publicPage')}</a>
      </p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <SpendingSection
        base={base}
        book={book}
        orders={orders}
        isWriter={isWriter}
        isRegulator={officer.role === 'regulator'}
        onSent={again}
      />
      {book !== undefined && book !== 'none' && (
        <>
          <EmergencySection community={community} base={base} isWriter={isWriter} />
          <RefundSection base={base} banks={book.banks} orders={orders} isWriter={isWriter} onSent={again} />
          <MovementSection
            community={community}
            base={base}
            book={book}
            orders={orders}
            today={today}
            isWriter={isWriter}
            onChanged={again}
          />
          <TopUpSection
            community={community}
            base={base}
            today={today}
            isWriter={isWriter}
            onLetters={setLetters}
          />
        </>
      )}
      {officer.role === 'regulator' && book !== undefined && (
        <OtherResolutions
          community={community}
          base={base}
          authorisations={book === 'none' ? [] : book.authorisations}
          onSent={again}
        />
      )}
      <RevenueSection community={community} today={today} isWriter={isWriter} />
      {isWriter && book !== undefined && (
        <section class="sheet">
          <h2>{t('opening')}</h2>
          <OpeningPart base={base} banks={book === 'none' ? [] : book.banks} today={today} onSent={again} />
        </section>
      )}
      {/* A book that was just opened has its first bank. */}
      <BankSection key={book === 'none' ? 'none' : 'book'} community={community} officer={officer} />
      <BuildingsSection base={base} officer={officer} />
    </>
  );
}

export type FundDeskProps = {
  readonly now: string;
  /** The community that the address names; empty for none. */
  readonly asked: string;
};

export function FundDesk({ now, asked }: FundDeskProps) {
  const [officer, setOfficer] = useState<OfficerAnswer | 'nobody'>();
  const [communities, setCommunities] = useState<readonly Community[]>([]);
  const [chosen, setChosen] = useState<Community>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void (async () => {
      const me = await call<OfficerAnswer>('GET', '/v1/officers/me');
      setOfficer(me.ok ? me.value : 'nobody');
      if (!me.ok || !ROLES.includes(me.value.role)) return;
      const found = await call<{ readonly communities: readonly Community[] }>('GET', '/v1/communities');
      if (!found.ok) return setProblem(found.problem.sentence);
      const all = found.value.communities;
      setCommunities(all);
      setChosen(all.find(({ community }) => community === asked) ?? (all.length === 1 ? all[0] : undefined));
    })();
  }, [asked]);
  if (officer === undefined) return <h1>{t('title')}</h1>;
  if (officer === 'nobody' || !ROLES.includes(officer.role))
    return (
      <>
        <h1>{t('title')}</h1>
        <Status kind="stop" title={t(officer === 'nobody' ? 'signIn' : 'notAllowed')} />
        <p>
          <a href="/console">{t('toConsole')}</a>
        </p>
      </>
    );
  if (chosen !== undefined) return <Sections community={chosen} officer={officer} now={now} />;
  return (
    <>
      <h1>{t('title')}</h1>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <p>{t(communities.length === 0 ? 'noCommunities' : 'toCommunities')}</p>
      <div class="actions row">
        {communities.map((each) => (
          <Button key={each.community} kind="quiet" onClick={() => setChosen(each)}>
            {each.name}
          </Button>
        ))}
      </div>
    </>
  );
}
