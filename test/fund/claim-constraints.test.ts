// Goal: the database itself refuses a claim that is not the developer's, not what his unit lacks, not in its time, or that reaches money.
// Method: raw SQL around the shells, as the application and as the owner; each case names its constraint.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import type { Database } from '../../src/db/connect.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { freshDatabase } from '../support/database.ts';
import { claimWorld, payIn } from './claim-world.ts';
import { accepted, authorise, deposit, type FundWorld } from './fund-world.ts';
import { account, type RawEntry, raw, rawIn, refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

/** Unit 2 is claimed 2500 fen, unit 3 2100; nothing is held. */
let world: FundWorld;
let authorisation: string;
/** The same, where all was paid in and held. */
let holding: FundWorld;
let held: string;
beforeAll(async () => {
  const make = async (seed: string) => {
    const made = await claimWorld(fresh, seed);
    accepted(await deposit(made, [9000n, 9000n, 0n, 400n]));
    const opened = await authorise(made);
    accepted(await claimShares(made.deps, { community: made.community, authorisation: opened }));
    return [made, opened] as const;
  };
  [world, authorisation] = await make('constraints');
  [holding, held] = await make('constraints held');
  await payIn(holding, 2, 2600n);
  await payIn(holding, 3, 2500n);
  accepted(await holdShares(holding.deps, { community: holding.community, authorisation: held }));
});

const LOGINS = [
  ['the application', () => fresh.db],
  ['the owner', () => fresh.owner],
] as const;

/** A claim account that the shells would not open. */
async function opened(
  db: Database,
  of: FundWorld,
  facts: { readonly kind: string; readonly at?: number; readonly authorisation: string | null },
): Promise<string> {
  const id = newId(of.deps.random);
  await db
    .insertInto('fund_account')
    .values({
      community_id: of.community,
      account_id: id,
      kind: facts.kind,
      unit_id: facts.at === undefined ? null : present(of.units[facts.at], 'a unit').unit,
      authorisation_id: facts.authorisation,
      name: `资产:应收建设单位:假:${id}`,
    })
    .execute();
  return id;
}

for (const [who, login] of LOGINS)
  describe(`a claim written by ${who}`, () => {
    const refused = (entry: RawEntry, of = world) => refusedBy(() => raw(login(), of, entry));
    const legs = async (at: number, amountFen: bigint, of = world): Promise<RawEntry['legs']> => [
      [await account(of, 'claim', at), amountFen],
      [await account(of, 'claim_contra'), -amountFen],
    ];

    it('of more, or of less, than the unit lacks is refused', async () => {
      for (const [kind, amountFen] of [
        ['claim', 1n],
        ['claim_settled', -1n],
        ['claim_settled', -2500n],
      ] as const)
        expect(await refused({ kind, authorisation, legs: await legs(2, amountFen) })).toBe(
          'fund_claim_by_share',
        );
    });

    it('of a unit that is not the developer’s is refused', async () => {
      const work = login()
        .transaction()
        .execute(async (tx) => {
          const claim = await opened(tx, world, { kind: 'claim', at: 0, authorisation });
          const contra = await account(world, 'claim_contra');
          await rawIn(tx, world, {
            kind: 'claim',
            authorisation,
            legs: [
              [claim, 1n],
              [contra, -1n],
            ],
          });
        });
      expect(await refusedBy(() => work)).toBe('fund_claim_of_developer');
    });

    it('after the hold is refused', async () => {
      const entry = { authorisation: held, legs: await legs(2, 2400n, holding) };
      expect(await refused({ kind: 'claim', ...entry }, holding)).toBe('fund_claim_before_hold');
    });

    it('without an authorisation is refused', async () => {
      expect(await refused({ kind: 'claim', legs: await legs(2, 1n) })).toBe(
        'fund_entry_authorisation_check',
      );
    });

    it('cancelled while the authorisation is open is refused', async () => {
      const entry = { kind: 'claim_cancelled', authorisation, legs: await legs(2, -2500n) };
      expect(await refused(entry)).toBe('fund_release_after_closing');
    });

    it('that would fall below nothing is refused', async () => {
      const entry = { kind: 'claim_settled', authorisation, legs: await legs(2, -2501n) };
      expect(await refused(entry)).toBe('fund_account_never_negative_check');
    });

    it('against money, or money against a claim, is refused', async () => {
      const claim = await account(world, 'claim', 2);
      const contra = await account(world, 'claim_contra');
      const available = await account(world, 'unit_available', 0);
      const bank = await account(world, 'bank');
      for (const [kind, debit, credit] of [
        ['claim', claim, available],
        ['claim_settled', contra, bank],
        ['claim_settled', available, claim],
        ['hold', available, contra],
        ['hold', claim, contra],
      ] as const) {
        const entry: RawEntry = {
          kind,
          authorisation,
          legs: [
            [debit, 1n],
            [credit, -1n],
          ],
        };
        expect([kind, await refused(entry)]).toEqual([kind, 'fund_posting_shape_fk']);
      }
    });

    it('that stands at a hold keeps it from standing', async () => {
      const work = login()
        .transaction()
        .execute(async (tx) => {
          const from = await account(world, 'unit_available', 0);
          const to = await opened(tx, world, { kind: 'unit_held', at: 0, authorisation });
          await rawIn(tx, world, {
            kind: 'hold',
            authorisation,
            legs: [
              [from, 10n],
              [to, -10n],
            ],
          });
        });
      expect(await refusedBy(() => work)).toBe('fund_hold_after_claims');
    });

    it('is not avoided by a hold that spares his units', async () => {
      const spared = await claimWorld(fresh, `spared ${who}`);
      accepted(await deposit(spared, [9000n, 9000n, 9000n, 9000n]));
      const work = await authorise(spared);
      const holdOf = (amounts: readonly bigint[]) =>
        login()
          .transaction()
          .execute(async (tx) => {
            const legs: (readonly [string, bigint])[] = [];
            for (const [at, amountFen] of amounts.entries()) {
              if (amountFen === 0n) continue;
              legs.push([await account(spared, 'unit_available', at), amountFen]);
              legs.push([
                await opened(tx, spared, { kind: 'unit_held', at, authorisation: work }),
                -amountFen,
              ]);
            }
            await rawIn(tx, spared, { kind: 'hold', authorisation: work, legs });
          });
      for (const amounts of [
        [2500n, 2500n, 0n, 0n],
        [2500n, 2500n, 2500n, 2499n],
        [2501n, 2500n, 2500n, 2499n],
      ])
        expect(await refusedBy(() => holdOf(amounts))).toBe('fund_hold_by_share');
      expect(await refusedBy(() => holdOf([2500n, 2500n, 2500n, 2500n]))).toBe('accepted');
    });

    it('has one account a unit, and one contra account, each with its owner', async () => {
      const second = (facts: Parameters<typeof opened>[2]) => refusedBy(() => opened(login(), world, facts));
      expect(await second({ kind: 'claim', at: 2, authorisation })).toBe('fund_account_claim_key');
      expect(await second({ kind: 'claim_contra', authorisation })).toBe('fund_account_claim_contra_key');
      for (const facts of [
        { kind: 'claim', authorisation },
        { kind: 'claim', at: 1, authorisation: null },
        { kind: 'claim_contra', at: 1, authorisation },
        { kind: 'claim_contra', authorisation: null },
      ])
        expect(await second(facts)).toBe('fund_account_owner_check');
    });

    it('is whose it was decided to be: the developer’s units of an authorisation never change', async () => {
      const change = () =>
        login()
          .updateTable('fund_authorisation')
          .set({ developer_units: '[]' })
          .where('authorisation_id', '=', authorisation)
          .execute();
      expect(await refusedBy(change)).toBe(who === 'the owner' ? 'fund_authorisation_900_frozen' : 'denied');
    });
  });
