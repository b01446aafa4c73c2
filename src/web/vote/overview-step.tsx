/** The overview, the confirmation and the sending; the page shows the statement's number before it signs (SPEC 6.10). */
import { useState } from 'preact/hooks';
import type { CastAnswer } from '../../ballot/contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import type { Problem } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { draw } from '../kit/draw.ts';
import { Status } from '../kit/status.tsx';
import { leafWords } from '../kit/unit-words.ts';
import type { VotingKey } from '../owner/voting-key.ts';
import type { DraftedCast, MadeCast } from './casting.ts';
import { draftCast, isAnswered, signCast } from './casting.ts';
import type { CheckedPaper, CheckedPapers, Question } from './checks.ts';
import type { Choices } from './choices.ts';
import { HashGroups } from './hash-groups.tsx';
import type { SentCast } from './receipts.ts';
import { t } from './words.ts';

/** Problems after which nobody knows whether the cast was stored: the same bytes may be sent again. */
const UNSURE: readonly string[] = ['NO_NETWORK', 'OUTCOME_UNKNOWN', 'UNAVAILABLE', 'INTERNAL'];

function AnswerLine({
  question,
  chosen,
}: {
  readonly question: Question;
  readonly chosen: readonly string[];
}) {
  const texts = question.proposal.options.filter(({ id }) => chosen.includes(id)).map(({ text }) => text);
  return <p class="answer">{texts.length === 0 ? t('skipped') : texts.join('、')}</p>;
}

export type OverviewStepProps = {
  readonly votingKey: VotingKey;
  readonly papers: CheckedPapers;
  readonly paper: CheckedPaper;
  readonly choices: Choices;
  readonly onChange: (at: number) => void;
  readonly onAccepted: (cast: MadeCast, answer: CastAnswer) => void;
};

/** The cast that is about to be sent, and what came of sending it. */
function useSending({ votingKey, papers, onAccepted }: OverviewStepProps) {
  const [cast, setCast] = useState<DraftedCast>();
  const [sent, setSent] = useState<SentCast>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const draft = (drafted: DraftedCast | undefined) => {
    setProblem(undefined);
    setSent(undefined);
    setCast(drafted);
  };
  const send = async (drafted: DraftedCast) => {
    setBusy(true);
    setProblem(undefined);
    const path = `/v1/meetings/${papers.definition.meeting}/casts`;
    // Signed once: a passkey signs otherwise each time, and what is promised is this signature (SPEC 6.12).
    const signed =
      sent === undefined ? await signCast(votingKey, drafted) : { ok: true as const, value: sent };
    if (signed.ok) setSent(signed.value);
    const answer = signed.ok ? await call<CastAnswer>('POST', path, signed.value) : signed;
    setBusy(false);
    if (!answer.ok) setProblem(answer.problem);
    else if (signed.ok) onAccepted({ ...drafted, sent: signed.value }, answer.value);
  };
  return { cast, busy, problem, draft, send };
}

export function OverviewStep(props: OverviewStepProps) {
  const { papers, paper, choices, onChange } = props;
  const { cast, busy, problem, draft, send } = useSending(props);
  const unsure = problem !== undefined && UNSURE.includes(problem.code);
  const ask = () => draft(draftCast(papers, paper, choices, draw));
  return (
    <>
      <p class="kicker">
        {paper.mandate !== '' && <strong>{t('forPrincipal', { name: paper.principalName })} · </strong>}
        {leafWords(paper.leaf)}
      </p>
      <h1>{t('overviewTitle')}</h1>
      <p>{t('overviewLead')}</p>
      {!isAnswered(paper, choices) && <Status kind="warn" title={t('nothingChosen')} />}
      {paper.questions.map((question, at) => (
        <section class="sheet" key={question.proposal.proposal}>
          <h2>{question.proposal.title}</h2>
          <AnswerLine question={question} chosen={choices[question.proposal.proposal] ?? []} />
          <Button kind="quiet" disabled={unsure} onClick={() => onChange(at)}>
            {t('change')}
            <span class="visually-hidden">:{question.proposal.title}</span>
          </Button>
        </section>
      ))}
      <div class="actions">
        <Button disabled={!isAnswered(paper, choices) || unsure} onClick={ask}>
          {t('cast')}
        </Button>
      </div>
      <Dialog title={t('confirmTitle')} open={cast !== undefined} onClose={() => !unsure && draft(undefined)}>
        <ul class="plain-list">
          {paper.questions.map((question) => (
            <li key={question.proposal.proposal}>
              {question.proposal.title}
              <AnswerLine question={question} chosen={choices[question.proposal.proposal] ?? []} />
            </li>
          ))}
        </ul>
        <p>{t('confirmLead')}</p>
        <p class="soft">{t('confirmHash')}</p>
        {cast !== undefined && <HashGroups hash={toBase64Url(cast.castHash)} />}
        {problem !== undefined && (
          <Status kind="stop" title={unsure ? t('sendUnknown') : t('sendFailed')}>
            <p>{problem.sentence}</p>
          </Status>
        )}
        <div class="actions">
          <Button busy={busy} onClick={() => cast !== undefined && void send(cast)}>
            {t(busy ? 'sending' : unsure ? 'sendAgain' : 'confirmYes')}
          </Button>
          {!unsure && (
            <Button kind="quiet" disabled={busy} onClick={() => draft(undefined)}>
              {t('confirmNo')}
            </Button>
          )}
        </div>
      </Dialog>
    </>
  );
}
