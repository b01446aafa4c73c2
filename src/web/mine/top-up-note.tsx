/** What a call to top up asks of one home, beside its balance and on its statement: how much, by when, how, and what has come in (SPEC 8.6; 165 §17). */
import { civilDateAt } from '../../base/civil-date.ts';
import type { OwnAccountsAnswer } from '../../fund/contract.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { t } from './fund-words.ts';

export function TopUpNote({ topUp }: Pick<OwnAccountsAnswer['accounts'][number], 'topUp'>) {
  if (topUp === null) return null;
  const { balanceFen, firstFen, dueFen, openFen, targetPercent: percent, dueOn, text } = topUp;
  const isLate = civilDateAt(Date.now()) > dueOn;
  const paidFen = String(BigInt(dueFen) - BigInt(openFen));
  if (openFen === '0') return <Status kind="good" title={t('topUpDone')} />;
  return (
    <Status kind="wait" title={t('topUpTitle')}>
      <p>
        <strong>
          {t(isLate ? 'topUpLate' : 'topUpDue', { open: yuanWords(openFen), on: dayWords(dueOn) })}
        </strong>
      </p>
      {paidFen !== '0' && <p>{t('topUpPaid', { paid: yuanWords(paidFen) })}</p>}
      <p>
        {t('topUpWhy', {
          balance: yuanWords(balanceFen),
          first: yuanWords(firstFen),
          percent,
          due: yuanWords(dueFen),
        })}
      </p>
      <p>{t('topUpOnce')}</p>
      <p>{t('topUpHow')}</p>
      {text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      <p>{t('topUpSafe')}</p>
    </Status>
  );
}
