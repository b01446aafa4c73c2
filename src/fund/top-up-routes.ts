/** Calls to top up over HTTP: officers see who must and draft the call, anybody reads it in sums, officers by home (SPEC 8.6; who may sign, SPEC 2.4). */
import { z } from 'zod';
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { freeText } from '../officers/contract.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { draftCall, draftWithdrawal } from './calling.ts';
import type { CallSummary } from './calls.ts';
import { readCall, summariseCalls } from './calls.ts';
import { communityParams, dateText, fenText, hashText, idText } from './contract.ts';
import { BASE, handled, mayAnnul, mayPrepare } from './route-answers.ts';
import { listTopUps } from './topping-up.ts';

/** `csv` has the columns building, stair, room, amount in yuan: the first deposit of each home. */
const question = { csv: z.string().max(4_000_000), targetPercent: z.number().int().min(30).max(100) };
const listBody = z.strictObject(question);
const idOrNone = z.union([idText, z.literal('')]);
/** Either meeting and proposal, or `documentHash`: SHA-256 of the city's rule. `text` is public: how to pay. */
const callBody = z.strictObject({
  ...question,
  meeting: idOrNone,
  proposal: idOrNone,
  documentHash: z.union([hashText, z.literal('')]),
  dueOn: dateText,
  text: freeText(2000),
});
const withdrawalBody = z.strictObject({ documentHash: hashText });
const callParams = z.strictObject({ community: idText, call: idText });
export type TopUpCallBody = z.input<typeof callBody>;
export type TopUpWithdrawalBody = z.input<typeof withdrawalBody>;
const actAnswer = z.strictObject({ act: idText });

const place = { unit: idText, building: z.string(), stair: z.string(), room: z.string() };
const listAnswer = z.strictObject({
  below: z.array(
    z.strictObject({ ...place, firstDepositFen: fenText, balanceFen: fenText, missingFen: fenText }),
  ),
  unknown: z.array(z.strictObject(place)),
});
export type TopUpListAnswer = z.infer<typeof listAnswer>;

const logIndex = z.number().int().nullable();
const callAnswer = z.strictObject({
  call: idText,
  state: z.enum(['open', 'replaced', 'withdrawn', 'annulled']),
  meeting: idOrNone,
  proposal: idOrNone,
  documentHash: z.union([hashText, z.literal('')]),
  depositsHash: hashText,
  seq: z.number().int(),
  targetPercent: z.number().int(),
  dueOn: dateText,
  text: z.string(),
  homes: z.number().int(),
  dueFen: fenText,
  /** Null where the call is not in force. */
  open: z.strictObject({ homes: z.number().int(), fen: fenText }).nullable(),
  withdrawal: z.strictObject({ documentHash: hashText, logIndex }).nullable(),
  logIndex,
});
const callsAnswer = z.strictObject({ calls: z.array(callAnswer) });
export type TopUpCallsAnswer = z.infer<typeof callsAnswer>;
const homesAnswer = z.strictObject({
  homes: z.array(
    z.strictObject({
      ...place,
      firstFen: fenText,
      balanceFen: fenText,
      dueFen: fenText,
      openFen: fenText,
    }),
  ),
});
export type CalledHomesAnswer = z.infer<typeof homesAnswer>;

function shown({ head, state, logIndex: at, withdrawal, homes, dueFen, open }: CallSummary) {
  const { community: _, ...call } = head;
  return {
    ...{ ...call, state, homes },
    dueFen: String(dueFen),
    open: open === undefined ? null : { homes: open.homes, fen: String(open.fen) },
    withdrawal: withdrawal === undefined ? null : { ...withdrawal, logIndex: withdrawal.logIndex ?? null },
    logIndex: at ?? null,
  };
}

/** A list of first deposits of 20,000 homes. */
const FILE_LIMIT = 5 * 1024 * 1024;
const CALLS = `${BASE}/top-up-calls`;
const drafting = {
  method: 'post',
  as: 'officer',
  params: communityParams,
  answer: actAnswer,
  status: 201,
  creates: true,
} as const;

function mountDrafting(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/top-up-lists`,
      summary: '按首期交存额核对哪些户应续交，不记账',
      as: 'officer',
      params: communityParams,
      body: listBody,
      answer: listAnswer,
      limit: FILE_LIMIT,
      timeMs: 60_000,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      return handled(await listTopUps(deps.db, { community, ...body }), ({ below, unknown }) => ({
        below: below.map(({ firstDepositFen, balanceFen, missingFen, ...home }) => ({
          ...home,
          firstDepositFen: String(firstDepositFen),
          balanceFen: String(balanceFen),
          missingFen: String(missingFen),
        })),
        unknown,
      }));
    },
  );
  route(
    router,
    {
      ...drafting,
      path: CALLS,
      summary: '拟写续交通知，待两人签署',
      body: callBody,
      limit: FILE_LIMIT,
      timeMs: 60_000,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      return handled(await draftCall(deps, { community, ...body }, officer.officer), (made) => made);
    },
  );
  route(
    router,
    {
      ...drafting,
      path: `${CALLS}/:call/withdrawals`,
      summary: '拟写续交通知的撤回，待两人签署',
      params: callParams,
      body: withdrawalBody,
    },
    async ({ params, body, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      return allowed.ok ? draftWithdrawal(deps, { ...params, ...body }, officer.officer) : allowed;
    },
  );
}

/** Mounts the routes. */
export function mountTopUps(router: Router, deps: OfficerDeps): void {
  mountDrafting(router, deps);
  route(
    router,
    {
      method: 'get',
      path: CALLS,
      summary: '续交通知',
      as: 'anyone',
      params: communityParams,
      answer: callsAnswer,
    },
    async ({ params: { community } }) => ok({ calls: (await summariseCalls(deps.db, community)).map(shown) }),
  );
  route(
    router,
    {
      method: 'get',
      path: `${CALLS}/:call`,
      summary: '一份续交通知的各户',
      as: 'officer',
      params: callParams,
      answer: homesAnswer,
    },
    async ({ params: { community, call }, officer }) => {
      if (!mayAnnul(officer, community).ok) return refuse('NOT_ALLOWED');
      return handled(await readCall(deps.db, community, call), ({ homes }) => ({
        homes: homes.map(({ firstFen, balanceFen, dueFen, openFen, ...home }) => ({
          ...home,
          firstFen: String(firstFen),
          balanceFen: String(balanceFen),
          dueFen: String(dueFen),
          openFen: String(openFen),
        })),
      }));
    },
  );
}
