/** Reconciliation with the bank over HTTP: the committee or the street compares and explains, all officers of the community read. */
import { z } from 'zod';
import { showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { communityParams } from './contract.ts';
import {
  explanationBody,
  explanationParams,
  type ReconciliationsAnswer,
  reconciliationAnswer,
  reconciliationsAnswer,
  statementBody,
} from './reconciliation-contract.ts';
import type { Reconciliation } from './reconciling.ts';
import { explainDifference, listReconciliations, reconcile } from './reconciling.ts';
import { BASE, handled, mayPrepare } from './route-answers.ts';

/** 2,000,000 characters of CSV. */
const FILE_LIMIT = 8 * 1024 * 1024;

const shown = (each: Reconciliation): ReconciliationsAnswer['reconciliations'][number] => ({
  ...each,
  closingFen: String(each.closingFen),
  lastSeq: String(each.lastSeq),
  madeAt: showInstant(each.madeAt),
  differences: each.differences.map(({ seq, amountFen, ...rest }) => ({
    ...rest,
    seq: seq === undefined ? '' : String(seq),
    amountFen: String(amountFen),
  })),
});

/** Mounts the routes of reconciliations. */
export function mountReconciliations(router: Router, deps: OfficerDeps): void {
  const at = `${BASE}/reconciliations`;
  route(
    router,
    {
      method: 'post',
      path: at,
      summary: '与银行对账单核对',
      as: 'officer',
      params: communityParams,
      body: statementBody,
      answer: reconciliationAnswer,
      status: 201,
      creates: true,
      limit: FILE_LIMIT,
      timeMs: 60_000,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const statement = { ...body, community, closingFen: BigInt(body.closingFen) };
      return handled(await reconcile(deps, statement, officer.officer), shown);
    },
  );
  route(
    router,
    {
      method: 'get',
      path: at,
      summary: '对账结果',
      as: 'officer',
      params: communityParams,
      answer: reconciliationsAnswer,
    },
    async ({ params: { community }, officer }) => {
      if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
      return ok({ reconciliations: (await listReconciliations(deps.db, community)).map(shown) });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${at}/:reconciliation/explanations`,
      summary: '说明对账差异',
      as: 'officer',
      params: explanationParams,
      body: explanationBody,
      answer: z.strictObject({}),
      status: 201,
      creates: true,
    },
    async ({ params, body, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      if (!allowed.ok) return allowed;
      const explained = await explainDifference(deps, { ...params, ...body }, officer.officer);
      return handled(explained, () => ({}));
    },
  );
}
