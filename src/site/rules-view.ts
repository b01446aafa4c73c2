/** From the rules that a community follows to what their public page shows. */
import { rulesInForce } from '../assembly/own-rules.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { communityName } from '../registry/communities.ts';
import type { RulesPageProps } from '../web/public/rules-page.tsx';

/** Undefined where there is no such community. */
export async function rulesView(deps: BallotDeps, community: string): Promise<RulesPageProps | undefined> {
  const name = await communityName(deps.db, community);
  if (name === undefined) return undefined;
  const { profile, own, settings } = await rulesInForce(deps, community);
  return {
    community,
    communityName: name,
    profileName: profile.zh,
    own: own === undefined ? undefined : { hash: own.hash, ...own.rules },
    settings,
    demo: deps.deployment.demoRoot,
  };
}
