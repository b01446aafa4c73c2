/** Publishing a month of the fund: what stands against it is listed by account, nothing is published then (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../../base/bytes.ts';
import type { MonthGap } from '../../../fund/domain/month-gate.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { draw } from '../../kit/draw.ts';
import { Field } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import { t } from './month-words.ts';

type Months = { readonly months: readonly { readonly month: string }[] };

const gapWords = ({ kind, amountFen, ...gap }: MonthGap): string => {
  const yuan = `${amountFen.startsWith('-') ? '−' : ''}${yuanWords(amountFen.replace('-', '') || '0')}`;
  return t(`gap_${kind}`, { ...gap, yuan });
};

export function MonthPart({ base }: { readonly base: string }) {
  const [last, setLast] = useState('');
  const [month, setMonth] = useState('');
  const [problem, setProblem] = useState<string>();
  const [gaps, setGaps] = useState<readonly MonthGap[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState('');
  // `done` is a signal, not a value that is read.
  useEffect(() => {
    void call<Months>('GET', `${base}/months`).then((answer) => {
      if (answer.ok) setLast(answer.value.months[0]?.month ?? '');
    });
  }, [base, done]);
  const publish = async () => {
    setBusy(true);
    const answer = await call('POST', `${base}/months`, { month }, toBase64Url(draw(16)));
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    setGaps(answer.ok ? [] : ((answer.problem.more?.['gaps'] as readonly MonthGap[] | undefined) ?? []));
    if (answer.ok) setDone(month);
  };
  return (
    <>
      <h3>{t('title')}</h3>
      <p>{t('lead')}</p>
      <p>{last === '' ? t('none') : t('last', { month: last })}</p>
      <Field label={t('month')} value={month} maxLength={7} onValue={setMonth} error={problem} />
      <ul>
        {gaps.map((gap) => (
          <li key={JSON.stringify(gap)}>{gapWords(gap)}</li>
        ))}
      </ul>
      <Button
        kind="quiet"
        busy={isBusy}
        disabled={!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month)}
        onClick={() => void publish()}
      >
        {t('publish')}
      </Button>
      {done !== '' && <Status kind="good" title={t('done', { month: done })} />}
    </>
  );
}
