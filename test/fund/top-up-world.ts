// Three homes of one building with a first deposit of 10,000.00 yuan each, of which little is left, and a resolution that raises the fund.
import { toBase64Url } from '../../src/base/bytes.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { CallRequest } from '../../src/fund/calling.ts';
import {
  applyCall,
  applyWithdrawal,
  draftCall,
  draftWithdrawal,
  lockCall,
  lockWithdrawal,
} from '../../src/fund/calling.ts';
import { listCalls } from '../../src/fund/calls.ts';
import type { FreshDatabase } from '../support/database.ts';
import type { WorldOptions } from './fund-world.ts';
import { acceptance, accepted, deposit, execute, type FundWorld, fundWorld, signAs } from './fund-world.ts';

export const FIRST_DEPOSITS = '幢,单元,室,金额\n1幢,,101,10000\n1幢,,102,10000\n1幢,,103,10000\n';

/** What is left stands at 2,999.99, at 3,000.00, and at one fen. */
export async function poorWorld(
  fresh: FreshDatabase,
  seed: string,
  more: Partial<WorldOptions> = {},
  left: readonly bigint[] = [299_999n, 300_000n, 1n],
): Promise<FundWorld> {
  const world = await fundWorld(fresh, {
    seed,
    units: ['101', '102', '103'].map((room) => ({ building: '1幢', room, areaDm2: 5000n })),
    capFen: 100n,
    classes: ['M6'],
    ...more,
  });
  accepted(await deposit(world, left));
  return world;
}

export const draftTopUp = (world: FundWorld, more: Partial<CallRequest> = {}) =>
  draftCall(
    world.deps,
    {
      community: world.community,
      meeting: world.meeting,
      proposal: world.proposal,
      documentHash: '',
      csv: FIRST_DEPOSITS,
      targetPercent: 100,
      dueOn: '2027-03-31',
      text: '请到建设银行小榄支行柜台续交，写明楼栋和房号。',
      ...more,
    },
    'test',
  );

/** Nobody voted on the rule of the city: there the regulator signs in the committee's place. */
export const signersOf = (world: FundWorld, { meeting }: Partial<CallRequest> = {}) =>
  meeting === '' ? [...world.officers.slice(1), world.regulator] : world.officers;

/** Two officers call; answers the call's id. */
export async function callTopUp(world: FundWorld, more: Partial<CallRequest> = {}): Promise<string> {
  const { act } = accepted(await draftTopUp(world, more));
  await signAs(world, act, signersOf(world, more));
  accepted(await execute(world, act, applyCall, lockCall));
  return (await listCalls(world.fresh.db, world.community))[0]?.head.call ?? '';
}

export const draftEnd = (world: FundWorld, call: string) =>
  draftWithdrawal(world.deps, { community: world.community, call, documentHash: acceptance(240) }, 'test');

export async function withdrawTopUp(world: FundWorld, call: string): Promise<void> {
  const { act } = accepted(await draftEnd(world, call));
  await signAs(world, act, world.officers);
  accepted(await execute(world, act, applyWithdrawal, lockWithdrawal));
}

export const hashOfText = (text: string): string => toBase64Url(sha256(new TextEncoder().encode(text)));
