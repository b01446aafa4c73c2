// Rolls as the tests of the register make and read them: drafted and frozen by real acts, told without the ids that are drawn.

import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import type { Result } from '../../src/base/result.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { Scope } from '../../src/record/meeting.ts';
import { frozenLeaves, openingsOf } from '../../src/registry/frozen-roll.ts';
import { openName, readPerson } from '../../src/registry/persons.ts';
import type { RollRefusal } from '../../src/registry/refusals.ts';
import type { DraftedRoll } from '../../src/registry/rolling.ts';
import { applyRoll, draftRoll } from '../../src/registry/rolling.ts';
import { executeAct, signBy } from '../support/acts.ts';
import { seededRandom } from '../support/random.ts';
import type { TestCommunity } from '../support/registry.ts';

export const ALL: Scope = { kind: 'community', members: [] };
const random = seededRandom('roll world');

export type Wish = {
  readonly scopes?: readonly Scope[];
  readonly special?: boolean;
  readonly meeting?: string;
};

/** Drafts the roll of a meeting with one proposal for each scope. */
export async function draft(
  the: TestCommunity,
  wish: Wish = {},
): Promise<{ readonly meeting: string; readonly drafted: Result<DraftedRoll, RollRefusal> }> {
  const meeting = wish.meeting ?? newId(random);
  const drafted = await inTransaction(the.deps.db, (tx) =>
    draftRoll(tx, the.deps, {
      community: the.community,
      meeting,
      proposals: (wish.scopes ?? [ALL]).map((scope) => ({ proposal: newId(random), scope })),
      countSpecialSpaces: wish.special ?? false,
      draftedBy: the.committee.officer,
    }),
  );
  return { meeting, drafted };
}

export const valueIn = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
};

/** Signs a drafted roll by both officers and executes its act. */
export async function freezeDraft(the: TestCommunity, { act }: DraftedRoll): Promise<Result<bigint>> {
  await signBy(the.deps, act, [the.committee, the.street]);
  return executeAct(the.deps, act, applyRoll);
}

export async function freeze(
  the: TestCommunity,
  wish: Wish = {},
): Promise<DraftedRoll & { readonly meeting: string }> {
  const { meeting, drafted } = await draft(the, wish);
  const roll = valueIn(drafted);
  valueIn(await freezeDraft(the, roll));
  return { ...roll, meeting };
}

/** A head as people see it: why, whose, and of which units with what area from where. */
export type ToldHead = {
  readonly basis: string;
  readonly holders: string;
  readonly units: readonly string[];
};

/** The heads of a frozen roll by names and places, sorted, so that two rolls can be compared whatever was drawn for them. */
export async function toldRoll(the: TestCommunity, meeting: string): Promise<readonly ToldHead[]> {
  const { deps, community } = the;
  const openings = new Map(
    (await openingsOf(deps.db, community, meeting)).map((opening) => [opening.entitlement, opening]),
  );
  const nameOf = async (person: string): Promise<string> =>
    openName(deps, present(await readPerson(deps, community, person), 'a holder'));
  const heads = await Promise.all(
    (await frozenLeaves(deps.db, community, meeting)).map(async ({ entitlement, leaf }) => {
      const { holders } = present(openings.get(entitlement), 'one for each leaf');
      const names = await Promise.all(holders.map(({ person }) => nameOf(person)));
      return {
        basis: leaf.basis,
        holders: names.sort().join('、'),
        units: leaf.units.map((unit) => `${unit.building}${unit.room} ${unit.areaDm2} ${unit.areaSource}`),
      };
    }),
  );
  return heads.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** `[area in dm², heads]` of each proposal. */
export const weightsOf = ({ totals }: DraftedRoll): readonly (readonly [string, number])[] =>
  totals.map(({ areaDm2, heads }) => [areaDm2, heads]);
