/** What the desk of the fund reads before it drafts a movement (SPEC 8.3). */
import { refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { communityParams } from './contract.ts';
import type { DepositsAnswer, MovementsAnswer } from './movement-contract.ts';
import { depositsAnswer, depositsQuery, movementsAnswer } from './movement-contract.ts';
import type { FoundDeposit, Movements } from './movement-standing.ts';
import { findDeposits, readMovements } from './movement-standing.ts';
import { BASE, handled } from './route-answers.ts';

const inWords = <T extends { readonly seq: bigint; readonly amountFen: bigint }>(entry: T) => ({
  ...entry,
  seq: String(entry.seq),
  amountFen: String(entry.amountFen),
});

const movementsOf = ({ receipts, payments, ...found }: Movements): MovementsAnswer => ({
  interestUndistributedFen: String(found.interestUndistributedFen),
  interestSince: found.interestSince,
  unidentifiedFen: String(found.unidentifiedFen),
  receipts: receipts.map(({ identifiedFen, ...receipt }) => ({
    ...inWords(receipt),
    identifiedFen: String(identifiedFen),
  })),
  payments: payments.map(inWords),
});

const depositsOf = (deposits: readonly FoundDeposit[]): DepositsAnswer => ({
  deposits: deposits.map(inWords),
});

/** Mounts the routes. */
export function mountMovementStanding(router: Router, deps: OfficerDeps): void {
  const shared = { method: 'get', as: 'officer', params: communityParams } as const;
  route(
    router,
    {
      ...shared,
      path: `${BASE}/movements`,
      summary: '可以划转、认领、分配和退回的款项',
      answer: movementsAnswer,
    },
    async ({ params: { community }, officer }) => {
      if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
      return handled(await readMovements(deps.db, community), movementsOf);
    },
  );
  route(
    router,
    {
      ...shared,
      path: `${BASE}/deposits`,
      summary: '按银行回单号或账簿编号查交存',
      query: depositsQuery,
      answer: depositsAnswer,
    },
    async ({ params: { community }, query: { find }, officer }) => {
      if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
      return handled(await findDeposits(deps.db, community, find), depositsOf);
    },
  );
}
