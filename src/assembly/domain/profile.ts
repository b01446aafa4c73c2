/**
 * Rule profiles: the legal parameters of a meeting as data, each with its article, source and certainty. The
 * definition of a meeting names profile, version and hash and carries the parameters in full; SPEC 5.
 */
import { type Canonical, canonicalBytes } from '../../base/canonical.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { h256 } from '../../crypto/frame.ts';
import { CN_2021_SETTINGS } from './profile-cn-2021.ts';
import { DEMO_SETTINGS } from './profile-demo.ts';
import type { AnySetting, RuleParameters, Settings } from './rule-parameters.ts';

/** A version of the rules; `validFrom` is the civil date from which a meeting may choose it. */
export type RuleProfile = {
  readonly id: string;
  readonly version: number;
  readonly validFrom: string;
  readonly zh: string;
  readonly settings: Settings;
};

/** The profile after the Civil Code and the Supreme People's Court's interpretation of 2020. */
export const CN_2021: RuleProfile = {
  id: 'CN-2021',
  version: 1,
  validFrom: '2021-01-01',
  zh: '《民法典》业主共同决定规则（2021）',
  settings: CN_2021_SETTINGS,
};

/** For demos only: the same counting, times of zero days. */
export const DEMO_CN_2021: RuleProfile = {
  id: 'DEMO-CN-2021',
  version: 1,
  validFrom: '2021-01-01',
  zh: '演示用规则(计票同民法典,期限可为零)',
  settings: DEMO_SETTINGS,
};

const PROFILES: ReadonlyMap<string, RuleProfile> = new Map([
  [CN_2021.id, CN_2021],
  [DEMO_CN_2021.id, DEMO_CN_2021],
]);

/** Ids of all published profiles. */
export const profileIds = (): readonly string[] => [...PROFILES.keys()];

/** The newest version of the profile with this id, or undefined. */
export const profileById = (id: string): RuleProfile | undefined => PROFILES.get(id);

/** The parameters with every default of the profile. */
export function defaultParameters(profile: RuleProfile): RuleParameters {
  const pairs = Object.entries<AnySetting>(profile.settings).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(pairs) as RuleParameters;
}

function permits(setting: AnySetting, value: Canonical): boolean {
  if (setting.kind === 'int') {
    return (
      typeof value === 'number' && Number.isSafeInteger(value) && setting.min <= value && value <= setting.max
    );
  }
  return (setting.choices as readonly Canonical[]).includes(value);
}

/** Why a set of parameters is not one of this profile; `where` names the parameter. */
export type ParameterRefusal = Refusal<'PARAMETER_UNKNOWN' | 'PARAMETER_MISSING' | 'PARAMETER_NOT_PERMITTED'>;

/** The parameters of a definition, complete, closed and within what the profile permits. */
export function readParameters(
  profile: RuleProfile,
  candidate: { readonly [name: string]: Canonical },
): Result<RuleParameters, ParameterRefusal> {
  const settings: ReadonlyMap<string, AnySetting> = new Map(Object.entries(profile.settings));
  for (const name of Object.keys(candidate)) {
    if (!settings.has(name)) return refuse('PARAMETER_UNKNOWN', name);
  }
  for (const [name, setting] of settings) {
    const value = candidate[name];
    if (value === undefined) return refuse('PARAMETER_MISSING', name);
    if (!permits(setting, value)) return refuse('PARAMETER_NOT_PERMITTED', name);
  }
  return ok({ ...candidate } as RuleParameters);
}

/** Canonical bytes of `{v, id, version, validFrom, parameters}`: the profile as it was chosen, all values in full. */
export const profileBytes = (
  profile: RuleProfile,
  parameters: RuleParameters = defaultParameters(profile),
): Uint8Array =>
  canonicalBytes({
    v: 1,
    id: profile.id,
    version: profile.version,
    validFrom: profile.validFrom,
    parameters,
  });

/** 32 bytes: H256("profile", canonical bytes); SPEC 1.1. */
export const profileHash = (profile: RuleProfile, parameters?: RuleParameters): Uint8Array =>
  h256('profile', profileBytes(profile, parameters));
