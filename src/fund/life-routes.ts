/** The course of the fund over HTTP: work is closed, months are published, the regulator looks (SPEC 8.3; who may sign, SPEC 2.4). */
import { z } from 'zod';
import { showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { draftClosing } from './closing.ts';
import { authorisationParams, communityParams, hashText, idText } from './contract.ts';
import { inspectBook } from './inspecting.ts';
import type { PublishedMonth } from './publishing.ts';
import { listMonths, publishMonth } from './publishing.ts';
import { BASE, handled, mayPrepare } from './route-answers.ts';

/** `documentHash` is SHA-256 of the document of acceptance, or of the one that says why the work is not done. */
const closingBody = z.strictObject({ documentHash: hashText });
export type ClosingBody = z.input<typeof closingBody>;
const actAnswer = z.strictObject({ act: idText });

const monthBody = z.strictObject({ month: z.string().regex(/^[0-9]{4}-(?:0[1-9]|1[0-2])$/) });
/** `record` is the exact record whose `H256("fund-month", bytes)` is the hash. */
const monthAnswer = z.strictObject({
  month: z.string(),
  hash: hashText,
  publishedAt: z.string(),
  logIndex: z.number().int().nullable(),
  record: z.looseObject({}),
});
const monthsAnswer = z.strictObject({ months: z.array(monthAnswer) });

const shown = ({ publishedAt, logIndex, ...month }: PublishedMonth) => ({
  ...month,
  publishedAt: showInstant(publishedAt),
  logIndex: logIndex ?? null,
});

function mountMonths(router: Router, deps: OfficerDeps): void {
  const path = `${BASE}/months`;
  route(
    router,
    {
      method: 'post',
      path,
      summary: '公布一个月的账目',
      as: 'officer',
      params: communityParams,
      body: monthBody,
      answer: monthAnswer,
      status: 201,
      creates: true,
      timeMs: 60_000,
    },
    async ({ params, body, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      if (!allowed.ok) return allowed;
      return handled(await publishMonth(deps, { ...params, ...body }, officer.officer), shown);
    },
  );
  route(
    router,
    {
      method: 'get',
      path,
      summary: '已公布的月份',
      as: 'anyone',
      params: communityParams,
      answer: monthsAnswer,
    },
    async ({ params }) => ok({ months: (await listMonths(deps.db, params.community)).map(shown) }),
  );
}

const anomaliesAnswer = z.strictObject({
  anomalies: z.array(
    z.strictObject({
      kind: z.string(),
      authorisation: z.union([idText, z.literal('')]),
      seqs: z.array(z.string()),
      zh: z.string(),
      en: z.string(),
    }),
  ),
});

function mountAnomalies(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'get',
      path: `${BASE}/anomalies`,
      summary: '账簿中需要核查的事项',
      as: 'officer',
      params: communityParams,
      answer: anomaliesAnswer,
    },
    async ({ params: { community }, officer }) => {
      // Committee and street office spend: they do not see where the regulator looks.
      if (officer.role !== 'regulator' || !actsIn(officer, community)) return refuse('NOT_ALLOWED');
      return handled(await inspectBook(deps, community), (anomalies) => ({ anomalies }));
    },
  );
}

/** Mounts the routes. */
export function mountLife(router: Router, deps: OfficerDeps): void {
  mountMonths(router, deps);
  mountAnomalies(router, deps);
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/authorisations/:authorisation/closings`,
      summary: '拟写结清，待两人签署',
      as: 'officer',
      params: authorisationParams,
      body: closingBody,
      answer: actAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, body, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      return allowed.ok ? draftClosing(deps, { ...params, ...body }, officer.officer) : allowed;
    },
  );
}
