/** The parameters that a what-if may change, by the names that a line has for them (docs/tally-cases.md, SPEC 4.4). */
import type { RuleParameters } from '../../assembly/domain/rule-parameters.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { WhatIfRefusal } from './what-if-line.ts';
import { isObject } from './what-if-line.ts';

type Values = ReadonlyMap<unknown, string | boolean>;

const TRUTH: Values = new Map([
  [true, true],
  [false, false],
]);
const SILENCE: Values = new Map([
  ['none', 'NONE'],
  ['NONE', 'NONE'],
  ['follow', 'FOLLOW_MAJORITY'],
  ['FOLLOW_MAJORITY', 'FOLLOW_MAJORITY'],
]);
const HEADS: Values = new Map([
  ['ownerset', 'ownerset'],
  ['representative', 'representative'],
]);

/** The name in the line, the parameter, and its values as they are written. */
const PARAMETERS: ReadonlyMap<string, readonly [keyof RuleParameters, Values]> = new Map<
  string,
  readonly [keyof RuleParameters, Values]
>([
  ['special', ['countSpecialSpaces', TRUTH]],
  ['countSpecialSpaces', ['countSpecialSpaces', TRUTH]],
  ['silent', ['silenceRule', SILENCE]],
  ['silenceRule', ['silenceRule', SILENCE]],
  ['headKey', ['headKey', HEADS]],
  ['abstainParticipates', ['abstainParticipates', TRUTH]],
  ['invalidParticipates', ['invalidParticipates', TRUTH]],
]);

/** What a motion may change. */
export const MOTION_PARAMETERS: readonly (keyof RuleParameters)[] = [
  'countSpecialSpaces',
  'silenceRule',
  'headKey',
  'abstainParticipates',
  'invalidParticipates',
];

/** Reads an object of changes to the parameters `taken`; the two names of one must not contradict each other. */
export function readChanges(
  value: unknown,
  where: string,
  taken: readonly (keyof RuleParameters)[],
): Result<Partial<RuleParameters>, WhatIfRefusal> {
  if (!isObject(value)) return refuse('PARAMETERS_MALFORMED', where);
  const changes = new Map<keyof RuleParameters, string | boolean>();
  for (const [name, chosen] of Object.entries(value)) {
    const member = `${where}.${name}`;
    const known = PARAMETERS.get(name);
    if (known === undefined || !taken.includes(known[0])) {
      const names = [...PARAMETERS].flatMap(([each, [of]]) => (taken.includes(of) ? [each] : []));
      return refuse('PARAMETER_UNKNOWN', member, { taken: names.join(', ') });
    }
    const [parameter, values] = known;
    const setting = values.get(chosen);
    if (setting === undefined) {
      const written = [...values.keys()].map((each) => JSON.stringify(each));
      return refuse('PARAMETER_VALUE', member, { values: written.join(', ') });
    }
    if ((changes.get(parameter) ?? setting) !== setting) return refuse('PARAMETER_CONTRADICTED', member);
    changes.set(parameter, setting);
  }
  return ok(Object.fromEntries(changes) as Partial<RuleParameters>);
}
