/** What an order of the fund books, shown only where its record is what the act names by its hash: every account and amount (SPEC 2.4, 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { PaymentsAnswer } from '../../fund/contract.ts';
import type { EntryOf } from '../../record/entry.ts';
import type { FundEntry } from '../../record/fund.ts';
import { fundEntryForm, fundEntryHash } from '../../record/fund.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { call } from '../kit/api.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { AccountLine } from './account-line.tsx';
import { t } from './fund-words.ts';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';

/** More lines than this are summed up; an order of officers has few. */
const LINES_SHOWN = 40;

/** The entry under the hash that is signed; undefined where the service shows another. */
export function openedOrder(entry: EntryOf<'fund.entry'>, record: string): FundEntry | undefined {
  const bytes = bytesOf(record);
  const read = fundEntryForm.parse(bytes);
  if (!read.ok || fundEntryHash(bytes) !== entry.hash) return undefined;
  const { community, seq, entryKind } = read.value;
  const isSame = community === entry.community && seq === entry.seq && entryKind === entry.entryKind;
  return isSame ? read.value : undefined;
}

/** A posting in words: a bank's money comes and goes, what is owed to households and payees grows and shrinks. */
export function postingWords({ account, accountKind, amountFen }: FundEntry['postings'][number]): string {
  const isDebit = !amountFen.startsWith('-');
  const yuan = yuanWords(amountFen.replace('-', ''));
  const verb = accountKind === 'bank' ? (isDebit ? 'comesIn' : 'goesOut') : isDebit ? 'shrinks' : 'grows';
  return t(verb, { account, yuan });
}

type Opened = { readonly facts: readonly string[]; readonly payeeAccount: string };

const factsOf = ({
  bookedOn,
  reference,
  narrative,
  payeeAccount,
  postings,
}: FundEntry): readonly string[] => [
  ...postings.slice(0, LINES_SHOWN).map(postingWords),
  ...(postings.length > LINES_SHOWN ? [t('moreLines', { count: postings.length - LINES_SHOWN })] : []),
  t('reference', { reference, narrative, on: dayWords(bookedOn) }),
  ...(payeeAccount === '' ? [] : [t('payeeAccount', { hash: hexGroups(payeeAccount).join(' ') })]),
];

export function OrderCheck({ act, entry, onChecked }: CheckProps) {
  const [shown, setShown] = useState<Opened | 'hidden'>();
  const [isAccountOpened, setAccountOpened] = useState(false);
  const isChecked =
    shown !== undefined && shown !== 'hidden' && (shown.payeeAccount === '' || isAccountOpened);
  useEffect(() => onChecked(isChecked), [isChecked]);
  useEffect(() => {
    void call<PaymentsAnswer>('GET', `/v1/communities/${act.community}/fund/payments`).then((answer) => {
      const order = answer.ok ? answer.value.payments.find((each) => each.act === act.act) : undefined;
      const opened =
        order !== undefined && entry.kind === 'fund.entry' ? openedOrder(entry, order.record) : undefined;
      setShown(
        opened === undefined ? 'hidden' : { facts: factsOf(opened), payeeAccount: opened.payeeAccount },
      );
    });
  }, [act.act]);
  if (shown === undefined) return <p role="status">{openedWord('loading')}</p>;
  if (shown === 'hidden') return <Status kind="stop" title={openedWord('hidden')} />;
  return (
    <>
      <p>{openedWord('compared')}</p>
      <ul>
        {shown.facts.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {shown.payeeAccount !== '' && (
        <AccountLine
          act={act}
          payeeAccount={shown.payeeAccount}
          onOpened={setAccountOpened}
          isOptional={true}
        />
      )}
    </>
  );
}
