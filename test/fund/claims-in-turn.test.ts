// Goal: authorisations that wait for one account of the developer claim together exactly what it lacks for all of them, each in its turn, and
// nobody's claim is another's; the database and the verifier both say so. Method: property tests, the shells, then raw SQL.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { claimMoves, leftAfter } from '../../src/fund/domain/claims.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readBook } from '../../src/fund/reading.ts';
import type { FundEntry } from '../../src/record/fund.ts';
import { checkClaims } from '../../src/verifier/claim-checks.ts';
import type { Account } from '../../src/verifier/ledger-splits.ts';
import { freshDatabase } from '../support/database.ts';
import { claimWorld, payIn } from './claim-world.ts';
import { closeWork } from './closing-world.ts';
import { accepted, deposit, type FundWorld } from './fund-world.ts';
import { type RawLeg, raw, refusedBy } from './raw-book.ts';
import { replayStored } from './replaying.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const UNIT = 'u'.repeat(26);
const waits = fc.record({
  available: fc.bigInt({ min: 0n, max: 10_000n }),
  shares: fc.array(fc.bigInt({ min: 0n, max: 4000n }), { minLength: 1, maxLength: 6 }),
});

/** What each claims by the domain, from nothing. */
const claimsOf = (available: bigint, shares: readonly bigint[]): readonly bigint[] =>
  shares.map((amountFen, at) => {
    const earlier = shares.slice(0, at).map((fen) => [{ unit: UNIT, amountFen: fen }]);
    const left = leftAfter(earlier, () => available);
    const [move] = claimMoves([{ unit: UNIT, amountFen }], new Set([UNIT]), left, () => 0n);
    return move?.toFen ?? 0n;
  });

describe('claims on one account', () => {
  it('sum to what it lacks for all that wait, whatever was paid in', () => {
    fc.assert(
      fc.property(waits, ({ available, shares }) => {
        const claims = claimsOf(available, shares);
        const all = shares.reduce((sum, fen) => sum + fen, 0n);
        const lacking = all > available ? all - available : 0n;
        expect(claims.reduce((sum, fen) => sum + fen, 0n)).toBe(lacking);
        for (const [at, fen] of claims.entries()) expect(fen).toBeLessThanOrEqual(shares[at] ?? 0n);
        // In turn: whoever claims nothing less than his share leaves nothing to those behind him.
        const first = claims.findIndex((fen) => fen > 0n);
        if (first >= 0) expect(claims.slice(first + 1)).toEqual(shares.slice(first + 1));
      }),
    );
  });

  it('are to the fen what the verifier counts by itself', () => {
    fc.assert(
      fc.property(waits, fc.constantFrom(0n, 1n, -1n), ({ available, shares }, wrong) => {
        const claims = claimsOf(available, shares);
        const works = shares.map((fen, at) => ({
          authorisation: `${at}`.repeat(26),
          shares: [{ unit: UNIT, areaDm2: '1', amountFen: String(fen), remainder: '0' }],
        })) as unknown as readonly Parameters<typeof checkClaims>[1][];
        for (const [at, fen] of claims.entries()) {
          const authorisation = present(works[at], 'a work');
          const posting = { accountKind: 'claim', unit: UNIT, amountFen: String(fen + wrong) };
          const entry = {
            entryKind: 'claim',
            authorisation: authorisation.authorisation,
            postings: [posting],
          } as unknown as FundEntry;
          const has = {
            name: 'a',
            kind: 'unit_available',
            unit: UNIT,
            owner: '',
            authorisation: '',
          } as const;
          const accounts = new Map<string, Account>([['a', { ...has, balanceFen: -available }]]);
          const openBefore = works.slice(0, at).map((one) => present(one, 'a work'));
          const found: string[] = [];
          const around = { openBefore, next: undefined };
          checkClaims(entry, authorisation, around, accounts, new Set(), (rule) => found.push(rule));
          expect(found).toEqual(wrong === 0n ? [] : ['FUND-03']);
        }
      }),
    );
  });
});

describe('two resolutions that wait for one account', () => {
  let worlds = 0;
  /** Units 2 and 3 are the developer's; each resolution lays 2500 fen on each. */
  async function two() {
    worlds += 1;
    const world = await claimWorld(fresh, `in turn ${worlds}`, 2);
    accepted(await deposit(world, [9000n, 9000n, 3000n, 0n]));
    const { authorisations } = await authoriseResolutions(world.deps, world);
    const [first, second] = authorisations.map((authorisation) => ({
      community: world.community,
      authorisation,
    }));
    return { world, first: present(first, 'the first'), second: present(second, 'the second') };
  }
  const claims = async ({ community }: FundWorld, authorisation: string) => {
    const rows = await fresh.owner
      .selectFrom('fund_account')
      .select(['unit_id', 'balance_fen'])
      .where('community_id', '=', community)
      .where('authorisation_id', '=', authorisation)
      .where('kind', '=', 'claim')
      .orderBy('unit_id')
      .execute();
    return rows.map(({ balance_fen: fen }) => fen);
  };
  const owed = async ({ community }: FundWorld) =>
    accepted(await readBook(fresh.db, community)).authorisations.map(({ claimFen }) => claimFen);

  it('claim what it lacks for both, the first decided first, whoever claims first', async () => {
    const { world, first, second } = await two();
    expect(await owed(world)).toEqual([2500n, 4500n]);
    accepted(await claimShares(world.deps, second));
    accepted(await claimShares(world.deps, first));
    expect(await claims(world, first.authorisation)).toEqual([2500n]);
    expect(await claims(world, second.authorisation)).toEqual([2000n, 2500n]);
    await payIn(world, 3, 2600n);
    expect(await owed(world)).toEqual([0n, 4400n]);
    accepted(await claimShares(world.deps, first));
    accepted(await claimShares(world.deps, second));
    expect(await claims(world, second.authorisation)).toEqual([2000n, 2400n]);
    await replayStored(world);
    expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
  });

  it('are held out of turn, where the money is there: the other claims anew', async () => {
    const { world, first, second } = await two();
    await payIn(world, 3, 2500n);
    accepted(await claimShares(world.deps, second));
    expect(await claims(world, second.authorisation)).toEqual([2000n, 2500n]);
    accepted(await holdShares(world.deps, second));
    expect(await claims(world, second.authorisation)).toEqual([0n, 0n]);
    expect(await owed(world)).toEqual([4500n, 0n]);
    accepted(await claimShares(world.deps, first));
    expect(await claims(world, first.authorisation)).toEqual([2000n, 2500n]);
    await replayStored(world);
  });

  it('are one when the first is closed: the second has what it left', async () => {
    const { world, first, second } = await two();
    await closeWork(world, first);
    expect(await owed(world)).toEqual([0n, 2500n]);
    accepted(await claimShares(world.deps, second));
    expect(await claims(world, second.authorisation)).toEqual([2500n]);
    await replayStored(world);
  });

  it.each([
    ['application', () => fresh.db],
    ['owner', () => fresh.owner],
  ] as const)('are claimed in no other way by the %s', async (_who, login) => {
    const { world, first, second } = await two();
    accepted(await claimShares(world.deps, first));
    accepted(await claimShares(world.deps, second));
    const rows = await fresh.owner
      .selectFrom('fund_account')
      .select(['account_id', 'kind', 'unit_id'])
      .where('community_id', '=', world.community)
      .where('authorisation_id', '=', second.authorisation)
      .execute();
    const idOf = (kind: string, at?: number): string =>
      present(
        rows.find((row) => row.kind === kind && (at === undefined || row.unit_id === world.units[at]?.unit)),
        'the account',
      ).account_id;
    const refused = (kind: string, at: number, fen: bigint) => {
      const legs: RawLeg[] = [
        [idOf('claim', at), fen],
        [idOf('claim_contra'), -fen],
      ];
      return refusedBy(() => raw(login(), world, { kind, authorisation: second.authorisation, legs }));
    };
    // What the old rule claimed: each share less all that is available.
    expect(await refused('claim_settled', 2, -2000n)).toBe('fund_claim_by_share');
    expect(await refused('claim', 2, 500n)).toBe('fund_claim_by_share');
    expect(await refused('claim_settled', 3, -2500n)).toBe('fund_claim_by_share');
  });
});
