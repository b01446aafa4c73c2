/** What the statements of the bank were found to differ in, and why each difference stands; said once, by an officer (SPEC 8.3). */
import { useState } from 'preact/hooks';
import { toBase64Url } from '../../../base/bytes.ts';
import type { ReconciliationsAnswer } from '../../../fund/reconciliation-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { draw } from '../../kit/draw.ts';
import { Field } from '../../kit/field.tsx';
import { dayWords } from '../../kit/times.ts';
import { t } from './bank-words.ts';

type Reconciliation = ReconciliationsAnswer['reconciliations'][number];
type Difference = Reconciliation['differences'][number];

/** A page of thousands of fields helps nobody: what waits is shown in parts. */
const SHOWN = 50;
const MIN_REASON = 4;

const signedYuan = (fen: string): string =>
  fen.startsWith('-') ? `−${yuanWords(fen.slice(1))}` : yuanWords(fen);

function differenceWords({ kind, on, receipt, seq, amountFen }: Difference): string {
  const named = [
    ...(receipt === '' ? [] : [t('receipt', { receipt })]),
    ...(seq === '' ? [] : [t('seq', { seq })]),
  ];
  return [dayWords(on), t(`kind_${kind}`), ...named, t('amount', { yuan: signedYuan(amountFen) })].join(
    ' · ',
  );
}

type ExplainProps = {
  readonly path: string;
  readonly difference: Difference;
  readonly mayExplain: boolean;
  readonly onDone: () => void;
};

function Explain({ path, difference, mayExplain, onDone }: ExplainProps) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const body = { no: difference.no, reason: reason.trim() };
    const answer = await call('POST', path, body, toBase64Url(draw(16)));
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) onDone();
  };
  return (
    <li>
      <p>{differenceWords(difference)}</p>
      {difference.reason !== '' && <p>{t('given', { reason: difference.reason })}</p>}
      {difference.reason === '' && mayExplain && (
        <>
          <Field label={t('reason')} value={reason} maxLength={200} onValue={setReason} error={problem} />
          <Button
            kind="quiet"
            busy={isBusy}
            disabled={reason.trim().length < MIN_REASON}
            onClick={() => void send()}
          >
            {t('explain')}
          </Button>
        </>
      )}
    </li>
  );
}

export type ReconciliationsProps = {
  readonly base: string;
  readonly reconciliations: readonly Reconciliation[];
  readonly mayExplain: boolean;
  readonly onChanged: () => void;
};

function One({
  base,
  reconciliation,
  mayExplain,
  onChanged,
}: Omit<ReconciliationsProps, 'reconciliations'> & { readonly reconciliation: Reconciliation }) {
  const { account, from, to, matched, closingFen, lastSeq, differences } = reconciliation;
  const isOpen = ({ reason }: Difference): boolean => reason === '';
  const open = differences.filter(isOpen);
  // What still waits comes first.
  const shown = [...open, ...differences.filter((each) => !isOpen(each))].slice(0, SHOWN);
  const state = differences.length === 0 ? 'same' : open.length === 0 ? 'explained' : 'open';
  return (
    <li class="sheet">
      <h4>{t('period', { account, from: dayWords(from), to: dayWords(to) })}</h4>
      <p>
        <span class={state === 'open' ? 'tag stop' : 'tag good'}>{t(state)}</span>
      </p>
      <p>
        {t('facts', {
          matched,
          count: differences.length,
          open: open.length,
          yuan: yuanWords(closingFen),
          seq: lastSeq,
        })}
      </p>
      <ul class="plain-list">
        {shown.map((difference) => (
          <Explain
            key={difference.no}
            path={`${base}/reconciliations/${reconciliation.reconciliation}/explanations`}
            difference={difference}
            mayExplain={mayExplain}
            onDone={onChanged}
          />
        ))}
      </ul>
      {differences.length > shown.length && (
        <p class="soft">{t('more', { count: differences.length - shown.length })}</p>
      )}
    </li>
  );
}

export function Reconciliations({ reconciliations, ...props }: ReconciliationsProps) {
  return (
    <>
      <h3>{t('list')}</h3>
      {reconciliations.length === 0 && <p>{t('none')}</p>}
      <ul class="plain-list">
        {reconciliations.map((each) => (
          <One key={each.reconciliation} {...props} reconciliation={each} />
        ))}
      </ul>
    </>
  );
}
