/** A fund as those who oversee it read it: by building, as a file, and the regulator's line for each community (SPEC 8.3). */
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerCaller, Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { communityParams } from './contract.ts';
import type { BuildingFigures } from './domain/building-figures.ts';
import type { BookByBuilding, FundLine } from './overseeing.ts';
import { buildingsCsv, listFunds, readByBuilding } from './overseeing.ts';
import type { BuildingsAnswer, FundsAnswer } from './oversight-contract.ts';
import { buildingsAnswer, buildingsFile, fundsAnswer, fundsQuery } from './oversight-contract.ts';
import { BASE, handled } from './route-answers.ts';

/** Those who spend and those who watch; the others have no work with money. */
const READERS: readonly string[] = ['committee', 'street', 'regulator'];

const mayOversee = (officer: OfficerCaller, community: string): Result<undefined, { code: 'NOT_ALLOWED' }> =>
  READERS.includes(officer.role) && actsIn(officer, community) ? ok(undefined) : refuse('NOT_ALLOWED');

function figuresAnswer(figures: BuildingFigures): BuildingsAnswer['whole'] {
  const perM2 = figures.perSquareMetre;
  return {
    units: figures.units,
    areaDm2: String(figures.areaDm2),
    accounts: figures.accounts,
    accountAreaDm2: String(figures.accountAreaDm2),
    depositedFen: String(figures.depositedFen),
    interestFen: String(figures.interestFen),
    availableFen: String(figures.availableFen),
    heldFen: String(figures.heldFen),
    workFen: String(figures.workFen),
    refundedFen: String(figures.refundedFen),
    claimFen: String(figures.claimFen),
    below: figures.below,
    unknown: figures.unknown,
    perSquareMetre:
      perM2 === undefined
        ? null
        : {
            depositedFen: String(perM2.depositedFen),
            availableFen: String(perM2.availableFen),
            heldFen: String(perM2.heldFen),
            workFen: String(perM2.workFen),
          },
  };
}

const bookAnswer = ({ buildings, whole, lastBookedOn, ...book }: BookByBuilding): BuildingsAnswer => ({
  lastSeq: String(book.lastSeq),
  lastBookedOn,
  buildings: buildings.map((each) => ({ building: each.building, ...figuresAnswer(each) })),
  whole: figuresAnswer(whole),
  bankFen: String(book.bankFen),
  payableFen: String(book.payableFen),
  paidFen: String(book.paidFen),
  interestUndistributedFen: String(book.interestUndistributedFen),
  depositUnidentifiedFen: String(book.depositUnidentifiedFen),
});

const lineAnswer = ({
  balanceFen,
  availableFen,
  heldFen,
  ...line
}: FundLine): FundsAnswer['funds'][number] => ({
  ...line,
  balanceFen: String(balanceFen),
  availableFen: String(availableFen),
  heldFen: String(heldFen),
});

/** Mounts the routes. */
export function mountOversight(router: Router, deps: OfficerDeps): void {
  const path = `${BASE}/buildings`;
  route(
    router,
    {
      method: 'get',
      path,
      summary: '按幢汇总的维修资金',
      as: 'officer',
      params: communityParams,
      answer: buildingsAnswer,
    },
    async ({ params: { community }, officer }) => {
      const allowed = mayOversee(officer, community);
      return allowed.ok ? handled(await readByBuilding(deps.db, community), bookAnswer) : allowed;
    },
  );
  route(
    router,
    {
      method: 'get',
      path: `${path}/file`,
      summary: '按幢汇总的维修资金（CSV）',
      as: 'officer',
      params: communityParams,
      answer: buildingsFile,
      fileType: 'text/csv; charset=utf-8',
    },
    async ({ params: { community }, officer }) => {
      const allowed = mayOversee(officer, community);
      if (!allowed.ok) return allowed;
      const names = { name: 'fund-by-building.csv', nameZh: '维修资金按幢汇总.csv' };
      return handled(await buildingsCsv(deps.db, community), (file) => ({ file, ...names }));
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/funds',
      summary: '各小区的维修资金',
      as: 'officer',
      query: fundsQuery,
      answer: fundsAnswer,
      timeMs: 60_000,
    },
    async ({ query, officer }) => {
      // Findings are the regulator's alone: committee and street office spend.
      if (officer.role !== 'regulator') return refuse('NOT_ALLOWED');
      const { funds, more } = await listFunds(deps, officer.community, Number(query.after));
      return ok({ funds: funds.map(lineAnswer), more });
    },
  );
}
