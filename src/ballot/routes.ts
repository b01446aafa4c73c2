/** Routes of voting: what an owner is given, his cast, his receipt, the turnout, the release of the box (SPEC 6, 7.3). */
import { Router } from 'express';
import { actDrafted, meetingParams } from '../assembly/contract.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting, readTexts } from '../assembly/meetings.ts';
import { listEntries } from '../auditlog/entries.ts';
import { receiptOf } from '../auditlog/proving.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { readSignature } from '../officers/signature-body.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { acceptCast } from './casting.ts';
import { draftBoxRelease } from './closing.ts';
import type { PapersAnswer } from './contract.ts';
import {
  castAnswer,
  castBody,
  castParams,
  papersAnswer,
  receiptAnswer,
  releaseBody,
  turnoutAnswer,
} from './contract.ts';
import { mountCorrections } from './correction-routes.ts';
import { issuePapers } from './issuing.ts';
import { mountPaperBallots } from './keying-routes.ts';
import { castReceipt } from './receipts.ts';
import { mountReminding } from './reminding-routes.ts';
import { servedEntry } from './roll-entries.ts';
import { turnoutOf } from './turnout.ts';

const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Routes under `/v1/meetings/:meeting` that owners and the public use. */
export function ballotRouter(deps: BallotDeps): Router {
  const router = Router();
  mountCasting(router, deps);
  mountPapers(router, deps);
  mountAfterwards(router, deps);
  mountCorrections(router, deps);
  mountReminding(router, deps);
  mountPaperBallots(router, deps);
  return router;
}

/** Refusals that need no genuine key, so that anybody can make us work for them (SPEC 6.5). */
const UNSIGNED = [
  'REQUEST_MALFORMED',
  'MEETING_UNKNOWN',
  'CAST_MALFORMED',
  'CAST_MEETING',
  'CAST_ASSISTED',
  'CAST_CREDENTIAL',
  'CAST_SIGNATURE',
];

/** Mounted first: the signature is the authority, so that a cast needs no session and no cookie. */
function mountCasting(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/casts',
      summary: '投票',
      as: 'anyone',
      params: meetingParams,
      body: castBody,
      answer: castAnswer,
      status: 201,
      limit: 256 * 1024,
      perAddress: { perMinute: 600, counted: UNSIGNED },
    },
    async ({ params, body }) => {
      const receivedAt = deps.clock();
      // A spelling that no record has verifies under no key, and is refused with our signature like every forged one.
      const signature = readSignature(body.signature) ?? { alg: 'Ed25519', signature: '' };
      return acceptCast(deps, { meeting: params.meeting, bytes: bytes(body.cast), signature, receivedAt });
    },
  );
}

/** The `meeting.opened` entry and its proof, empty before a checkpoint covers it. */
async function openedProof(
  deps: BallotDeps,
  meeting: Meeting,
): Promise<{ openedEntry: string; openedProof: string }> {
  const [opened] = await listEntries(deps.db, { meeting: meeting.meeting, kinds: ['meeting.opened'] });
  const receipt = opened === undefined ? undefined : await receiptOf(deps.log, opened.entryId);
  return receipt?.ok === true
    ? { openedEntry: toBase64Url(receipt.value.bytes), openedProof: receipt.value.text }
    : { openedEntry: '', openedProof: '' };
}

function mountPapers(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/papers',
      summary: '本人的表决票',
      as: 'owner',
      params: meetingParams,
      answer: papersAnswer,
    },
    async ({ params, owner }) => {
      const meeting = await readMeeting(deps.db, params.meeting);
      if (meeting === undefined || meeting.community !== owner.community || meeting.meetingHash === '') {
        return refuse('MEETING_UNKNOWN');
      }
      const issued = await issuePapers(deps, meeting, owner);
      const answer: PapersAnswer = {
        meetingHash: meeting.meetingHash,
        definition: toBase64Url(meeting.definitionBytes),
        texts: [...(await readTexts(deps.db, meeting))].map(([hash, body]) => ({ hash, body })),
        ...(await openedProof(deps, meeting)),
        state: meeting.state,
        closes: showInstant(meeting.closesAt),
        person: owner.person,
        credential: owner.credential,
        papers: await Promise.all(
          issued.map(async ({ ballots, seq, last, mandate, mayTakeOver, paperAt, isVoid, ...entry }) => ({
            ...(await servedEntry(deps, entry)),
            ballots: [...ballots],
            seq,
            last,
            mandate: mandate === undefined ? '' : toBase64Url(mandate.bytes),
            principalName: mandate?.principalName ?? '',
            mayTakeOver,
            paperAt: paperAt === undefined ? '' : showInstant(paperAt),
            isVoid,
          })),
        ),
      };
      return issued.length === 0 ? refuse('NOTHING_TO_VOTE') : ok(answer);
    },
  );
}

function mountAfterwards(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/casts/:castHash/receipt',
      summary: '回执',
      as: 'anyone',
      params: castParams,
      answer: receiptAnswer,
    },
    async ({ params }) => {
      const meeting = await readMeeting(deps.db, params.meeting);
      // To the public a draft is not there.
      return meeting === undefined || meeting.state === 'draft'
        ? refuse('MEETING_UNKNOWN')
        : castReceipt(deps, meeting, bytes(params.castHash));
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/turnout',
      summary: '参与情况',
      as: 'anyone',
      params: meetingParams,
      answer: turnoutAnswer,
    },
    async ({ params }) => {
      const meeting = await readMeeting(deps.db, params.meeting);
      if (meeting === undefined || meeting.meetingHash === '') return refuse('MEETING_UNKNOWN');
      const turnout = (await turnoutOf(deps, meeting)).map((each) => ({
        ...each,
        areaDm2: String(each.areaDm2),
        totalAreaDm2: String(each.totalAreaDm2),
      }));
      return ok({ turnout });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/box/release',
      summary: '开箱',
      as: 'officer',
      params: meetingParams,
      body: releaseBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) =>
      draftBoxRelease(deps, officer as OfficerSession, params.meeting, bytes(body.secret)),
  );
}
