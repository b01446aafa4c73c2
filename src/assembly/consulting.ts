/** Questions before the vote: a draft that its convener opens, what owners ask of it, and the exchange frozen into the notice (SPEC 5.3). */

import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { AskedQuestion, QuestionOutcome } from '../record/exchange.ts';
import { exchangeText } from '../record/exchange.ts';
import type { Definition } from '../record/meeting.ts';
import { definitionForm, textHash } from '../record/meeting.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { Meeting } from './meetings.ts';
import { meetingOf, readMeeting, readTexts } from './meetings.ts';
import type { AssemblyRefusalCode } from './refusals.ts';
import type { QuestionRow } from './store/questions.ts';
import { consultedDrafts, dropQuestions, insertQuestion, putAnswer, questionsOf } from './store/questions.ts';
import type { MeetingRow } from './store.ts';
import { changeMeeting, insertTexts, lockMeeting } from './store.ts';

type ConsultingRefusal = Refusal<AssemblyRefusalCode>;
type Done = Record<string, never>;

/** Each wants an answer before the notice; one owner may not keep the convener from it. */
const MOST_OF_ONE = 3;
const MOST_OF_ALL = 200;
/** Who convenes, who signs beside him, and who watches. */
const READERS: readonly string[] = ['committee', 'street', 'regulator'];

/** A question as it is shown; nobody is named, and what is kept back shows no text. */
export type ShownQuestion = AskedQuestion & { readonly question: string; readonly isOwn: boolean };

const isOpen = (row: MeetingRow): boolean =>
  row.state === 'draft' &&
  row.consulted_at_ms !== null &&
  meetingOf(row).definition.notice.questionsHash === '';

/** Opens a draft for the questions of owners until its notice is drafted, or once more where that notice did not go out. */
export function openConsultation(
  deps: AssemblyDeps,
  officer: OfficerSession,
  meeting: string,
): Promise<Result<Done, ConsultingRefusal>> {
  return inTransaction(deps.db, async (tx): Promise<Result<Done, ConsultingRefusal>> => {
    const row = await lockMeeting(tx, meeting);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    const { definition } = meetingOf(row);
    if (officer.role !== definition.convenerRole) return refuse('NOT_ALLOWED');
    if (row.state !== 'draft') return refuse('MEETING_STATE', undefined, { state: row.state });
    const reopened: Definition = { ...definition, notice: { ...definition.notice, questionsHash: '' } };
    await changeMeeting(tx, meeting, {
      definition: definitionForm.bytes(reopened),
      consulted_at_ms: row.consulted_at_ms === null ? deps.clock() : Number(row.consulted_at_ms),
    });
    return ok({});
  });
}

/** Takes a question of an owner of the community. */
export function askQuestion(
  deps: AssemblyDeps,
  owner: { readonly community: string; readonly person: string },
  asked: { readonly meeting: string; readonly proposal: string; readonly text: string },
): Promise<Result<{ readonly question: string }, ConsultingRefusal>> {
  const { community, person } = owner;
  const { meeting, proposal, text } = asked;
  return inTransaction(
    deps.db,
    async (tx): Promise<Result<{ readonly question: string }, ConsultingRefusal>> => {
      const row = await lockMeeting(tx, meeting);
      const isHidden = row?.state === 'draft' && row.consulted_at_ms === null;
      if (row === undefined || row.community_id !== community || isHidden) return refuse('MEETING_UNKNOWN');
      if (!isOpen(row)) return refuse('QUESTIONS_CLOSED');
      const { definition } = meetingOf(row);
      if (!definition.proposals.some((each) => each.proposal === proposal))
        return refuse('QUESTION_PROPOSAL', 'proposal');
      const body = text.normalize('NFC').trim();
      if (body === '') return refuse('TEXT_EMPTY', 'text');
      const all = await questionsOf(tx, { community, meeting });
      const own = all.filter(({ person_id }) => person_id === person).length;
      if (own >= MOST_OF_ONE || all.length >= MOST_OF_ALL) return refuse('QUESTIONS_TOO_MANY');
      const question = newId(deps.random);
      await insertQuestion(tx, {
        community_id: community,
        meeting_id: meeting,
        question_id: question,
        proposal_id: proposal,
        person_id: person,
        body,
        asked_at_ms: BigInt(deps.clock()),
      });
      return ok({ question });
    },
  );
}

/** Answers a question or keeps it back with a reason; may be put right until the notice is drafted. */
export function answerQuestion(
  deps: AssemblyDeps,
  officer: OfficerSession,
  { meeting, question }: { readonly meeting: string; readonly question: string },
  { outcome, answer }: { readonly outcome: 'answered' | 'withheld'; readonly answer: string },
): Promise<Result<Done, ConsultingRefusal>> {
  return inTransaction(deps.db, async (tx): Promise<Result<Done, ConsultingRefusal>> => {
    const row = await lockMeeting(tx, meeting);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    if (officer.role !== meetingOf(row).definition.convenerRole) return refuse('NOT_ALLOWED');
    if (!isOpen(row)) return refuse('QUESTIONS_CLOSED');
    const body = answer.normalize('NFC').trim();
    if (body === '') return refuse('TEXT_EMPTY', 'answer');
    const values = { outcome, answer: body, answered_by: officer.officer };
    const isKnown = await putAnswer(tx, { community: row.community_id, meeting }, question, values);
    return isKnown ? ok({}) : refuse('QUESTION_UNKNOWN');
  });
}

const shown = (row: QuestionRow, person: string): ShownQuestion => ({
  question: row.question_id,
  proposal: row.proposal_id,
  outcome: row.outcome as QuestionOutcome,
  // An owner reads his own words whatever became of them.
  text: row.outcome === 'withheld' && row.person_id !== person ? '' : row.body,
  answer: row.answer,
  isOwn: row.person_id === person,
});

/** The questions of a draft for officers; what is kept back only its convener reads. */
export async function viewQuestions(
  deps: AssemblyDeps,
  officer: OfficerSession,
  id: string,
): Promise<Result<readonly ShownQuestion[], ConsultingRefusal>> {
  const meeting = await readMeeting(deps.db, id);
  if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
  if (!READERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  const readsAll = officer.role === meeting.definition.convenerRole;
  const rows = await questionsOf(deps.db, { community: meeting.community, meeting: id });
  return ok(rows.map((row) => ({ ...shown(row, readsAll ? row.person_id : ''), isOwn: false })));
}

/** A draft as an owner reads it. */
export type Consultation = {
  readonly meeting: Meeting;
  readonly texts: ReadonlyMap<string, string>;
  readonly questions: readonly ShownQuestion[];
  /** Whether questions are still taken. */
  readonly isOpen: boolean;
};

/** The drafts that are open to the owners of a community, with what was asked and answered. */
export async function consultationsFor(
  deps: AssemblyDeps,
  owner: { readonly community: string; readonly person: string },
): Promise<readonly Consultation[]> {
  const found: Consultation[] = [];
  for (const row of await consultedDrafts(deps.db, owner.community)) {
    const meeting = meetingOf(row);
    const rows = await questionsOf(deps.db, meeting);
    found.push({
      meeting,
      texts: await readTexts(deps.db, meeting),
      questions: rows.map((each) => shown(each, owner.person)),
      isOpen: isOpen(row),
    });
  }
  return found;
}

/** The exchange as it stands; undefined where nobody was asked. */
async function exchangeOf(tx: Tx, row: MeetingRow): Promise<string | undefined> {
  const { definition } = meetingOf(row);
  if (row.consulted_at_ms === null) return undefined;
  const asked = await questionsOf(tx, { community: row.community_id, meeting: row.meeting_id });
  const shownToAll = asked.map((each) => shown(each, ''));
  return exchangeText(definition.proposals, shownToAll);
}

/** Freezes the exchange into the definition of a notice that is being drafted; its text is published with the notice, and not before. */
export async function freezeExchange(tx: Tx, row: MeetingRow): Promise<Definition> {
  const { definition } = meetingOf(row);
  const body = await exchangeOf(tx, row);
  if (body === undefined) return definition;
  const questionsHash = textHash(body);
  const frozen: Definition = { ...definition, notice: { ...definition.notice, questionsHash } };
  await changeMeeting(tx, row.meeting_id, { definition: definitionForm.bytes(frozen) });
  return frozen;
}

/** Publishes the exchange with its notice and forgets who asked; false where it is not the one that was signed. */
export async function publishExchange(tx: Tx, row: MeetingRow): Promise<boolean> {
  const { community, meeting, definition } = meetingOf(row);
  const body = await exchangeOf(tx, row);
  const hash = body === undefined ? '' : textHash(body);
  if (hash !== definition.notice.questionsHash) return false;
  if (body === undefined) return true;
  const text_hash = present(fromBase64Url(hash), 'own hash');
  await insertTexts(tx, { community_id: community, meeting_id: meeting }, [{ text_hash, body }]);
  await dropQuestions(tx, { community, meeting });
  return true;
}
