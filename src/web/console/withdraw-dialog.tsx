/** Asks once more before an open act is taken back: its signatures are lost (SPEC 2.4). */
import { useEffect, useState } from 'preact/hooks';
import type { ActAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Status } from '../kit/status.tsx';
import { entryWords } from './act-words.ts';
import { readActEntry } from './action.ts';
import { t } from './withdraw-words.ts';

export type WithdrawDialogProps = {
  readonly act: ActAnswer | undefined;
  readonly onClose: () => void;
  readonly onWithdrawn: () => void;
};

export function WithdrawDialog({ act, onClose, onWithdrawn }: WithdrawDialogProps) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => setProblem(undefined), [act]);
  const withdraw = async ({ act: id }: ActAnswer) => {
    setBusy(true);
    const answer = await call('POST', `/v1/acts/${id}/withdrawal`);
    setBusy(false);
    if (answer.ok) onWithdrawn();
    else setProblem(answer.problem.sentence);
  };
  const entry = act === undefined ? undefined : readActEntry(act);
  return (
    <Dialog title={t('title')} open={act !== undefined} onClose={onClose}>
      {act !== undefined && (
        <>
          <p>{entry?.ok === true ? entryWords(entry.value) : t('unreadable', { act: act.act })}</p>
          <p>{t('lead')}</p>
          {problem !== undefined && <Status kind="stop" title={problem} />}
          <div class="actions">
            <Button kind="danger" busy={busy} onClick={() => void withdraw(act)}>
              {t('withdraw')}
            </Button>
            <Button kind="quiet" onClick={onClose}>
              {t('keep')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
