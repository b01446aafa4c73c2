/** The route by which an officer's page gets what opens the hashes of an act that he may sign (SPEC 2.4). */
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { openingsOfAct } from './act-openings.ts';
import { actOpeningsAnswer, actOpeningsParams } from './act-openings-contract.ts';
import type { IdentityDeps } from './identity-deps.ts';

/** Mounts it under `/v1/communities/:community/acts`. */
export function mountActOpenings(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/acts/:act/openings',
      summary: '待签事项所指的原始内容,供签署人核对,调取留痕',
      as: 'officer',
      params: actOpeningsParams,
      answer: actOpeningsAnswer,
    },
    ({ params, officer }) => openingsOfAct(deps, officer, params),
  );
}
