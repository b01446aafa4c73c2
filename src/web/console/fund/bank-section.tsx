/** The bank's files: the committee or the street books receipts, compares statements and explains; the regulator reads (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { BookAnswer } from '../../../fund/contract.ts';
import type { ReconciliationsAnswer } from '../../../fund/reconciliation-contract.ts';
import type { OfficerAnswer } from '../../../officers/contract.ts';
import { call } from '../../kit/api.ts';
import { Pick } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import { AnomalyPart } from './anomaly-part.tsx';
import { ReceiptFile, StatementFile } from './bank-files.tsx';
import { bankOf } from './bank-names.ts';
import { Reconciliations } from './bank-reconciliations.tsx';
import { t } from './bank-words.ts';
import { MonthPart } from './month-part.tsx';

const READERS: readonly string[] = ['committee', 'street', 'regulator'];
const WRITERS: readonly string[] = ['committee', 'street'];

export type BankSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
};

export function BankSection({ community, officer }: BankSectionProps) {
  const [banks, setBanks] = useState<BookAnswer['banks']>([]);
  const [account, setAccount] = useState('');
  const [found, setFound] = useState<ReconciliationsAnswer['reconciliations']>();
  const [problem, setProblem] = useState<string>();
  const [own, setOwn] = useState(0);
  const isReader = READERS.includes(officer.role);
  const isWriter = WRITERS.includes(officer.role);
  const base = `/v1/communities/${community}/fund`;
  useEffect(() => {
    if (!isWriter) return;
    void call<BookAnswer>('GET', base).then((answer) => {
      if (!answer.ok) return;
      setBanks(answer.value.banks);
      setAccount(answer.value.banks[0]?.name ?? '');
    });
  }, [base, isWriter]);
  // `own` is a signal, not a value that is read.
  useEffect(() => {
    if (!isReader) return;
    void call<ReconciliationsAnswer>('GET', `${base}/reconciliations`).then((answer) =>
      answer.ok ? setFound(answer.value.reconciliations) : setProblem(answer.problem.sentence),
    );
  }, [base, isReader, own]);
  if (!isReader) return null;
  const changed = () => setOwn((old) => old + 1);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {isWriter && account === '' && <p>{t('noBank')}</p>}
      {isWriter && account !== '' && (
        <>
          <Pick
            label={t('bank')}
            value={account}
            options={banks.map(({ name }) => ({ id: name, text: name }))}
            onValue={setAccount}
          />
          <ReceiptFile base={base} bank={bankOf(account)} onDone={changed} />
          <StatementFile base={base} bank={bankOf(account)} onDone={changed} />
        </>
      )}
      {found !== undefined && (
        <Reconciliations base={base} reconciliations={found} mayExplain={isWriter} onChanged={changed} />
      )}
      {isWriter && account !== '' && <MonthPart base={base} />}
      {officer.role === 'regulator' && <AnomalyPart base={base} />}
    </section>
  );
}
