/** Officers in office, and the invitation by which a second officer lets one back in who lost his keys (SPEC 2.5). */
import { useEffect, useState } from 'preact/hooks';
import type { OfficerAnswer } from '../../officers/contract.ts';
import type { OfficersAnswer } from '../../officers/security-contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { roleWords } from './act-words.ts';
import { callProved } from './proof.ts';
import { t } from './security-words.ts';

/** Roles that invite; the service decides. */
const INVITERS: readonly string[] = ['street', 'regulator'];

export type RecoverySectionProps = { readonly community: string; readonly officer: OfficerAnswer };

export function RecoverySection({ community, officer }: RecoverySectionProps) {
  const [officers, setOfficers] = useState<OfficersAnswer['officers']>([]);
  const [link, setLink] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const isAllowed = INVITERS.includes(officer.role);
  useEffect(() => {
    if (!isAllowed) return;
    void call<OfficersAnswer>('GET', `/v1/officers?community=${community}`).then((answer) =>
      answer.ok ? setOfficers(answer.value.officers) : setProblem(answer.problem.sentence),
    );
  }, [community, isAllowed]);
  if (!isAllowed) return null;
  const recover = async (lost: string) => {
    const answer = await callProved<{ readonly enrolment: string; readonly code: string }>(
      'POST',
      `/v1/officers/${lost}/recoveries`,
    );
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    setLink(
      answer.ok
        ? `${location.origin}/console/enrol#${answer.value.enrolment}.${answer.value.code}`
        : undefined,
    );
  };
  return (
    <section>
      <h2>{t('officers')}</h2>
      <p class="soft">{t('officersLead')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {link !== undefined && (
        <Status kind="good" title={t('recoverLink')}>
          <p class="mono">{link}</p>
          <Button kind="quiet" onClick={() => setLink(undefined)}>
            {t('noted')}
          </Button>
        </Status>
      )}
      <ul class="plain-list">
        {officers.map((each) => (
          <li key={each.officer} class="sheet">
            <p>
              {each.name} · {roleWords(each.role)} · {t('until', { until: dayWords(each.until) })} ·{' '}
              {t('keyCount', { count: each.keys })}
            </p>
            {each.officer !== officer.officer && each.role !== officer.role && (
              <Button kind="quiet" onClick={() => void recover(each.officer)}>
                {t('recover')}
                <span class="visually-hidden">:{each.name}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
