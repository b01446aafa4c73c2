/**
 * Money of the fund that is moved, identified, undone or returned, and its interest: what stands, what waits for two officers, and what one
 * officer books at once (SPEC 2.4, 8.3).
 */
import { useEffect, useState } from 'preact/hooks';
import type { CivilDate } from '../../../base/civil-date.ts';
import type { BookAnswer, PaymentsAnswer } from '../../../fund/contract.ts';
import type { MovementsAnswer } from '../../../fund/movement-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Status } from '../../kit/status.tsx';
import { bankWords } from './bank-names.ts';
import { IdentificationPart } from './identification-part.tsx';
import { DistributionPart, InterestPart, MovePart, ReturnPart } from './movement-forms.tsx';
import { t } from './movement-words.ts';
import { orderState } from './payment-form.tsx';
import { ReversalPart } from './reversal-part.tsx';

export type MovementSectionProps = {
  readonly community: string;
  /** `/v1/communities/…/fund`. */
  readonly base: string;
  readonly book: BookAnswer;
  readonly orders: PaymentsAnswer['payments'];
  readonly today: CivilDate;
  readonly isWriter: boolean;
  /** The book and its orders are to be read again. */
  readonly onChanged: () => void;
};

function Balances({ book, standing }: Pick<MovementSectionProps, 'book'> & { standing: MovementsAnswer }) {
  const balances = [
    ...book.banks.map(({ name, balanceFen }) => [bankWords(name), balanceFen] as const),
    [t('unidentifiedLine'), standing.unidentifiedFen] as const,
    [t('interestLine'), standing.interestUndistributedFen] as const,
  ];
  return (
    <dl class="pairs">
      {balances.map(([name, fen]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{t('yuan', { yuan: yuanWords(fen) })}</dd>
        </div>
      ))}
    </dl>
  );
}

/** So many of what was drafted are shown; the console has all that wait. */
const NEWEST = 20;

function Drafted({ orders }: Pick<MovementSectionProps, 'orders'>) {
  const shown = orders.flatMap((order) => (order.kind === 'pay' ? [] : [{ ...order, kind: order.kind }]));
  if (shown.length === 0) return null;
  return (
    <>
      <h4>{t('orders')}</h4>
      <ul>
        {shown.slice(0, NEWEST).map((order) => (
          <li key={order.order}>
            {t('order', {
              kind: t(`kind_${order.kind}`),
              yuan: yuanWords(order.amountFen),
              state: orderState(order),
            })}
          </li>
        ))}
      </ul>
    </>
  );
}

function Forms(props: MovementSectionProps & { readonly standing: MovementsAnswer }) {
  const { book, orders } = props;
  const movement = { ...props, banks: book.banks };
  return (
    <>
      <h3 class="spaced">{t('byTwo')}</h3>
      <MovePart {...movement} />
      <IdentificationPart {...movement} />
      <ReversalPart {...movement} />
      <Drafted orders={orders} />
      <h3 class="spaced">{t('byOne')}</h3>
      <InterestPart {...movement} />
      <DistributionPart {...movement} />
      <ReturnPart {...movement} />
    </>
  );
}

export function MovementSection(props: MovementSectionProps) {
  const { base, book, isWriter } = props;
  const [standing, setStanding] = useState<MovementsAnswer>();
  const [problem, setProblem] = useState<string>();
  // The lists change with the book, and every answer of the book is another object.
  useEffect(() => {
    void call<MovementsAnswer>('GET', `${base}/movements`).then((answer) =>
      answer.ok ? setStanding(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [base, book]);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {standing !== undefined && (
        <>
          <Balances book={book} standing={standing} />
          {isWriter ? <Forms {...props} standing={standing} /> : <p>{t('writers')}</p>}
        </>
      )}
    </section>
  );
}
