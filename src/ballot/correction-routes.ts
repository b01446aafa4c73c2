/** The route by which officers correct a frozen roll while its meeting is noticed or open (SPEC 4.4). */
import { z } from 'zod';
import { meetingParams } from '../assembly/contract.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { idText } from '../officers/contract.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { CORRECTION_GROUNDS } from '../record/correction.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { draftRollCorrection } from './correcting.ts';

/** The unit that has passed to others, why, and the document that the officer has seen: its number, no names. */
export const correctionBody = z.strictObject({
  unit: idText,
  ground: z.enum(CORRECTION_GROUNDS),
  reference: z
    .string()
    .min(4)
    .max(200)
    .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u),
});
export const correctionAnswer = z.strictObject({ act: idText, correction: idText, entitlement: idText });

/** Mounts the route under `/v1/meetings/:meeting`. */
export function mountCorrections(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/roll/corrections',
      summary: '名册固定之后,更正一户的权利人,由两名人员签署后生效',
      as: 'officer',
      params: meetingParams,
      body: correctionBody,
      answer: correctionAnswer,
      status: 201,
      creates: true,
    },
    ({ params, body, officer }) => draftRollCorrection(deps, officer as OfficerSession, params.meeting, body),
  );
}
