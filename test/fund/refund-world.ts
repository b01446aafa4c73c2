// A home that the next register lists no more, and one that a later register lists again, as an import would leave the rows.
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { FundWorld } from './fund-world.ts';

async function nextRegister(world: FundWorld, units: readonly string[]): Promise<void> {
  const { fresh, community, deps } = world;
  const register = newId(deps.random);
  await fresh.owner
    .insertInto('register')
    .values({
      community_id: community,
      register_id: register,
      file_hash: sha256(),
      file_salt: new Uint8Array(16),
      settings: '{}',
      draft: null,
      file: null,
      drafted_by: 'test',
      drafted_at_ms: 1n,
      entry_id: null,
    })
    .execute();
  await fresh.owner
    .updateTable('community')
    .set({ register_id: register })
    .where('community_id', '=', community)
    .execute();
  await fresh.owner
    .updateTable('unit')
    .set({ register_id: register })
    .where('community_id', '=', community)
    .where('unit_id', 'in', units)
    .execute();
}

/** The register in force lists all units but this one. */
export async function demolish(world: FundWorld, at: number): Promise<void> {
  const gone = present(world.units[at], 'a unit').unit;
  await nextRegister(
    world,
    world.units.map(({ unit }) => unit).filter((unit) => unit !== gone),
  );
}

/** The register in force lists every unit again. */
export const rebuild = (world: FundWorld): Promise<void> =>
  nextRegister(
    world,
    world.units.map(({ unit }) => unit),
  );
