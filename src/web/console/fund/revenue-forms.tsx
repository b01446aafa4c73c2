/** The forms of the public-revenue book: an income is booked at once, spending and its undoing wait for two officers (SPEC 8.5). */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { REVENUE_HEADINGS } from '../../../record/revenue.ts';
import { Field, LongField, Pick } from '../../kit/field.tsx';
import { t as signedWord } from '../revenue-words.ts';
import type { Decided } from './decided.ts';
import { Drafting } from './drafting.tsx';
import type { Errors } from './drafts.ts';
import { AmountField, HashedFile } from './entry-fields.tsx';
import { Options } from './options.tsx';
import { t } from './revenue-desk-words.ts';
import type { MoneyForm, ReversalForm, SpendingForm, Standing } from './revenue-drafts.ts';
import {
  EMPTY_REVERSAL,
  emptyMoney,
  entryWords,
  headingWords,
  incomeDraft,
  reversalDraft,
  reversible,
  spendingDraft,
} from './revenue-drafts.ts';

export type RevenueFormProps = {
  /** `/v1/communities/…/revenue`. */
  readonly path: string;
  readonly standing: Standing;
  readonly onSent: () => void;
};

/** Fields of the members that income and spending share. */
const FIELD_OF = {
  heading: 'heading',
  amountFen: 'amount',
  bookedOn: 'bookedOn',
  text: 'text',
  documentHash: 'document',
} as const;

type MoneyFieldsProps = {
  readonly form: MoneyForm;
  readonly errors: Errors<keyof MoneyForm>;
  readonly change: (part: Partial<MoneyForm>) => void;
  /** Headings to choose from; none where there is only one. */
  readonly headings: readonly (typeof REVENUE_HEADINGS)['income' | 'cost'][number][];
  readonly children?: ComponentChildren;
};

function MoneyFields({ form, errors, change, headings, children }: MoneyFieldsProps) {
  return (
    <>
      {headings.length > 0 && (
        <Options
          label={t('heading')}
          value={form.heading}
          error={errors.heading}
          options={headings.map((id) => ({ id, text: headingWords(id) }))}
          onValue={(heading) => change({ heading })}
        />
      )}
      {children}
      <AmountField
        label={t('amount')}
        value={form.amount}
        error={errors.amount}
        onValue={(amount) => change({ amount })}
      />
      <Field
        label={t('on')}
        type="date"
        value={form.bookedOn}
        error={errors.bookedOn}
        onValue={(bookedOn) => change({ bookedOn })}
      />
      <Field
        label={t('text')}
        value={form.text}
        error={errors.text}
        maxLength={500}
        onValue={(text) => change({ text })}
      />
      <HashedFile
        label={t('document')}
        file={form.document}
        error={errors.document}
        onFile={(document) => change({ document })}
      />
    </>
  );
}

export function IncomePart({ path, standing, onSent }: RevenueFormProps) {
  const [form, setForm] = useState(() => emptyMoney(standing.today));
  return (
    <Drafting
      title={t('income')}
      path={`${path}/incomes`}
      makes="entry"
      next={t('incomeNext')}
      draft={() => incomeDraft(form, standing)}
      fieldOf={FIELD_OF}
      onSent={() => {
        setForm(emptyMoney(standing.today));
        onSent();
      }}
      fields={(errors) => (
        <MoneyFields
          form={form}
          errors={errors}
          change={(part) => setForm((old) => ({ ...old, ...part }))}
          headings={REVENUE_HEADINGS.income}
        />
      )}
    />
  );
}

const KINDS = (['cost', 'use', 'transfer'] as const).map((id) => ({ id, text: signedWord(id) }));

export function SpendingPart(props: RevenueFormProps & { readonly decided: readonly Decided[] }) {
  const { path, standing, decided, onSent } = props;
  const empty = (): SpendingForm => ({ ...emptyMoney(standing.today), entryKind: 'cost', proposal: '' });
  const [form, setForm] = useState(empty);
  const change = (part: Partial<SpendingForm>) => setForm((old) => ({ ...old, ...part }));
  const title = decided.find(({ id }) => id === form.proposal)?.text ?? '';
  return (
    <Drafting
      title={t('spending')}
      path={`${path}/spendings`}
      makes="act"
      next={t('signers')}
      draft={() => spendingDraft(form, standing, title)}
      fieldOf={{ ...FIELD_OF, ...(form.entryKind === 'use' ? { proposal: 'proposal' as const } : {}) }}
      onSent={() => {
        setForm(empty());
        onSent();
      }}
      fields={(errors) => (
        <>
          <Pick
            label={t('kind')}
            value={form.entryKind}
            options={KINDS}
            onValue={(kind) => change({ entryKind: kind as SpendingForm['entryKind'] })}
          />
          <MoneyFields
            form={form}
            errors={errors}
            change={change}
            headings={form.entryKind === 'cost' ? REVENUE_HEADINGS.cost : []}
          >
            {form.entryKind === 'use' && decided.length === 0 && <p>{t('noProposals')}</p>}
            {form.entryKind === 'use' && (
              <Options
                label={t('proposal')}
                value={form.proposal}
                error={errors.proposal}
                options={decided}
                onValue={(proposal) => change({ proposal })}
              />
            )}
          </MoneyFields>
        </>
      )}
    />
  );
}

/** So many entries can be chosen from; what is older is undone over the API. */
const NEWEST = 200;

export function ReversalPart({ path, standing }: Omit<RevenueFormProps, 'onSent'>) {
  const [form, setForm] = useState(EMPTY_REVERSAL);
  const change = (part: Partial<ReversalForm>) => setForm((old) => ({ ...old, ...part }));
  const options = reversible(standing.revenue)
    .slice(0, NEWEST)
    .map((one) => ({ id: one.entry, text: entryWords(one) }));
  return (
    <Drafting
      title={t('reversal')}
      lead={t('reversalLead')}
      path={`${path}/reversals`}
      makes="act"
      next={t('signers')}
      draft={() => reversalDraft(form, standing)}
      fieldOf={{ reverses: 'reverses', amountFen: 'reverses', text: 'text', documentHash: 'document' }}
      onSent={() => setForm(EMPTY_REVERSAL)}
      fields={(errors) => (
        <>
          <Options
            label={t('reverses')}
            value={form.reverses}
            error={errors.reverses}
            options={options}
            onValue={(reverses) => change({ reverses })}
          />
          <LongField
            label={t('why')}
            value={form.text}
            error={errors.text}
            rows={2}
            onValue={(text) => change({ text })}
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
