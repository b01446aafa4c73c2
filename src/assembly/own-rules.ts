/** The rules that a community gave itself: what they fix, and what they leave to a convener (SPEC 5.2). */
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { RulesLine } from '../record/bundle-lines.ts';
import type { CommunityRules } from '../record/community-rules.ts';
import { communityRulesForm } from '../record/community-rules.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { RuleProfile } from './domain/profile.ts';
import { CN_2021, DEMO_CN_2021, profileById } from './domain/profile.ts';
import type { AnySetting, RuleParameters } from './domain/rule-parameters.ts';
import { newestRules, rulesBelow } from './store/rules.ts';

type Reader = Database | Tx;

/** Rules in force; `hash` is what a definition and `rules.adopted` name. */
export type OwnRules = { readonly hash: string; readonly rules: CommunityRules };

/** The rules in force in a community, or undefined where it has adopted none. */
export async function ownRules(db: Reader, community: string): Promise<OwnRules | undefined> {
  const row = await newestRules(db, community);
  return row === undefined
    ? undefined
    : { hash: toBase64Url(row.rules_hash), rules: communityRulesForm.own(row.record) };
}

/** The hash of the rules in force; empty where there are none. */
export const rulesHashOf = async (db: Reader, community: string): Promise<string> =>
  (await ownRules(db, community))?.hash ?? '';

/** What some rules fix, as the profile's parameters take it. */
export function fixedParameters(
  profile: RuleProfile,
  rules: Pick<CommunityRules, 'parameters'>,
): Partial<RuleParameters> {
  const kinds = new Map(Object.entries(profile.settings).map(([name, { kind }]) => [name, kind]));
  const typed = rules.parameters.map(({ name, value }) => {
    const kind = kinds.get(name);
    if (kind === 'int') return [name, Number(value)] as const;
    return [name, kind === 'bool' ? value === 'true' : value] as const;
  });
  return Object.fromEntries(typed) as Partial<RuleParameters>;
}

/** `rules.jsonl`: what the community adopted below this size of the log. */
export const rulesLines = async (
  db: Database,
  community: string,
  size: number,
): Promise<readonly RulesLine[]> =>
  (await rulesBelow(db, community, size)).map(({ record }) => ({ rules: toBase64Url(record) }));

/** A setting of the rules that a community follows, in words; of numbers `choices` are the least and the greatest. */
export type SettingInForce = {
  readonly name: string;
  readonly zh: string;
  readonly article: string;
  readonly kind: 'int' | 'bool' | 'choice';
  readonly value: string;
  readonly choices: readonly string[];
  readonly isFixed: boolean;
};

/** What a meeting that is drafted now follows. */
export type RulesInForce = {
  readonly profile: RuleProfile;
  readonly own: OwnRules | undefined;
  readonly settings: readonly SettingInForce[];
};

/** The rules in force: the community's own over their profile, or the deployment's profile as it is. */
export async function rulesInForce(
  { db, deployment }: Pick<AssemblyDeps, 'db' | 'deployment'>,
  community: string,
): Promise<RulesInForce> {
  const own = await ownRules(db, community);
  const profile = profileById(own?.rules.base ?? '') ?? (deployment.demoRoot ? DEMO_CN_2021 : CN_2021);
  const fixed = new Map(own?.rules.parameters.map(({ name, value }) => [name, value]) ?? []);
  const settings = Object.entries<AnySetting>(profile.settings).map(([name, setting]) => ({
    name,
    zh: setting.zh,
    article: setting.article,
    kind: setting.kind,
    value: fixed.get(name) ?? String(setting.value),
    choices: (setting.kind === 'int' ? [setting.min, setting.max] : setting.choices).map(String),
    isFixed: fixed.has(name),
  }));
  return { profile, own, settings };
}
