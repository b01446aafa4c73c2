/** Money that comes in, is put in its place, is undone, or goes back, over HTTP: one officer prepares, two sign what moves money (SPEC 8.3). */
import type { z } from 'zod';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerCaller, Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { draftAnnulment } from './annulling.ts';
import type { BookedEntry } from './booking.ts';
import { communityParams, entryAnswer as entryWire, paymentAnswer } from './contract.ts';
import type { SealingDeps } from './fund-deps.ts';
import { distributeInterest, receiveInterest } from './interest.ts';
import * as wire from './movement-contract.ts';
import { draftBankMove, draftIdentification } from './moving.ts';
import type { DraftedOrder } from './ordering.ts';
import { importReceipts } from './receipt-files.ts';
import { receive } from './receiving.ts';
import { draftRefund, listExtinguished, listRefunds } from './refunding.ts';
import type { FundRefusal } from './refusals.ts';
import { cancelAccrual, draftReversal, returnPayment } from './reversing.ts';
import { BASE, entryAnswer, handled, mayAnnul, mayPrepare } from './route-answers.ts';

/** 5,000 receipts. */
const RECEIPTS_LIMIT = 2 * 1024 * 1024;
/** 2,000,000 characters of CSV. */
const FILE_LIMIT = 8 * 1024 * 1024;

const shared = {
  method: 'post',
  as: 'officer',
  params: communityParams,
  status: 201,
  creates: true,
} as const;

/** A route whose shell books one entry. */
function mountEntry<B extends z.ZodType>(
  router: Router,
  name: string,
  summary: string,
  body: B,
  book: (community: string, body: z.output<B>) => Promise<Result<BookedEntry, FundRefusal>>,
): void {
  route(
    router,
    { ...shared, path: `${BASE}/${name}`, summary, body, answer: entryWire },
    async ({ params: { community }, body: asked, officer }) => {
      const allowed = mayPrepare(officer, community);
      return allowed.ok ? handled(await book(community, asked as z.output<B>), entryAnswer) : allowed;
    },
  );
}

type Drafting = { readonly community: string; readonly key: string; readonly officer: OfficerCaller };

/** A route whose shell drafts an entry for two officers. */
function mountOrder<B extends z.ZodType>(
  router: Router,
  name: string,
  summary: string,
  body: B,
  draft: (by: Drafting, body: z.output<B>) => Promise<Result<DraftedOrder, FundRefusal>>,
): void {
  route(
    router,
    { ...shared, path: `${BASE}/${name}`, summary, body, answer: paymentAnswer },
    async ({ params: { community }, body: asked, officer, idempotencyKey }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const key = `${officer.officer}:${idempotencyKey}`;
      return handled(await draft({ community, key, officer }, asked as z.output<B>), (drafted) => drafted);
    },
  );
}

function mountReceipts(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      ...shared,
      path: `${BASE}/receipts`,
      summary: '按银行回单记入交存',
      body: wire.receiptsBody,
      answer: wire.receiptsAnswer,
      limit: RECEIPTS_LIMIT,
      timeMs: 60_000,
    },
    async ({ params: { community }, body: { bank, receipts }, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const list = receipts.map((each) => ({ ...each, amountFen: BigInt(each.amountFen) }));
      const received = await receive(deps, { community, bank, receipts: list });
      return handled(received, (value) => ({ ...value, entries: value.entries.map(entryAnswer) }));
    },
  );
}

function mountReceiptFiles(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      ...shared,
      path: `${BASE}/receipt-files`,
      summary: '导入银行回单文件',
      body: wire.receiptFileBody,
      answer: wire.receiptFileAnswer,
      limit: FILE_LIMIT,
      timeMs: 60_000,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const imported = await importReceipts(deps, { ...body, community });
      return handled(imported, (value) => ({ ...value, totalFen: String(value.totalFen) }));
    },
  );
}

function mountAnnulments(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      ...shared,
      path: `${BASE}/annulments`,
      summary: '拟写决议撤销，待两人签署',
      body: wire.annulmentBody,
      answer: wire.annulmentAnswer,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayAnnul(officer, community);
      if (!allowed.ok) return allowed;
      const drafted = await draftAnnulment(deps, { ...body, community }, officer.officer);
      return drafted;
    },
  );
}

function mountRefunds(router: Router, deps: SealingDeps): void {
  const path = `${BASE}/refunds`;
  route(
    router,
    {
      ...shared,
      path,
      summary: '拟写灭失房屋的资金返还，待两人签署',
      body: wire.refundBody,
      answer: wire.annulmentAnswer,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayAnnul(officer, community);
      if (!allowed.ok) return allowed;
      const { expectedFen, ...asked } = body;
      const expected = expectedFen === undefined ? {} : { expectedFen: BigInt(expectedFen) };
      return draftRefund(deps, { ...asked, ...expected, community }, officer.officer);
    },
  );
  route(
    router,
    {
      method: 'get',
      path,
      as: 'officer',
      params: communityParams,
      summary: '灭失房屋的资金返还，以及还有余额的灭失房屋',
      answer: wire.refundsAnswer,
    },
    async ({ params: { community }, officer }) => {
      if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
      const refunds = await listRefunds(deps.db, community);
      const extinguished = await listExtinguished(deps.db, community);
      return ok({
        extinguished: extinguished.map((each) => ({
          ...each,
          availableFen: String(each.availableFen),
          heldFen: String(each.heldFen),
        })),
        refunds: refunds.map((each) => ({
          ...each,
          amountFen: String(each.amountFen),
          payableFen: String(each.payableFen),
        })),
      });
    },
  );
}

/** Mounts the routes of movements. */
export function mountMovements(router: Router, deps: SealingDeps): void {
  mountReceipts(router, deps);
  mountReceiptFiles(router, deps);
  mountAnnulments(router, deps);
  mountRefunds(router, deps);
  mountEntry(router, 'interest', '记入结息', wire.interestBody, (community, body) =>
    receiveInterest(deps, { ...body, community, amountFen: BigInt(body.amountFen) }),
  );
  mountEntry(router, 'interest/distributions', '按积数分配利息', wire.distributionBody, (community, body) =>
    distributeInterest(deps, {
      community,
      until: body.until,
      ...(body.expectedFen === undefined ? {} : { expectedFen: BigInt(body.expectedFen) }),
    }),
  );
  mountEntry(
    router,
    'accrual-cancellations',
    '冲回应付',
    wire.cancellationBody,
    (community, { seq, reason }) => cancelAccrual(deps, { community, seq: BigInt(seq), reason }),
  );
  mountEntry(router, 'payment-returns', '记入拨付退回', wire.returnBody, (community, body) =>
    returnPayment(deps, { ...body, community, seq: BigInt(body.seq) }),
  );
  mountOrder(router, 'reversals', '拟写交存冲回，待两人签署', wire.reversalBody, (by, { seq, reference }) =>
    draftReversal(deps, { ...by, seq: BigInt(seq), reference }, by.officer.officer),
  );
  mountOrder(router, 'identifications', '拟写待查认领，待两人签署', wire.identificationBody, (by, body) => {
    const items = body.items.map(({ unit, amountFen }) => ({ unit, amountFen: BigInt(amountFen) }));
    const asked = { ...by, seq: BigInt(body.seq), items, reference: body.reference };
    return draftIdentification(deps, asked, by.officer.officer);
  });
  mountOrder(router, 'bank-moves', '拟写专户划转，待两人签署', wire.bankMoveBody, (by, body) =>
    draftBankMove(deps, { ...by, ...body, amountFen: BigInt(body.amountFen) }, by.officer.officer),
  );
}
