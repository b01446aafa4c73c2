/** Casts that owners handed in because the log does not have them, and the drafting of their restoring (SPEC 6.12). */
import { useEffect, useState } from 'preact/hooks';
import type { RestorationsAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './restoring-words.ts';

type Shown = RestorationsAnswer['restorations'][number];

/** States of a meeting in which a cast may be restored. */
const STATES: readonly string[] = ['closed', 'counting', 'preliminary'];
const READERS: readonly string[] = ['committee', 'street', 'regulator'];

export const mayRestore = (role: string, state: string): boolean =>
  READERS.includes(role) && STATES.includes(state);

type RestoringProps = {
  readonly meeting: string;
  readonly round: number;
  readonly onChanged: (sentence: string) => void;
};

/** Nothing at all where nobody handed anything in, as nearly always. */
export function RestoringSection({ meeting, round, onChanged }: RestoringProps) {
  const [found, setFound] = useState<readonly Shown[]>([]);
  const [problem, setProblem] = useState<string>();
  const path = `/v1/meetings/${meeting}/restorations`;
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void call<RestorationsAnswer>('GET', path).then((answer) =>
      answer.ok ? setFound(answer.value.restorations) : setProblem(answer.problem.sentence),
    );
  }, [path, round]);
  const draft = async (castHash: string) => {
    const answer = await call('POST', `${path}/${castHash}`, {});
    if (answer.ok) onChanged(t('drafted'));
    else setProblem(answer.problem.sentence);
  };
  if (found.length === 0) return problem === undefined ? null : <Status kind="warn" title={problem} />;
  return (
    <section>
      <h3>{t('title')}</h3>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {found.map(({ castHash, units, askedAt, isRestored }) => (
        <section class="sheet" key={castHash}>
          <p>
            {units.map(unitWords).join('、')} · {t('asked', { at: timeWords(askedAt) })}
          </p>
          <p class="soft code">{hexGroups(castHash, 8).join(' ')}</p>
          {isRestored ? (
            <p>✓ {t('restored')}</p>
          ) : (
            <Button kind="quiet" onClick={() => void draft(castHash)}>
              {t('restore')}
            </Button>
          )}
        </section>
      ))}
    </section>
  );
}
