/** The rules that a convener chose: a profile with the values that he set, where the deployment may use it (SPEC 5). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { RuleProfile } from './domain/profile.ts';
import { defaultParameters, profileById, readParameters } from './domain/profile.ts';
import type { RuleParameters } from './domain/rule-parameters.ts';
import type { AssemblyRefusalCode } from './refusals.ts';

export type RuleWish = {
  readonly profile: string;
  /** Settings that differ from the profile's defaults. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
};

export type ChosenRules = { readonly profile: RuleProfile; readonly parameters: RuleParameters };

/** Profile and values, or why they may not be chosen. */
export function chosenRules(
  { deployment }: Pick<AssemblyDeps, 'deployment'>,
  wish: RuleWish,
): Result<ChosenRules, Refusal<AssemblyRefusalCode>> {
  const profile = profileById(wish.profile);
  if (profile === undefined) return refuse('PROFILE_UNKNOWN', 'profile');
  if (profile.id.startsWith('DEMO-') && !deployment.demoRoot) return refuse('PROFILE_DEMO_ONLY', 'profile');
  const parameters = readParameters(profile, { ...defaultParameters(profile), ...wish.parameters });
  return parameters.ok ? ok({ profile, parameters: parameters.value }) : parameters;
}
