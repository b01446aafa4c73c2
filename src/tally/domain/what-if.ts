/**
 * What-if: one case of groups of owners, read strictly from a JSON line and counted by the same core as a meeting;
 * areas in dm². `owners-vote tally --help` describes the format; what it decides is Civil Code §278.
 */
import { type MatterClassId, matterClass } from '../../assembly/domain/matter-class.ts';
import { defaultParameters, profileById } from '../../assembly/domain/profile.ts';
import type { RuleParameters } from '../../assembly/domain/rule-parameters.ts';
import { present } from '../../base/assert.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { DualTest } from './majority-rule.ts';
import { decideMotion, type Outcome } from './outcome.ts';
import { type Answer, type Counts, count, type Entry, type Measure, type Share } from './participation.ts';

/** Why a line is refused; `where` is the member, such as `g[2][1]`, or empty for the line itself. */
export type WhatIfCode =
  | 'LINE_NOT_AN_OBJECT'
  | 'MEMBER_UNKNOWN'
  | 'MEMBER_MISSING'
  | 'ID_MALFORMED'
  | 'NOTE_MALFORMED'
  | 'PROFILE_UNKNOWN'
  | 'MATTER_UNKNOWN'
  | 'GROUPS_MALFORMED'
  | 'COUNT_MALFORMED'
  | 'AREA_MALFORMED'
  | 'OWNER_MALFORMED'
  | 'VOTE_UNKNOWN'
  | 'KIND_MALFORMED'
  | 'PARAMETERS_MALFORMED'
  | 'PARAMETER_UNKNOWN'
  | 'PARAMETER_VALUE'
  | 'ALTERNATIVES_MALFORMED';
export type WhatIfRefusal = Refusal<WhatIfCode>;

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

type Json = { readonly [member: string]: unknown };

const MEMBERS = ['id', 'm', 'g', 'opt', 'alt', 'exp', 'note', 'profile'];
const INTEGER = /^(?:0|[1-9][0-9]{0,59})$/;
const KIND = /^[A-Z]$/;
const ANSWERS: ReadonlyMap<unknown, Answer> = new Map([
  ['Y', 'for'],
  ['N', 'against'],
  ['A', 'abstain'],
  ['F', 'follow'],
  ['X', 'invalid'],
  ['D', 'delivered-silent'],
  ['-', 'absent'],
]);

/** Parameters that a case may change: the name in the line, the parameter, and its values as they are written. */
const CHANGES: ReadonlyMap<string, readonly [keyof RuleParameters, ReadonlyMap<unknown, string | boolean>]> =
  (() => {
    const truth = new Map<unknown, boolean>([
      [true, true],
      [false, false],
    ]);
    const silence = new Map([
      ['none', 'NONE'],
      ['NONE', 'NONE'],
      ['follow', 'FOLLOW_MAJORITY'],
      ['FOLLOW_MAJORITY', 'FOLLOW_MAJORITY'],
    ]);
    const heads = new Map([
      ['ownerset', 'ownerset'],
      ['representative', 'representative'],
    ]);
    return new Map<string, readonly [keyof RuleParameters, ReadonlyMap<unknown, string | boolean>]>([
      ['special', ['countSpecialSpaces', truth]],
      ['countSpecialSpaces', ['countSpecialSpaces', truth]],
      ['silent', ['silenceRule', silence]],
      ['silenceRule', ['silenceRule', silence]],
      ['headKey', ['headKey', heads]],
      ['abstainParticipates', ['abstainParticipates', truth]],
      ['invalidParticipates', ['invalidParticipates', truth]],
    ]);
  })();

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values of all results, or the first refusal. */
function all<T>(results: readonly Result<T, WhatIfRefusal>[]): Result<readonly T[], WhatIfRefusal> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}

/** A non-negative integer: a safe number, or a decimal string, which may be of any size. */
function integer(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  return typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : undefined;
}

function readGroup(value: unknown, where: string): Result<Group, WhatIfRefusal> {
  if (!Array.isArray(value) || value.length < 4 || value.length > 5) return refuse('GROUPS_MALFORMED', where);
  const [countValue, areaValue, owner, vote, kind] = value as readonly unknown[];
  const units = integer(countValue);
  if (units === undefined) return refuse('COUNT_MALFORMED', `${where}[0]`);
  const areaDm2 = integer(areaValue);
  if (areaDm2 === undefined || areaDm2 === 0n) return refuse('AREA_MALFORMED', `${where}[1]`);
  if (typeof owner !== 'string' || owner === '') return refuse('OWNER_MALFORMED', `${where}[2]`);
  const answer = ANSWERS.get(vote);
  if (answer === undefined) return refuse('VOTE_UNKNOWN', `${where}[3]`);
  if (value.length === 5 && !(typeof kind === 'string' && KIND.test(kind)))
    return refuse('KIND_MALFORMED', `${where}[4]`);
  return ok({ count: units, areaDm2, owner, answer, special: kind === 'P' });
}

function readMatters(value: unknown, where: string): Result<readonly MatterClassId[], WhatIfRefusal> {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0) return refuse('MATTER_UNKNOWN', where);
  return all(
    items.map((item) => {
      const found = typeof item === 'number' ? matterClass(`M${item}`) : undefined;
      return found === undefined ? refuse('MATTER_UNKNOWN', where) : ok(found.id);
    }),
  );
}

/** A ruling with the changes of one object applied. */
function change(base: Ruling, value: unknown, where: string): Result<Ruling, WhatIfRefusal> {
  if (!isObject(value)) return refuse('PARAMETERS_MALFORMED', where);
  let { matters, parameters } = base;
  for (const [name, chosen] of Object.entries(value)) {
    const member = `${where}.${name}`;
    if (name === 'm') {
      const read = readMatters(chosen, member);
      if (!read.ok) return read;
      matters = read.value;
      continue;
    }
    const known = CHANGES.get(name);
    if (known === undefined) return refuse('PARAMETER_UNKNOWN', member);
    const [parameter, values] = known;
    const setting = values.get(chosen);
    if (setting === undefined) return refuse('PARAMETER_VALUE', member);
    parameters = { ...parameters, [parameter]: setting };
  }
  return ok({ matters, parameters });
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

function readProfile(value: unknown): Result<RuleParameters, WhatIfRefusal> {
  const profile = typeof value === 'string' ? profileById(value) : undefined;
  return profile === undefined ? refuse('PROFILE_UNKNOWN', 'profile') : ok(defaultParameters(profile));
}

function readObject(text: string): Result<Json, WhatIfRefusal> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('LINE_NOT_AN_OBJECT', '');
  }
  if (!isObject(value)) return refuse('LINE_NOT_AN_OBJECT', '');
  for (const name of Object.keys(value)) {
    if (!MEMBERS.includes(name)) return refuse('MEMBER_UNKNOWN', name);
  }
  for (const name of ['id', 'm', 'g']) {
    if (!Object.hasOwn(value, name)) return refuse('MEMBER_MISSING', name);
  }
  return ok(value);
}

/** The case of one line; what it expects (`exp`, and the second of each `alt` pair) is not read. */
export function parseCase(text: string): Result<WhatIfCase, WhatIfRefusal> {
  const line = readObject(text);
  if (!line.ok) return line;
  const { id, m, g, opt = {}, alt = [], note = '', profile = 'CN-2021' } = line.value;
  if (typeof id !== 'string' || id === '') return refuse('ID_MALFORMED', 'id');
  if (typeof note !== 'string') return refuse('NOTE_MALFORMED', 'note');
  const parameters = readProfile(profile);
  if (!parameters.ok) return parameters;
  const matters = readMatters(m, 'm');
  if (!matters.ok) return matters;
  if (!Array.isArray(g)) return refuse('GROUPS_MALFORMED', 'g');
  const groups = all((g as readonly unknown[]).map((group, index) => readGroup(group, `g[${index}]`)));
  if (!groups.ok) return groups;
  const ruling = change({ matters: matters.value, parameters: parameters.value }, opt, 'opt');
  if (!ruling.ok) return ruling;
  const alternatives = readAlternatives(alt, ruling.value);
  if (!alternatives.ok) return alternatives;
  return ok({ id, groups: groups.value, ruling: ruling.value, alternatives: alternatives.value });
}

/** Owners that vote as one head: the same name, or of an owner set `{H,W}` the first, who represents it. */
const headOf = (owner: string, headKey: RuleParameters['headKey']): string =>
  headKey === 'representative' ? owner.replace(/^\{([^,}]+).*$/s, '$1') : owner;

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
    const key = headOf(owner, parameters.headKey);
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
export const evaluateCase = ({ id, groups, ruling, alternatives }: WhatIfCase): readonly WhatIfResult[] => [
  evaluate(id, groups, ruling),
  ...alternatives.map((other, index) => evaluate(`${id}/${index + 1}`, groups, other)),
];

/** A number, or a decimal string above 2^53. */
const plain = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();

const pair = ({ areaDm2, heads }: Measure) => [plain(areaDm2), plain(heads)];

/** The JSON line of a result, without a line end. */
export function resultLine({ id, counts: { T, P, Y }, quorum, pass, outcome }: WhatIfResult): string {
  const q = [quorum.area.holds, quorum.heads.holds];
  const p = [pass.every((test) => test.area.holds), pass.every((test) => test.heads.holds)];
  return JSON.stringify({ id, T: pair(T), P: pair(P), Y: pair(Y), q, p, result: outcome });
}
