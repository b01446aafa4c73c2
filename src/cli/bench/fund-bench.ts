/**
 * `bench fund`: entries that a book takes a second, one by one and in a bank's file, and the hold on every household, each beside a
 * bare run of the very statements that the same request sends, prepared, with nothing around them. Both take turns.
 */
import { checkLog } from '../../auditlog/checking.ts';
import { sequenceAll } from '../../auditlog/sequencing.ts';
import { assert, present } from '../../base/assert.ts';
import { civilDateAt } from '../../base/civil-date.ts';
import type { Result } from '../../base/result.ts';
import type { BenchStatements } from '../../db/bench-statements.ts';
import { openBenchStatements } from '../../db/bench-statements.ts';
import { exportJournal } from '../../fund/exporting.ts';
import type { FundDeps } from '../../fund/fund-deps.ts';
import { holdShares } from '../../fund/holding.ts';
import { readBook } from '../../fund/reading.ts';
import { receive } from '../../fund/receiving.ts';
import type { FundRefusal } from '../../fund/refusals.ts';
import { deploymentDeps } from '../../main.ts';
import { systemRandom } from '../opening.ts';
import { openBench } from './deployment.ts';
import type { Figure } from './figures.ts';
import { against, alone, median } from './figures.ts';
import type { BenchedBook } from './fund-book.ts';
import { BENCH_BANK, foundBook } from './fund-book.ts';

export type FundBenchOptions = {
  readonly households: number;
  /** Receipts of a round, one by one, and as one file. */
  readonly receipts: number;
  readonly rounds: number;
  readonly flushDelayMs: number;
};

/** A request of the fund, made anew each time; it throws where it is refused. */
type Work = (deps: FundDeps) => Promise<void>;
type Pair = { readonly bareMs: number; readonly serviceMs: number };

function accepted<T>(result: Result<T, FundRefusal>): T {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

async function millis(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Requests of one kind, all different. */
function requests({ community, units, authorisations }: BenchedBook, now: number) {
  const valueOn = civilDateAt(now);
  let receipts = 0;
  let holds = 0;
  const receipt = () => {
    receipts += 1;
    const unit = present(units[(receipts * 7) % units.length], 'a household');
    return { receipt: String(receipts), unit, amountFen: BigInt(100 + receipts), valueOn };
  };
  const file = (count: number): Work => {
    const list = Array.from({ length: count }, receipt);
    return async (deps) => {
      const { booked } = accepted(await receive(deps, { community, bank: BENCH_BANK, receipts: list }));
      assert(booked === count, 'every receipt is booked');
    };
  };
  const hold = (): Work => {
    const authorisation = present(authorisations[holds], 'an authorisation a hold');
    holds += 1;
    return async (deps) => {
      accepted(await holdShares(deps, { community, authorisation }));
    };
  };
  return { file, hold };
}

/** As many requests bare as through the house, in turns of one; who comes first changes. */
async function race(
  deps: FundDeps,
  statements: BenchStatements,
  times: number,
  next: () => Work,
): Promise<Pair> {
  const spent = { bareMs: 0, serviceMs: 0 };
  const bare = async (): Promise<void> => {
    const work = next();
    const recorded = await statements.record((db) => work({ ...deps, db }));
    spent.bareMs += await millis(() => statements.replay(recorded));
  };
  const service = async (): Promise<void> => {
    const work = next();
    spent.serviceMs += await millis(() => work(deps));
  };
  for (let at = 0; at < times; at += 1)
    for (const run of at % 2 === 0 ? [bare, service] : [service, bare]) await run();
  return spent;
}

/** A rate beside its limit; the ratio is the median of the rounds' own, as a noisy minute spoils one round and not both sides of it. */
function figureOf(name: string, unit: string, count: number, pairs: readonly Pair[]): Figure {
  const rate = (ms: number): number => (count * 1000) / ms;
  const figure = against(
    name,
    rate(median(pairs.map(({ serviceMs }) => serviceMs))),
    unit,
    rate(median(pairs.map(({ bareMs }) => bareMs))),
  );
  return { ...figure, ratio: median(pairs.map(({ bareMs, serviceMs }) => bareMs / serviceMs)) };
}

const HOLDS_A_ROUND = 2;
const WARM_UP = 1;

async function measure(
  deps: FundDeps,
  statements: BenchStatements,
  book: BenchedBook,
  { receipts, rounds }: FundBenchOptions,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  const { file, hold } = requests(book, deps.clock());
  const [ones, files, holds]: [Pair[], Pair[], Pair[]] = [[], [], []];
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const made = [
      await race(deps, statements, receipts, () => file(1)),
      await race(deps, statements, 2, () => file(receipts)),
      await race(deps, statements, HOLDS_A_ROUND, hold),
    ] as const;
    if (round < 0) continue;
    for (const [at, list] of [ones, files, holds].entries()) list.push(present(made[at], 'three kinds'));
    const ratios = made.map(({ bareMs, serviceMs }) => (bareMs / serviceMs).toFixed(2));
    say(`第 ${round + 1} 轮 round ${round + 1} of ${rounds}: ${ratios.join(', ')}`);
  }
  const holdMs = median(holds.map(({ serviceMs }) => serviceMs / HOLDS_A_ROUND));
  return [
    figureOf('fund.receipts', 'entries/s', receipts, ones),
    figureOf('fund.file', 'entries/s', receipts * 2, files),
    figureOf('fund.hold', 'holds/s', HOLDS_A_ROUND, holds),
    alone('fund.hold.ms', holdMs, `ms for ${book.units.length} households`),
  ];
}

/** What both sides wrote is one book without a gap, whose journal agrees with its records, and the log agrees with itself. */
async function checkTruth(
  deps: Awaited<ReturnType<typeof deploymentDeps>>,
  { community, units }: BenchedBook,
  { receipts, rounds }: FundBenchOptions,
): Promise<void> {
  const { lastSeq, totals } = accepted(await readBook(deps.db, community));
  const entries = units.length + (rounds + WARM_UP) * 2 * (receipts + 2 * receipts + HOLDS_A_ROUND);
  assert(lastSeq === BigInt(entries), `the book has ${entries} entries: ${lastSeq}`);
  assert(totals.bank === totals.unit_available + totals.unit_held, 'the bank holds what the households have');
  accepted(await exportJournal(deps.db, community));
  await sequenceAll(deps.log);
  assert((await checkLog(deps.log)).findings.length === 0, 'the log agrees with itself');
}

/** Rounds of receipts, files and holds. */
export async function benchFund(
  options: FundBenchOptions,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  const place = await openBench(options.flushDelayMs, say);
  try {
    const deps = await deploymentDeps({
      config: place.config,
      appUrl: place.appUrl,
      keys: place.keys,
      clock: Date.now,
      random: systemRandom,
    });
    const statements = await openBenchStatements(place.appUrl, place.ownerUrl);
    try {
      say(`准备账簿 preparing a book of ${options.households} households`);
      const authorisations = (options.rounds + WARM_UP) * 2 * HOLDS_A_ROUND;
      const fund: FundDeps = { db: deps.db, clock: Date.now, random: systemRandom };
      const book = await foundBook(place, fund, { ...options, authorisations });
      const figures = await measure(fund, statements, book, options, say);
      await checkTruth(deps, book, options);
      return figures;
    } finally {
      await statements.close();
      await deps.db.destroy();
    }
  } finally {
    await place.close();
  }
}
