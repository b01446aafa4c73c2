/** Emergencies at the fund's desk: whether the community allows them, the act that changes it, and the act that opens the fund for one (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { EmergenciesAnswer, EmergencyBody } from '../../../fund/emergency-routes.ts';
import type { EmergencyCategory } from '../../../record/emergency.ts';
import { EMERGENCY_CATEGORIES } from '../../../record/emergency.ts';
import type { UnitsAnswer } from '../../../registry/contract.ts';
import { call } from '../../kit/api.ts';
import { draw } from '../../kit/draw.ts';
import { Field, LongField, Pick } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import { t as signedWord } from '../emergency-words.ts';
import { Drafting } from './drafting.tsx';
import type { Errors, KeptOpening, OwnFile } from './drafts.ts';
import { t } from './emergency-desk-words.ts';
import type { EmergencyForm } from './emergency-drafts.ts';
import { declarationDraft, EMPTY_EMERGENCY, emergencyDraft } from './emergency-drafts.ts';
import { AmountField, HashedFile, KeepOpening, PayeeAccount } from './entry-fields.tsx';
import { Options } from './options.tsx';

type Rule = 'allowed' | 'barred';

type DeclarationPartProps = {
  readonly base: string;
  readonly to: Rule;
  readonly inForce: EmergenciesAnswer['rule'];
};

function DeclarationPart({ base, to, inForce }: DeclarationPartProps) {
  const [rules, setRules] = useState<OwnFile>();
  return (
    <Drafting
      title={t(inForce?.emergencies === to ? `renew_${to}` : `declare_${to}`)}
      path={`${base}/emergency-declarations`}
      makes="act"
      next={t('declareNext')}
      draft={() => declarationDraft(to, rules, inForce)}
      fieldOf={{ documentHash: 'rules', emergencies: 'rules' }}
      onSent={() => setRules(undefined)}
      fields={(errors) => (
        <HashedFile label={t('rules')} file={rules} error={errors.rules} onFile={setRules} />
      )}
    />
  );
}

type FormErrors = Errors<Exclude<keyof EmergencyForm, 'scope'>>;
type FieldsProps = {
  readonly form: EmergencyForm;
  readonly errors: FormErrors;
  readonly change: (part: Partial<EmergencyForm>) => void;
};

const CATEGORIES = EMERGENCY_CATEGORIES.map((id) => ({ id, text: signedWord(id) }));
const SCOPES = (['community', 'buildings', 'units'] as const).map((id) => ({ id, text: t(id) }));

function WorkFields({ form, errors, change }: FieldsProps) {
  return (
    <>
      <Options
        label={t('category')}
        value={form.category}
        error={errors.category}
        options={CATEGORIES}
        onValue={(category) => change({ category: category as EmergencyCategory | '' })}
      />
      <LongField
        label={t('text')}
        value={form.text}
        error={errors.text}
        onValue={(text) => change({ text })}
      />
      <AmountField
        label={t('amount')}
        value={form.amount}
        error={errors.amount}
        onValue={(amount) => change({ amount })}
      />
      <Field
        label={t('purpose')}
        value={form.purpose}
        error={errors.purpose}
        maxLength={500}
        onValue={(purpose) => change({ purpose })}
      />
      <Field
        label={t('payee')}
        value={form.payee}
        error={errors.payee}
        maxLength={200}
        onValue={(payee) => change({ payee })}
      />
    </>
  );
}

function BearerFields({ form, errors, change }: FieldsProps) {
  return (
    <>
      <Pick
        label={t('scope')}
        value={form.scope}
        options={SCOPES}
        onValue={(scope) => change({ scope: scope as EmergencyForm['scope'] })}
      />
      {form.scope !== 'community' && (
        <LongField
          label={t(form.scope === 'buildings' ? 'buildingNames' : 'unitPlaces')}
          value={form.members}
          error={errors.members}
          rows={3}
          onValue={(members) => change({ members })}
        />
      )}
      <HashedFile
        label={t('report')}
        file={form.report}
        error={errors.report}
        onFile={(report) => change({ report })}
      />
      <HashedFile
        label={t('quotation')}
        file={form.quotation}
        error={errors.quotation}
        onFile={(quotation) => change({ quotation })}
      />
    </>
  );
}

type PartProps = { readonly community: string; readonly base: string };

function EmergencyPart({ community, base }: PartProps) {
  const [form, setForm] = useState(EMPTY_EMERGENCY);
  const [kept, setKept] = useState<readonly KeptOpening[]>([]);
  const [units, setUnits] = useState<UnitsAnswer['units']>();
  useEffect(() => {
    void call<UnitsAnswer>('GET', `/v1/communities/${community}/units`).then((answer) => {
      if (answer.ok) setUnits(answer.value.units);
    });
  }, [community]);
  const change = (part: Partial<EmergencyForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('draft')}
      path={`${base}/emergencies`}
      makes="act"
      next={t('next')}
      draft={() => emergencyDraft(form, units, kept, draw)}
      fieldOf={{
        category: 'category',
        text: 'text',
        capFen: 'amount',
        payee: 'payee',
        payeeOpening: 'number',
        purpose: 'purpose',
        reportHash: 'report',
        quotationHash: 'quotation',
        ...(form.scope === 'community' ? {} : { units: 'members' as const }),
      }}
      onSent={() => setForm(EMPTY_EMERGENCY)}
      keep={({ payee, payeeOpening }: EmergencyBody) => <KeepOpening opening={{ payee, ...payeeOpening }} />}
      fields={(errors) => (
        <>
          <WorkFields form={form} errors={errors} change={change} />
          <PayeeAccount
            number={form.number}
            error={errors.number}
            onNumber={(number) => change({ number })}
            onOpenings={setKept}
          />
          <BearerFields form={form} errors={errors} change={change} />
        </>
      )}
    />
  );
}

export type EmergencySectionProps = PartProps & {
  readonly isWriter: boolean;
};

export function EmergencySection({ community, base, isWriter }: EmergencySectionProps) {
  const [inForce, setInForce] = useState<EmergenciesAnswer['rule']>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<EmergenciesAnswer>('GET', `${base}/emergencies`).then((answer) =>
      answer.ok ? setInForce(answer.value.rule) : setProblem(answer.problem.sentence),
    );
  }, [base]);
  const rule: Rule = inForce?.emergencies ?? 'barred';
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {inForce !== undefined && (
        <>
          <p>
            <span class={rule === 'allowed' ? 'tag good' : 'tag'}>{t(rule)}</span>
          </p>
          {rule === 'barred' && <p>{t('barredNote')}</p>}
          {rule === 'allowed' && isWriter && <EmergencyPart community={community} base={base} />}
          <DeclarationPart base={base} to={rule === 'allowed' ? 'barred' : 'allowed'} inForce={inForce} />
          <DeclarationPart base={base} to={rule} inForce={inForce} />
        </>
      )}
    </section>
  );
}
