/** What property managers applied for, until when each is answered, and how it was: for anybody (SPEC 8.3; 165 §22–23). */
import type { ListedApplication } from '../../fund/applications.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { dayWords } from '../kit/times.ts';
import { scopeWords, yuan } from './fund-charges.tsx';
import { t } from './fund-words.ts';

const placeWords = (at: number | undefined): string =>
  at === undefined ? t('noLogIndex') : t('logIndex', { at });

function Answer({ one }: { readonly one: ListedApplication }) {
  const { answer, answerLogIndex } = one;
  if (answer === undefined) return null;
  const at = placeWords(answerLogIndex);
  if (answer.decision === 'refused')
    return <p class="wrap">{t('answerRefused', { reason: answer.reason, at })}</p>;
  return (
    <p>
      <a href={`/meetings/${answer.meeting}`}>{t('answerConvened')}</a> {at}
    </p>
  );
}

/** Earlier answers stay public: whoever convenes and calls off again and again is seen. */
function Fallen({ one }: { readonly one: ListedApplication }) {
  return one.fallen.map(({ answer, logIndex, calledOffOn, calledOffLogIndex }) => (
    <p key={`${answer.meeting} ${logIndex}`}>
      <a href={`/meetings/${answer.meeting}`}>{t('answerFell')}</a> {placeWords(logIndex)}
      {t('calledOff', { on: dayWords(calledOffOn), at: placeWords(calledOffLogIndex) })}
    </p>
  ));
}

function One({ one }: { readonly one: ListedApplication }) {
  const { record, hash, answerBy, state, logIndex } = one;
  const budget = yuan(BigInt(record.budgetFen));
  return (
    <li class="sheet">
      <h3>{record.project}</h3>
      <p>
        <span class={state === 'late' ? 'tag stop' : 'tag'}>{t(`application_${state}`)}</span>
      </p>
      <p>{t('applicant', { company: record.company, code: record.creditCode, yuan: budget })}</p>
      <p>
        {t('applied', { filed: dayWords(record.filedOn), by: dayWords(answerBy) })} {placeWords(logIndex)}
      </p>
      <p>
        {scopeWords(record.units)} {record.payee !== '' && t('applicationPayee', { payee: record.payee })}
      </p>
      <p class="wrap">{record.plan}</p>
      <p class="wrap">{t('emergencyPlan', { plan: record.emergencyPlan })}</p>
      <p>
        {t('applicationHash')}
        <br />
        <span class="soft mono">{hexGroups(hash, 16).join(' ')}</span>
        <br />
        {t('applicationDocument')}
        <br />
        <span class="soft mono">{hexGroups(record.documentHash, 16).join(' ')}</span>
      </p>
      <Fallen one={one} />
      <Answer one={one} />
    </li>
  );
}

export function Applications({ applications }: { readonly applications: readonly ListedApplication[] }) {
  return (
    <section>
      <h2>{t('applicationsTitle')}</h2>
      {applications.length === 0 && <p>{t('noApplications')}</p>}
      <ul class="plain-list">
        {applications.map((one) => (
          <One key={one.record.application} one={one} />
        ))}
      </ul>
    </section>
  );
}
