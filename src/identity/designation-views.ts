/** What a co-owner is shown: the heads that he holds with others, and the designations that were proposed or recorded for them (SPEC 3.6). */
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Designation } from '../record/designation.ts';
import { designationForm } from '../record/designation.ts';
import { maskName } from '../registry/domain/masking.ts';
import { openName, readPerson } from '../registry/persons.ts';
import { registryUnits } from '../registry/units.ts';
import type { DesignationsAnswer } from './designation-contract.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { designationsOf, signaturesOfDesignations } from './store/designations.ts';

type Heads = DesignationsAnswer['heads'];

async function headsOf(deps: IdentityDeps, { community, person }: OwnerSession): Promise<Heads> {
  const heads = new Map<string, Heads[number]>();
  for (const { unit, building, stair, room, owners } of await registryUnits(deps.db, community)) {
    if (owners.length < 2 || !owners.includes(person)) continue;
    const key = [...owners].sort().join(' ');
    const head = heads.get(key) ?? { units: [], holders: await holdersOf(deps, community, owners) };
    head.units.push({ unit, building, stair, room });
    heads.set(key, head);
  }
  return [...heads.values()];
}

async function holdersOf(deps: IdentityDeps, community: string, owners: readonly string[]) {
  const holders: Heads[number]['holders'] = [];
  for (const person of [...owners].sort()) {
    const row = present(await readPerson(deps, community, person), 'an owner is a person');
    holders.push({ person, identity: toBase64Url(row.identity), name: maskName(openName(deps, row)) });
  }
  return holders;
}

/** Those whose holders are exactly the holders of one of the owner's heads. */
export async function designationsOfOwner(
  deps: IdentityDeps,
  owner: OwnerSession,
): Promise<DesignationsAnswer> {
  const heads = await headsOf(deps, owner);
  const keys = new Set(heads.map(({ holders }) => holders.map(({ person }) => person).join(' ')));
  const keyOf = ({ by, to }: Designation): string =>
    [...by, to]
      .map(({ person }) => person)
      .sort()
      .join(' ');
  const today = civilDateAt(deps.clock());
  const own = (await designationsOf(deps.db, owner.community, today))
    .map((row) => ({ row, given: designationForm.own(row.designation) }))
    .filter(({ given }) => keys.has(keyOf(given)));
  const signatures = await signaturesOfDesignations(
    deps.db,
    owner.community,
    own.map(({ given }) => given.designation),
  );
  return {
    heads,
    designations: own.map(({ row, given: { designation, to, until } }) => ({
      designation,
      record: toBase64Url(row.designation),
      to: to.person,
      until,
      signed: signatures.filter((each) => each.designation_id === designation).map((each) => each.person_id),
      isRecorded: row.entry_id !== null,
    })),
  };
}
