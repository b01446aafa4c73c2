/** One line of a what-if file as JSON: closed members, exact integers, rows of groups. Shared by motions, elections and general rules. */
import { compareText } from '../../base/bytes.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { Answer } from './participation.ts';
import type { JsonRefusal } from './what-if-json.ts';
import { readJson } from './what-if-json.ts';

/** Why a line is refused; `where` is the member, such as `g[2][1]`, or empty for the line itself. */
export type WhatIfCode =
  | JsonRefusal['code']
  | 'LINE_NOT_AN_OBJECT'
  | 'MEMBER_UNKNOWN'
  | 'MEMBER_NOT_TAKEN'
  | 'MEMBER_MISSING'
  | 'ID_MALFORMED'
  | 'NOTE_MALFORMED'
  | 'PROFILE_UNKNOWN'
  | 'MATTER_UNKNOWN'
  | 'MATTER_NOT_ELECTION'
  | 'GROUPS_MALFORMED'
  | 'COUNT_MALFORMED'
  | 'AREA_MALFORMED'
  | 'OWNER_MALFORMED'
  | 'OWNER_DIVIDED'
  | 'OWNERS_TOO_MANY'
  | 'VOTE_UNKNOWN'
  | 'MARKS_UNKNOWN'
  | 'UNLOCATED_VOTES'
  | 'KIND_MALFORMED'
  | 'KIND_UNKNOWN'
  | 'PARAMETERS_MALFORMED'
  | 'PARAMETER_UNKNOWN'
  | 'PARAMETER_VALUE'
  | 'PARAMETER_CONTRADICTED'
  | 'ALTERNATIVES_MALFORMED'
  | 'SEATS_MALFORMED'
  | 'CANDIDATES_MALFORMED'
  | 'OBJECTIONS_MALFORMED'
  | 'OBJECTIONS_TOO_MANY'
  | 'CAPPED_OWNER_DIVIDED';
export type WhatIfRefusal = Refusal<WhatIfCode>;

/** An object of JSON. */
export type Json = { readonly [member: string]: unknown };

const INTEGER = /^(?:0|[1-9][0-9]{0,59})$/;
const KIND = /^[A-Z]$/;
/** The kind of a parking space, which Chinese rules leave out unless special spaces count. */
export const SPECIAL = 'P';
/** Kinds that mean something under some rule; every other letter is a unit that counts, under each of them. */
const MEANT = [SPECIAL, 'I', 'U'];
/** Chinese rules know parking spaces, and every other unit as one that counts. */
export const ANY_KIND = undefined;
const ANSWERS: ReadonlyMap<unknown, Answer> = new Map([
  ['Y', 'for'],
  ['N', 'against'],
  ['A', 'abstain'],
  ['F', 'follow'],
  ['X', 'invalid'],
  ['D', 'delivered-silent'],
  ['-', 'absent'],
]);

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values of all results, or the first refusal. */
export function all<T>(results: readonly Result<T, WhatIfRefusal>[]): Result<readonly T[], WhatIfRefusal> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}

/** A non-negative integer: a safe number, or a decimal string, which may be of any size. */
export function integer(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  return typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : undefined;
}

/** The answer that a letter stands for. */
export const readAnswer = (value: unknown, where: string): Result<Answer, WhatIfRefusal> => {
  const answer = ANSWERS.get(value);
  return answer === undefined ? refuse('VOTE_UNKNOWN', where) : ok(answer);
};

/** `count` units of one area, owner, vote and kind; `kind` is empty where none is given. */
export type Row<V> = {
  readonly count: bigint;
  readonly areaDm2: bigint;
  readonly owner: string;
  readonly vote: V;
  readonly kind: string;
};

type ReadVote<V> = (vote: unknown, where: string) => Result<V, WhatIfRefusal>;
/** Those of the meant kinds that a rule knows, or `ANY_KIND`. */
type Kinds = readonly string[] | undefined;

function readRow<V>(
  value: unknown,
  where: string,
  readVote: ReadVote<V>,
  kinds: Kinds,
): Result<Row<V>, WhatIfRefusal> {
  if (!Array.isArray(value) || value.length < 4 || value.length > 5) return refuse('GROUPS_MALFORMED', where);
  const [countValue, areaValue, owner, voteValue, kind = ''] = value as readonly unknown[];
  const units = integer(countValue);
  if (units === undefined) return refuse('COUNT_MALFORMED', `${where}[0]`);
  const areaDm2 = integer(areaValue);
  if (areaDm2 === undefined || areaDm2 === 0n) return refuse('AREA_MALFORMED', `${where}[1]`);
  if (typeof owner !== 'string' || owner === '') return refuse('OWNER_MALFORMED', `${where}[2]`);
  const vote = readVote(voteValue, `${where}[3]`);
  if (!vote.ok) return vote;
  if (value.length === 5 && !(typeof kind === 'string' && KIND.test(kind)))
    return refuse('KIND_MALFORMED', `${where}[4]`);
  if (MEANT.includes(String(kind)) && kinds?.includes(String(kind)) === false)
    return refuse('KIND_UNKNOWN', `${where}[4]`, { kind: String(kind), known: kinds.join(', ') });
  return ok({ count: units, areaDm2, owner, vote: vote.value, kind: String(kind) });
}

/** The member `g`. */
export const readRows = <V>(
  value: unknown,
  readVote: ReadVote<V>,
  kinds: Kinds,
): Result<readonly Row<V>[], WhatIfRefusal> =>
  Array.isArray(value)
    ? all((value as readonly unknown[]).map((row, index) => readRow(row, `g[${index}]`, readVote, kinds)))
    : refuse('GROUPS_MALFORMED', 'g');

/** The matters of Civil Code §278, 1 to 9. */
export function readMatterNumbers(value: unknown, where: string): Result<readonly number[], WhatIfRefusal> {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0) return refuse('MATTER_UNKNOWN', where);
  return all(
    items.map((item) =>
      typeof item === 'number' && Number.isInteger(item) && item >= 1 && item <= 9
        ? ok(item)
        : refuse('MATTER_UNKNOWN', where),
    ),
  );
}

/** The object of a line; its name and its remark are read. */
export function readLine(text: string): Result<Json & { readonly id: string }, WhatIfRefusal> {
  const read = readJson(text);
  if (!read.ok) return read;
  const { value } = read;
  if (!isObject(value)) return refuse('LINE_NOT_AN_OBJECT', '');
  const { id, note = '' } = value;
  if (id === undefined) return refuse('MEMBER_MISSING', 'id');
  if (typeof id !== 'string' || id === '') return refuse('ID_MALFORMED', 'id');
  if (typeof note !== 'string') return refuse('NOTE_MALFORMED', 'note');
  return ok({ ...value, id });
}

/** What every line may hold besides the members of its form; `exp` is what somebody expects, and not read. */
const COMMON: readonly string[] = ['id', 'note', 'profile', 'exp'];
/** What a line of one form or another may hold. */
const FORMS: readonly string[] = ['m', 'g', 'opt', 'alt', 'seats', 'candidates', 'max', 'rank', 'objecting'];

/** Refuses a member that nobody knows, one that another form has, and one that this form lacks. */
export function checkMembers(
  line: Json,
  required: readonly string[],
  optional: readonly string[] = [],
): Result<undefined, WhatIfRefusal> {
  const known = [...COMMON, ...required, ...optional];
  const odd = Object.keys(line).find((name) => !known.includes(name));
  if (odd !== undefined && FORMS.includes(odd))
    return refuse('MEMBER_NOT_TAKEN', odd, { taken: known.join(', ') });
  if (odd !== undefined) return refuse('MEMBER_UNKNOWN', odd);
  const lacks = required.find((name) => !Object.hasOwn(line, name));
  return lacks === undefined ? ok(undefined) : refuse('MEMBER_MISSING', lacks);
}

const OWNER_SET = /^\{([^{}]*)\}$/;

/** The members of an owner set such as `{H, W}`, in the order of the text; undefined for any other owner. */
export const membersOf = (owner: string): readonly string[] | undefined =>
  OWNER_SET.exec(owner)?.[1]
    ?.split(',')
    .map((member) => member.trim());

/** One name for one owner: of an owner set its members in one order, without spaces around them. */
export function headOf(owner: string): string {
  const members = membersOf(owner);
  return members === undefined ? owner : `{${[...new Set(members)].sort(compareText).join(',')}}`;
}

/** A number, or a decimal string above 2^53. */
export const plain = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
