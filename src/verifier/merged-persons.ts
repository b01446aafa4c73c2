/** Who was one person with another at a place of the log: what the checks of letters, keys, mandates and roll ask (SPEC 3.8). */
import type { Merge } from '../record/merge.ts';

/** A merge from its entry to that of its undoing, as log indexes. */
export type MergedPersons = {
  readonly where: string;
  readonly given: Merge;
  readonly from: number;
  readonly until: number | undefined;
};
export type Merges = readonly MergedPersons[];

/** Whether a merge is in force at a log index. */
export const stands = ({ from, until }: MergedPersons, index: number): boolean =>
  from < index && (until === undefined || index < until);

/** The merge that made somebody another person at a log index. */
export const mergeOf = (merges: Merges, person: string, index: number): MergedPersons | undefined =>
  merges.find((each) => each.given.merged.person === person && stands(each, index));

/** Where letters, keys and mandates of a person ended by merges, the first at or after an index. */
export const mergedFrom = (merges: Merges, person: string, index: number): number | undefined =>
  merges
    .filter(({ given, from }) => given.merged.person === person && from > index)
    .map(({ from }) => from)
    .sort((a, b) => a - b)[0];
