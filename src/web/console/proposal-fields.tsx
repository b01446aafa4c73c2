/** The fields of one proposal in the form. */
import { Button } from '../kit/button.tsx';
import { Choice } from '../kit/choice.tsx';
import { Field, LongField, Pick } from '../kit/field.tsx';
import type { ProposalForm } from './meeting-draft.ts';
import { t } from './words.ts';

const MATTERS = ['M1', 'M2', 'M4', 'M6', 'M7', 'M8', 'M9'] as const;
const KINDS = { motion: 'proposalMotion', fund: 'proposalFund', election: 'proposalElection' } as const;

export type ProposalFieldsProps = {
  readonly form: ProposalForm;
  readonly onForm: (form: ProposalForm) => void;
  readonly onRemove: () => void;
};

export function ProposalFields({ form, onForm, onRemove }: ProposalFieldsProps) {
  const set = (name: keyof ProposalForm) => (value: string) => onForm({ ...form, [name]: value });
  const first = form.kind === 'fund' ? 'M5' : form.matter;
  const others = MATTERS.filter((id) => id !== first).map((id) => ({ id, text: t(id) }));
  return (
    <fieldset class="sheet">
      <legend>{t(KINDS[form.kind])}</legend>
      <Field label={t('proposalTitle')} value={form.title} onValue={set('title')} maxLength={200} />
      <LongField label={t('proposalText')} value={form.text} onValue={set('text')} />
      {form.kind === 'motion' && (
        <Pick
          label={t('matter')}
          value={form.matter}
          options={MATTERS.map((id) => ({ id, text: t(id) }))}
          onValue={set('matter')}
        />
      )}
      {form.kind !== 'election' && (
        <>
          <details>
            <summary>{t('otherMatters')}</summary>
            <Choice
              legend={t('otherMattersLead')}
              options={others}
              chosen={form.others.filter((id) => id !== first)}
              max={others.length}
              onChosen={(chosen) => onForm({ ...form, others: chosen })}
            />
          </details>
          <Field
            label={t('basisLabel')}
            hint={t('basisHint')}
            value={form.basis}
            onValue={set('basis')}
            maxLength={500}
          />
          {form.units.kind === 'community' && (
            <Field
              label={t('buildings')}
              hint={t(form.kind === 'fund' ? 'fundBuildingsHint' : 'buildingsHint')}
              value={form.buildings}
              onValue={set('buildings')}
              maxLength={500}
            />
          )}
        </>
      )}
      {form.kind === 'election' && (
        <>
          <LongField label={t('candidates')} value={form.candidates} onValue={set('candidates')} rows={4} />
          <Field label={t('seats')} type="number" value={form.seats} onValue={set('seats')} />
          {form.units.kind !== 'community' && (
            <p>{t('electors', { members: form.units.members.join('、') })}</p>
          )}
        </>
      )}
      {form.kind === 'fund' && form.units.kind !== 'community' && (
        <p>{t('bearers', { members: form.units.members.join('、') })}</p>
      )}
      {form.kind === 'fund' && (
        <div class="columns">
          <Field label={t('cap')} value={form.cap} onValue={set('cap')} />
          <Field label={t('payee')} value={form.payee} onValue={set('payee')} maxLength={200} />
          <Field
            label={t('payeeAccountNumber')}
            value={form.accountNumber}
            onValue={set('accountNumber')}
            maxLength={60}
          />
          <Field label={t('purpose')} value={form.purpose} onValue={set('purpose')} maxLength={500} />
        </div>
      )}
      <Button kind="quiet" onClick={onRemove}>
        {t('remove')}
      </Button>
    </fieldset>
  );
}
