/** What cosigned times prove about the order of the log and the clock of the world (SPEC 6.8, 7.4). */
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { WitnessKey } from '../record/checkpoint.ts';
import { cosignersOf } from '../record/checkpoint.ts';
import { parseVkey } from '../record/note.ts';
import type { SignedCheckpoint } from './bundled-log.ts';

/** An entry has its index at most this long after it was decided (`includeBy`, SPEC 7.3). */
const INCLUDE_WITHIN_MS = 60_000;

/** Times in milliseconds; undefined where no quorum says anything. */
export type TimeBrackets = {
  /** How many witnesses must agree; 0 where no witness is named, and then no time is known. */
  readonly quorum: number;
  /** The earliest time at which a quorum had cosigned a checkpoint that covers the entry. */
  readonly coveredAt: (index: number) => Instant | undefined;
  /** The latest time at which a quorum had cosigned a checkpoint that does not cover it yet. */
  readonly notYetAt: (index: number) => Instant | undefined;
};

/** The earliest time at which an entry may have been decided; undefined where no quorum says. */
export function decidedFrom({ notYetAt }: TimeBrackets, index: number): Instant | undefined {
  const at = notYetAt(index);
  return at === undefined ? undefined : at - INCLUDE_WITHIN_MS;
}

/** The first and the last civil day that something may have been decided on; undefined where no quorum bounds them. */
export type Days = { readonly first: CivilDate | undefined; readonly last: CivilDate | undefined };

/**
 * The civil days, first and last, on one of which an entry was decided; undefined where no quorum bounds them. What is good until a
 * day is over for an entry only where that day is before the first of them.
 */
export function daysOf(brackets: TimeBrackets, index: number): Days {
  const [from, to] = [decidedFrom(brackets, index), brackets.coveredAt(index)];
  return {
    first: from === undefined ? undefined : civilDateAt(from),
    last: to === undefined ? undefined : civilDateAt(to),
  };
}

/** Witness keys by their own names. */
export const witnessesOf = (vkeys: readonly string[]): readonly WitnessKey[] =>
  vkeys.map((vkey) => {
    const key = parseVkey(vkey);
    return { name: key.ok ? key.value.name : vkey, vkey };
  });

/** The time by which `quorum` witnesses had cosigned a note, or undefined where fewer have. */
function quorumTime(note: string, witnesses: readonly WitnessKey[], quorum: number): Instant | undefined {
  const times = cosignersOf(note, witnesses).map(({ at }) => at);
  const last = times.sort((a, b) => a - b)[quorum - 1];
  return last === undefined ? undefined : last * 1000;
}

/** Brackets from all checkpoints at hand. */
export function timeBrackets(
  checkpoints: readonly SignedCheckpoint[],
  witnesses: readonly WitnessKey[],
  quorum: number,
): TimeBrackets {
  const isKnown = quorum > 0 && witnesses.length >= quorum;
  const timed: { readonly size: number; readonly at: Instant }[] = [];
  for (const { note, checkpoint } of isKnown ? checkpoints : []) {
    const at = quorumTime(note, witnesses, quorum);
    if (at !== undefined) timed.push({ size: checkpoint.size, at });
  }
  timed.sort((a, b) => a.size - b.size);
  // earliest[i]: over the checkpoints from i on; latest[i]: over those before i.
  const earliest: Instant[] = new Array(timed.length + 1).fill(Number.POSITIVE_INFINITY);
  const latest: Instant[] = new Array(timed.length + 1).fill(Number.NEGATIVE_INFINITY);
  for (const [i, { at }] of timed.entries()) latest[i + 1] = Math.max(latest[i] as number, at);
  for (let i = timed.length - 1; i >= 0; i -= 1) {
    earliest[i] = Math.min(earliest[i + 1] as number, (timed[i] as { at: number }).at);
  }
  const finite = (value: number | undefined): Instant | undefined =>
    value !== undefined && Number.isFinite(value) ? value : undefined;
  /** Place of the first checkpoint that covers an index. */
  function placeOf(index: number): number {
    let [low, high] = [0, timed.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((timed[middle] as { size: number }).size > index) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  return {
    quorum: isKnown ? quorum : 0,
    coveredAt: (index) => finite(earliest[placeOf(index)]),
    notYetAt: (index) => finite(latest[placeOf(index)]),
  };
}
