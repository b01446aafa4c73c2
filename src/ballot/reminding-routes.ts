/** Routes of reminders, and of the list of those who have not voted (SPEC 6.11). */
import { meetingParams } from '../assembly/contract.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { absentUnits, askReminder } from './reminding.ts';
import { absentAnswer, absentBody, reminderAnswer } from './reminding-contract.ts';

/** Mounts them under `/v1/meetings/:meeting`. */
export function mountReminding(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/reminders',
      summary: '提醒还没有表决的业主',
      as: 'officer',
      params: meetingParams,
      answer: reminderAnswer,
      status: 201,
      creates: true,
    },
    ({ params, officer }) => askReminder(deps, officer as OfficerSession, params.meeting),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/absent-units',
      summary: '上门名单:还没有表决的房屋,先登记理由',
      as: 'officer',
      params: meetingParams,
      body: absentBody,
      answer: absentAnswer,
    },
    async ({ params, body, officer }) => {
      const units = await absentUnits(deps, officer as OfficerSession, params.meeting, body.reason);
      return units.ok ? ok({ units: units.value }) : units;
    },
  );
}
