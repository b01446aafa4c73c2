/** The two files of a bank: receipts that are booked all or none, and a statement that the book is compared with (SPEC 8.3). */
import { useState } from 'preact/hooks';
import { toBase64Url } from '../../../base/bytes.ts';
import { parseYuan } from '../../../base/fen.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import type { Answer, Problem } from '../../kit/api.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { draw } from '../../kit/draw.ts';
import { Field } from '../../kit/field.tsx';
import { fileText } from '../../kit/file-text.ts';
import { Status } from '../../kit/status.tsx';
import type { Bank } from './bank-names.ts';
import { t } from './bank-words.ts';

export type BankFileProps = { readonly base: string; readonly bank: Bank; readonly onDone: () => void };

type Finding = {
  readonly code: string;
  readonly level: 'error' | 'warning' | 'info';
  readonly row: number | null;
  readonly where: string;
  readonly zh: string;
};
type Imported = {
  readonly booked: number;
  readonly repeated: number;
  readonly totalFen: string;
  readonly findings: readonly Finding[];
};

/** More lines than this are counted only. */
const FINDINGS_SHOWN = 200;

const textOf = async (file: File): Promise<string> => fileText(new Uint8Array(await file.arrayBuffer()));

/** The findings beside a refusal. */
export const findingsOf = (answer: Answer<unknown>): readonly Finding[] =>
  answer.ok ? [] : ((answer.problem.more?.['findings'] as readonly Finding[] | undefined) ?? []);

export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul>
      {findings.slice(0, FINDINGS_SHOWN).map(({ code, level, row, where, zh }, at) => (
        <li key={at}>
          <span class={level === 'error' ? 'tag stop' : 'tag'}>
            {row === null ? t('wholeFile') : t('row', { row })}
          </span>{' '}
          {zh} {where} <span class="mono">{code}</span>
        </li>
      ))}
      {findings.length > FINDINGS_SHOWN && <li>{t('more', { count: findings.length - FINDINGS_SHOWN })}</li>}
    </ul>
  );
}

type PickFileProps = {
  readonly id: string;
  readonly label: string;
  readonly onFile: (file: File | undefined) => void;
};

const PickFile = ({ id, label, onFile }: PickFileProps) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input
      id={id}
      type="file"
      accept=".csv,.txt"
      onChange={({ currentTarget }) => onFile(currentTarget.files?.[0])}
    />
  </div>
);

/** Why a file was refused. */
function Refused({ problem }: { readonly problem: Problem }) {
  return (
    <Status kind="stop" title={problem.code === 'FUND_FILE_REFUSED' ? t('refused') : problem.sentence} />
  );
}

export function ReceiptFile({ base, bank, onDone }: BankFileProps) {
  const [file, setFile] = useState<File>();
  const [isTicked, setTicked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer<Imported>>();
  const send = async () => {
    if (file === undefined) return;
    setBusy(true);
    setAnswer(undefined);
    const body = { bank, csv: await textOf(file), unknownAsUnidentified: isTicked };
    const imported = await call<Imported>('POST', `${base}/receipt-files`, body, toBase64Url(draw(16)));
    setBusy(false);
    setAnswer(imported);
    if (imported.ok) onDone();
  };
  const words = ({ booked, repeated, totalFen }: Imported): string =>
    t('booked', { booked, repeated, yuan: yuanWords(totalFen) });
  return (
    <>
      <h3>{t('receipts')}</h3>
      <p>{t('receiptsHint')}</p>
      <PickFile id="receipt-file" label={t('receiptsFile')} onFile={setFile} />
      <p>
        <label>
          <input
            type="checkbox"
            checked={isTicked}
            onChange={({ currentTarget: { checked } }) => setTicked(checked)}
          />{' '}
          {t('unknown')}
        </label>
      </p>
      {answer !== undefined && (
        <>
          {answer.ok ? (
            <Status kind="good" title={words(answer.value)} />
          ) : (
            <Refused problem={answer.problem} />
          )}
          <Findings findings={answer.ok ? answer.value.findings : findingsOf(answer)} />
        </>
      )}
      <div class="actions row">
        <Button busy={isBusy} disabled={file === undefined} onClick={() => void send()}>
          {t('book')}
        </Button>
      </div>
    </>
  );
}

type Compared = { readonly matched: number; readonly differences: readonly unknown[] };

export function StatementFile({ base, bank, onDone }: BankFileProps) {
  const [file, setFile] = useState<File>();
  const [[from, to], setPeriod] = useState<readonly [string, string]>(['', '']);
  const [closing, setClosing] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer<Compared>>();
  const closingFen = parseYuan(closing.trim());
  const isReady = file !== undefined && from !== '' && to !== '' && closingFen.ok;
  const send = async () => {
    if (file === undefined || !closingFen.ok) return;
    setBusy(true);
    setAnswer(undefined);
    const body = { bank, from, to, closingFen: String(closingFen.value), csv: await textOf(file) };
    const compared = await call<Compared>('POST', `${base}/reconciliations`, body, toBase64Url(draw(16)));
    setBusy(false);
    setAnswer(compared);
    if (compared.ok) onDone();
  };
  return (
    <>
      <h3>{t('statement')}</h3>
      <p>{t('statementHint')}</p>
      <PickFile id="statement-file" label={t('statementFile')} onFile={setFile} />
      <Field label={t('from')} type="date" value={from} onValue={(value) => setPeriod([value, to])} />
      <Field label={t('to')} type="date" value={to} onValue={(value) => setPeriod([from, value])} />
      <Field
        label={t('closing')}
        value={closing}
        onValue={setClosing}
        error={closing !== '' && !closingFen.ok ? t('closingWrong') : undefined}
      />
      {answer !== undefined && (
        <>
          {!answer.ok && <Refused problem={answer.problem} />}
          {answer.ok &&
            (answer.value.differences.length === 0 ? (
              <Status kind="good" title={t('same')} />
            ) : (
              <Status kind="warn" title={t('open')} />
            ))}
          <Findings findings={findingsOf(answer)} />
        </>
      )}
      <div class="actions row">
        <Button busy={isBusy} disabled={!isReady} onClick={() => void send()}>
          {t('compare')}
        </Button>
      </div>
    </>
  );
}
