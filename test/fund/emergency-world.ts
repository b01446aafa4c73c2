// A community that allows emergencies, and one emergency as the job carries it out: a lift that stands still.
import {
  applyEmergencyAnnulment,
  draftEmergencyAnnulment,
  lockEmergencyAnnulment,
} from '../../src/fund/annulling-emergencies.ts';
import { applyDeclaration, draftDeclaration } from '../../src/fund/declaring.ts';
import type { EmergencyRequest } from '../../src/fund/emergencies.ts';
import { applyEmergency, draftEmergency } from '../../src/fund/emergencies.ts';
import { listEmergencies } from '../../src/fund/listing-emergencies.ts';
import { acceptance, accepted, execute, type FundWorld, PAYEE_OPENING, signAs } from './fund-world.ts';

/** Rules that say so are told apart by their number. */
export const draftRule = (world: FundWorld, emergencies: 'allowed' | 'barred', document = 210) =>
  draftDeclaration(
    world.deps,
    { community: world.community, emergencies, documentHash: acceptance(document) },
    'test',
  );

/** Regulator and street office declare whether emergencies open the fund. */
export async function declare(
  world: FundWorld,
  emergencies: 'allowed' | 'barred' = 'allowed',
  document?: number,
): Promise<void> {
  const { act } = accepted(await draftRule(world, emergencies, document));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyDeclaration));
}

export const draftLift = (world: FundWorld, more: Partial<EmergencyRequest> = {}) =>
  draftEmergency(
    world.deps,
    {
      community: world.community,
      category: 'lift',
      text: '1幢电梯钢丝绳断股，已停梯。\n有老人被困在10楼以上。',
      capFen: 10_000n,
      payee: '中山某某电梯有限公司',
      payeeOpening: PAYEE_OPENING,
      purpose: '更换电梯钢丝绳',
      reportHash: acceptance(211),
      quotationHash: acceptance(212),
      units: { kind: 'community', members: [] },
      ...more,
    },
    'test',
  );

/** Committee and street office authorise an emergency; answers its id. */
export async function authoriseLift(world: FundWorld, more: Partial<EmergencyRequest> = {}): Promise<string> {
  const { act } = accepted(await draftLift(world, more));
  await signAs(world, act, world.officers);
  accepted(await execute(world, act, applyEmergency));
  return (await listEmergencies(world.fresh.db, world.community)).at(-1)?.authorisation ?? '';
}

/** Regulator and street office annul an emergency over an order. */
export async function annulLift(world: FundWorld, authorisation: string): Promise<void> {
  const { community, deps, officers, regulator } = world;
  const request = { community, authorisation, documentHash: acceptance(230) };
  const { act } = accepted(await draftEmergencyAnnulment(deps, request, 'test'));
  await signAs(world, act, [...officers.slice(1), regulator]);
  accepted(await execute(world, act, applyEmergencyAnnulment, lockEmergencyAnnulment));
}
