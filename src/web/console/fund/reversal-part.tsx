/** A deposit that the bank took back: looked up by its number, and drafted for two officers where it can be reversed (SPEC 8.3). */
import { useState } from 'preact/hooks';
import type { DepositsAnswer } from '../../../fund/movement-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { Field } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import { dayWords } from '../../kit/times.ts';
import { bankWords } from './bank-names.ts';
import { Drafting } from './drafting.tsx';
import { cleanText } from './drafts.ts';
import type { Deposit } from './identification-drafts.ts';
import { homeWords, reversalDraft } from './identification-drafts.ts';
import type { MovementProps } from './movement-forms.tsx';
import { useTexts } from './movement-forms.tsx';
import { t } from './movement-words.ts';
import { t as spendingWord } from './spending-words.ts';

type Props = Pick<MovementProps, 'base' | 'onChanged'>;

function DraftPart({ base, onChanged, deposit }: Props & { readonly deposit: Deposit }) {
  const { form, set, onSent } = useTexts({ reference: '' }, onChanged);
  return (
    <Drafting
      title={t('reverse')}
      path={`${base}/reversals`}
      makes="act"
      next={spendingWord('paymentNext')}
      draft={() => reversalDraft(form.reference, deposit)}
      fieldOf={{ reference: 'reference' }}
      onSent={onSent}
      onRefused={onChanged}
      fields={(errors) => (
        <Field
          label={t('reference')}
          value={form.reference}
          error={errors.reference}
          maxLength={150}
          onValue={set('reference')}
        />
      )}
    />
  );
}

const depositWords = ({ seq, valueOn, account, amountFen, reference, bank }: Deposit): string =>
  t('foundText', {
    seq,
    on: dayWords(valueOn),
    home: homeWords(account),
    yuan: yuanWords(amountFen),
    reference,
    bank: bankWords(bank),
  });

export function ReversalPart(props: Props) {
  const [find, setFind] = useState('');
  const [found, setFound] = useState<readonly Deposit[]>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const search = async () => {
    setBusy(true);
    const path = `${props.base}/deposits?find=${encodeURIComponent(cleanText(find))}`;
    const answer = await call<DepositsAnswer>('GET', path);
    setBusy(false);
    setFound(answer.ok ? answer.value.deposits : undefined);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  return (
    <details class="spaced">
      <summary>{t('reversal')}</summary>
      <p>{t('reversalLead')}</p>
      <Field label={t('find')} value={find} maxLength={100} onValue={setFind} />
      <div class="actions row">
        <Button kind="quiet" busy={busy} disabled={cleanText(find) === ''} onClick={() => void search()}>
          {t('search')}
        </Button>
      </div>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="spaced">
        {found?.length === 0 && <p role="status">{t('notFound')}</p>}
        <ul class="plain-list">
          {found?.map((deposit) => (
            <li key={deposit.seq} class="sheet">
              <p>{depositWords(deposit)}</p>
              {deposit.state === 'standing' ? (
                <DraftPart {...props} deposit={deposit} />
              ) : (
                <p>{t(`state_${deposit.state}`)}</p>
              )}
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
