/** What-if of an election: ballots that mark candidates, counted by the same core as a meeting (Civil Code §278(3), docs/tally-cases.md). */
import type { RuleParameters } from '../../assembly/domain/rule-parameters.ts';
import { compareText } from '../../base/bytes.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { Election, ElectionEntry, ElectionResult, Rank } from './election.ts';
import { countElection, RANKS } from './election.ts';
import type { Measure } from './participation.ts';
import type { Json, Row, WhatIfRefusal } from './what-if-line.ts';
import { ANY_KIND, checkMembers, headOf, plain, readRows, SPECIAL } from './what-if-line.ts';
import { readProfile } from './what-if-motion.ts';
import { readChanges } from './what-if-parameters.ts';

type Marks = ElectionEntry['marks'];

/** An election and the ballots; every owner has one head. */
export type ElectionCase = {
  readonly id: string;
  readonly election: Election;
  readonly entries: readonly ElectionEntry[];
  readonly parameters: RuleParameters;
};

/** More rows than a file of what-ifs needs: each owner is an entry of his own. */
const MAX_OWNERS = 200_000n;
const MAX_CANDIDATES = 60;

/** `"-"` absent, `"A"` abstains, `"X"` void, or an array of candidates. */
function readMarks(value: unknown, where: string): Result<Marks, WhatIfRefusal> {
  if (value === '-') return ok('absent');
  if (value === 'A') return ok([]);
  if (value === 'X') return ok('invalid');
  const isList = Array.isArray(value) && value.every((mark) => typeof mark === 'string');
  return isList ? ok(value as readonly string[]) : refuse('MARKS_UNKNOWN', where);
}

const positive = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

function readElection(line: Json): Result<Election, WhatIfRefusal> {
  const { candidates, seats, max = seats, rank = 'HEADS_AREA' } = line;
  const names: readonly unknown[] = Array.isArray(candidates) ? candidates : [];
  const isSound =
    names.length > 0 &&
    names.length <= MAX_CANDIDATES &&
    names.every((name) => typeof name === 'string' && name !== '') &&
    new Set(names).size === names.length;
  if (!isSound) return refuse('CANDIDATES_MALFORMED', 'candidates');
  if (!positive(seats, MAX_CANDIDATES)) return refuse('SEATS_MALFORMED', 'seats');
  if (!positive(max, MAX_CANDIDATES)) return refuse('SEATS_MALFORMED', 'max');
  if (!RANKS.includes(rank as Rank)) return refuse('PARAMETER_VALUE', 'rank');
  return ok({ seats, maxMarks: max, candidates: names as readonly string[], rank: rank as Rank });
}

/** Whether two ballots mark the same candidates, equally often and in whatever order. */
const sameMarks = (a: Marks, b: Marks): boolean =>
  typeof a === 'string' || typeof b === 'string'
    ? a === b
    : JSON.stringify([...a].sort(compareText)) === JSON.stringify([...b].sort(compareText));

/** One entry for each owner: all units of a named one together, whose marks must be the same on each. */
function entriesOf(
  rows: readonly Row<Marks>[],
  countSpecialSpaces: boolean,
): Result<readonly ElectionEntry[], WhatIfRefusal> {
  const named = new Map<string, { areaDm2: bigint; readonly marks: Marks }>();
  const entries: ElectionEntry[] = [];
  let owners = 0n;
  for (const [index, { count: times, areaDm2, owner, vote, kind }] of rows.entries()) {
    if (times === 0n || (kind === SPECIAL && !countSpecialSpaces)) continue;
    owners += owner === '*' ? times : named.has(headOf(owner)) ? 0n : 1n;
    if (owners > MAX_OWNERS) return refuse('OWNERS_TOO_MANY', `g[${index}][0]`, { most: Number(MAX_OWNERS) });
    if (owner === '*') {
      for (let at = 0n; at < times; at += 1n) entries.push({ weight: { heads: 1, areaDm2 }, marks: vote });
      continue;
    }
    const key = headOf(owner);
    const known = named.get(key);
    if (known !== undefined && !sameMarks(known.marks, vote))
      return refuse('OWNER_DIVIDED', `g[${index}][3]`, { owner });
    if (known === undefined) named.set(key, { areaDm2: times * areaDm2, marks: vote });
    else known.areaDm2 += times * areaDm2;
  }
  for (const { areaDm2, marks } of named.values()) entries.push({ weight: { heads: 1, areaDm2 }, marks });
  return ok(entries);
}

/** Reads the line of an election: `seats`, `candidates`, `g`; `max` marks a ballot, `rank`, `opt`. */
export function parseElection(line: Json & { readonly id: string }): Result<ElectionCase, WhatIfRefusal> {
  const members = checkMembers(line, ['seats', 'candidates', 'g'], ['m', 'max', 'rank', 'opt']);
  if (!members.ok) return members;
  const { id, m = 3, g, opt = {}, profile = 'CN-2021' } = line;
  if (m !== 3) return refuse('MATTER_NOT_ELECTION', 'm');
  const parameters = readProfile(profile);
  if (!parameters.ok) return parameters;
  const election = readElection(line);
  if (!election.ok) return election;
  const changes = readChanges(opt, 'opt', ['countSpecialSpaces', 'invalidParticipates']);
  if (!changes.ok) return changes;
  const changed = { ...parameters.value, ...changes.value };
  const rows = readRows(g, readMarks, ANY_KIND);
  if (!rows.ok) return rows;
  const entries = entriesOf(rows.value, changed.countSpecialSpaces);
  if (!entries.ok) return entries;
  return ok({ id, election: election.value, entries: entries.value, parameters: changed });
}

const pair = ({ areaDm2, heads }: Measure) => [plain(areaDm2), plain(heads)];

/** ELECTED: every seat is filled. RUN_OFF: some go to a second vote. VACANT: too few candidates passed. */
function resultOf({ outcome, runOff, vacant }: ElectionResult): string {
  if (outcome !== 'COUNTED') return outcome;
  if (runOff.seats > 0) return 'RUN_OFF';
  return vacant > 0 ? 'VACANT' : 'ELECTED';
}

/** The JSON line of an election's result, without a line end. */
export function electionLine({ id, election, entries, parameters }: ElectionCase): string {
  const result = countElection(entries, election, parameters);
  const [first] = result.candidates;
  const quorum = first?.decision.quorum;
  return JSON.stringify({
    id,
    T: pair(result.total),
    P: pair(result.participating),
    q: [quorum?.area.holds === true, quorum?.heads.holds === true],
    candidates: result.candidates.map(({ candidate, consent, decision: { pass } }) => ({
      id: candidate,
      Y: pair(consent),
      p: [pass.area.holds, pass.heads.holds],
    })),
    elected: result.outcome === 'COUNTED' ? result.elected : [],
    runOff: result.outcome === 'COUNTED' ? result.runOff : { seats: 0, candidates: [] },
    reserve: result.outcome === 'COUNTED' ? result.reserve : [],
    vacant: result.outcome === 'COUNTED' ? result.vacant : election.seats,
    result: resultOf(result),
  });
}
