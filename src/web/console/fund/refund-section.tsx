/** Refunds at the fund's desk: the balance of a unit that is no more is looked up, its refund drafted, and what was signed is paid (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { BookAnswer, PaymentsAnswer, StatementAnswer } from '../../../fund/contract.ts';
import type { RefundBody, RefundsAnswer } from '../../../fund/movement-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { draw } from '../../kit/draw.ts';
import { Field } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import { dayWords } from '../../kit/times.ts';
import { Drafting } from './drafting.tsx';
import type { KeptOpening } from './drafts.ts';
import { cleanText } from './drafts.ts';
import { HashedFile, KeepOpening, PayeeAccount } from './entry-fields.tsx';
import { Orders, PaymentPart } from './payment-form.tsx';
import { t } from './refund-desk-words.ts';
import type { RefundForm } from './refund-draft.ts';
import { EMPTY_REFUND, isUnitId, refundDraft } from './refund-draft.ts';

type UnitPartProps = {
  readonly base: string;
  readonly unit: string;
  readonly error: string | undefined;
  readonly statement: StatementAnswer | undefined;
  readonly onUnit: (unit: string) => void;
  readonly onStatement: (statement: StatementAnswer | undefined) => void;
};

/** The unit, and its balance as the book has it. */
function UnitPart({ base, unit, error, statement, onUnit, onStatement }: UnitPartProps) {
  const [problem, setProblem] = useState<string>();
  const lookUp = async () => {
    const answer = await call<StatementAnswer>('GET', `${base}/units/${unit}`);
    onStatement(answer.ok ? answer.value : undefined);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  const read = statement?.unit === unit ? statement : undefined;
  const heldFen = read?.held.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n) ?? 0n;
  return (
    <>
      <Field
        label={t('unit')}
        hint={t('unitHint')}
        value={unit}
        error={problem ?? error}
        maxLength={30}
        onValue={(typed) => {
          setProblem(undefined);
          onUnit(cleanText(typed).toLowerCase());
        }}
      />
      <p>
        <Button kind="quiet" disabled={!isUnitId(unit)} onClick={() => void lookUp()}>
          {t('lookUp')}
        </Button>
      </p>
      {read !== undefined && (
        <Status
          kind={heldFen > 0n ? 'warn' : 'good'}
          title={t('balance', { yuan: yuanWords(read.availableFen), on: dayWords(read.asOf) })}
        >
          {heldFen > 0n && <p>{t('held', { yuan: yuanWords(String(heldFen)) })}</p>}
        </Status>
      )}
    </>
  );
}

function RefundPart({ base }: { readonly base: string }) {
  const [form, setForm] = useState(EMPTY_REFUND);
  const [statement, setStatement] = useState<StatementAnswer>();
  const [kept, setKept] = useState<readonly KeptOpening[]>([]);
  const change = (part: Partial<RefundForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('draft')}
      path={`${base}/refunds`}
      makes="act"
      next={t('next')}
      draft={() => refundDraft(form, statement, kept, draw)}
      fieldOf={{ unit: 'unit', payeeOpening: 'number', documentHash: 'document' }}
      onSent={() => setForm(EMPTY_REFUND)}
      keep={({ payeeOpening }: RefundBody) => (
        <KeepOpening opening={{ payee: t('purpose'), ...payeeOpening }} />
      )}
      fields={(errors) => (
        <>
          <UnitPart
            base={base}
            unit={form.unit}
            error={errors.unit}
            statement={statement}
            onUnit={(unit) => change({ unit })}
            onStatement={setStatement}
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

type Refund = RefundsAnswer['refunds'][number];

export type RefundSectionProps = {
  readonly base: string;
  readonly banks: BookAnswer['banks'];
  readonly orders: PaymentsAnswer['payments'];
  readonly isWriter: boolean;
  readonly onSent: () => void;
};

export function RefundSection({ base, banks, orders, isWriter, onSent }: RefundSectionProps) {
  const [refunds, setRefunds] = useState<readonly Refund[]>([]);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<RefundsAnswer>('GET', `${base}/refunds`).then((answer) =>
      answer.ok ? setRefunds(answer.value.refunds) : setProblem(answer.problem.sentence),
    );
  }, [base]);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <RefundPart base={base} />
      {refunds.length > 0 && <h3 class="spaced">{t('list')}</h3>}
      <ul class="plain-list">
        {refunds.map((one) => (
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
