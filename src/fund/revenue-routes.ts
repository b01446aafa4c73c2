/** The public-revenue book over HTTP: the committee or the street office books, two sign what goes out, anybody reads (SPEC 8.5). */
import { z } from 'zod';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { lineText } from '../officers/contract.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { REVENUE_HEADINGS } from '../record/revenue.ts';
import { communityParams, dateText, fenText, hashText, idText } from './contract.ts';
import { readRevenue } from './revenue.ts';
import { draftRevenueReversal, draftSpending, receiveRevenue } from './revenue-booking.ts';
import { publishPeriod } from './revenue-publishing.ts';
import { handled, mayPrepare } from './route-answers.ts';

const PATH = '/v1/communities/:community/revenue';

/** `documentHash` is SHA-256 of the contract, the receipt or the invoice; `text` is public and names nobody. */
const facts = { bookedOn: dateText, amountFen: fenText, text: lineText(500), documentHash: hashText };
const incomeBody = z.strictObject({ ...facts, heading: z.enum(REVENUE_HEADINGS.income) });
const spendingBody = z.union([
  z.strictObject({ ...facts, entryKind: z.literal('cost'), heading: z.enum(REVENUE_HEADINGS.cost) }),
  z.strictObject({ ...facts, entryKind: z.literal('use'), meeting: idText, proposal: idText }),
  z.strictObject({ ...facts, entryKind: z.literal('transfer') }),
]);
const reversalBody = z.strictObject({ reverses: idText, text: lineText(500), documentHash: hashText });
const periodBody = z.strictObject({ period: z.string().regex(/^[0-9]{4}-H[12]$/) });
export type IncomeBody = z.input<typeof incomeBody>;
export type SpendingBody = z.input<typeof spendingBody>;
export type RevenueReversalBody = z.input<typeof reversalBody>;
export type PeriodBody = z.input<typeof periodBody>;
const entryAnswer = z.strictObject({ entry: idText });
const actAnswer = z.strictObject({ act: idText });
const periodAnswer = z.strictObject({ hash: hashText, record: z.looseObject({}) });

/** Records are exactly those whose hashes the log names; fen in negative for what goes out. */
const bookAnswer = z.strictObject({
  balanceFen: fenText,
  next: z.string(),
  entries: z.array(z.strictObject({ logIndex: z.number().int().nullable(), record: z.looseObject({}) })),
  periods: z.array(periodAnswer.extend({ logIndex: z.number().int().nullable() })),
});
export type RevenueAnswer = z.infer<typeof bookAnswer>;

const writing = {
  method: 'post',
  as: 'officer',
  params: communityParams,
  status: 201,
  creates: true,
} as const;

const HEADING_OF = { use: 'resolution', transfer: 'fund' } as const;

function mountSpending(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      ...writing,
      path: `${PATH}/spendings`,
      summary: '拟写公共收益支出，待两人签署',
      body: spendingBody,
      answer: actAnswer,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const heading = body.entryKind === 'cost' ? body.heading : HEADING_OF[body.entryKind];
      const amountFen = BigInt(body.amountFen);
      const none = { meeting: '', proposal: '' };
      return draftSpending(deps, { community, ...none, ...body, heading, amountFen }, officer.officer);
    },
  );
  route(
    router,
    {
      ...writing,
      path: `${PATH}/reversals`,
      summary: '拟写公共收益冲回，待两人签署',
      body: reversalBody,
      answer: actAnswer,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      return allowed.ok ? draftRevenueReversal(deps, { community, ...body }, officer.officer) : allowed;
    },
  );
}

/** Mounts the routes. */
export function mountRevenue(router: Router, deps: OfficerDeps): void {
  route(
    router,
    { ...writing, path: `${PATH}/incomes`, summary: '记入公共收益', body: incomeBody, answer: entryAnswer },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const request = { community, ...body, amountFen: BigInt(body.amountFen) };
      return handled(await receiveRevenue(deps, request), (booked) => booked);
    },
  );
  mountSpending(router, deps);
  route(
    router,
    {
      ...writing,
      path: `${PATH}/periods`,
      summary: '公布半年的公共收益',
      body: periodBody,
      answer: periodAnswer,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      return handled(await publishPeriod(deps, { community, ...body }, officer.officer), (made) => made);
    },
  );
  route(
    router,
    {
      method: 'get',
      path: PATH,
      summary: '公共收益账簿',
      as: 'anyone',
      params: communityParams,
      answer: bookAnswer,
    },
    async ({ params: { community } }) => {
      const { balanceFen, next, entries, periods } = await readRevenue(deps.db, community);
      return ok({
        balanceFen: String(balanceFen),
        next: next ?? '',
        entries: entries.map(({ record, logIndex }) => ({ record, logIndex: logIndex ?? null })),
        periods: periods.map(({ logIndex, ...period }) => ({ ...period, logIndex: logIndex ?? null })),
      });
    },
  );
}
