// A court takes the resolution of a book back: two officers sign the annulment, one of them the regulator.
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { acceptance, accepted, execute, type FundWorld, signAs } from './fund-world.ts';

export async function annul(world: FundWorld): Promise<void> {
  const { community, meeting, proposal } = world;
  const annulled = { community, meeting, proposal, documentHash: acceptance(7) };
  const { act } = accepted(await draftAnnulment(world.deps, annulled, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyAnnulment));
}
