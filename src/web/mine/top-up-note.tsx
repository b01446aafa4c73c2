/** What a call to top up asks of one home, beside its balance and on its statement: how much, by when, how, and what has come in (SPEC 8.6; 165 §17). */
import type { OwnAccountsAnswer } from '../../fund/contract.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { t } from './fund-words.ts';

export function TopUpNote({ topUp }: Pick<OwnAccountsAnswer['accounts'][number], 'topUp'>) {
  if (topUp === null) return null;
  const { balanceFen, firstFen, dueFen, openFen, targetPercent: percent, dueOn, text } = topUp;
  const paidFen = String(BigInt(dueFen) - BigInt(openFen));
  if (openFen === '0') return <Status kind="good" title={t('topUpDone')} />;
  return (
    <Status kind="wait" title={t('topUpTitle')}>
      <p>
        <strong>{t('topUpDue', { due: yuanWords(dueFen), on: dayWords(dueOn) })}</strong>
      </p>
      {paidFen !== '0' && <p>{t('topUpOpen', { paid: yuanWords(paidFen), open: yuanWords(openFen) })}</p>}
      <p>{t('topUpWhy', { balance: yuanWords(balanceFen), first: yuanWords(firstFen), percent })}</p>
      <p>{t('topUpHow')}</p>
      {text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      <p>{t('topUpSafe')}</p>
    </Status>
  );
}
