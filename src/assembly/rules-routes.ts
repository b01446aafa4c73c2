/** Routes of the rules that a community follows; they are adopted on the tally floor (SPEC 5.2). */

import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { communityName } from '../registry/communities.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { communityParams } from './contract.ts';
import { rulesInForce } from './own-rules.ts';
import { rulesAnswer } from './rules-contract.ts';

/** What anybody may read under `/v1/communities/:community/rules`. */
export function mountRules(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/rules',
      summary: '本小区的表决规则',
      as: 'anyone',
      params: communityParams,
      answer: rulesAnswer,
    },
    async ({ params }) => {
      if ((await communityName(deps.db, params.community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
      const { profile, own, settings } = await rulesInForce(deps, params.community);
      return ok({
        profile: profile.id,
        profileName: profile.zh,
        adopted:
          own === undefined
            ? []
            : [
                {
                  rulesHash: own.hash,
                  adoptedOn: own.rules.adoptedOn,
                  text: own.rules.text,
                  meeting: own.rules.meeting,
                  proposal: own.rules.proposal,
                  document: own.rules.document,
                },
              ],
        settings: settings.map(({ choices, ...each }) => ({ ...each, choices: [...choices] })),
      });
    },
  );
}
