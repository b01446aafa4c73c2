/** A rule profile as a bundle holds it, and the parameters that the verifier counts by, read on its own (SPEC 5, 8.1). */
import type { Of, Shape } from '../record/schema.ts';
import { closed, exactly, integer, mismatch, recordForm, text } from '../record/schema.ts';
import { civilDate } from '../record/shapes.ts';

type ParameterValue = string | number | boolean;

const parameterValues: Shape<Readonly<Record<string, ParameterValue>>> = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch(at, 'object');
  for (const [name, member] of Object.entries(value)) {
    const isValue = ['string', 'number', 'boolean'].includes(typeof member);
    if (!isValue) mismatch(`${at}.${name}`, 'text, integer or boolean');
  }
  return value as Readonly<Record<string, ParameterValue>>;
};

const profile = closed({
  v: exactly(1),
  id: text(40),
  version: integer(1, 1_000_000),
  validFrom: civilDate,
  parameters: parameterValues,
});

export type Profile = Of<typeof profile>;
/** `profile.json`: the canonical bytes of the chosen rule profile, all values in full. */
export const profileForm = recordForm(profile, 'profile');

/** A fraction that a side must reach (GE) or pass (GT). */
export type Threshold = { readonly num: bigint; readonly den: bigint; readonly test: 'GE' | 'GT' };

/** Which of a paper and an electronic cast counts (SPEC 6.7). */
const DUPLICATE_RULES = ['OWN_KEY', 'FIRST_VALID', 'ELECTRONIC_PREVAILS', 'LAST_BEFORE_CLOSE'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

/** The parameters that the verifier needs. */
export type Rules = {
  readonly quorum: Threshold;
  readonly ordinary: Threshold;
  readonly major: Threshold;
  readonly abstainParticipates: boolean;
  readonly malformedParticipates: boolean;
  readonly invalidParticipates: boolean;
  readonly blankIsAbstention: boolean;
  readonly countSpecialSpaces: boolean;
  readonly silenceFollows: boolean;
  readonly noticeDays: number;
  readonly windowDaysMin: number;
  readonly windowDaysMax: number;
  readonly extensionCount: number;
  readonly extensionDays: number;
  readonly objectionDays: number;
  readonly revoteLimit: number;
  readonly letterRevote: boolean;
  readonly duplicateRule: DuplicateRule;
  readonly designatedOnly: boolean;
  readonly proxyCap: number;
};

/** The words that the definition uses for a parameter's value. */
export const parameterText = (value: ParameterValue): string => String(value);

/** The rules of a definition's list of parameters, or the name of the first one that is missing or unreadable. */
export function readRules(
  parameters: readonly { readonly name: string; readonly value: string }[],
): Rules | string {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  let missing: string | undefined;
  const pick = (name: string, choices: readonly string[]): string => {
    const value = values.get(name);
    if (value !== undefined && choices.includes(value)) return value;
    missing ??= name;
    return '';
  };
  const flag = (name: string): boolean => pick(name, ['true', 'false']) === 'true';
  const count = (name: string): number => {
    const value = values.get(name) ?? '';
    if (/^(0|[1-9][0-9]{0,8})$/.test(value)) return Number(value);
    missing ??= name;
    return 0;
  };
  const threshold = (name: string): Threshold => {
    const [num, den] = [BigInt(count(`${name}Num`)), BigInt(count(`${name}Den`))];
    if (num < 1n || den < num) missing ??= `${name}Num`;
    return { num, den, test: pick(`${name}Test`, ['GE', 'GT']) === 'GE' ? 'GE' : 'GT' };
  };
  const rules: Rules = {
    quorum: threshold('quorum'),
    ordinary: threshold('ordinary'),
    major: threshold('major'),
    abstainParticipates: flag('abstainParticipates'),
    malformedParticipates: flag('malformedParticipates'),
    invalidParticipates: flag('invalidParticipates'),
    blankIsAbstention: pick('blankAnswer', ['absent', 'abstain']) === 'abstain',
    countSpecialSpaces: flag('countSpecialSpaces'),
    silenceFollows: pick('silenceRule', ['NONE', 'FOLLOW_MAJORITY']) === 'FOLLOW_MAJORITY',
    noticeDays: count('noticeDays'),
    windowDaysMin: count('windowDaysMin'),
    windowDaysMax: count('windowDaysMax'),
    extensionCount: count('extensionCount'),
    extensionDays: count('extensionDays'),
    objectionDays: count('objectionDays'),
    revoteLimit: count('revoteLimit'),
    letterRevote: flag('letterRevote'),
    duplicateRule: pick('duplicateRule', DUPLICATE_RULES) as DuplicateRule,
    designatedOnly: pick('coOwners', ['first', 'designated']) === 'designated',
    proxyCap: count('proxyCap'),
  };
  return missing ?? rules;
}

const COUNTING_OF_CN_2021 = {
  quorumNum: '2',
  quorumDen: '3',
  quorumTest: 'GE',
  ordinaryNum: '1',
  ordinaryDen: '2',
  ordinaryTest: 'GT',
  majorNum: '3',
  majorDen: '4',
  majorTest: 'GE',
  abstainParticipates: 'true',
} as const;

/** What Civil Code §278 fixes: no profile of these ids may say otherwise, whoever published it. */
export const STATUTE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'CN-2021': COUNTING_OF_CN_2021,
  'DEMO-CN-2021': COUNTING_OF_CN_2021,
};

/** Profiles for demonstrations alone: only a deployment with a demo root may choose them. */
export const isDemoProfile = (id: string): boolean => id.startsWith('DEMO-');
