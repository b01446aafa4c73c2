/** The routes by which officers correct a frozen roll while its meeting is noticed or open, and an owner reads his own entry (SPEC 4.4, 4.5). */
import { meetingParams } from '../assembly/contract.ts';
import { toBase64Url } from '../base/bytes.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { correctionsForOfficer, draftRollCorrection } from './correcting.ts';
import { correctionAnswer, correctionBody, correctionsAnswer, rollEntryAnswer } from './roll-contract.ts';
import { ownRollEntries } from './roll-entries.ts';

/** Mounts the routes under `/v1/meetings/:meeting`. */
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
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/roll/corrections',
      summary: '名册固定之后的更正,供签署人核对',
      as: 'officer',
      params: meetingParams,
      answer: correctionsAnswer,
    },
    async ({ params, officer }) => {
      const found = await correctionsForOfficer(deps, officer as OfficerSession, params.meeting);
      if (!found.ok) return found;
      return ok({
        corrections: found.value.map(({ correction, salt, units, holders, ...rest }) => ({
          ...rest,
          correction: toBase64Url(correction),
          salt: toBase64Url(salt),
          units: [...units],
          holders: [...holders],
        })),
      });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/roll/entry',
      summary: '本人在表决权名册中的登记及其证明',
      as: 'owner',
      params: meetingParams,
      answer: rollEntryAnswer,
    },
    ({ params, owner }) => ownRollEntries(deps, owner, params.meeting),
  );
}
