/** Owners who froze their electronic vote, and the draft that lifts it once one of them has shown his document (SPEC 3.5). */
import { useEffect, useState } from 'preact/hooks';
import { showInstant } from '../../base/instant.ts';
import type { FreezesAnswer } from '../../identity/freeze-contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './freezes-words.ts';

export type FreezesSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
};

export function FreezesSection({ community, officer, round, onChanged }: FreezesSectionProps) {
  const [freezes, setFreezes] = useState<FreezesAnswer['freezes']>([]);
  const [problem, setProblem] = useState<string>();
  const [isDrafted, setDrafted] = useState(false);
  const isAllowed = officer.role === 'registrar' || officer.role === 'street';
  const path = `/v1/communities/${community}/freezes`;
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (!isAllowed) return;
    void call<FreezesAnswer>('GET', path).then((answer) =>
      answer.ok ? setFreezes(answer.value.freezes) : setProblem(answer.problem.sentence),
    );
  }, [path, isAllowed, round]);
  if (!isAllowed) return null;
  const lift = async (freeze: string) => {
    setProblem(undefined);
    const answer = await call('POST', `${path}/${freeze}/lifting`);
    setDrafted(answer.ok);
    if (answer.ok) onChanged();
    else setProblem(answer.problem.sentence);
  };
  return (
    <section>
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {isDrafted && <Status kind="good" title={t('drafted')} />}
      <p class="soft">{t(freezes.length === 0 ? 'none' : 'lead')}</p>
      <ul class="plain-list">
        {freezes.map(({ freeze, frozenAt, name, units }) => (
          <li key={freeze} class="sheet">
            <p>
              {name} · {units.map((each) => `${each.building}${each.stair}${each.room}`).join('、')} ·{' '}
              {t('since', { at: timeWords(showInstant(frozenAt)) })}
            </p>
            <Button kind="quiet" onClick={() => void lift(freeze)}>
              {t('lift')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
