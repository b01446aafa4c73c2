// Goal: what was accrued and not paid when its authorisation is annulled goes back to the households, each of which ends at its deposit less
// its share of what was really paid, to the fen. Method: the shells against a second arithmetic, seeded stages and payments, then raw SQL.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { listAuthorisations } from '../../src/fund/authorisations.ts';
import { unpaidParts } from '../../src/fund/domain/unpaid.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readBook } from '../../src/fund/reading.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { cancelAccrual, returnPayment } from '../../src/fund/reversing.ts';
import { accountsOfBook } from '../../src/fund/store/book.ts';
import { recordsOf } from '../../src/fund/store/reading.ts';
import type { FundPosting } from '../../src/record/fund.ts';
import { fundEntryForm } from '../../src/record/fund.ts';
import { openBook } from '../../src/verifier/ledger-replay.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { annul } from './annul-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  type FundWorld,
  fundWorld,
  pay,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';
import { account, entryOf, type RawLeg, raw, refusedBy } from './raw-book.ts';
import { replayStored } from './replaying.ts';
import { shareOut } from './simulation-model.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const CAP_FEN = 100_003n;
const PAID_IN = [90_000n, 90_000n, 90_000n, 50n];
const AREAS = [8912n, 12_045n, 9977n, 7n];
let worlds = 0;

/** Everything of the cap is held on four households; nothing is accrued. */
async function heldWorld() {
  worlds += 1;
  const world = await fundWorld(fresh, {
    seed: `unpaid ${worlds}`,
    units: AREAS.map((areaDm2, at) => ({ building: '1幢', room: `${101 + at}`, areaDm2 })),
    capFen: CAP_FEN,
  });
  accepted(await deposit(world, PAID_IN));
  const ref = { community: world.community, authorisation: await authorise(world) };
  accepted(await holdShares(world.deps, ref));
  return { world, ref };
}
type Held = Awaited<ReturnType<typeof heldWorld>>;

const stage = async ({ world, ref }: Held, document: number, amountFen: bigint) =>
  accepted(
    await accrueStage(world.deps, {
      ...ref,
      amountFen,
      stage: 'progress',
      acceptanceHash: acceptance(document),
    }),
  );

const payments = (world: FundWorld) =>
  fresh.owner
    .selectFrom('fund_entry')
    .select('seq')
    .where('community_id', '=', world.community)
    .where('kind', '=', 'pay')
    .orderBy('seq')
    .execute();

async function comesBack({ world }: Held, seq: bigint): Promise<void> {
  const receipt = `退${seq}`;
  const back = { community: world.community, seq, receipt, valueOn: '2026-11-29' };
  accepted(await returnPayment(world.deps, back));
}

const available = ({ world }: Held) => balancesOf(world, 'unit_available');
const chargeOf = async ({ world }: Held) =>
  present(accepted(await readBook(fresh.db, world.community)).authorisations[0], 'the resolution');

/** The verifier finds every entry good, and a bookkeeping program takes the journal. */
async function judge({ world }: Held): Promise<void> {
  await replayStored(world);
  expect(journalFaults(accepted(await exportJournal(fresh.db, world.community)))).toEqual([]);
}

describe('what goes back', () => {
  it('is the rest, to nobody more than was accrued of him, and leaves each his share of what was paid', () => {
    const book = fc
      .array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 8 })
      .filter((fen) => fen.some((each) => each > 0n))
      .chain((fen) => {
        const whole = fen.reduce((sum, each) => sum + each, 0n);
        return fc.record({ fen: fc.constant(fen), unpaid: fc.bigInt({ min: 1n, max: whole }) });
      });
    fc.assert(
      fc.property(book, ({ fen, unpaid }) => {
        const accrued = fen.map((amountFen, at) => ({ unit: `u${at}`, amountFen }));
        const back = new Map(unpaidParts(accrued, unpaid).map(({ unit, amountFen }) => [unit, amountFen]));
        const paid = fen.reduce((sum, each) => sum + each, 0n) - unpaid;
        const borne = shareOut(paid, fen);
        expect(accrued.map(({ unit, amountFen }) => amountFen - (back.get(unit) ?? 0n))).toEqual(borne);
        expect([...back.values()].reduce((sum, each) => sum + each, 0n)).toBe(unpaid);
        for (const [at, each] of fen.entries()) expect(back.get(`u${at}`) ?? 0n).toBeLessThanOrEqual(each);
      }),
    );
  });
});

describe('the unpaid rest of an annulled resolution', () => {
  it('goes back with the release, and what the bank returns later goes the same way', async () => {
    const held = await heldWorld();
    await stage(held, 1, 60_001n);
    await pay(held.world, held.ref.authorisation, 20_000n);
    await annul(held.world);
    const accrued = (await balancesOf(held.world, 'unit_held')).map(
      (fen, at) => (shareOut(CAP_FEN, AREAS)[at] ?? 0n) - fen,
    );
    const last = accepted(await releaseRest(held.world.deps, held.ref));
    const left = shareOut(20_000n, accrued);
    expect(await available(held)).toEqual(PAID_IN.map((fen, at) => fen - (left[at] ?? 0n)));
    expect(await chargeOf(held)).toMatchObject({ heldFen: 0n, payableFen: 0n, paidFen: 20_000n });
    expect(accepted(await releaseRest(held.world.deps, held.ref))).toEqual(last);
    const { seq } = present((await payments(held.world))[0], 'the payment');
    await comesBack(held, seq);
    expect((await chargeOf(held)).payableFen).toBe(20_000n);
    accepted(await releaseRest(held.world.deps, held.ref));
    expect(await available(held)).toEqual(PAID_IN);
    await judge(held);
  });

  it('waits for accruals that can be taken back as a whole, and ends that road', async () => {
    const held = await heldWorld();
    const { seq: first } = await stage(held, 1, 10_000n);
    const { seq: second } = await stage(held, 2, 30_000n);
    await pay(held.world, held.ref.authorisation, 15_000n);
    await annul(held.world);
    expect(codeOf(await releaseRest(held.world.deps, held.ref))).toBe('FUND_UNPAID_ACCRUALS');
    const { community } = held.world;
    accepted(await cancelAccrual(held.world.deps, { community, seq: first, reason: '决议撤销' }));
    accepted(await releaseRest(held.world.deps, held.ref));
    const { seq } = present((await payments(held.world))[0], 'the payment');
    await comesBack(held, seq);
    const again = await cancelAccrual(held.world.deps, { community, seq: second, reason: '决议撤销' });
    expect(codeOf(again)).toBe('FUND_MONEY_MOVED_ON');
    expect((await chargeOf(held)).cancellable).toEqual([]);
    accepted(await releaseRest(held.world.deps, held.ref));
    expect(await available(held)).toEqual(PAID_IN);
    await judge(held);
  });

  it('does not go back while the authorisation is open or closed', async () => {
    const held = await heldWorld();
    await stage(held, 1, CAP_FEN);
    await pay(held.world, held.ref.authorisation, 1n);
    expect(codeOf(await releaseRest(held.world.deps, held.ref))).toBe('FUND_CLOSING_NEEDED');
    expect((await chargeOf(held)).payableFen).toBe(CAP_FEN - 1n);
  });

  it.each(['plaster', 'gutter', 'pipe', 'stair', 'cable', 'drain'])(
    'leaves every household at its deposit less its share of what was paid, seed %s',
    async (seed) => {
      const random = seededRandom(`unpaid ${seed}`);
      const upTo = (limit: bigint): bigint => {
        const [a = 0, b = 0, c = 0] = random(3);
        return (BigInt((a << 16) | (b << 8) | c) % limit) + 1n;
      };
      const held = await heldWorld();
      let heldFen = CAP_FEN;
      let payable = 0n;
      let paid = 0n;
      for (let step = 0; step < 6; step += 1) {
        const fen = upTo(step === 5 ? heldFen : (heldFen * 2n) / 3n);
        await stage(held, step, fen);
        [heldFen, payable] = [heldFen - fen, payable + fen];
        if (step % 2 === 0) continue;
        const gone = upTo(payable);
        await pay(held.world, held.ref.authorisation, gone);
        [payable, paid] = [payable - gone, paid + gone];
      }
      await annul(held.world);
      for (let open = (await chargeOf(held)).cancellable; open.length > 0; ) {
        const { seq } = present(open[Number(upTo(BigInt(open.length))) - 1], 'one of them');
        const { community } = held.world;
        accepted(await cancelAccrual(held.world.deps, { community, seq, reason: '决议撤销' }));
        open = (await chargeOf(held)).cancellable;
      }
      const still = await balancesOf(held.world, 'unit_held');
      const accrued = shareOut(CAP_FEN, AREAS).map((fen, at) => fen - (still[at] ?? 0n));
      accepted(await releaseRest(held.world.deps, held.ref));
      const borne = shareOut(paid, accrued);
      expect(borne.reduce((sum, fen) => sum + fen, 0n)).toBe(paid);
      expect(await available(held)).toEqual(PAID_IN.map((fen, at) => fen - (borne[at] ?? 0n)));
      expect(await chargeOf(held)).toMatchObject({ heldFen: 0n, payableFen: 0n, paidFen: paid });
      await judge(held);
    },
    30_000,
  );
});

/** What each household gets back of the rest, past the shells: `accruedFen` were accrued, `paid` of it paid. */
async function restLegs({ world }: Held, paid: bigint, accruedFen: bigint): Promise<readonly RawLeg[]> {
  const still = await balancesOf(world, 'unit_held');
  const accrued = shareOut(CAP_FEN, AREAS).map((fen, at) => fen - (still[at] ?? 0n));
  const borne = shareOut(paid, accrued);
  const legs: RawLeg[] = [[await account(world, 'payable'), accruedFen - paid]];
  for (const [at, fen] of accrued.entries()) {
    const back = fen - (borne[at] ?? 0n);
    if (back !== 0n) legs.push([await account(world, 'unit_held', at), -back]);
  }
  return legs;
}

/** What the verifier finds in a record of these legs after the stored ones. */
async function forgedRest({ world, ref }: Held, legs: readonly RawLeg[]) {
  const of = await listAuthorisations(fresh.db, world.community);
  const work = present(of[0], 'the resolution').record;
  const stored = await recordsOf(fresh.db, world.community);
  const records = stored.map(({ record }) => fundEntryForm.own(record));
  const book = openBook();
  for (const each of records) {
    const opening = each.authorisation === '' ? undefined : work;
    expect(book.apply(each, opening)).toEqual([]);
  }
  const last = present(records.at(-1), 'the book is not empty');
  const accounts = await accountsOfBook(fresh.db, world.community);
  const postings = legs.map(([id, amountFen]): FundPosting => {
    const row = present(
      accounts.find(({ account_id }) => account_id === id),
      'an account of the book',
    );
    const [accountKind, authorisation] = [row.kind as FundPosting['accountKind'], ref.authorisation];
    return {
      account: row.name,
      accountKind,
      unit: row.unit_id ?? '',
      authorisation,
      amountFen: String(amountFen),
    };
  });
  return book.apply(
    {
      ...last,
      entry: newId(world.deps.random),
      seq: last.seq + 1,
      entryKind: 'unpaid_cancelled',
      valueOn: last.bookedOn,
      authorisation: ref.authorisation,
      reverses: '',
      reference: '',
      payeeAccount: '',
      postings,
    },
    work,
  );
}

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);

  /** 60,001 fen accrued, 20,000 paid; `wrong` are fen more for each household, and for what is payable. */
  async function refusal(held: Held, wrong: readonly bigint[], more = 0n): Promise<string> {
    const { world, ref } = held;
    const still = await balancesOf(world, 'unit_held');
    const accrued = shareOut(CAP_FEN, AREAS).map((fen, at) => fen - (still[at] ?? 0n));
    const borne = shareOut(20_000n, accrued);
    const legs: RawLeg[] = [[await account(world, 'payable'), 40_001n + more]];
    for (const [at, fen] of accrued.entries()) {
      const back = fen - (borne[at] ?? 0n) + (wrong[at] ?? 0n);
      if (back !== 0n) legs.push([await account(world, 'unit_held', at), -back]);
    }
    const entry = { kind: 'unpaid_cancelled', authorisation: ref.authorisation, legs };
    return refusedBy(() => raw(db(), world, entry));
  }

  it('an unpaid rest that goes back in part, by other shares, or before an annulment', async () => {
    const held = await heldWorld();
    await stage(held, 1, 60_001n);
    await pay(held.world, held.ref.authorisation, 20_000n);
    expect(await refusal(held, [])).toBe('fund_unpaid_after_annulment');
    await annul(held.world);
    expect(await refusal(held, [-1n], -1n)).toBe('fund_unpaid_whole');
    expect(await refusal(held, [1n], 1n)).toBe('fund_account_never_negative_check');
    expect(await refusal(held, [1n, -1n])).toBe('fund_unpaid_by_share');
    expect(await refusal(held, [0n, 1n, -1n])).toBe('fund_unpaid_by_share');
    expect(await refusal(held, [])).toBe('accepted');
  });

  it('an unpaid rest while an accrual could be cancelled as a whole, which the verifier finds too', async () => {
    for (const paid of [0n, 15_000n]) {
      const held = await heldWorld();
      const { world, ref } = held;
      const { seq } = await stage(held, 1, 10_000n);
      await stage(held, 2, 30_000n);
      if (paid > 0n) await pay(world, ref.authorisation, paid);
      await annul(world);
      const legs = await restLegs(held, paid, 40_000n);
      const entry = { kind: 'unpaid_cancelled', authorisation: ref.authorisation, legs };
      expect(await refusedBy(() => raw(db(), world, entry))).toBe('fund_unpaid_after_accruals');
      const found = (await forgedRest(held, legs)).map(({ rule, expected }) => `${rule} ${expected}`);
      const whole = paid === 0n ? [seq, seq + 1n] : [seq];
      expect(found).toEqual(
        whole.map((each) => `FUND-03 accrual ${each} cancelled first, all of it is unpaid`),
      );
    }
  });

  it('its money on another road', async () => {
    const held = await heldWorld();
    const { world, ref } = held;
    await stage(held, 1, CAP_FEN);
    await pay(world, ref.authorisation, 20_000n);
    await annul(held.world);
    const payable = await account(world, 'payable');
    const straight: RawLeg[] = [
      [payable, 80_003n],
      [await account(world, 'unit_available', 0), -80_003n],
    ];
    for (const kind of ['unpaid_cancelled', 'release', 'deposit'])
      expect([
        kind,
        await refusedBy(() =>
          raw(db(), world, {
            kind,
            legs: straight,
            ...(kind === 'deposit' ? {} : { authorisation: ref.authorisation }),
          }),
        ),
      ]).toEqual([kind, kind === 'deposit' ? 'fund_posting_authorisation' : 'fund_posting_shape_fk']);
  });

  it('an accrual cancelled after the rest went back, though all of it is payable again', async () => {
    const held = await heldWorld();
    const { world, ref } = held;
    await stage(held, 1, 10_000n);
    await stage(held, 2, 1000n);
    await pay(world, ref.authorisation, 10_500n);
    await annul(held.world);
    accepted(await releaseRest(world.deps, ref));
    await comesBack(held, present((await payments(world))[0], 'the payment').seq);
    const accrual = await entryOf(world, 'accrue');
    const lines = await fresh.owner
      .selectFrom('fund_posting')
      .select(['account_id', 'amount_fen'])
      .where('entry_id', '=', accrual.entry_id)
      .execute();
    const entry = {
      kind: 'accrual_cancelled',
      authorisation: ref.authorisation,
      reverses: accrual.entry_id,
      valueOn: accrual.value_on,
      legs: lines.map(({ account_id, amount_fen }): RawLeg => [account_id, -amount_fen]),
    };
    expect(await refusedBy(() => raw(db(), world, entry))).toBe('fund_unpaid_ends_accruals');
  });
});
