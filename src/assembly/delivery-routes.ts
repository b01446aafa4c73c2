/** Routes of the delivery register of a meeting (SPEC 5.1). */
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { meetingParams } from './contract.ts';
import { readNotice, recordDelivery, viewDeliveries } from './deliveries.ts';
import { deliveriesAnswer, deliveryAnswer, deliveryBody, readingAnswer } from './delivery-contract.ts';

const MEETING = '/v1/meetings/:meeting';

/** Mounts them under `/v1/meetings/:meeting`. */
export function mountDeliveries(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'post',
      path: `${MEETING}/notice/readings`,
      summary: '业主登录后阅读公告，即为送达',
      as: 'owner',
      params: meetingParams,
      answer: readingAnswer,
    },
    async ({ params, owner }) => {
      const read = await readNotice(deps, owner, params.meeting);
      return read.ok ? ok({ readAt: showInstant(read.value.readAt) }) : read;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${MEETING}/deliveries`,
      summary: '登记当面送达或楼内张贴',
      as: 'officer',
      params: meetingParams,
      body: deliveryBody,
      answer: deliveryAnswer,
      status: 201,
      creates: true,
      limit: 256 * 1024,
    },
    ({ params, body, officer }) => {
      const documentHash = present(fromBase64Url(body.documentHash), 'checked bytes');
      return recordDelivery(deps, officer as OfficerSession, params.meeting, { ...body, documentHash });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: `${MEETING}/deliveries`,
      summary: '送达登记',
      as: 'officer',
      params: meetingParams,
      answer: deliveriesAnswer,
    },
    async ({ params, officer }) => {
      const view = await viewDeliveries(deps, officer as OfficerSession, params.meeting);
      if (!view.ok) return view;
      const { counts, heads } = view.value;
      return ok({
        counts,
        heads: heads.map(({ units, deliveries }) => ({
          units: units.map(({ unit, building, stair, room }) => ({ unit, building, stair, room })),
          deliveries: deliveries.map(({ channel, state, at, officer: by, proof }) => ({
            channel,
            state,
            at,
            officer: by,
            proof,
          })),
        })),
      });
    },
  );
}
