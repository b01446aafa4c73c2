/** Acts that name a text by its hash which will be public: the page shows it only where it is the one that is signed (SPEC 5, 8.2). */
import { useEffect, useState } from 'preact/hooks';
import type { QuestionsAnswer } from '../../assembly/consulting-contract.ts';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import { applicationAnswerForm, applicationAnswerHash } from '../../record/application.ts';
import type { EntryOf } from '../../record/entry.ts';
import { exchangeText } from '../../record/exchange.ts';
import { definitionForm, meetingHash, noticeHash, textHash } from '../../record/meeting.ts';
import { decisionForm, decisionHash } from '../../record/objection.ts';
import { isAnswerSound, requisitionAnswerForm, requisitionAnswerHash } from '../../record/requisition.ts';
import { call } from '../kit/api.ts';
import { PlainText } from '../kit/plain-text.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { t as applicationWord } from './applications-words.ts';
import { t as consultationWord } from './consultation-words.ts';
import { t as followUpWord } from './follow-up-words.ts';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';
import { t as pauseWord } from './pause-words.ts';
import { t as requisitionWord } from './requisition-words.ts';
import { t } from './words.ts';

/**
 * What is said of the definition that an act publishes or opens, or undefined where it is another. What is opened stands in the act, since
 * roll and keys join it only there; in all else it must be what everybody reads under the notice.
 */
function definitionSentence({ act, entry }: Pick<CheckProps, 'act' | 'entry'>, served: Uint8Array) {
  const published = definitionForm.parse(served);
  if (!published.ok) return undefined;
  const { title } = published.value;
  if (entry.kind === 'meeting.noticed')
    return noticeHash(published.value) === entry.noticeHash
      ? `✓ ${t('noticeMatches', { title })}`
      : undefined;
  const bytes = bytesOf(act.details['definition'] ?? '');
  const opened = definitionForm.parse(bytes);
  if (entry.kind !== 'meeting.opened' || !opened.ok || meetingHash(bytes) !== entry.meetingHash)
    return undefined;
  return noticeHash(opened.value) === noticeHash(published.value)
    ? openedWord('opened', { title })
    : undefined;
}

/** The exchange that a notice would publish, empty where it has none; undefined where the questions are others than its hash says. */
async function exchangeUnder(meeting: string, served: Uint8Array): Promise<string | undefined> {
  const read = definitionForm.parse(served);
  if (!read.ok || read.value.notice.questionsHash === '') return '';
  const answer = await call<QuestionsAnswer>('GET', `/v1/meetings/${meeting}/questions`);
  if (!answer.ok) return undefined;
  const body = exchangeText(read.value.proposals, answer.value.questions);
  return textHash(body) === read.value.notice.questionsHash ? body : undefined;
}

/** The meeting's definition, as noticed or as opened. */
export function DefinitionCheck({ act, entry, onChecked }: CheckProps) {
  const [sentence, setSentence] = useState<string | undefined>();
  const [exchange, setExchange] = useState('');
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    const read = async () => {
      const answer = await call<MeetingAnswer>('GET', `/v1/meetings/${act.meeting}`);
      const served = answer.ok ? bytesOf(answer.value.definition) : new Uint8Array();
      const asked = entry.kind === 'meeting.noticed' ? await exchangeUnder(act.meeting, served) : '';
      const found = asked === undefined ? undefined : definitionSentence({ act, entry }, served);
      setExchange(asked ?? '');
      setSentence(found);
      setRead(true);
      onChecked(found !== undefined);
    };
    void read();
  }, [act.act]);
  if (!isRead) return <p role="status">{openedWord('loading')}</p>;
  if (sentence === undefined) return <Status kind="stop" title={t('noticeHidden')} />;
  return (
    <>
      <p>{sentence}</p>
      {exchange !== '' && (
        <>
          <p>{consultationWord('signed')}</p>
          <div class="answer">
            <PlainText body={exchange} />
          </div>
        </>
      )}
    </>
  );
}

/** The answer to a requisition under its hash. */
function requisitionSentence(
  act: CheckProps['act'],
  entry: EntryOf<'requisition.answered'>,
): string | undefined {
  const bytes = bytesOf(act.details['answer'] ?? '');
  const read = requisitionAnswerForm.parse(bytes);
  if (!read.ok || requisitionAnswerHash(bytes) !== entry.answerHash) return undefined;
  const { requisition, answer, meeting, reason } = read.value;
  if (requisition !== entry.requisition || !isAnswerSound(read.value)) return undefined;
  return requisitionWord(answer === 'convened' ? 'matchesConvened' : 'matchesRefused', { meeting, reason });
}

/** The answer to a property manager under its hash. */
function applicationSentence(text: string, entry: EntryOf<'application.answered'>): string | undefined {
  const bytes = bytesOf(text);
  const read = applicationAnswerForm.parse(bytes);
  if (!read.ok || applicationAnswerHash(bytes) !== entry.answerHash) return undefined;
  const { community, application, decision, meeting, proposal, reason } = read.value;
  if (community !== entry.community || application !== entry.application) return undefined;
  return decision === 'convened'
    ? applicationWord('seenConvened', { application, meeting, proposal })
    : applicationWord('seenRefused', { application, reason });
}

/** The text in the act's details under the hash of its entry. */
function textSentence({ act, entry }: Pick<CheckProps, 'act' | 'entry'>): string | undefined {
  if (entry.kind === 'meeting.cancelled' || entry.kind === 'meeting.paused') {
    const reason = act.details['reason'] ?? '';
    if (textHash(reason) !== entry.reasonHash) return undefined;
    return entry.kind === 'meeting.paused'
      ? pauseWord('reasonMatches', { reason })
      : openedWord('cancelled', { reason });
  }
  if (entry.kind === 'followup.recorded') {
    const text = act.details['text'] ?? '';
    const facts = { state: followUpWord(entry.state), dueOn: dayWords(entry.dueOn), text };
    return textHash(text) === entry.textHash ? followUpWord('same', facts) : undefined;
  }
  if (entry.kind === 'requisition.answered') return requisitionSentence(act, entry);
  if (entry.kind === 'application.answered') return applicationSentence(act.details['answer'] ?? '', entry);
  if (entry.kind !== 'objection.decided') return undefined;
  const bytes = bytesOf(act.details['decision'] ?? '');
  const read = decisionForm.parse(bytes);
  if (!read.ok || decisionHash(bytes) !== entry.decisionHash || read.value.objection !== entry.objection)
    return undefined;
  const { decision, condemns, reason } = read.value;
  const count = condemns.length;
  return openedWord('decided', { decision: openedWord(`decision_${decision}`), count, reason });
}

export function TextCheck({ act, entry, onChecked }: CheckProps) {
  const sentence = textSentence({ act, entry });
  useEffect(() => onChecked(sentence !== undefined), [sentence]);
  return sentence === undefined ? <Status kind="stop" title={openedWord('hidden')} /> : <p>{sentence}</p>;
}

/** A paper ballot is signed where it is keyed, by whoever has it before him and has not seen what the other keyed (SPEC 6.4). */
export const PaperCheck = () => <p>{openedWord('paperElsewhere')}</p>;
