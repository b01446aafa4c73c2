/** The forms of moves between banks, of interest that comes and is distributed, and of payments that came back (SPEC 8.3). */
import { useState } from 'preact/hooks';
import type { CivilDate } from '../../../base/civil-date.ts';
import type { MovementsAnswer } from '../../../fund/movement-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { Field } from '../../kit/field.tsx';
import { dayWords } from '../../kit/times.ts';
import { bankWords } from './bank-names.ts';
import { Drafting } from './drafting.tsx';
import { AmountField } from './entry-fields.tsx';
import type { Banks, MoveForm } from './movement-drafts.ts';
import {
  distributionDraft,
  EMPTY_INTEREST,
  EMPTY_MOVE,
  EMPTY_RETURN,
  interestDraft,
  moveDraft,
  NEW_BANK,
  returnDraft,
  sinceWords,
} from './movement-drafts.ts';
import { t } from './movement-words.ts';
import { Options } from './options.tsx';
import { t as spendingWord } from './spending-words.ts';

export type MovementProps = {
  /** `/v1/communities/…/fund`. */
  readonly base: string;
  readonly banks: Banks;
  readonly standing: MovementsAnswer;
  /** The service's day. */
  readonly today: CivilDate;
  /** It was sent, or refused for what changed meanwhile: balances and lists are read again. */
  readonly onChanged: () => void;
};

const bankOptions = (banks: Banks) =>
  banks.map(({ account, name, balanceFen }) => ({
    id: account,
    text: t('bankText', { bank: bankWords(name), yuan: yuanWords(balanceFen) }),
  }));

/** Texts of a form by their names, the empty ones again once it was sent. */
export function useTexts<F extends Readonly<Record<string, string>>>(empty: F, onChanged: () => void) {
  const [form, setForm] = useState(empty);
  return {
    form,
    set: (name: keyof F) => (value: string) => setForm((old) => ({ ...old, [name]: value })),
    onSent: () => {
      setForm(empty);
      onChanged();
    },
  };
}

const MOVE_FIELD_OF: Readonly<Record<string, keyof MoveForm>> = {
  from: 'from',
  to: 'to',
  amountFen: 'amount',
  reference: 'reference',
};

export function MovePart({ base, banks, onChanged }: MovementProps) {
  const { form, set, onSent } = useTexts(EMPTY_MOVE, onChanged);
  return (
    <Drafting
      title={t('move')}
      lead={t('moveLead')}
      path={`${base}/bank-moves`}
      makes="act"
      next={spendingWord('paymentNext')}
      draft={() => moveDraft(form, banks)}
      fieldOf={MOVE_FIELD_OF}
      onSent={onSent}
      onRefused={onChanged}
      fields={(errors) => (
        <>
          <Options
            label={t('from')}
            value={form.from}
            error={errors.from}
            options={bankOptions(banks)}
            onValue={set('from')}
          />
          <Options
            label={t('to')}
            value={form.to}
            error={errors.to}
            options={[...bankOptions(banks), { id: NEW_BANK, text: t('newBank') }]}
            onValue={set('to')}
          />
          {form.to === NEW_BANK && (
            <>
              <Field
                label={t('name')}
                value={form.name}
                error={errors.name}
                maxLength={20}
                onValue={set('name')}
              />
              <Field
                label={t('digits')}
                value={form.lastDigits}
                error={errors.lastDigits}
                maxLength={8}
                onValue={set('lastDigits')}
              />
            </>
          )}
          <AmountField
            label={t('amount')}
            value={form.amount}
            error={errors.amount}
            onValue={set('amount')}
          />
          <Field
            label={t('reference')}
            value={form.reference}
            error={errors.reference}
            maxLength={150}
            onValue={set('reference')}
          />
        </>
      )}
    />
  );
}

type ReceiptFieldsProps = {
  readonly form: Readonly<Record<'receipt' | 'valueOn', string>>;
  readonly errors: Readonly<Partial<Record<'receipt' | 'valueOn', string>>>;
  readonly set: (name: 'receipt' | 'valueOn') => (value: string) => void;
};

/** The bank's number and day, by which an entry of one officer is proved. */
const ReceiptFields = ({ form, errors, set }: ReceiptFieldsProps) => (
  <>
    <Field
      label={t('receipt')}
      value={form.receipt}
      error={errors.receipt}
      maxLength={100}
      onValue={set('receipt')}
    />
    <Field
      label={t('valueOn')}
      type="date"
      value={form.valueOn}
      error={errors.valueOn}
      onValue={set('valueOn')}
    />
  </>
);

export function InterestPart({ base, banks, today, onChanged }: MovementProps) {
  const { form, set, onSent } = useTexts(EMPTY_INTEREST, onChanged);
  return (
    <Drafting
      title={t('interest')}
      lead={t('interestLead')}
      path={`${base}/interest`}
      makes="entry"
      next={t('interestNext')}
      draft={() => interestDraft(form, banks, today)}
      fieldOf={{ bank: 'bank', receipt: 'receipt', amountFen: 'amount', valueOn: 'valueOn' }}
      onSent={onSent}
      fields={(errors) => (
        <>
          {banks.length > 1 && (
            <Options
              label={t('bank')}
              value={form.bank}
              error={errors.bank}
              options={bankOptions(banks)}
              onValue={set('bank')}
            />
          )}
          <AmountField
            label={t('amount')}
            value={form.amount}
            error={errors.amount}
            onValue={set('amount')}
          />
          <ReceiptFields form={form} errors={errors} set={set} />
        </>
      )}
    />
  );
}

export function DistributionPart({ base, standing, today, onChanged }: MovementProps) {
  const { form, set, onSent } = useTexts({ until: '' }, onChanged);
  return (
    <Drafting
      title={t('distribution')}
      lead={t('distributionLead', { since: sinceWords(standing) })}
      path={`${base}/interest/distributions`}
      {...(standing.interestUndistributedFen === '0' ? { missing: t('distributionNone') } : {})}
      makes="entry"
      next={t('distributionNext')}
      draft={() => distributionDraft(form.until, standing, today)}
      fieldOf={{ until: 'until' }}
      onSent={onSent}
      onRefused={onChanged}
      fields={(errors) => (
        <Field
          label={t('until')}
          type="date"
          value={form.until}
          error={errors.until}
          onValue={set('until')}
        />
      )}
    />
  );
}

export function ReturnPart({ base, standing: { payments }, today, onChanged }: MovementProps) {
  const { form, set, onSent } = useTexts(EMPTY_RETURN, onChanged);
  return (
    <Drafting
      title={t('returned')}
      lead={t('returnedLead')}
      path={`${base}/payment-returns`}
      {...(payments.length === 0 ? { missing: t('returnedNone') } : {})}
      makes="entry"
      next={t('returnedNext')}
      draft={() => returnDraft(form, payments, today)}
      fieldOf={{ seq: 'seq', receipt: 'receipt', valueOn: 'valueOn' }}
      onSent={onSent}
      onRefused={onChanged}
      fields={(errors) => (
        <>
          <Options
            label={t('payment')}
            value={form.seq}
            error={errors.seq}
            options={payments.map(({ seq, bookedOn, payee, reference, amountFen }) => ({
              id: seq,
              text: t('paymentText', {
                seq,
                on: dayWords(bookedOn),
                payee,
                reference,
                yuan: yuanWords(amountFen),
              }),
            }))}
            onValue={set('seq')}
          />
          <ReceiptFields form={form} errors={errors} set={set} />
        </>
      )}
    />
  );
}
