/** Calls to top up at the fund's desk: what was called and what is open, the letters to the homes, the draft of a call and of its withdrawal (SPEC 8.6). */
import { useEffect, useState } from 'preact/hooks';
import type { CalledHomesAnswer, TopUpCallsAnswer } from '../../../fund/top-up-routes.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call as ask } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { Status } from '../../kit/status.tsx';
import { dayWords } from '../../kit/times.ts';
import type { Decided } from './decided.ts';
import { decidedIn } from './decided.ts';
import { DocumentPart } from './document-part.tsx';
import { t } from './top-up-desk-words.ts';
import type { Call } from './top-up-drafts.ts';
import { withdrawalDraft } from './top-up-drafts.ts';
import { TopUpFormPart } from './top-up-form.tsx';
import type { TopUpLettersProps } from './top-up-letters.tsx';

export type Letters = Pick<TopUpLettersProps, 'call' | 'homes'>;

type CallPartProps = {
  readonly path: string;
  readonly call: Call;
  readonly isWriter: boolean;
  readonly onLetters: (letters: Letters) => void;
  readonly onSent: () => void;
};

function CallPart({ path, call, isWriter, onLetters, onSent }: CallPartProps) {
  const [problem, setProblem] = useState<string>();
  const { state, homes, dueFen, targetPercent: percent, dueOn, open } = call;
  const show = async () => {
    const answer = await ask<CalledHomesAnswer>('GET', `${path}/${call.call}`);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    const left = answer.value.homes.filter(({ openFen }) => openFen !== '0');
    if (left.length === 0) return setProblem(t('lettersNone'));
    onLetters({ call, homes: left });
  };
  return (
    <li>
      <p>
        <span class={state === 'open' ? 'tag good' : 'tag'}>{t(`state_${state}`)}</span>{' '}
        {t('call', { homes, yuan: yuanWords(dueFen), percent, on: dayWords(dueOn) })}
      </p>
      {open !== null && <p>{t('open', { homes: open.homes, yuan: yuanWords(open.fen) })}</p>}
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {open !== null && open.homes > 0 && (
        <div class="actions row">
          <Button kind="quiet" onClick={() => void show()}>
            {t('letters')}
          </Button>
        </div>
      )}
      {state === 'open' && isWriter && (
        <DocumentPart
          title={t('withdraw')}
          lead={t('withdrawLead')}
          label={t('withdrawDocument')}
          path={`${path}/${call.call}/withdrawals`}
          next={t('withdrawNext')}
          draft={(document) => withdrawalDraft(call, document)}
          onSent={onSent}
        />
      )}
    </li>
  );
}

export type TopUpSectionProps = {
  readonly community: string;
  readonly base: string;
  readonly today: string;
  readonly isWriter: boolean;
  readonly onLetters: (letters: Letters) => void;
};

export function TopUpSection({ community, base, today, isWriter, onLetters }: TopUpSectionProps) {
  const [calls, setCalls] = useState<readonly Call[]>();
  const [decided, setDecided] = useState<readonly Decided[]>([]);
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  const path = `${base}/top-up-calls`;
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void ask<TopUpCallsAnswer>('GET', path).then((answer) =>
      answer.ok ? setCalls(answer.value.calls) : setProblem(answer.problem.sentence),
    );
  }, [path, round]);
  useEffect(() => {
    if (isWriter) void decidedIn(community).then(setDecided);
  }, [community, isWriter]);
  const again = () => setRound((old) => old + 1);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {calls?.length === 0 && <p>{t('none')}</p>}
      {calls !== undefined && calls.length > 0 && (
        <>
          <h3>{t('calls')}</h3>
          <ul class="plain-list">
            {calls.map((each) => (
              <CallPart
                key={each.call}
                path={path}
                call={each}
                isWriter={isWriter}
                onLetters={onLetters}
                onSent={again}
              />
            ))}
          </ul>
        </>
      )}
      {isWriter && <TopUpFormPart base={base} decided={decided} today={today} onSent={again} />}
    </section>
  );
}
