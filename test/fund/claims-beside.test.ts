// Goal: claims leave what has money alone: a month says the same six groups, a unit that is gone is refunded and its claim still ends, and
// officers who ask at once book once (SPEC 8.3). Method: the shells on a real database, figures by hand, the verifier's replay beside it.
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { publishMonth } from '../../src/fund/publishing.ts';
import { reconcile } from '../../src/fund/reconciling.ts';
import { applyRefund, draftRefund } from '../../src/fund/refunding.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { recordsOf } from '../../src/fund/store/reading.ts';
import type { Authorisation, Refund } from '../../src/record/fund.ts';
import { authorisationForm, fundEntryForm, refundForm } from '../../src/record/fund.ts';
import { openBook } from '../../src/verifier/ledger-replay.ts';
import { freshDatabase } from '../support/database.ts';
import { claimWorld, payIn } from './claim-world.ts';
import type { Ref } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  execute,
  type FundWorld,
  PAYEE_OPENING,
  signAs,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';
import { demolish } from './refund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let ref: Ref;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await claimWorld(fresh, `beside ${worlds}`);
  accepted(await deposit(world, [9000n, 9000n, 0n, 400n]));
  ref = { community: world.community, authorisation: await authorise(world) };
});

const claim = () => claimShares(world.deps, ref);
const countOf = async (kind: string): Promise<number> =>
  (
    await fresh.db
      .selectFrom('fund_entry')
      .select('entry_id')
      .where('community_id', '=', world.community)
      .where('kind', '=', kind)
      .execute()
  ).length;

async function annul(): Promise<void> {
  const { community, meeting, proposal } = world;
  const asked = { community, meeting, proposal, documentHash: acceptance(7) };
  const { act } = accepted(await draftAnnulment(world.deps, asked, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyAnnulment));
}

async function refund(at: number): Promise<void> {
  const { unit } = present(world.units[at], 'a unit');
  const asked = {
    community: world.community,
    unit,
    payeeOpening: PAYEE_OPENING,
    documentHash: acceptance(2),
  };
  const { act } = accepted(await draftRefund(world.deps, asked, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyRefund));
}

/** The rules that the verifier finds broken in the whole book. */
async function breaches(): Promise<readonly unknown[]> {
  const rows = await fresh.db
    .selectFrom('fund_authorisation')
    .select(['authorisation_id', 'kind', 'record'])
    .where('community_id', '=', world.community)
    .execute();
  const opened = new Map<string, Authorisation | Refund>(
    rows.map((row) => [
      row.authorisation_id,
      row.kind === 'unit_refund' ? refundForm.own(row.record) : authorisationForm.own(row.record),
    ]),
  );
  const book = openBook();
  return (await recordsOf(fresh.db, world.community)).flatMap(({ record }) => {
    const entry = fundEntryForm.own(record);
    return book.apply(entry, opened.get(entry.authorisation));
  });
}

describe('beside claims', () => {
  it('a month has the six groups of money, and the resolution with nothing held', async () => {
    accepted(await claim());
    world.time.advance(30 * 86_400_000);
    const officer = present(world.officers[0], 'an officer').officer;
    const bank = { name: '建行', lastDigits: '0071' };
    const statement = { from: '2026-12-10', to: '2026-12-31', closingFen: 18_400n };
    const csv = '交易日期,流水号,收入,支出\n';
    accepted(await reconcile(world.deps, { community: world.community, bank, ...statement, csv }, officer));
    const month = { community: world.community, month: '2026-12' };
    const { record } = accepted(await publishMonth(world.deps, month, officer));
    const closing = record.accounts.map(({ accountKind, closingFen }) => [accountKind, closingFen]);
    expect(closing).toEqual([
      ['bank', '18400'],
      ['unit_available', '18400'],
      ['unit_held', '0'],
      ['payable', '0'],
      ['interest_undistributed', '0'],
      ['deposit_unidentified', '0'],
    ]);
    const [charge] = record.charges;
    expect([charge?.authorisation, charge?.heldFen, charge?.payableFen, charge?.paidFen]).toEqual([
      ref.authorisation,
      '0',
      '0',
      '0',
    ]);
  });

  it('a unit that is gone is refunded though something was claimed for it, and the claim ends after all', async () => {
    accepted(await claim());
    await annul();
    await demolish(world, 3);
    await refund(3);
    expect(await balancesOf(world, 'claim')).toEqual([0n, 0n, 2500n, 2100n]);
    accepted(await releaseRest(world.deps, ref));
    expect(await balancesOf(world, 'claim')).toEqual([0n, 0n, 0n, 0n]);
    expect(await breaches()).toEqual([]);
    expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
  });

  it('a unit of the developer that the register lists no more is claimed under its id', async () => {
    await demolish(world, 2);
    accepted(await claim());
    const journal = accepted(await exportJournal(fresh.db, world.community));
    const { unit } = present(world.units[2], 'a unit');
    expect(journal).toMatch(new RegExp(`^account 资产:应收建设单位:决议[a-z2-7]{8}:${unit}$`, 'mu'));
    expect(journalFaults(journal)).toEqual([]);
  });

  it('officers who ask at once book one entry, and all get it', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, claim));
    const entries = new Set(asked.map((result) => accepted(result).entry));
    expect([entries.size, await countOf('claim')]).toEqual([1, 1]);
  });

  it('a claim and a hold that meet leave nothing claimed', async () => {
    accepted(await claim());
    await payIn(world, 2, 2500n);
    await payIn(world, 3, 2100n);
    const [held, ...rest] = await Promise.all([holdShares(world.deps, ref), claim(), claim()]);
    accepted(held);
    for (const each of rest) if (!each.ok) expect(codeOf(each)).toBe('FUND_HELD_ALREADY');
    expect(await countOf('claim_settled')).toBe(1);
    expect(await balancesOf(world, 'claim')).toEqual([0n, 0n, 0n, 0n]);
    expect(await breaches()).toEqual([]);
  });

  it('a claim that an administrator lowers behind the program is named by the check', async () => {
    accepted(await claim());
    await fresh.owner.transaction().execute(async (tx) => {
      await sql`alter table fund_account disable trigger user`.execute(tx);
      await sql`update fund_account set balance_fen = 1 where community_id = ${world.community} and kind = 'claim'`.execute(
        tx,
      );
      await sql`alter table fund_account enable trigger user`.execute(tx);
    });
    const { findings } = accepted(await checkBook(fresh.db, world.community));
    expect(findings.map(({ code, expected, found }) => [code, expected, found])).toEqual([
      ['FUND-K007', '2500 (1)', '1 (1)'],
      ['FUND-K007', '2100 (1)', '1 (1)'],
    ]);
  });
});
