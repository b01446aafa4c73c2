/** The form by which money of an unknown payer goes to the homes that it is of (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { UnitsAnswer } from '../../../registry/contract.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { Field } from '../../kit/field.tsx';
import { dayWords } from '../../kit/times.ts';
import { bankWords } from './bank-names.ts';
import { Drafting } from './drafting.tsx';
import type { Errors } from './drafts.ts';
import { yuanOf } from './drafts.ts';
import { AmountField } from './entry-fields.tsx';
import type { HomeLine, IdentificationField, IdentificationForm } from './identification-drafts.ts';
import { EMPTY_HOME, EMPTY_IDENTIFICATION, identificationDraft, restFenOf } from './identification-drafts.ts';
import type { MovementProps } from './movement-forms.tsx';
import { t } from './movement-words.ts';
import { Options } from './options.tsx';
import { t as spendingWord } from './spending-words.ts';

type HomeFieldsProps = {
  readonly homes: readonly HomeLine[];
  readonly errors: Errors<IdentificationField>;
  readonly onHomes: (homes: readonly HomeLine[]) => void;
};

function HomeFields({ homes, errors, onHomes }: HomeFieldsProps) {
  const change = (changed: number, part: Partial<HomeLine>) =>
    onHomes(homes.map((home, at) => (at === changed ? { ...home, ...part } : home)));
  return (
    <>
      {homes.map(({ place, amount }, at) => (
        <>
          <Field
            label={t('place', { at: at + 1 })}
            value={place}
            error={errors[`place${at}`]}
            maxLength={120}
            onValue={(value) => change(at, { place: value })}
          />
          <AmountField
            label={t('placeAmount', { at: at + 1 })}
            value={amount}
            error={errors[`amount${at}`]}
            onValue={(value) => change(at, { amount: value })}
          />
        </>
      ))}
      <div class="field">
        <div class="actions row">
          <Button kind="quiet" onClick={() => onHomes([...homes, EMPTY_HOME])}>
            {t('more')}
          </Button>
          {homes.length > 1 && (
            <Button kind="quiet" onClick={() => onHomes(homes.slice(0, -1))}>
              {t('fewer')}
            </Button>
          )}
        </div>
      </div>
    </>
  );
}

export type IdentificationProps = MovementProps & { readonly community: string };

export function IdentificationPart({ community, base, standing, onChanged }: IdentificationProps) {
  const { receipts } = standing;
  const [form, setForm] = useState(EMPTY_IDENTIFICATION);
  const [units, setUnits] = useState<UnitsAnswer['units']>();
  useEffect(() => {
    void call<UnitsAnswer>('GET', `/v1/communities/${community}/units`).then((answer) => {
      if (answer.ok) setUnits(answer.value.units);
    });
  }, [community]);
  const change = (part: Partial<IdentificationForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('identification')}
      lead={t('identificationLead')}
      path={`${base}/identifications`}
      {...(receipts.length === 0 ? { missing: t('identificationNone') } : {})}
      makes="act"
      next={spendingWord('paymentNext')}
      draft={() => identificationDraft(form, receipts, units)}
      fieldOf={{ seq: 'seq', items: 'seq', reference: 'reference' }}
      onSent={() => {
        setForm(EMPTY_IDENTIFICATION);
        onChanged();
      }}
      onRefused={onChanged}
      fields={(errors) => (
        <>
          <Options
            label={t('waiting')}
            value={form.seq}
            error={errors.seq}
            options={receipts.map((one) => ({
              id: one.seq,
              text: t('waitingText', {
                seq: one.seq,
                on: dayWords(one.valueOn),
                receipt: one.receipt,
                bank: bankWords(one.bank),
                yuan: yuanOf(restFenOf(one)),
              }),
            }))}
            onValue={(seq) => change({ seq })}
          />
          <Field
            label={t('reference')}
            value={form.reference}
            error={errors.reference}
            maxLength={150}
            onValue={(reference) => change({ reference })}
          />
          <HomeFields homes={form.homes} errors={errors} onHomes={(homes) => change({ homes })} />
        </>
      )}
    />
  );
}
