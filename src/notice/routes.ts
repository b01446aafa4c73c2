/** Routes of announcements for officers, and the one that a monitor asks with its access (SPEC 3.7, DESIGN §6). */
import { Router } from 'express';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import { route } from '../http/mount.ts';
import {
  accessesAnswer,
  accessParams,
  announcementsAnswer,
  communityParams,
  drawnAnswer,
  explanationAnswer,
  explanationBody,
  nothing,
  runAnswer,
  runParams,
  sheetsAnswer,
} from './contract.ts';
import type { EmailDeps } from './email-address.ts';
import { mountEmail } from './email-routes.ts';
import { drawAccess, explainForMonitor, listAccesses, stopAccess } from './monitor-access.ts';
import type { NoticeDeps } from './notice-deps.ts';
import { postRun, sheetsOf, startPrintRun, viewOutbox } from './printing.ts';

const shown = (instant: Instant | undefined): string => (instant === undefined ? '' : showInstant(instant));

/** Routes under `/v1/communities/:community`, `/v1/identity/email` and `/v1/log-explanations`. */
export function noticeRouter(deps: NoticeDeps & EmailDeps): Router {
  const router = Router();
  mountOutbox(router, deps);
  mountRuns(router, deps);
  mountAccesses(router, deps);
  mountExplanations(router, deps);
  mountEmail(router, deps);
  return router;
}

function mountOutbox(router: Router, deps: NoticeDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/announcements',
      summary: '告知',
      as: 'officer',
      params: communityParams,
      answer: announcementsAnswer,
    },
    async ({ params, officer }) => {
      const view = await viewOutbox(deps, officer, params.community);
      if (!view.ok) return view;
      const { counts, latest, runs } = view.value;
      return ok({
        counts,
        latest: latest.map((row) => ({
          ...row,
          index: row.index ?? null,
          queuedAt: showInstant(row.queuedAt),
        })),
        runs: runs.map((row) => ({
          ...row,
          printedAt: showInstant(row.printedAt),
          postedAt: shown(row.postedAt),
        })),
      });
    },
  );
}

function mountRuns(router: Router, deps: NoticeDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/print-runs',
      summary: '领取待打印的告知',
      as: 'officer',
      params: communityParams,
      answer: runAnswer,
      status: 201,
      creates: true,
    },
    ({ params, officer }) => startPrintRun(deps, officer, params.community),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/print-runs/:run',
      summary: '一批告知的打印内容',
      as: 'officer',
      params: runParams,
      answer: sheetsAnswer,
    },
    async ({ params, officer }) => {
      const sheets = await sheetsOf(deps, officer, params);
      return sheets.ok
        ? ok({ sheets: sheets.value.map((sheet) => ({ ...sheet, index: sheet.index ?? null })) })
        : sheets;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/print-runs/:run/posted',
      summary: '登记已寄出',
      as: 'officer',
      params: runParams,
      answer: nothing,
    },
    async ({ params, officer }) => {
      const posted = await postRun(deps, officer, params);
      return posted.ok ? ok({}) : posted;
    },
  );
}

function mountAccesses(router: Router, deps: NoticeDeps): void {
  const path = '/v1/communities/:community/monitor-accesses';
  route(
    router,
    {
      method: 'get',
      path,
      summary: '监看凭据',
      as: 'officer',
      params: communityParams,
      answer: accessesAnswer,
    },
    async ({ params, officer }) => {
      const listed = await listAccesses(deps, officer, params.community);
      if (!listed.ok) return listed;
      return ok({
        accesses: listed.value.map((row) => ({
          ...row,
          drawnAt: showInstant(row.drawnAt),
          expiresAt: showInstant(row.expiresAt),
          usedAt: shown(row.usedAt),
        })),
      });
    },
  );
  route(
    router,
    {
      method: 'post',
      path,
      summary: '领取监看凭据',
      as: 'officer',
      proved: true,
      params: communityParams,
      answer: drawnAnswer,
      status: 201,
    },
    async ({ params, officer }) => {
      const drawn = await drawAccess(deps, officer, params.community);
      if (!drawn.ok) return drawn;
      const { access, token, expiresAt } = drawn.value;
      return ok({ access, token: toBase64Url(token), expiresAt: showInstant(expiresAt) });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${path}/:access/end`,
      summary: '停用监看凭据',
      as: 'officer',
      params: accessParams,
      answer: nothing,
    },
    async ({ params, officer }) => {
      const stopped = await stopAccess(deps, officer, params);
      return stopped.ok ? ok({}) : stopped;
    },
  );
}

function mountExplanations(router: Router, deps: NoticeDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/log-explanations',
      summary: '日志条目的说明',
      as: 'anyone',
      body: explanationBody,
      answer: explanationAnswer,
      perAddress: { perMinute: 60, counted: ['REQUEST_MALFORMED', 'MONITOR_ACCESS_REFUSED'] },
    },
    async ({ body }) => {
      const token = present(fromBase64Url(body.token), 'checked bytes');
      const part = await explainForMonitor(deps, { ...body, token });
      if (!part.ok) return part;
      const { lines, next } = part.value;
      return ok({ lines: lines.map(toBase64Url), next: next ?? null });
    },
  );
}
