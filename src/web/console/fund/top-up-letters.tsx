/** The letters of a call to top up, one sheet for each home that has not paid all: what it is asked for, by when and how; no name (SPEC 8.6; 165 §17). */
import type { CalledHomesAnswer } from '../../../fund/top-up-routes.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { Button } from '../../kit/button.tsx';
import { dayWords } from '../../kit/times.ts';
import { unitWords } from '../../kit/unit-words.ts';
import { amountWords } from './drafts.ts';
import { t } from './top-up-desk-words.ts';
import type { Call } from './top-up-drafts.ts';

export type TopUpLettersProps = {
  readonly communityName: string;
  readonly call: Call;
  /** Those that have not paid all. */
  readonly homes: CalledHomesAnswer['homes'];
  readonly onBack: () => void;
};

type LetterProps = Pick<TopUpLettersProps, 'communityName' | 'call'> & {
  readonly home: TopUpLettersProps['homes'][number];
};

function Letter({ communityName, call, home }: LetterProps) {
  const { firstFen, balanceFen, dueFen, openFen } = home;
  const paid = yuanWords(String(BigInt(dueFen) - BigInt(openFen)));
  const open = amountWords(BigInt(openFen));
  const ground = t(call.meeting === '' ? 'letterGround_rule' : 'letterGround_vote');
  return (
    <article class="document home-letter">
      <h2>{t('letterTitle')}</h2>
      <p>{t('letterTo', { place: unitWords(home) })}</p>
      <p>
        {t('letterWhy', {
          first: yuanWords(firstFen),
          balance: yuanWords(balanceFen),
          ground,
          percent: call.targetPercent,
        })}
      </p>
      <p>
        <strong>
          {openFen === dueFen ? t('letterDue', { amount: open }) : t('letterOpen', { paid, amount: open })}
        </strong>
      </p>
      <p>
        <strong>{t('letterOn', { on: dayWords(call.dueOn) })}</strong>
      </p>
      <p>{t('letterHow')}</p>
      {call.text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      <p>{t('letterSafe')}</p>
      {call.logIndex !== null && <p>{t('letterLog', { at: call.logIndex, call: call.call })}</p>}
      <p>{t('letterFrom', { community: communityName })}</p>
      <p>{t('letterStamp')}</p>
    </article>
  );
}

export function TopUpLetters({ communityName, call, homes, onBack }: TopUpLettersProps) {
  return (
    <>
      <h1 class="no-print">{t('letters')}</h1>
      <div class="actions row no-print">
        <Button onClick={() => window.print()}>{t('print')}</Button>
        <Button kind="quiet" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
      {homes.map((home) => (
        <Letter key={home.unit} communityName={communityName} call={call} home={home} />
      ))}
    </>
  );
}
