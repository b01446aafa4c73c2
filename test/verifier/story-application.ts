// The property manager applied for the roof before the vote, or for something else afterwards, and the committee answers.
import { toBase64Url } from '../../src/base/bytes.ts';
import { addDays } from '../../src/base/civil-date.ts';
import type { Application, ApplicationAnswer } from '../../src/record/application.ts';
import {
  ANSWER_DAYS,
  applicationAnswerForm,
  applicationAnswerHash,
  applicationForm,
  applicationHash,
} from '../../src/record/application.ts';
import type { Story } from './story.ts';
import type { Book } from './story-book.ts';
import type { Convened } from './story-meeting.ts';

/** Files an application; answers its record. */
function file(
  { forge, world, id, nonce, step }: Story,
  { putLast }: Book,
  filedOn: string,
  application = id(),
): Application {
  const { community } = world;
  const hash = (): string => toBase64Url(world.random(32));
  const honest: Application = {
    v: 1,
    kind: 'application',
    application,
    community,
    company: '某物业服务有限公司',
    creditCode: '91350100M000100Y43',
    filedOn,
    answerBy: addDays(filedOn, ANSWER_DAYS),
    project: '屋面防水翻修',
    plan: '铲除旧防水层，重做两道。',
    budgetFen: '10000001',
    payee: '',
    units: { kind: 'buildings', members: ['1栋'] },
    emergencyPlan: '暴雨时先搭雨棚。',
    documentHash: hash(),
    attachments: [{ name: '报价单.pdf', sha256: hash() }],
    nonce: nonce(),
  };
  const record = forge.application?.record?.(honest) ?? honest;
  const bytes = applicationForm.bytes(record);
  putLast({ kind: 'application', record: toBase64Url(bytes) });
  const entry = { v: 1, kind: 'application.filed', community, application: record.application } as const;
  step('application', { ...entry, applicationHash: applicationHash(bytes) }, [], `${filedOn}T06:00:00Z`);
  return record;
}

/** Applies before the meeting is noticed, where the forge wishes that it answers. */
export function applyBefore(story: Story, book: Book): Application | undefined {
  const wish = story.forge.application;
  return wish?.convened === true && wish.late !== true ? file(story, book, '2026-10-20') : undefined;
}

/** Applies, unless `early` did, and answers, where the forge wishes it. */
export function applyForRoof(
  story: Story,
  book: Book,
  { proposals }: Pick<Convened, 'proposals'>,
  early: Application | undefined,
): void {
  const { forge, world, id, nonce, step } = story;
  const wish = forge.application;
  if (wish === undefined) return;
  const { community, meeting } = world;
  const answer = (to: string): void => {
    const decided =
      wish.convened === true
        ? ({ decision: 'convened', meeting, proposal: proposals[1]?.proposal ?? '', reason: '' } as const)
        : ({ decision: 'refused', meeting: '', proposal: '', reason: '仍在保修期内。' } as const);
    const honestAnswer: ApplicationAnswer = {
      v: 1,
      kind: 'application-answer',
      community,
      application: to,
      ...decided,
      nonce: nonce(),
    };
    const told = wish.answer?.(honestAnswer) ?? honestAnswer;
    const bytes = applicationAnswerForm.bytes(told);
    book.putLast({ kind: 'application-answer', record: toBase64Url(bytes) });
    const { application } = told;
    const entry = { v: 1, kind: 'application.answered', community, application } as const;
    const signers = wish.signers ?? ['committee'];
    step('answer', { ...entry, answerHash: applicationAnswerHash(bytes) }, signers, '2026-12-27T06:00:00Z');
  };
  if (wish.early === true) {
    const unfiled = id();
    answer(unfiled);
    file(story, book, '2026-12-26', unfiled);
    return;
  }
  const { application } = early ?? file(story, book, '2026-12-26');
  if (wish.unanswered !== true) answer(application);
  if (wish.again === true) answer(application);
}
