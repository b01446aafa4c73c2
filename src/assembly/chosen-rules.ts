/** The rules that a convener chose: a profile with the values that he set, within the community's own rules and the deployment's (SPEC 5, 5.2). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { DraftingRules } from './domain/drafting.ts';
import type { RuleProfile } from './domain/profile.ts';
import { defaultParameters, profileById, readParameters } from './domain/profile.ts';
import type { RuleParameters } from './domain/rule-parameters.ts';
import { fixedParameters, ownRules } from './own-rules.ts';
import type { AssemblyRefusalCode } from './refusals.ts';

/** Settings by their names, as somebody wishes them. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

export type RuleWish = {
  readonly community: string;
  readonly profile: string;
  /** Settings that differ from the profile's defaults. */
  readonly parameters: Settings;
};

type RulesDeps = Pick<AssemblyDeps, 'deployment'>;

/** The profile of this id, where the deployment may use it. */
export function usableProfile(
  { deployment }: RulesDeps,
  id: string,
): Result<RuleProfile, Refusal<AssemblyRefusalCode>> {
  const profile = profileById(id);
  if (profile === undefined) return refuse('PROFILE_UNKNOWN', 'profile');
  if (profile.id.startsWith('DEMO-') && !deployment.demoRoot) return refuse('PROFILE_DEMO_ONLY', 'profile');
  return ok(profile);
}

/** All parameters of a profile with some of them set. */
export function settledParameters(
  profile: RuleProfile,
  ...settings: readonly Settings[]
): Result<RuleParameters, Refusal<AssemblyRefusalCode>> {
  return readParameters(profile, Object.assign({ ...defaultParameters(profile) }, ...settings));
}

/** Profile and values, or why they may not be chosen. */
export async function chosenRules(
  deps: RulesDeps & { readonly db: Database },
  wish: RuleWish,
): Promise<Result<DraftingRules, Refusal<AssemblyRefusalCode>>> {
  const usable = usableProfile(deps, wish.profile);
  if (!usable.ok) return usable;
  const profile = usable.value;
  const own = await ownRules(deps.db, wish.community);
  if (own !== undefined && own.rules.base !== profile.id) return refuse('RULES_OTHERWISE', 'profile');
  const fixed = own === undefined ? {} : fixedParameters(profile, own.rules);
  for (const [name, value] of Object.entries(fixed)) {
    if ((wish.parameters[name] ?? value) !== value) return refuse('RULES_OTHERWISE', name);
  }
  const parameters = settledParameters(profile, wish.parameters, fixed);
  // A convener cannot count those who say nothing: only the owners' own rules can (SPEC 8.1).
  if (parameters.ok && parameters.value.silenceRule !== 'NONE' && fixed.silenceRule === undefined)
    return refuse('SILENCE_NOT_ADOPTED', 'silenceRule');
  return parameters.ok
    ? ok({ profile, parameters: parameters.value, rulesHash: own?.hash ?? '' })
    : parameters;
}
