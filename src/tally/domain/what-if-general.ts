/** What-if under a rule in the general form: the same groups, with weight in place of area (docs/tally-cases.md). */
import type { GeneralRule } from '../../assembly/domain/general-rule.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { GeneralResult, Measured } from './general-tally.ts';
import { decideGenerally, passTests, wholeOf } from './general-tally.ts';
import type { Answer } from './participation.ts';
import type { Capped, Voter } from './weight-cap.ts';
import { applyCaps } from './weight-cap.ts';
import type { Json, Row, WhatIfRefusal } from './what-if-line.ts';
import {
  ANY_KIND,
  checkMembers,
  headOf,
  integer,
  plain,
  readAnswer,
  readMatterNumbers,
  readRows,
  SPECIAL,
} from './what-if-line.ts';
import { readChanges } from './what-if-parameters.ts';

/** A case, with its tests chosen and its caps applied. */
export type GeneralCase = {
  readonly id: string;
  readonly rule: GeneralRule;
  readonly tests: NonNullable<ReturnType<typeof passTests>>;
  readonly capped: Capped;
  readonly objecting: Measured | undefined;
};

/** Came to the meeting himself. */
const IN_PERSON = 'I';
/** Cannot be found; a court took him out of the base (Japan, from 2026). */
const UNLOCATED = 'U';

/** The kinds of unit that a rule tells apart; one that only another rule does is refused, since its writer meant something by it. */
function kindsOf(rule: GeneralRule): readonly string[] | undefined {
  if (rule.excludesSpecialSpaces === true) return ANY_KIND;
  return [
    ...(rule.quorum.some(({ of }) => of === 'IN_PERSON') ? [IN_PERSON] : []),
    ...(rule.removesUnlocated === true ? [UNLOCATED] : []),
  ];
}

/** A row that counts: its place in `g`, and its owner by one name. */
type Counted = Row<Answer> & { readonly at: number };

/** The rows without those that the rule leaves out; who cannot be found has no vote to cast. */
function countedRows(
  rows: readonly Row<Answer>[],
  rule: GeneralRule,
  special: boolean,
): Result<readonly Counted[], WhatIfRefusal> {
  const counted: Counted[] = [];
  for (const [at, row] of rows.entries()) {
    const isUnlocated = row.kind === UNLOCATED && rule.removesUnlocated === true;
    if (isUnlocated && row.vote !== 'absent') return refuse('UNLOCATED_VOTES', `g[${at}][3]`);
    const isOut = isUnlocated || (row.kind === SPECIAL && !special);
    if (row.count > 0n && !isOut) counted.push({ ...row, owner: headOf(row.owner), at });
  }
  return ok(counted);
}

/** Each owner once, or each unit where the rule counts units. */
function votersOf(rows: readonly Counted[], rule: GeneralRule): readonly Voter[] {
  const voters: Voter[] = [];
  const named = new Map<string, Voter['shares'][number][]>();
  for (const { count: times, areaDm2: weight, owner, vote: answer, kind } of rows) {
    const share = { weight, answer, inPerson: kind === IN_PERSON };
    if (owner === '*') voters.push({ owner: undefined, times, heads: 1n, shares: [share] });
    else if (rule.headKey === 'unit') voters.push({ owner, times, heads: 1n, shares: [share] });
    else {
      const shares = named.get(owner) ?? [];
      shares.push({ ...share, weight: times * weight });
      named.set(owner, shares);
    }
  }
  for (const [owner, shares] of named) voters.push({ owner, times: 1n, heads: 1n, shares });
  return voters;
}

/** The first row whose owner said something else in a row before it. */
function divided(rows: readonly Counted[]): Counted | undefined {
  const votes = new Map<string, Answer>();
  return rows.find(({ owner, vote }) => {
    if (owner === '*') return false;
    const first = votes.get(owner) ?? vote;
    votes.set(owner, first);
    return first !== vote;
  });
}

/**
 * Whether heads are measured against the votes cast. There an owner half of whose units abstain would be for as a whole, while he is not among
 * those printed as for; the law of such a rule has him vote in one way (WEG § 25, which is by heads).
 */
const wantsOneVote = (rule: GeneralRule, tests: GeneralCase['tests']): boolean =>
  rule.headKey === 'owner' &&
  [...rule.quorum, ...tests].some(({ measure, base }) => measure === 'HEADS' && base === 'CAST');

/** The voters of these rows under the caps of the rule; an owner who must vote in one way and does not is named. */
function cappedVoters(
  rows: readonly Counted[],
  rule: GeneralRule,
  tests: GeneralCase['tests'],
): Result<Capped, WhatIfRefusal> {
  const odd = wantsOneVote(rule, tests) ? divided(rows) : undefined;
  if (odd !== undefined) return refuse('OWNER_DIVIDED', `g[${odd.at}][3]`, { owner: odd.owner });
  const capped = applyCaps(votersOf(rows, rule), rule.caps);
  if ('voters' in capped) return ok(capped);
  const { dividedOwner } = capped;
  const at = divided(rows.filter(({ owner }) => owner === dividedOwner))?.at;
  return refuse('CAPPED_OWNER_DIVIDED', `g[${at}][3]`, { owner: dividedOwner });
}

/** The objections; nobody objects who is not in the roll, which is whole here: a cap is no reason to refuse. */
function readObjecting(
  value: unknown,
  roll: Measured,
  scale: bigint,
): Result<Measured | undefined, WhatIfRefusal> {
  if (value === undefined) return ok(undefined);
  const [weight, heads] = Array.isArray(value) && value.length === 2 ? value.map(integer) : [];
  if (weight === undefined || heads === undefined) return refuse('OBJECTIONS_MALFORMED', 'objecting');
  if (weight > roll.weight || heads > roll.heads)
    return refuse('OBJECTIONS_TOO_MANY', 'objecting', { most: `${roll.weight}, ${roll.heads}` });
  return ok({ weight: weight * scale, heads: heads * scale });
}

const optionalMembers = (rule: GeneralRule): readonly string[] => [
  'm',
  ...(rule.objection === undefined ? [] : ['objecting']),
  ...(rule.excludesSpecialSpaces === true ? ['opt'] : []),
];

/** Reads the line of a case under this rule: `g`, and `m`, `objecting` and `opt` where the rule asks for them. */
export function parseGeneral(
  line: Json & { readonly id: string },
  rule: GeneralRule,
): Result<GeneralCase, WhatIfRefusal> {
  const members = checkMembers(line, ['g'], optionalMembers(rule));
  if (!members.ok) return members;
  const { id, m, g, objecting, opt = {} } = line;
  // Only a rule that tells matters apart reads `m`; the others pass it over, as the format says.
  const isByMatter = passTests(rule, []) === undefined;
  if (isByMatter && m === undefined) return refuse('MEMBER_MISSING', 'm');
  const matters = isByMatter ? readMatterNumbers(m, 'm') : ok([]);
  if (!matters.ok) return matters;
  const tests = passTests(rule, matters.value);
  if (tests === undefined) return refuse('MATTER_UNKNOWN', 'm');
  const changes = readChanges(opt, 'opt', ['countSpecialSpaces']);
  if (!changes.ok) return changes;
  const rows = readRows(g, readAnswer, kindsOf(rule));
  if (!rows.ok) return rows;
  const special = changes.value.countSpecialSpaces === true;
  const counted = countedRows(rows.value, rule, special);
  if (!counted.ok) return counted;
  const capped = cappedVoters(counted.value, rule, tests);
  if (!capped.ok) return capped;
  const roll = wholeOf(votersOf(counted.value, rule));
  const objections = readObjecting(objecting, roll, capped.value.scale);
  if (!objections.ok) return objections;
  return ok({ id, rule, tests, capped: capped.value, objecting: objections.value });
}

/** A measure in the case's own unit; a fraction in lowest terms where a cap cut through a unit. */
function shown(value: bigint, scale: bigint): number | string {
  if (value % scale === 0n) return plain(value / scale);
  let [a, b] = [value, scale];
  while (b !== 0n) [a, b] = [b, a % b];
  return `${value / a}/${scale / a}`;
}

/** The JSON line of a result, without a line end. */
export function generalLine({ id, rule, tests, capped, objecting }: GeneralCase): string {
  const result: GeneralResult = decideGenerally(rule, tests, capped, objecting);
  const pair = ({ weight, heads }: Measured) => [shown(weight, capped.scale), shown(heads, capped.scale)];
  return JSON.stringify({
    id,
    rules: result.rules,
    T: pair(result.total),
    P: pair(result.participating),
    Y: pair(result.consenting),
    N: pair(result.against),
    q: result.quorum.map(({ holds }) => holds),
    p: result.pass.map(({ holds }) => holds),
    result: result.outcome,
  });
}
