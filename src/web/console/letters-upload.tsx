/** The registrar hands in a batch that the command made: to sign alone, or with a reason for two officers (SPEC 2.4, 3.2). */
import { useRef, useState } from 'preact/hooks';
import { newId } from '../../base/clock.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { LongField, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import type { LettersFile } from './letters-file.ts';
import { readLettersFile } from './letters-file.ts';
import { t } from './letters-words.ts';

type LettersFormProps = { readonly community: string; readonly onChanged: () => void };

export function LettersUpload({ community, onChanged }: LettersFormProps) {
  const [file, setFile] = useState<LettersFile>();
  const [kind, setKind] = useState('issue');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState<string>();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const read = (text: string) => {
    const found = readLettersFile(text);
    setFile(found);
    setDone(undefined);
    setProblem(found === undefined ? t('fileWrong') : undefined);
  };
  const send = async (letters: LettersFile) => {
    setBusy(true);
    const path = `/v1/communities/${community}/letters`;
    const answer =
      kind === 'issue'
        ? await call('POST', path, letters, newId(draw))
        : await call('POST', `${path}/reissues`, { ...letters, reason }, newId(draw));
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (!answer.ok) return;
    setDone(t('sent', { count: letters.items.length }));
    setFile(undefined);
    setReason('');
    if (input.current !== null) input.current.value = '';
    onChanged();
  };
  const kinds = [
    { id: 'issue', text: t('kindIssue') },
    { id: 'reissue', text: t('kindReissue') },
  ];
  return (
    <section class="sheet">
      <h3>{t('upload')}</h3>
      <div class="field">
        <label for="letters-file">{t('file')}</label>
        <input
          id="letters-file"
          ref={input}
          type="file"
          accept=".json,application/json"
          onChange={(event) => void event.currentTarget.files?.[0]?.text().then(read)}
        />
      </div>
      {file !== undefined && <p>{t('fileRead', { count: file.items.length })}</p>}
      <Pick label={t('kind')} value={kind} options={kinds} onValue={setKind} />
      {kind === 'reissue' && (
        <LongField label={t('reason')} hint={t('reasonHint')} value={reason} onValue={setReason} rows={2} />
      )}
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {done !== undefined && <Status kind="good" title={done} />}
      <Button
        busy={busy}
        disabled={file === undefined || (kind === 'reissue' && reason.trim() === '')}
        onClick={() => file !== undefined && void send(file)}
      >
        {t('send')}
      </Button>
    </section>
  );
}
