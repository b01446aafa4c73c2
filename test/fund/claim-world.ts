// A community whose developer has units that he did not sell: one that he paid nothing for, one that he paid a little for.
import { receive } from '../../src/fund/receiving.ts';
import type { FreshDatabase } from '../support/database.ts';
import { accepted, type FundWorld, fundWorld } from './fund-world.ts';

/** Two owners' units, then two of the developer; a cap of 100.00 yuan lays 2500 fen on each. */
export const claimWorld = (fresh: FreshDatabase, seed: string, proposals = 1): Promise<FundWorld> =>
  fundWorld(fresh, {
    seed: `claims ${seed}`,
    units: ['101', '102', '103', '104'].map((room, at) => ({
      building: '1幢',
      room,
      areaDm2: 5000n,
      unsold: at >= 2,
    })),
    capFen: 10_000n,
    proposals,
  });

let receipts = 0;
/** The developer, or whoever bought, pays in for one unit. */
export async function payIn(world: FundWorld, at: number, amountFen: bigint): Promise<void> {
  receipts += 1;
  const unit = world.units[at]?.unit ?? '';
  const bank = { name: '建行', lastDigits: '0071' };
  const receipt = { receipt: `补${receipts}`, unit, amountFen, valueOn: '2026-11-30' };
  accepted(await receive(world.deps, { community: world.community, bank, receipts: [receipt] }));
}
