/** The button by which an owner freezes his electronic vote; two officers lift it once they have seen his document (SPEC 3.5). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import { showInstant } from '../../base/instant.ts';
import { freezeForm, freezeHash } from '../../record/freeze.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { draw } from '../kit/draw.ts';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './freeze-words.ts';
import type { SectionProps } from './section-props.ts';

const PATH = '/v1/identity/freezes';

async function freeze({
  owner,
  votingKey,
}: Pick<SectionProps, 'owner' | 'votingKey'>): Promise<Answer<unknown>> {
  const { community, person, credential } = owner;
  const bytes = freezeForm.bytes({ v: 1, kind: 'freeze', community, person, nonce: toBase64Url(draw(16)) });
  const signature = await votingKey.sign(freezeHash(bytes));
  if (!signature.ok) return signature;
  return call('POST', PATH, { credential, freeze: toBase64Url(bytes), signature: signature.value });
}

export function FreezeSection(props: Pick<SectionProps, 'owner' | 'votingKey'>) {
  const [frozenAt, setFrozenAt] = useState<number>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const load = async () => {
    const answer = await call<{ readonly frozenAt: number }>('GET', PATH);
    if (answer.ok) setFrozenAt(answer.value.frozenAt);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => void load(), []);
  const confirm = async () => {
    setBusy(true);
    setProblem(undefined);
    const answer = await freeze(props);
    if (!answer.ok) setProblem(answer.problem.sentence);
    await load();
    setBusy(false);
    setAsked(false);
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {frozenAt !== undefined && frozenAt > 0 ? (
        <Status kind="good" title={t('frozen')}>
          <p>{t('frozenSince', { at: timeWords(showInstant(frozenAt)) })}</p>
          <p>{t('lift')}</p>
        </Status>
      ) : (
        <>
          <p>{t('lead')}</p>
          <p>{t('lift')}</p>
          <Button kind="danger" disabled={frozenAt === undefined} onClick={() => setAsked(true)}>
            {t('freeze')}
          </Button>
        </>
      )}
      <Dialog title={t('confirmTitle')} open={asked} onClose={() => setAsked(false)}>
        <p>{t('lead')}</p>
        <p>{t('lift')}</p>
        <div class="actions">
          <Button kind="danger" busy={busy} onClick={() => void confirm()}>
            {t('yes')}
          </Button>
          <Button kind="quiet" disabled={busy} onClick={() => setAsked(false)}>
            {t('no')}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
