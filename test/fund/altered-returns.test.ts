// Goal: what the administrator changes of a claim or of an unpaid rest that went back is found and named by its entry or account. Method: a book
// of the shells whose rows are altered with every trigger off, one change at a time; the check of the stored book.
import { type RawBuilder, sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { freshDatabase } from '../support/database.ts';
import { claimWorld, payIn } from './claim-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  deposit,
  execute,
  type FundWorld,
  pay,
  signAs,
} from './fund-world.ts';

const fresh = await freshDatabase();
const admin = connect(fresh.adminUrl, { maxConnections: 1 });
afterAll(async () => {
  await admin.destroy();
  await fresh.close();
});

/** Deposits 1 to 3, claim 4, receipts 5 and 6, settled 7, hold 8, accrual 9, payment 10, unpaid rest 11, release 12. */
async function book(seed: string): Promise<FundWorld> {
  const world = await claimWorld(fresh, `altered ${seed}`);
  accepted(await deposit(world, [9000n, 9000n, 0n, 400n]));
  const ref = { community: world.community, authorisation: await authorise(world) };
  accepted(await claimShares(world.deps, ref));
  await payIn(world, 2, 2500n);
  await payIn(world, 3, 2100n);
  accepted(await holdShares(world.deps, ref));
  const stage = { amountFen: 7001n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
  accepted(await accrueStage(world.deps, { ...ref, ...stage }));
  await pay(world, ref.authorisation, 3000n);
  const { community, meeting, proposal } = world;
  const asked = { community, meeting, proposal, documentHash: acceptance(7) };
  const { act } = accepted(await draftAnnulment(world.deps, asked, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyAnnulment));
  accepted(await releaseRest(world.deps, ref));
  return world;
}

const alter = (statements: readonly RawBuilder<unknown>[]): Promise<void> =>
  admin.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const statement of statements) await statement.execute(tx);
  });

const ofEntry = ({ community }: FundWorld, seq: number) =>
  sql`community_id = ${community} and entry_id = (select entry_id from fund_entry where community_id = ${community} and seq = ${seq})`;
const placesOf = async ({ community }: FundWorld): Promise<readonly string[]> =>
  accepted(await checkBook(fresh.db, community)).findings.map(({ code, where }) => `${code} ${where}`);

describe('a book that the administrator altered', () => {
  it('is whole before', async () => {
    const world = await book('whole');
    expect(await placesOf(world)).toEqual([]);
    const kinds = await fresh.db
      .selectFrom('fund_entry')
      .select('kind')
      .where('community_id', '=', world.community)
      .orderBy('seq')
      .execute();
    expect(kinds.map(({ kind }) => kind)).toEqual([
      ...['deposit', 'deposit', 'deposit', 'claim', 'deposit', 'deposit', 'claim_settled', 'hold'],
      ...['accrue', 'pay', 'unpaid_cancelled', 'release'],
    ]);
  });

  it.each<readonly [string, string, (world: FundWorld) => readonly RawBuilder<unknown>[]]>([
    [
      'a leg of a claim',
      'FUND-K005 entry 4 line 1',
      (world) => [
        sql`update fund_posting set amount_fen = amount_fen - 1 where ${ofEntry(world, 4)} and line_no = 1`,
      ],
    ],
    [
      'a claim that was settled, still claimed',
      'FUND-K007 ',
      (world) => [
        sql`update fund_account set balance_fen = 2500 where community_id = ${world.community} and kind = 'claim'`,
      ],
    ],
    [
      'whose share of the rest went back',
      'FUND-K005 entry 11 line 2',
      (world) => [
        sql`update fund_posting set amount_fen = amount_fen - 1 where ${ofEntry(world, 11)} and line_no = 2`,
        sql`update fund_posting set amount_fen = amount_fen + 1 where ${ofEntry(world, 11)} and line_no = 3`,
      ],
    ],
    [
      'the kind of the rest',
      'FUND-K004 entry 11',
      (world) => [sql`update fund_entry set kind = 'release' where ${ofEntry(world, 11)}`],
    ],
    [
      'the rest itself, which is gone',
      'FUND-K001 entry 11',
      (world) => [
        sql`delete from fund_posting where ${ofEntry(world, 11)}`,
        sql`delete from fund_entry where ${ofEntry(world, 11)}`,
      ],
    ],
    [
      'the day of the settlement',
      'FUND-K004 entry 7',
      (world) => [sql`update fund_entry set value_on = '2026-01-01' where ${ofEntry(world, 7)}`],
    ],
  ])('in %s is named: %s', async (what, place, statements) => {
    const world = await book(what);
    await alter(statements(world));
    expect((await placesOf(world)).some((found) => found.startsWith(place))).toBe(true);
  });
});
