/** The fund over HTTP: officers of the committee or the street prepare, two of them sign payments, owners read (DESIGN §1, §7). */
import { Router } from 'express';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { REGISTER_LIMIT, REGISTER_TYPES } from '../registry/import-contract.ts';
import { unitsOfPerson } from '../registry/units.ts';
import { accrueStage } from './accruing.ts';
import { bookAnswer, ownAccountsAnswer, paymentsAnswer, statementAnswer } from './answers.ts';
import { mountApplications } from './application-routes.ts';
import type { AuthorisationRef } from './authorisations.ts';
import type { BookedEntry } from './booking.ts';
import { claimShares } from './claiming.ts';
import * as wire from './contract.ts';
import { mountEmergencies } from './emergency-routes.ts';
import { exportJournal } from './exporting.ts';
import type { FileDeps, SealingDeps } from './fund-deps.ts';
import { holdShares } from './holding.ts';
import { mountLife } from './life-routes.ts';
import { mountMovements } from './movement-routes.ts';
import { mountMovementStanding } from './movement-standing-routes.ts';
import { openBalances, readOpeningFile } from './opening.ts';
import { listOrders } from './ordering.ts';
import { mountOversight } from './oversight-routes.ts';
import { readOwnAccounts } from './own-accounts.ts';
import { draftPayment } from './paying.ts';
import { readBook, readStatement } from './reading.ts';
import { mountReconciliations } from './reconciliation-routes.ts';
import type { FundRefusal } from './refusals.ts';
import { releaseRest } from './releasing.ts';
import { mountRevenue } from './revenue-routes.ts';
import { BASE, entryAnswer, handled, mayPrepare } from './route-answers.ts';
import { mountTopUps } from './top-up-routes.ts';

/** 20,000 units in a list of ids and amounts. */
const OPENING_LIMIT = 5 * 1024 * 1024;

function mountOpening(router: Router, deps: FileDeps): void {
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/opening-balances`,
      summary: '录入期初余额',
      as: 'officer',
      params: wire.communityParams,
      body: wire.openingBody,
      answer: wire.openingAnswer,
      status: 201,
      limit: OPENING_LIMIT,
      timeMs: 60_000,
      creates: true,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const balances =
        'csv' in body
          ? body.csv
          : body.balances.map(({ unit, amountFen }) => ({ unit, amountFen: BigInt(amountFen) }));
      const { statement, bank } = body;
      const opened = await openBalances(deps, { community, statement, bank, balances });
      return handled(opened, (value) => ({ ...value, totalFen: String(value.totalFen) }));
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/opening-files`,
      summary: '检查期初余额的文件，不记账',
      as: 'officer',
      params: wire.communityParams,
      rawTypes: REGISTER_TYPES,
      limit: REGISTER_LIMIT,
      answer: wire.openingFileAnswer,
      timeMs: 60_000,
    },
    async ({ params: { community }, raw, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const read = await readOpeningFile(deps, community, raw);
      if (!read.ok) return read;
      const { sheet, balances, findings } = read.value;
      return ok({
        sheet,
        balances: balances.map(({ unit, amountFen }) => ({ unit, amountFen: String(amountFen) })),
        totalFen: String(sumFen(balances.map(({ amountFen }) => amountFen))),
        findings,
      });
    },
  );
}

type Step = (deps: OfficerDeps, ref: AuthorisationRef) => Promise<Result<BookedEntry, FundRefusal>>;

/** Claim, hold and release take nothing but the authorisation. */
function mountStep(router: Router, deps: OfficerDeps, name: string, summary: string, step: Step): void {
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/authorisations/:authorisation/${name}`,
      summary,
      as: 'officer',
      params: wire.authorisationParams,
      answer: wire.entryAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      return allowed.ok ? handled(await step(deps, params), entryAnswer) : allowed;
    },
  );
}

function mountSpending(router: Router, deps: SealingDeps): void {
  mountStep(router, deps, 'claim', '记建设单位应补的分摊', claimShares);
  mountStep(router, deps, 'hold', '冻结列支金额', holdShares);
  mountStep(router, deps, 'release', '结清或撤销后解冻余额', releaseRest);
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/authorisations/:authorisation/accruals`,
      summary: '凭验收文件确认应付',
      as: 'officer',
      params: wire.authorisationParams,
      body: wire.accrualBody,
      answer: wire.entryAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, body, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      if (!allowed.ok) return allowed;
      return handled(
        await accrueStage(deps, { ...params, ...body, amountFen: BigInt(body.amountFen) }),
        entryAnswer,
      );
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/authorisations/:authorisation/payments`,
      summary: '拟写拨付单，待两人签署',
      as: 'officer',
      params: wire.authorisationParams,
      body: wire.paymentBody,
      answer: wire.paymentAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, body, officer, idempotencyKey }) => {
      const allowed = mayPrepare(officer, params.community);
      if (!allowed.ok) return allowed;
      const { amountFen, payeeAccount, payeeOpening, reference, bank } = body;
      const request = {
        ...params,
        amountFen: BigInt(amountFen),
        payeeAccount,
        reference,
        key: `${officer.officer}:${idempotencyKey}`,
        ...(bank === undefined ? {} : { bank }),
        ...(payeeOpening === undefined ? {} : { payeeOpening }),
      };
      return handled(await draftPayment(deps, request, officer.officer), (drafted) => drafted);
    },
  );
}

function mountReading(router: Router, deps: OfficerDeps): void {
  const shared = { method: 'get', params: wire.communityParams } as const;
  route(
    router,
    { ...shared, path: BASE, summary: '维修资金概况', as: 'anyone', answer: wire.bookAnswer },
    async ({ params }) => handled(await readBook(deps.db, params.community), bookAnswer),
  );
  route(
    router,
    { ...shared, path: `${BASE}/payments`, summary: '拨付单', as: 'officer', answer: wire.paymentsAnswer },
    async ({ params: { community }, officer }) => {
      if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
      return ok(paymentsAnswer(await listOrders(deps.db, community)));
    },
  );
  route(
    router,
    {
      ...shared,
      path: `${BASE}/journal`,
      summary: '日记账（hledger 文本）',
      as: 'officer',
      query: wire.asOfQuery,
      answer: wire.journalAnswer,
      textType: 'text/plain; charset=utf-8',
    },
    async ({ params: { community }, query, officer }) => {
      if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
      return handled(await exportJournal(deps.db, community, query.asOf), (text) => text);
    },
  );
}

function mountStatements(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'get',
      path: `${BASE}/units/:unit`,
      summary: '一户的对账单',
      as: 'officer',
      params: wire.unitParams,
      query: wire.asOfQuery,
      answer: wire.statementAnswer,
    },
    async ({ params: { community, unit }, query, officer }) => {
      if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
      return handled(await readStatement(deps.db, community, unit, query.asOf), statementAnswer);
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/owners/me/fund/accounts',
      summary: '本人房屋的维修资金',
      as: 'owner',
      answer: wire.ownAccountsAnswer,
    },
    async ({ owner }) => ok(ownAccountsAnswer(await readOwnAccounts(deps.db, owner.community, owner.person))),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/owners/me/fund/units/:unit',
      summary: '本人房屋的对账单',
      as: 'owner',
      params: wire.ownUnitParams,
      query: wire.asOfQuery,
      answer: wire.statementAnswer,
    },
    async ({ params: { unit }, query, owner }) => {
      const units = await unitsOfPerson(deps.db, owner.community, owner.person);
      // A unit of somebody else and a unit that does not exist are one answer.
      if (!units.some((own) => own.unit === unit)) return refuse('FUND_UNIT_UNKNOWN');
      return handled(await readStatement(deps.db, owner.community, unit, query.asOf), statementAnswer);
    },
  );
}

/** All routes of the fund. */
export function fundRouter(deps: FileDeps): Router {
  const router = Router({ strict: true, caseSensitive: true });
  mountOpening(router, deps);
  mountMovements(router, deps);
  mountMovementStanding(router, deps);
  mountSpending(router, deps);
  mountLife(router, deps);
  mountEmergencies(router, deps);
  mountApplications(router, deps);
  mountRevenue(router, deps);
  mountTopUps(router, deps);
  mountReconciliations(router, deps);
  mountOversight(router, deps);
  mountReading(router, deps);
  mountStatements(router, deps);
  return router;
}
