/** A draft that is open to the owners: their questions, and the convener's answers (SPEC 5.3). */
import { useEffect, useId, useState } from 'preact/hooks';
import type { QuestionsAnswer } from '../../assembly/consulting-contract.ts';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import type { Definition } from '../../record/meeting.ts';
import { definitionForm } from '../../record/meeting.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { LongField } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { t } from './consultation-words.ts';
import { bytesOf } from './opened-act.ts';

type Question = QuestionsAnswer['questions'][number];

export type ConsultationSectionProps = {
  readonly meeting: string;
  readonly isOpened: boolean;
  readonly mayAnswer: boolean;
  readonly round: number;
  readonly onChanged: (sentence: string) => void;
};

type AnswerProps = {
  readonly path: string;
  readonly question: Question;
  readonly where: string;
  readonly mayAnswer: boolean;
  readonly onSaved: () => void;
};

function Answer({ path, question, where, mayAnswer, onSaved }: AnswerProps) {
  const id = useId();
  const [answer, setAnswer] = useState(question.answer);
  const [isWithheld, setWithheld] = useState(question.outcome === 'withheld');
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    const body = { outcome: isWithheld ? 'withheld' : 'answered', answer };
    const saved = await call('POST', `${path}/questions/${question.question}/answer`, body);
    if (!saved.ok) return setProblem(saved.problem.sentence);
    setProblem(undefined);
    onSaved();
  };
  return (
    <li>
      <p class="soft">{where}</p>
      <p class="wrap">{question.text}</p>
      <p>
        <strong>{t(`state_${question.outcome}`, { answer: question.answer })}</strong>
      </p>
      {mayAnswer && (
        <>
          <LongField label={t('answer')} value={answer} onValue={setAnswer} rows={3} error={problem} />
          <p>
            <input id={id} type="checkbox" checked={isWithheld} onChange={() => setWithheld(!isWithheld)} />{' '}
            <label for={id}>{t('withhold')}</label>
          </p>
          <Button kind="quiet" disabled={answer.trim() === ''} onClick={() => void save()}>
            {t('save')}
          </Button>
        </>
      )}
    </li>
  );
}

function useDraft({ meeting, round }: ConsultationSectionProps, again: number) {
  const [definition, setDefinition] = useState<Definition>();
  const [questions, setQuestions] = useState<readonly Question[]>();
  useEffect(() => {
    void call<MeetingAnswer>('GET', `/v1/meetings/${meeting}`).then((answer) => {
      const read = answer.ok ? definitionForm.parse(bytesOf(answer.value.definition)) : undefined;
      if (read?.ok === true) setDefinition(read.value);
    });
    void call<QuestionsAnswer>('GET', `/v1/meetings/${meeting}/questions`).then((answer) => {
      if (answer.ok) setQuestions(answer.value.questions);
    });
  }, [meeting, round, again]);
  return { definition, questions };
}

export function ConsultationSection(props: ConsultationSectionProps) {
  const { meeting, isOpened, mayAnswer, onChanged } = props;
  const [again, setAgain] = useState(0);
  const [problem, setProblem] = useState<string>();
  const { definition, questions } = useDraft(props, again);
  const path = `/v1/meetings/${meeting}`;
  const open = async () => {
    const answer = await call('POST', `${path}/consultation`);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setAgain(again + 1);
    onChanged(t('opened'));
  };
  const isFrozen = definition !== undefined && definition.notice.questionsHash !== '';
  const where = (proposal: string): string => {
    const at = definition?.proposals.findIndex((each) => each.proposal === proposal) ?? 0;
    return t('proposal', { at: at + 1, title: definition?.proposals[at]?.title ?? '' });
  };
  return (
    <details open={isOpened}>
      <summary>{t('title')}</summary>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {isFrozen && <p>{t('frozen')}</p>}
      {mayAnswer && (!isOpened || isFrozen) && (
        <Button kind="quiet" onClick={() => void open()}>
          {t(isFrozen ? 'reopen' : 'open')}
        </Button>
      )}
      {isOpened && questions?.length === 0 && <p class="soft">{t('none')}</p>}
      <ul class="plain-list">
        {(questions ?? []).map((question) => (
          <Answer
            key={`${question.question} ${question.answer}`}
            path={path}
            question={question}
            where={where(question.proposal)}
            mayAnswer={mayAnswer && !isFrozen}
            onSaved={() => setAgain(again + 1)}
          />
        ))}
      </ul>
    </details>
  );
}
