/** From the requisitions of a community that reached their fifth to what their public page shows. */
import { listMeetings } from '../assembly/meetings.ts';
import { publicRequisitions } from '../assembly/requisition-views.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { communityName } from '../registry/communities.ts';
import type { RequisitionsPageProps } from '../web/public/requisitions-page.tsx';

/** What is no page for the public. */
const HIDDEN: readonly string[] = ['draft', 'cancelled'];

/** Undefined where there is no such community. */
export async function requisitionsView(
  deps: BallotDeps,
  community: string,
): Promise<RequisitionsPageProps | undefined> {
  const name = await communityName(deps.db, community);
  if (name === undefined) return undefined;
  const meetings = await listMeetings(deps.db, community);
  return {
    communityName: name,
    requisitions: await publicRequisitions(deps, community),
    published: meetings.filter(({ state }) => !HIDDEN.includes(state)).map(({ meeting }) => meeting),
    demo: deps.deployment.demoRoot,
  };
}
