/** Routes of restored casts: an owner hands in what was promised and lost, officers see it and draft its restoring (SPEC 6.12). */
import { actDrafted, meetingParams } from '../assembly/contract.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { readSignature } from '../officers/signature-body.ts';
import { restorationAnswer, restorationBody, restorationParams, restorationsAnswer } from './contract.ts';
import { draftRestoring, handIn, listRestorations } from './restoring.ts';

/** Refusals that need no promise of ours, so that anybody can make us work for them. */
const UNPROMISED = [
  'REQUEST_MALFORMED',
  'MEETING_UNKNOWN',
  'MEETING_STATE',
  'CAST_MALFORMED',
  'PROMISE_SIGNATURE',
  'PROMISE_OTHER',
];

/** Mounted before the owners' routes: promise and signature are the authority, so that it needs no session and no cookie. */
export function mountRestoring(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/restorations',
      summary: '提交系统已签收、日志未收录的选票',
      as: 'anyone',
      params: meetingParams,
      body: restorationBody,
      answer: restorationAnswer,
      status: 201,
      limit: 256 * 1024,
      perAddress: { perMinute: 60, counted: UNPROMISED },
    },
    ({ params, body }) => {
      // A spelling that no record has verifies under no key.
      const signature = readSignature(body.signature) ?? { alg: 'Ed25519', signature: '' };
      const bytes = fromBase64Url(body.cast) ?? new Uint8Array();
      return handIn(deps, params.meeting, { bytes, signature, acknowledgement: body.acknowledgement });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/restorations',
      summary: '业主提交的、日志未收录的选票(不含选择)',
      as: 'officer',
      params: meetingParams,
      answer: restorationsAnswer,
    },
    async ({ params, officer }) => {
      const found = await listRestorations(deps, officer as OfficerSession, params.meeting);
      if (!found.ok) return found;
      const restorations = found.value.map(({ units, askedAt, ...rest }) => ({
        ...rest,
        units: units.map(({ unit, building, stair, room }) => ({ unit, building, stair, room })),
        askedAt: showInstant(askedAt),
      }));
      return ok({ restorations });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/restorations/:castHash',
      summary: '恢复一张选票,由两名人员签署后生效',
      as: 'officer',
      params: restorationParams,
      answer: actDrafted,
      status: 201,
    },
    ({ params, officer }) => draftRestoring(deps, officer as OfficerSession, params.meeting, params.castHash),
  );
}
