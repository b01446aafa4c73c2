/** Drafts that are open to the owner: he reads them, asks, and reads what was answered (SPEC 5.3). */
import { useEffect, useState } from 'preact/hooks';
import type { ConsultationsAnswer } from '../../assembly/consulting-contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { LongField, Pick } from '../kit/field.tsx';
import { PlainText } from '../kit/plain-text.tsx';
import { Status } from '../kit/status.tsx';
import { t } from './consultation-words.ts';

type Consultation = ConsultationsAnswer['consultations'][number];

const nameOf = ({ proposals }: Consultation, at: number): string =>
  t('proposal', { at: at + 1, title: proposals[at]?.title ?? '' });

function Form({ draft, onSent }: { readonly draft: Consultation; readonly onSent: () => void }) {
  const [proposal, setProposal] = useState(draft.proposals[0]?.proposal ?? '');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const body = { proposal, text };
    const path = `/v1/meetings/${draft.meeting}/questions`;
    const answer = await call('POST', path, body, toBase64Url(draw(16)));
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setText('');
    setProblem(undefined);
    onSent();
  };
  const options = draft.proposals.map((each, at) => ({ id: each.proposal, text: nameOf(draft, at) }));
  return (
    <>
      {options.length > 1 && (
        <Pick label={t('about')} value={proposal} options={options} onValue={setProposal} />
      )}
      <LongField label={t('ask')} value={text} onValue={setText} rows={3} error={problem} />
      <Button busy={busy} disabled={text.trim() === ''} onClick={() => void send()}>
        {t('send')}
      </Button>
    </>
  );
}

function Questions({ draft, proposal }: { readonly draft: Consultation; readonly proposal: string }) {
  const own = draft.questions.filter((each) => each.proposal === proposal);
  return (
    <>
      {own.map(({ question, text, answer, outcome, isOwn }) => (
        <div key={question}>
          <p class="wrap">
            {t('question', { text: text === '' ? t('withheldText') : text })} {isOwn && t('own')}
          </p>
          <p class="wrap">
            <strong>
              {outcome === 'open'
                ? t('waiting')
                : t(outcome === 'answered' ? 'answer' : 'withheld', { answer })}
            </strong>
          </p>
        </div>
      ))}
    </>
  );
}

function Draft({ draft, onAsked }: { readonly draft: Consultation; readonly onAsked: () => void }) {
  const [isSent, setSent] = useState(false);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead', { title: draft.title })}</p>
      <details>
        <summary>{t('notice')}</summary>
        <PlainText body={draft.noticeText} />
      </details>
      {draft.proposals.map(({ proposal, text }, at) => (
        <div key={proposal}>
          <h3>{nameOf(draft, at)}</h3>
          <PlainText body={text} />
          <Questions draft={draft} proposal={proposal} />
        </div>
      ))}
      {isSent && <Status kind="good" title={t('sent')} />}
      {draft.isOpen ? (
        <Form
          draft={draft}
          onSent={() => {
            setSent(true);
            onAsked();
          }}
        />
      ) : (
        <p>{t('over')}</p>
      )}
    </section>
  );
}

export function ConsultationSection() {
  const [drafts, setDrafts] = useState<readonly Consultation[]>([]);
  const load = () =>
    call<ConsultationsAnswer>('GET', '/v1/consultations').then((answer) => {
      if (answer.ok) setDrafts(answer.value.consultations);
    });
  useEffect(() => void load(), []);
  return (
    <>
      {drafts.map((draft) => (
        <Draft key={draft.meeting} draft={draft} onAsked={() => void load()} />
      ))}
    </>
  );
}
