/** Refunds at the fund's desk: units that are no more and have money still, the draft that gives it back, and the payment of what was signed (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { BookAnswer, PaymentsAnswer } from '../../../fund/contract.ts';
import type { RefundBody, RefundsAnswer } from '../../../fund/movement-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { draw } from '../../kit/draw.ts';
import { Status } from '../../kit/status.tsx';
import { Drafting } from './drafting.tsx';
import type { KeptOpening } from './drafts.ts';
import { HashedFile, KeepOpening, PayeeAccount } from './entry-fields.tsx';
import { Options } from './options.tsx';
import { Orders, PaymentPart } from './payment-form.tsx';
import { t } from './refund-desk-words.ts';
import type { Extinguished, RefundForm } from './refund-draft.ts';
import { EMPTY_REFUND, refundDraft } from './refund-draft.ts';

type RefundPartProps = {
  readonly base: string;
  readonly extinguished: readonly Extinguished[];
  /** The balances may have changed. */
  readonly onStale: () => void;
};

function RefundPart({ base, extinguished, onStale }: RefundPartProps) {
  const [form, setForm] = useState(EMPTY_REFUND);
  const [kept, setKept] = useState<readonly KeptOpening[]>([]);
  const change = (part: Partial<RefundForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('draft')}
      path={`${base}/refunds`}
      makes="act"
      next={t('next')}
      draft={() => refundDraft(form, extinguished, kept, draw)}
      fieldOf={{ unit: 'unit', expectedFen: 'unit', payeeOpening: 'number', documentHash: 'document' }}
      onSent={() => setForm(EMPTY_REFUND)}
      onRefused={onStale}
      keep={({ payeeOpening }: RefundBody) => (
        <KeepOpening opening={{ payee: t('purpose'), ...payeeOpening }} />
      )}
      fields={(errors) => (
        <>
          <Options
            label={t('unit')}
            value={form.unit}
            error={errors.unit}
            options={extinguished.map(({ unit, account, availableFen }) => ({
              id: unit,
              text: t('unitText', { account, yuan: yuanWords(availableFen) }),
            }))}
            onValue={(unit) => change({ unit })}
          />
          <PayeeAccount
            number={form.number}
            error={errors.number}
            onNumber={(number) => change({ number })}
            onOpenings={setKept}
          />
          <HashedFile
            label={t('document')}
            file={form.document}
            error={errors.document}
            onFile={(document) => change({ document })}
          />
        </>
      )}
    />
  );
}

export type RefundSectionProps = {
  readonly base: string;
  readonly banks: BookAnswer['banks'];
  readonly orders: PaymentsAnswer['payments'];
  readonly isWriter: boolean;
  readonly onSent: () => void;
};

export function RefundSection({ base, banks, orders, isWriter, onSent }: RefundSectionProps) {
  const [found, setFound] = useState<RefundsAnswer>();
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void call<RefundsAnswer>('GET', `${base}/refunds`).then((answer) =>
      answer.ok ? setFound(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [base, round]);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {found?.extinguished.length === 0 && <p>{t('none')}</p>}
      {found !== undefined && found.extinguished.length > 0 && (
        <RefundPart
          base={base}
          extinguished={found.extinguished}
          onStale={() => setRound((old) => old + 1)}
        />
      )}
      {found !== undefined && found.refunds.length > 0 && <h3 class="spaced">{t('list')}</h3>}
      <ul class="plain-list">
        {found?.refunds.map((one) => (
          <li key={one.authorisation} class="sheet">
            <p>{one.account}</p>
            <p>{one.payableFen === '0' ? t('paid') : t('payable', { yuan: yuanWords(one.payableFen) })}</p>
            <Orders orders={orders.filter(({ authorisation }) => authorisation === one.authorisation)} />
            {isWriter && one.payableFen !== '0' && (
              <PaymentPart
                base={base}
                payable={{ ...one, payee: one.account, purpose: t('purpose') }}
                banks={banks}
                onSent={onSent}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
