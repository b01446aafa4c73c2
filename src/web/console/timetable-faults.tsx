/** Judges the dates of a draft while they are typed, so that nobody learns of one fault after the other (SPEC 5). */
import { useEffect, useState } from 'preact/hooks';
import type { TimetableAnswer } from '../../assembly/contract.ts';
import { call } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import type { MeetingForm } from './meeting-draft.ts';
import { beijingInstant } from './meeting-draft.ts';
import { t } from './timetable-words.ts';

const faultWords = ({ code, where }: TimetableAnswer['faults'][number]): string =>
  code === 'WINDOW_MAINTENANCE'
    ? t(where === 'closes' ? 'WINDOW_MAINTENANCE_closes' : 'WINDOW_MAINTENANCE_opens')
    : t(code);

export type TimetableFaultsProps = {
  readonly community: string;
  readonly form: Pick<MeetingForm, 'profile' | 'publishedOn' | 'opens' | 'closes'>;
};

export function TimetableFaults({ community, form }: TimetableFaultsProps) {
  const { profile, publishedOn } = form;
  const [opens, closes] = [beijingInstant(form.opens), beijingInstant(form.closes)];
  const [judged, setJudged] = useState<TimetableAnswer>();
  useEffect(() => {
    setJudged(undefined);
    if (publishedOn === '' || opens === undefined || closes === undefined) return;
    const asked = { isOver: false };
    const body = { profile, parameters: {}, publishedOn, opens, closes };
    void call<TimetableAnswer>('POST', `/v1/communities/${community}/timetable`, body).then((answer) => {
      // An answer to dates that were changed since says nothing.
      if (answer.ok && !asked.isOver) setJudged(answer.value);
    });
    return () => {
      asked.isOver = true;
    };
  }, [community, profile, publishedOn, opens, closes]);
  if (judged === undefined) return null;
  const { faults, opensFrom, unknownYears } = judged;
  return (
    <Status
      kind={faults.length > 0 ? 'stop' : unknownYears.length > 0 ? 'warn' : 'good'}
      title={t(faults.length > 0 ? 'title' : 'good')}
    >
      <ul>
        {faults.map((fault) => (
          <li key={fault.code + fault.where}>{faultWords(fault)}</li>
        ))}
      </ul>
      <p>{t('opensFrom', { day: dayWords(opensFrom) })}</p>
      {unknownYears.length > 0 && <p>{t('unknownYears', { years: unknownYears.join('、') })}</p>}
    </Status>
  );
}
