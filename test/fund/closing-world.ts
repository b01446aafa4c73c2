// An authorisation that two officers close over a document, as the job carries it out.

import type { BookedEntry } from '../../src/fund/booking.ts';
import { applyClosing, draftClosing } from '../../src/fund/closing.ts';
import { acceptance, accepted, execute, type FundWorld, signAs } from './fund-world.ts';

export type Ref = { readonly community: string; readonly authorisation: string };

/** Drafts a closing; a document is told apart by its number. */
export const draftEnd = (world: FundWorld, ref: Ref, document = 200) =>
  draftClosing(world.deps, { ...ref, documentHash: acceptance(document) }, 'test');

/** Closes an open authorisation; answers its last release, where something was held. */
export async function closeWork(
  world: FundWorld,
  ref: Ref,
  document?: number,
): Promise<BookedEntry | undefined> {
  const { act } = accepted(await draftEnd(world, ref, document));
  await signAs(world, act, world.officers);
  accepted(await execute(world, act, applyClosing));
  const row = await world.fresh.db
    .selectFrom('fund_entry')
    .select(['entry_id', 'seq'])
    .where('community_id', '=', ref.community)
    .where('authorisation_id', '=', ref.authorisation)
    .where('kind', '=', 'release')
    .orderBy('seq', 'desc')
    .executeTakeFirst();
  return row === undefined ? undefined : { entry: row.entry_id, seq: row.seq };
}
