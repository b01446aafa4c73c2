// What is asked after the kills, when every client knows the outcome of all it sent: the reckoning is whole, all acknowledgements are
// repeated to the byte, and the log holds by our command, by the outside client and by receipts (SPEC 6.5, 7.1, 7.3).
import { expect } from 'vitest';
import type { Seeded } from '../../src/cli/demo/seeded.ts';
import type { Database } from '../../src/db/connect.ts';
import { report } from './chance.ts';
import type { Crowd, Cut } from './crowd.ts';
import { repeatAll } from './crowd.ts';
import type { Poll } from './prepared-casts.ts';
import { until } from './processes.ts';
import type { watchCheckpoints } from './reckoning.ts';
import { checkByCommand, checkOutside, checkReceipts, isSettled, reckon, wholeOf } from './reckoning.ts';
import type { Site } from './site.ts';

/** A run that has ended: its crowd has stopped, and these services still run. */
export type Run = {
  readonly name: string;
  readonly seed: string;
  readonly draw: Seeded;
  readonly site: Site;
  readonly poll: Poll;
  readonly db: Database;
  readonly crowd: Crowd;
  readonly cuts: readonly Cut[];
  readonly ports: readonly number[];
  readonly checkpoints: ReturnType<typeof watchCheckpoints>;
  /** Nothing could serve for so long that `includeBy` passed; without it every promise must be kept. */
  readonly mayBreakPromises?: boolean;
};

const SETTLED_WITHIN_MS = 60_000;

/** What the kills hit, added up. */
export const sumOf = (cuts: readonly Cut[]): Cut => {
  const sum = (name: keyof Cut): number => cuts.reduce((total, cut) => total + cut[name], 0);
  return {
    underWay: sum('underWay'),
    unanswered: sum('unanswered'),
    unavailable: sum('unavailable'),
    acknowledged: sum('acknowledged'),
    stood: sum('stood'),
  };
};

/** Fails unless everything acknowledged is there, once, and the log is whole and was the same for all. */
export async function expectWhole(run: Run): Promise<void> {
  const { name, seed, site, poll, db, crowd, ports } = run;
  const { acknowledged } = crowd;
  const ackKey = poll.meeting.definition.keys.ack;
  await until('the log is settled', SETTLED_WITHIN_MS, () => isSettled(db));
  const found = await reckon(db, poll.meeting.meeting, ackKey, acknowledged);
  const notes = await run.checkpoints.stop();
  const cuts = Object.entries(sumOf(run.cuts)).map(([key, value]) => [`cut ${key}`, value]);
  const facts = { kills: run.cuts.length, ...Object.fromEntries(cuts), ...found, checkpoints: notes.length };
  report(name, seed, { ...facts, ...crowd.replies() });
  const brokenPromises = run.mayBreakPromises === true ? found.brokenPromises : 0;
  expect(found, seed).toEqual({ ...wholeOf(acknowledged.length), brokenPromises });
  expect(crowd.refused, seed).toEqual([]);
  expect(crowd.withoutRetryAfter()).toBe(0);
  for (const port of ports)
    expect(await repeatAll(port, acknowledged)).toEqual({ 'the same acknowledgement': acknowledged.length });
  // Two notes of one size would be two histories, or one that was signed twice.
  expect(new Set(notes.map((note) => note.split('\n')[1])).size).toBe(notes.length);
  expect(await checkByCommand(site)).toEqual({ code: 0, waiting: 0, findings: [] });
  const url = `http://127.0.0.1:${ports[0]}`;
  const outside = await checkOutside(site, url, notes, ackKey, acknowledged);
  expect(outside.code, outside.out).toBe(0);
  const sample = Array.from({ length: 40 }, () => run.draw.pick(acknowledged));
  const receipts = await checkReceipts(site, url, sample);
  expect(receipts, receipts.out).toMatchObject({ code: 0, same: sample.length });
}

/** Fails unless the kills came in the middle: casts were under way at every one, and this share of them left casts without an answer. */
export function expectHits(cuts: readonly Cut[], seed: string, share: number): void {
  expect(
    cuts.every(({ underWay }) => underWay > 0),
    seed,
  ).toBe(true);
  const hits = cuts.filter(({ unanswered, unavailable }) => unanswered + unavailable > 0);
  expect(hits.length, seed).toBeGreaterThanOrEqual(Math.ceil(cuts.length * share));
}
