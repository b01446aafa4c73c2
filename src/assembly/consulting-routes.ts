/** Routes of questions before the vote (SPEC 5.3). */
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { Consultation } from './consulting.ts';
import {
  answerQuestion,
  askQuestion,
  consultationsFor,
  openConsultation,
  viewQuestions,
} from './consulting.ts';
import {
  consultationsAnswer,
  questionAnswerBody,
  questionAsked,
  questionBody,
  questionParams,
  questionsAnswer,
} from './consulting-contract.ts';
import { done, meetingParams } from './contract.ts';

const MEETING = '/v1/meetings/:meeting';

/** Mounts them. */
export function mountConsulting(router: Router, deps: AssemblyDeps): void {
  mountOwners(router, deps);
  mountOfficers(router, deps);
}

function consultationOf({ meeting, texts, questions, isOpen }: Consultation) {
  const { definition, title } = meeting;
  return {
    meeting: meeting.meeting,
    title,
    noticeText: texts.get(definition.notice.textHash) ?? '',
    proposals: definition.proposals.map((each) => ({
      proposal: each.proposal,
      title: each.title,
      text: texts.get(each.textHash) ?? '',
    })),
    questions: [...questions],
    isOpen,
  };
}

function mountOwners(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/consultations',
      summary: '本小区正在征询意见的会议草案',
      as: 'owner',
      answer: consultationsAnswer,
    },
    async ({ owner }) => ok({ consultations: (await consultationsFor(deps, owner)).map(consultationOf) }),
  );
  route(
    router,
    {
      method: 'post',
      path: `${MEETING}/questions`,
      summary: '业主就议题提问',
      as: 'owner',
      params: meetingParams,
      body: questionBody,
      answer: questionAsked,
      status: 201,
      creates: true,
    },
    ({ params, body, owner }) => askQuestion(deps, owner, { ...body, meeting: params.meeting }),
  );
}

function mountOfficers(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'post',
      path: `${MEETING}/consultation`,
      summary: '就会议草案征询业主意见',
      as: 'officer',
      params: meetingParams,
      answer: done,
    },
    ({ params, officer }) => openConsultation(deps, officer as OfficerSession, params.meeting),
  );
  route(
    router,
    {
      method: 'get',
      path: `${MEETING}/questions`,
      summary: '业主对会议草案的提问',
      as: 'officer',
      params: meetingParams,
      answer: questionsAnswer,
    },
    async ({ params, officer }) => {
      const viewed = await viewQuestions(deps, officer as OfficerSession, params.meeting);
      return viewed.ok ? ok({ questions: [...viewed.value] }) : viewed;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${MEETING}/questions/:question/answer`,
      summary: '答复提问，或者说明为什么不公布',
      as: 'officer',
      params: questionParams,
      body: questionAnswerBody,
      answer: done,
    },
    ({ params, body, officer }) => answerQuestion(deps, officer as OfficerSession, params, body),
  );
}
