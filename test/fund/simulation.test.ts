// Goal: whatever happens to a book in whatever order, it says the same as simple arithmetic, to the fen and to the refusal's code.
// Method: seeded simulations on a real database beside an in-memory model; after every step the whole book is read and judged.
import { afterAll, describe, expect, it } from 'vitest';
import { exportJournal } from '../../src/fund/exporting.ts';
import { ENTRY_KINDS } from '../../src/record/fund.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { accepted, type FundWorld, fundWorld } from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';
import { replayStored } from './replaying.ts';
import type { Said } from './simulation-incoming.ts';
import { LaterSimulation } from './simulation-later.ts';
import type { Model } from './simulation-model.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const STEPS = 90;

/** The kinds of entries and the answers that came up, over all seeds. */
const kinds = new Set<string>();
const codes = new Set<string>();
const drawn = new Set<string>();

const SEEDS = [
  'roof',
  'lift',
  'pump',
  'wall',
  'gate',
  'tank',
  'rope',
  'lamp',
  'bell',
  'door',
  'fence',
  'stair',
  'meter',
];

type Moves = readonly (readonly [weight: number, move: (on: LaterSimulation) => Promise<Said>])[];

/** How often of a hundred, and what. */
const MOVES: Moves = [
  [16, (on) => on.receipts()],
  [2, (on) => on.lift()],
  [5, (on) => on.claim()],
  [5, (on) => on.identify()],
  [5, (on) => on.reverse()],
  [2, (on) => on.authorise()],
  [12, (on) => on.hold()],
  [14, (on) => on.accrue()],
  [11, (on) => on.pay()],
  [8, (on) => on.returned()],
  [4, (on) => on.cancel()],
  [5, (on) => on.release()],
  [1, (on) => on.annul()],
  [3, (on) => on.interest()],
  [4, (on) => on.distribute()],
  [2, (on) => on.moveBank()],
  [1, (on) => on.wait()],
];

/** The last steps end what was begun: courts annul, banks send back, the rest goes home. */
const LATE_MOVES: Moves = [
  [10, (on) => on.receipts()],
  [20, (on) => on.accrue()],
  [20, (on) => on.pay()],
  [15, (on) => on.annul()],
  [10, (on) => on.returned()],
  [5, (on) => on.cancel()],
  [20, (on) => on.release()],
];
const LATE_STEPS = 24;

/** Years later: what is open is ended, units are no more and are refunded, and months are published all the while. */
const LAST_MOVES: Moves = [
  [8, (on) => on.receipts()],
  [3, (on) => on.identify()],
  [3, (on) => on.reverse()],
  [4, (on) => on.accrue()],
  [13, (on) => on.pay()],
  [5, (on) => on.returned()],
  [6, (on) => on.cancel()],
  [22, (on) => on.release(true)],
  [3, (on) => on.annul()],
  [3, (on) => on.interest()],
  [6, (on) => on.distribute()],
  [1, (on) => on.moveBank()],
  [3, (on) => on.vanish()],
  [10, (on) => on.refund()],
  [10, (on) => on.publish()],
];
const LAST_STEPS = 60;

/** What the developer owes is claimed, falls as he pays in for each of his units, and is claimed anew. */
const IN_ARREARS: readonly Moves[] = [
  [[100, (on) => on.claim()]],
  [[100, (on) => on.receipts(false, 4)]],
  [[100, (on) => on.claim()]],
  [[100, (on) => on.receipts(false, 3)]],
  [[100, (on) => on.claim()]],
];

/** Work that is not done after all, while something is claimed of him. */
const GIVEN_UP: readonly Moves[] = [
  [[100, (on) => on.claim()]],
  [[100, (on) => on.release()]],
  [[100, (on) => on.release()]],
  [[100, (on) => on.release()]],
];

/** How one that still holds something ends: accepted, paid in part, annulled, and what was not paid goes home. */
const IN_COURT: readonly Moves[] = [
  [[100, (on) => on.accrue()]],
  [[100, (on) => on.pay()]],
  [[100, (on) => on.annul()]],
  [[100, (on) => on.cancel()]],
  [[100, (on) => on.release()]],
  [[100, (on) => on.release()]],
];

function nextMove(on: LaterSimulation, moves: Moves): Promise<Said> {
  let left = on.pick(100);
  for (const [weight, move] of moves) {
    if (left < weight) return move(on);
    left -= weight;
  }
  return on.wait();
}

/** The stored accounts of a book by the model's keys, those that never moved left out. */
async function storedBalances(world: FundWorld): Promise<Map<string, bigint>> {
  const rows = await fresh.owner
    .selectFrom('fund_account')
    .selectAll()
    .where('community_id', '=', world.community)
    .where('version', '>', 0n)
    .execute();
  const places = new Map(world.units.map(({ unit }, at) => [unit, at]));
  return new Map(
    rows.map((row) => {
      const at = places.get(row.unit_id ?? '');
      const keys: Readonly<Record<string, string>> = {
        bank: `bank ${row.name}`,
        unit_available: `available ${at}`,
        unit_held: `held ${row.authorisation_id} ${at}`,
        payable: `payable ${row.authorisation_id}`,
        claim: `claim ${row.authorisation_id} ${at}`,
        claim_contra: `contra ${row.authorisation_id}`,
        interest_undistributed: 'interest',
        deposit_unidentified: 'unidentified',
      };
      return [keys[row.kind] ?? row.kind, row.balance_fen] as const;
    }),
  );
}

const nonZero = (balances: ReadonlyMap<string, bigint>) =>
  Object.fromEntries([...balances].filter(([, fen]) => fen !== 0n).sort());

/** Σ = 0, stored = replayed = the model's, the bank = what it owes, no gap, each entry in the log, and an acceptable export. */
async function judge(world: FundWorld, model: Model): Promise<void> {
  const { community } = world;
  const postings = await fresh.owner
    .selectFrom('fund_posting as p')
    .innerJoin('fund_entry as e', (join) =>
      join.onRef('e.community_id', '=', 'p.community_id').onRef('e.entry_id', '=', 'p.entry_id'),
    )
    .innerJoin('fund_account as a', (join) =>
      join.onRef('a.community_id', '=', 'p.community_id').onRef('a.account_id', '=', 'p.account_id'),
    )
    .innerJoin('log_entry as l', 'l.id', 'e.log_entry_id')
    .select(['e.seq', 'e.kind', 'a.account_id', 'a.kind as account_kind', 'a.balance_fen', 'p.amount_fen'])
    .where('p.community_id', '=', community)
    .where('l.kind', '=', 'fund.entry')
    .execute();
  const sums = new Map<bigint, bigint>();
  const replayed = new Map<string, bigint>();
  const stored = new Map<string, bigint>();
  for (const row of postings) {
    const fen = row.amount_fen;
    sums.set(row.seq, (sums.get(row.seq) ?? 0n) + fen);
    replayed.set(
      row.account_id,
      (replayed.get(row.account_id) ?? 0n) + (['bank', 'claim'].includes(row.account_kind) ? fen : -fen),
    );
    stored.set(row.account_id, row.balance_fen);
  }
  expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
  expect(replayed).toEqual(stored);
  expect([...sums.keys()].sort((a, b) => Number(a - b))).toEqual(model.entries.map(({ seq }) => BigInt(seq)));
  const kinds = new Map(postings.map(({ seq, kind }) => [Number(seq), kind]));
  expect(model.entries.map(({ seq }) => kinds.get(seq))).toEqual(model.entries.map(({ kind }) => kind));
  const balances = await storedBalances(world);
  expect(nonZero(balances)).toEqual(nonZero(model.balances));
  expect(model.sum('bank ')).toBe(
    model.sum('available ') +
      model.sum('held ') +
      model.sum('payable ') +
      model.balance('interest') +
      model.balance('unidentified'),
  );
  const states = await fresh.owner
    .selectFrom('fund_authorisation')
    .select(['authorisation_id', 'state'])
    .where('community_id', '=', community)
    .execute();
  for (const { authorisation_id, state } of states)
    expect(state).toBe(model.authorisations.get(authorisation_id)?.state);
  expect(journalFaults(accepted(await exportJournal(fresh.db, community)))).toEqual([]);
}

describe('a book', () => {
  it.each(SEEDS)(
    `of ${STEPS + LAST_STEPS} random steps stays what the model says, seed %s`,
    async (seed) => {
      const world = await fundWorld(fresh, {
        seed: `simulation ${seed}`,
        units: [
          { building: '1幢', room: '101', areaDm2: 8912n },
          { building: '1幢', room: '102', areaDm2: 8912n },
          { building: '1幢', room: '201', areaDm2: 12_045n },
          { building: '2幢', stair: '1单元', room: '101', areaDm2: 9977n, unsold: true },
          { building: '2幢', stair: '2单元', room: '101', areaDm2: 7n, unsold: true },
        ],
        capFen: 300_003n,
        proposals: 6,
      });
      const simulation = new LaterSimulation(world, seededRandom(seed));
      const trail: string[] = [];
      const said = async (moves: Moves): Promise<void> => {
        const { what, expected, got } = await nextMove(simulation, moves);
        trail.push(`${trail.length} ${what}: ${got}`);
        codes.add(got);
        drawn.add(what.split(' ')[0] ?? what);
        expect(`${what}: ${got}`).toBe(`${what}: ${expected}`);
        await judge(world, simulation.model);
      };
      try {
        await simulation.receipts(false, 0);
        await simulation.authorise();
        for (let step = 0; step < STEPS; step += 1) {
          if (step === 2 && simulation.narrow('waiting')) for (const moves of IN_ARREARS) await said(moves);
          if (step === 0 && simulation.narrow('waiting')) for (const moves of GIVEN_UP) await said(moves);
          if (step === STEPS - LATE_STEPS && simulation.narrow('holding'))
            for (const moves of IN_COURT) await said(moves);
          simulation.narrow();
          await said(step < STEPS - LATE_STEPS ? MOVES : LATE_MOVES);
        }
        for (let step = 0; step < LAST_STEPS; step += 1) await said(LAST_MOVES);
      } catch (error) {
        throw new Error(`seed ${seed}\n${trail.join('\n')}`, { cause: error });
      }
      await replayStored(world);
      for (const { kind } of simulation.model.entries) kinds.add(kind);
    },
    120_000,
  );

  it('went every way that a book knows, and was refused in many', () => {
    expect([...kinds].sort()).toEqual([...ENTRY_KINDS].sort());
    expect(codes.size).toBeGreaterThan(25);
    for (const code of ['UNIT_IN_FORCE', 'UNIT_HELD', 'UNIT_AUTHORISED', 'INTEREST_WAITS', 'UNIT_REFUNDED'])
      expect(codes).toContain(`FUND_${code}`);
    for (const code of ['NOT_OVER', 'PUBLISHED', 'UNRECONCILED'])
      expect(codes).toContain(`FUND_MONTH_${code}`);
    // Emergencies have no kind of entry of their own.
    for (const what of ['lift', 'annul', 'publish']) expect(drawn).toContain(what);
  });
});
