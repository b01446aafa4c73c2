/** What-if of a motion under Civil Code §278: groups of owners, counted by the same core as a meeting; areas in dm² (docs/tally-cases.md). */
import { type MatterClassId, matterClass } from '../../assembly/domain/matter-class.ts';
import { defaultParameters, profileById } from '../../assembly/domain/profile.ts';
import type { RuleParameters } from '../../assembly/domain/rule-parameters.ts';
import { present } from '../../base/assert.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { DualTest } from './majority-rule.ts';
import { decideMotion, type Outcome } from './outcome.ts';
import { type Answer, type Counts, count, type Entry, type Measure, type Share } from './participation.ts';
import type { Json, WhatIfRefusal } from './what-if-line.ts';
import {
  ANY_KIND,
  all,
  checkMembers,
  headOf,
  isObject,
  membersOf,
  plain,
  readAnswer,
  readMatterNumbers,
  readRows,
  SPECIAL,
} from './what-if-line.ts';
import { MOTION_PARAMETERS, readChanges } from './what-if-parameters.ts';

/** `count` units of the same area, owner, answer and kind. */
export type Group = {
  readonly count: bigint;
  readonly areaDm2: bigint;
  readonly owner: string;
  readonly answer: Answer;
  readonly special: boolean;
};

/** What a case is decided by: its matter classes and the parameters. */
export type Ruling = { readonly matters: readonly MatterClassId[]; readonly parameters: RuleParameters };

/** A case and the alternatives to it, each a complete ruling. */
export type WhatIfCase = {
  readonly id: string;
  readonly groups: readonly Group[];
  readonly ruling: Ruling;
  readonly alternatives: readonly Ruling[];
};

/** The result of one case: the counts, and for quorum and pass whether the area and the heads suffice. */
export type WhatIfResult = {
  readonly id: string;
  readonly counts: Counts;
  readonly quorum: DualTest;
  /** In every class of the case. */
  readonly pass: readonly DualTest[];
  readonly outcome: Outcome;
};

/** A ruling with the changes of one alternative, `m` among them, applied. */
function change(base: Ruling, value: unknown, where: string): Result<Ruling, WhatIfRefusal> {
  if (!isObject(value)) return refuse('PARAMETERS_MALFORMED', where);
  const { m, ...others } = value;
  const matters = m === undefined ? ok(base.matters) : readMatters(m, `${where}.m`);
  if (!matters.ok) return matters;
  const changes = readChanges(others, where, MOTION_PARAMETERS);
  if (!changes.ok) return changes;
  return ok({ matters: matters.value, parameters: { ...base.parameters, ...changes.value } });
}

function readAlternatives(value: unknown, base: Ruling): Result<readonly Ruling[], WhatIfRefusal> {
  if (!Array.isArray(value)) return refuse('ALTERNATIVES_MALFORMED', 'alt');
  return all(
    (value as readonly unknown[]).map((pair, index) =>
      Array.isArray(pair) && (pair.length === 1 || pair.length === 2)
        ? change(base, pair[0], `alt[${index}][0]`)
        : refuse('ALTERNATIVES_MALFORMED', `alt[${index}]`),
    ),
  );
}

export function readProfile(value: unknown): Result<RuleParameters, WhatIfRefusal> {
  const profile = typeof value === 'string' ? profileById(value) : undefined;
  return profile === undefined ? refuse('PROFILE_UNKNOWN', 'profile') : ok(defaultParameters(profile));
}

/** The ids of these matters. */
function readMatters(value: unknown, where: string): Result<readonly MatterClassId[], WhatIfRefusal> {
  const numbers = readMatterNumbers(value, where);
  if (!numbers.ok) return numbers;
  return ok(numbers.value.map((item) => present(matterClass(`M${item}`), 'a matter from 1 to 9').id));
}

/** The case of one line; what it expects (`exp`, and the second of each `alt` pair) is not read. */
export function parseMotion(line: Json & { readonly id: string }): Result<WhatIfCase, WhatIfRefusal> {
  const members = checkMembers(line, ['m', 'g'], ['opt', 'alt']);
  if (!members.ok) return members;
  const { id, m, g, opt = {}, alt = [], profile = 'CN-2021' } = line;
  const parameters = readProfile(profile);
  if (!parameters.ok) return parameters;
  const matters = readMatters(m, 'm');
  if (!matters.ok) return matters;
  const rows = readRows(g, readAnswer, ANY_KIND);
  if (!rows.ok) return rows;
  const groups = rows.value.map(
    ({ count: times, areaDm2, owner, vote, kind }): Group => ({
      count: times,
      areaDm2,
      owner,
      answer: vote,
      special: kind === SPECIAL,
    }),
  );
  const changes = readChanges(opt, 'opt', MOTION_PARAMETERS);
  if (!changes.ok) return changes;
  const ruling: Ruling = {
    matters: matters.value,
    parameters: { ...parameters.value, ...changes.value },
  };
  const alternatives = readAlternatives(alt, ruling);
  if (!alternatives.ok) return alternatives;
  return ok({ id, groups, ruling, alternatives: alternatives.value });
}

/** Owners that vote as one head: the same owner, or of an owner set `{H,W}` the first, who represents it. */
const keyOf = (owner: string, headKey: RuleParameters['headKey']): string =>
  (headKey === 'representative' && membersOf(owner)?.[0]) || headOf(owner);

/** The heads of a case: a new one for each unit of `*`, and one for each other owner with all his units. */
export function entriesOf(groups: readonly Group[], parameters: RuleParameters): readonly Entry[] {
  const entries: Entry[] = [];
  const heads = new Map<string, Share[]>();
  for (const { count: times, areaDm2, owner, answer, special } of groups) {
    if (times === 0n || (special && !parameters.countSpecialSpaces)) continue;
    if (owner === '*') {
      entries.push({ times, shares: [{ areaDm2, answer }] });
      continue;
    }
    const key = keyOf(owner, parameters.headKey);
    const shares = heads.get(key) ?? [];
    shares.push({ areaDm2: times * areaDm2, answer });
    heads.set(key, shares);
  }
  for (const shares of heads.values()) entries.push({ times: 1n, shares });
  return entries;
}

function evaluate(id: string, groups: readonly Group[], { matters, parameters }: Ruling): WhatIfResult {
  const counts = count(entriesOf(groups, parameters), parameters);
  const { classes, outcome } = decideMotion(counts, matters, parameters);
  const { quorum } = present(classes[0], 'a motion has a matter class');
  return { id, counts, quorum, pass: classes.map((decision) => decision.pass), outcome };
}

/** The results of a case and of its alternatives, which are named `G05/1`, `G05/2` and so on. */
export const evaluateMotion = ({ id, groups, ruling, alternatives }: WhatIfCase): readonly WhatIfResult[] => [
  evaluate(id, groups, ruling),
  ...alternatives.map((other, index) => evaluate(`${id}/${index + 1}`, groups, other)),
];

const pair = ({ areaDm2, heads }: Measure) => [plain(areaDm2), plain(heads)];

/** The JSON line of a result, without a line end. */
export function motionLine({ id, counts: { T, P, Y }, quorum, pass, outcome }: WhatIfResult): string {
  const q = [quorum.area.holds, quorum.heads.holds];
  const p = [pass.every((test) => test.area.holds), pass.every((test) => test.heads.holds)];
  return JSON.stringify({ id, T: pair(T), P: pair(P), Y: pair(Y), q, p, result: outcome });
}
