/** Accesses of monitors: drawn after a fresh use of the key, shown once, ended by whoever could draw one (SPEC 3.7). */
import { useEffect, useState } from 'preact/hooks';
import type { AccessesAnswer, DrawnAnswer } from '../../notice/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './notice-words.ts';
import { callProved } from './proof.ts';

export function NoticeAccesses({ community }: { readonly community: string }) {
  const [accesses, setAccesses] = useState<AccessesAnswer['accesses']>([]);
  const [drawn, setDrawn] = useState<DrawnAnswer>();
  const [problem, setProblem] = useState<string>();
  const path = `/v1/communities/${community}/monitor-accesses`;
  const load = async () => {
    const answer = await call<AccessesAnswer>('GET', path);
    if (answer.ok) setAccesses(answer.value.accesses);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => void load(), [path]);
  const drawOne = async () => {
    const answer = await callProved<DrawnAnswer>('POST', path);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) setDrawn(answer.value);
    await load();
  };
  const end = async (access: string) => {
    const answer = await call('POST', `${path}/${access}/end`);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    await load();
  };
  return (
    <>
      <h3>{t('accesses')}</h3>
      <p class="soft">{t('accessLead')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {drawn !== undefined && (
        <Status kind="good" title={t('drawn')}>
          <p class="mono">{drawn.token}</p>
          <p>{t('drawnNote', { at: timeWords(drawn.expiresAt) })}</p>
          <Button kind="quiet" onClick={() => setDrawn(undefined)}>
            {t('gone')}
          </Button>
        </Status>
      )}
      {accesses.length === 0 && <p class="soft">{t('noAccesses')}</p>}
      <ul class="plain-list">
        {accesses.map(({ access, drawnAt, expiresAt, isInForce, explained, usedAt }) => (
          <li key={access} class="sheet">
            <p>
              <span class="tag">{t(isInForce ? 'inForce' : 'ended')}</span>{' '}
              <span class="mono">{access.slice(0, 6)}</span> · {t('drawnAt')} {timeWords(drawnAt)} ·{' '}
              {t('expiresAt')} {timeWords(expiresAt)} · {t('explained')} {explained} · {t('usedAt')}{' '}
              {usedAt === '' ? t('never') : timeWords(usedAt)}
            </p>
            {isInForce && (
              <Button kind="quiet" onClick={() => void end(access)}>
                {t('end')}
                <span class="visually-hidden">:{access.slice(0, 6)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div class="actions row">
        <Button kind="quiet" onClick={() => void drawOne()}>
          {t('draw')}
        </Button>
      </div>
    </>
  );
}
