/** Short spellings for the tests of counting: entries, and counts as plain pairs of area and heads. */
import { CN_2021, defaultParameters } from '../../src/assembly/domain/profile.ts';
import type { Answer, Counts, Entry } from '../../src/tally/domain/participation.ts';

/** The defaults of CN-2021. */
export const CN = defaultParameters(CN_2021);

/** `times` equal owners of one unit each. */
export const owners = (times: number, areaDm2: number, answer: Answer): Entry => ({
  times: BigInt(times),
  shares: [{ areaDm2: BigInt(areaDm2), answer }],
});

/** One owner with several units. */
export const owner = (...units: readonly (readonly [number, Answer])[]): Entry => ({
  times: 1n,
  shares: units.map(([areaDm2, answer]) => ({ areaDm2: BigInt(areaDm2), answer })),
});

/** `[area, heads]` of T, P and Y. */
export const pairs = ({ T, P, Y }: Counts) =>
  [T, P, Y].map((measure) => [Number(measure.areaDm2), Number(measure.heads)]);

/** Counts from plain pairs. */
export const counts = (T: [number, number], P: [number, number], Y: [number, number]): Counts => {
  const of = ([area, heads]: [number, number]) => ({ areaDm2: BigInt(area), heads: BigInt(heads) });
  return { T: of(T), P: of(P), Y: of(Y) };
};
