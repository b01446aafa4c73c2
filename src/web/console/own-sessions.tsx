/** Where an officer is signed in, and the way out of one or of all (SPEC 2.5). */
import { useEffect, useState } from 'preact/hooks';
import type { SessionsAnswer } from '../../officers/security-contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './security-words.ts';

const SESSIONS = '/v1/officers/me/sessions';

export function OwnSessions({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const [sessions, setSessions] = useState<SessionsAnswer['sessions']>([]);
  const [problem, setProblem] = useState<string>();
  const load = async () => {
    const answer = await call<SessionsAnswer>('GET', SESSIONS);
    if (answer.ok) setSessions(answer.value.sessions);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => void load(), []);
  const end = async (session: string) => {
    const answer = await call('DELETE', `${SESSIONS}/${session}`);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    await load();
  };
  const endAll = async () => {
    const answer = await call('DELETE', SESSIONS);
    // A session that ended by itself, with its key or its time, is out too.
    if (answer.ok || answer.problem.code === 'NOT_SIGNED_IN') onSignedOut();
    else setProblem(answer.problem.sentence);
  };
  return (
    <section>
      <h2>{t('sessions')}</h2>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <ul class="plain-list">
        {sessions.map(({ session, begunAt, usedAt, agent, isThis }) => (
          <li key={session} class="sheet">
            <p>
              {agent === '' ? t('unknownAgent') : agent} · {t('begunAt')} {timeWords(begunAt)} · {t('usedAt')}{' '}
              {timeWords(usedAt)} {isThis && <span class="tag">{t('thisSession')}</span>}
            </p>
            {!isThis && (
              <Button kind="quiet" onClick={() => void end(session)}>
                {t('end')}
                <span class="visually-hidden">:{timeWords(begunAt)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div class="actions row">
        <Button kind="danger" onClick={() => void endAll()}>
          {t('endAll')}
        </Button>
      </div>
    </section>
  );
}
