/** The form that drafts a payment of what is payable, to the account that was authorised and to no other (SPEC 8.3). */
import { useState } from 'preact/hooks';
import type { BookAnswer, PaymentsAnswer } from '../../../fund/contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { Field } from '../../kit/field.tsx';
import { Drafting } from './drafting.tsx';
import type { KeptOpening } from './drafts.ts';
import { numberWords, openingUnder } from './drafts.ts';
import { AmountField, OpeningsFile } from './entry-fields.tsx';
import { Options } from './options.tsx';
import type { Payable } from './spending-drafts.ts';
import { EMPTY_PAYMENT, paymentDraft } from './spending-drafts.ts';
import { t } from './spending-words.ts';

export type PaymentPartProps = {
  /** `/v1/communities/…/fund`. */
  readonly base: string;
  readonly payable: Payable;
  readonly banks: BookAnswer['banks'];
  readonly onSent: () => void;
};

export function PaymentPart({ base, payable, banks, onSent }: PaymentPartProps) {
  const [form, setForm] = useState(EMPTY_PAYMENT);
  const [openings, setOpenings] = useState<readonly KeptOpening[]>([]);
  const set = (name: keyof typeof form) => (value: string) => setForm((old) => ({ ...old, [name]: value }));
  const told = (found: readonly KeptOpening[]): string => {
    const opened = openingUnder(found, payable.payeeAccount);
    return opened === undefined
      ? t('openingsOther')
      : t('openingsSame', { number: numberWords(opened.number) });
  };
  return (
    <Drafting
      title={t('payment')}
      lead={t('paymentLead')}
      path={`${base}/authorisations/${payable.authorisation}/payments`}
      makes="act"
      next={t('paymentNext')}
      draft={() => paymentDraft(form, payable, banks, openings)}
      fieldOf={{ amountFen: 'amount', reference: 'reference', bank: 'bank' }}
      onSent={() => {
        setForm(EMPTY_PAYMENT);
        onSent();
      }}
      fields={(errors) => (
        <>
          <AmountField
            label={t('paymentAmount')}
            value={form.amount}
            error={errors.amount}
            onValue={set('amount')}
          />
          {banks.length > 1 && (
            <Options
              label={t('bank')}
              value={form.bank}
              error={errors.bank}
              options={banks.map(({ account, name, balanceFen }) => ({
                id: account,
                // A phone shows no more of the name than this.
                text: t('bankText', {
                  bank: name.slice(name.lastIndexOf(':') + 1),
                  yuan: yuanWords(balanceFen),
                }),
              }))}
              onValue={set('bank')}
            />
          )}
          <Field
            label={t('reference')}
            value={form.reference}
            error={errors.reference}
            maxLength={150}
            onValue={set('reference')}
          />
          <OpeningsFile label={t('openings')} hint={t('openingsHint')} told={told} onOpenings={setOpenings} />
        </>
      )}
    />
  );
}

const STATES = ['open', 'signed', 'done', 'refused', 'withdrawn'] as const;

/** How far an order is. */
export function orderState({ state, refusal }: PaymentsAnswer['payments'][number]): string {
  const known = STATES.find((each) => each === state);
  return known === undefined ? state : t(`order_${known}`, { code: refusal });
}

/** Payments of an authorisation that were drafted, and how far each is. */
export function Orders({ orders }: { readonly orders: PaymentsAnswer['payments'] }) {
  if (orders.length === 0) return null;
  return (
    <>
      <h4>{t('orders')}</h4>
      <ul>
        {orders.map((order) => (
          <li key={order.order}>
            {t('order', { yuan: yuanWords(order.amountFen), state: orderState(order) })}
          </li>
        ))}
      </ul>
    </>
  );
}
