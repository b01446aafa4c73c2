/** Calls to top up in public, in sums and of no home: ground, target, last day, how to pay, and what is open (SPEC 8.6; 165 §17). */
import type { CallSummary } from '../../fund/calls.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { dayWords } from '../kit/times.ts';
import { yuan } from './fund-charges.tsx';
import { t } from './fund-words.ts';

const placeWords = (at: number | undefined): string =>
  at === undefined ? t('noLogIndex') : t('logIndex', { at });

function Ground({ head }: Pick<CallSummary, 'head'>) {
  if (head.meeting !== '')
    return (
      <p>
        <a href={`/meetings/${head.meeting}`}>{t('callByVote')}</a>
      </p>
    );
  return (
    <p>
      {t('callByRule')}
      <br />
      <span class="soft mono">{hexGroups(head.documentHash, 16).join(' ')}</span>
    </p>
  );
}

function Call({ call }: { readonly call: CallSummary }) {
  const { head, state, homes, dueFen, open, withdrawal, logIndex } = call;
  return (
    <li class="sheet">
      <h3>{t('callTitle', { at: placeWords(logIndex) })}</h3>
      <p>
        <span class="tag">{t(`call_${state}`)}</span>
      </p>
      <p>
        {t('callAsks', { homes, yuan: yuan(dueFen), percent: head.targetPercent, on: dayWords(head.dueOn) })}
      </p>
      {open !== undefined && <p>{t('callOpen', { homes: open.homes, yuan: yuan(open.fen) })}</p>}
      <Ground head={head} />
      {head.text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      {withdrawal !== undefined && (
        <p>
          {t('callWithdrawn', { at: placeWords(withdrawal.logIndex) })}
          <br />
          <span class="soft mono">{hexGroups(withdrawal.documentHash, 16).join(' ')}</span>
        </p>
      )}
    </li>
  );
}

export function TopUps({ calls }: { readonly calls: readonly CallSummary[] }) {
  if (calls.length === 0) return null;
  return (
    <section>
      <h2>{t('callsTitle')}</h2>
      <p>{t('callsLead')}</p>
      <ul class="plain-list">
        {calls.map((call) => (
          <Call key={call.head.call} call={call} />
        ))}
      </ul>
    </section>
  );
}
