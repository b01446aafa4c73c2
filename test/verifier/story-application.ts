// The property manager applied for the roof before the vote, or for something else afterwards, and the committee answers.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Application, ApplicationAnswer } from '../../src/record/application.ts';
import {
  applicationAnswerForm,
  applicationAnswerHash,
  applicationForm,
  applicationHash,
} from '../../src/record/application.ts';
import type { Story } from './story.ts';
import type { Book } from './story-book.ts';
import type { Convened } from './story-meeting.ts';

/** Applies and answers, where the forge wishes it. */
export function applyForRoof(
  story: Story,
  { putLast }: Book,
  { proposals }: Pick<Convened, 'proposals'>,
): void {
  const { forge, world, id, nonce, step } = story;
  const wish = forge.application;
  if (wish === undefined) return;
  const { community, meeting } = world;
  const hash = (): string => toBase64Url(world.random(32));
  const honest: Application = {
    v: 1,
    kind: 'application',
    application: id(),
    community,
    company: '某物业服务有限公司',
    creditCode: '91350100M000100Y43',
    filedOn: '2026-12-26',
    answerBy: '2027-01-25',
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
  const record = wish.record?.(honest) ?? honest;
  const file = (): void => {
    const bytes = applicationForm.bytes(record);
    putLast({ kind: 'application', record: toBase64Url(bytes) });
    const { application } = record;
    const entry = { v: 1, kind: 'application.filed', community, application } as const;
    step('application', { ...entry, applicationHash: applicationHash(bytes) }, [], '2026-12-26T06:00:00Z');
  };
  const answer = (): void => {
    const decided =
      wish.convened === true
        ? ({ decision: 'convened', meeting, proposal: proposals[1]?.proposal ?? '', reason: '' } as const)
        : ({ decision: 'refused', meeting: '', proposal: '', reason: '仍在保修期内。' } as const);
    const honestAnswer: ApplicationAnswer = {
      v: 1,
      kind: 'application-answer',
      community,
      application: record.application,
      ...decided,
      nonce: nonce(),
    };
    const told = wish.answer?.(honestAnswer) ?? honestAnswer;
    const bytes = applicationAnswerForm.bytes(told);
    putLast({ kind: 'application-answer', record: toBase64Url(bytes) });
    const { application } = told;
    const entry = { v: 1, kind: 'application.answered', community, application } as const;
    const signers = wish.signers ?? ['committee'];
    step('answer', { ...entry, answerHash: applicationAnswerHash(bytes) }, signers, '2026-12-27T06:00:00Z');
  };
  if (wish.early === true) answer();
  file();
  if (wish.unanswered !== true && wish.early !== true) answer();
  if (wish.again === true) answer();
}
