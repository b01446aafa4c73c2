/** From a community's book to what its public page shows. */
import { latestCheckpoint } from '../auditlog/checkpoints.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { toBase64 } from '../base/bytes.ts';
import { listApplications } from '../fund/applications.ts';
import { summariseCalls } from '../fund/calls.ts';
import { readPublicBook } from '../fund/public-book.ts';
import { readRevenue } from '../fund/revenue.ts';
import { communityName } from '../registry/communities.ts';
import type { FundPageProps } from '../web/public/fund-page.tsx';

/** Everything that the public page of a community's fund shows; undefined where there is no such community. */
export async function fundView(deps: BallotDeps, community: string): Promise<FundPageProps | undefined> {
  const name = await communityName(deps.db, community);
  if (name === undefined) return undefined;
  const book = await readPublicBook(deps.db, community);
  const applications = (await listApplications(deps, community)).toReversed();
  const checkpoint = await latestCheckpoint(deps.db);
  return {
    communityName: name,
    book: book.ok ? book.value : undefined,
    applications,
    revenue: await readRevenue(deps.db, community),
    calls: await summariseCalls(deps.db, community),
    checkpoint:
      checkpoint === undefined
        ? undefined
        : {
            origin: deps.deployment.origin,
            size: checkpoint.size,
            root: toBase64(checkpoint.root),
          },
    demo: deps.deployment.demoRoot,
  };
}
