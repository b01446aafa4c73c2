/** What every new designation must keep to, whether its holders signed it or two officers enter it from a paper (SPEC 3.6). */
import { toBase64Url } from '../base/bytes.ts';
import { addDays, civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { Designation } from '../record/designation.ts';
import { isDesignationSound } from '../record/designation.ts';
import { readPerson } from '../registry/persons.ts';
import { registryUnits } from '../registry/units.ts';
import type { MandateDeps } from './mandate-rules.ts';
import type { IdentityRefusal } from './refusals.ts';

/** Longest life: three years, in days, as of a letter. */
const MAX_LIFE_DAYS = 3 * 365 + 1;

/** A head of the register in force: the units that exactly these persons own together. */
export type RegisterHead = { readonly units: readonly string[]; readonly owners: readonly string[] };

/** The head that a unit belongs to, by the register; undefined where there is no such unit. */
export async function headOfUnit(tx: Tx, community: string, unit: string): Promise<RegisterHead | undefined> {
  const units = await registryUnits(tx, community);
  const found = units.find((each) => each.unit === unit);
  if (found === undefined) return undefined;
  const key = [...found.owners].sort().join(' ');
  const own = units.filter(({ owners }) => [...owners].sort().join(' ') === key);
  return { units: own.map((each) => each.unit), owners: [...found.owners].sort() };
}

/** Checks a designation that is about to stand: of the holders of one head of the register, all of them, with its units. */
export async function mayBeDesignated(
  tx: Tx,
  deps: MandateDeps,
  given: Designation,
): Promise<Result<undefined, IdentityRefusal>> {
  const { community, meeting, units, by, to, until } = given;
  const today = civilDateAt(deps.clock());
  if (!isDesignationSound(given)) return refuse('DESIGNATION_MALFORMED');
  if (until < today || until > addDays(today, MAX_LIFE_DAYS)) return refuse('DESIGNATION_PERIOD', 'until');
  const terms = await deps.mandateTerms(tx, community, meeting);
  if (terms === undefined || terms.isOver) return refuse('DESIGNATION_MEETING', 'meeting');
  const [first = ''] = units;
  const head = await headOfUnit(tx, community, first);
  if (head === undefined || [...units].sort().join(' ') !== [...head.units].sort().join(' '))
    return refuse('DESIGNATION_UNITS', 'units');
  const named = [...by, to];
  if (
    named
      .map(({ person }) => person)
      .sort()
      .join(' ') !== head.owners.join(' ')
  )
    return refuse('DESIGNATION_HOLDERS', 'by');
  for (const { person, identity } of named) {
    const row = await readPerson({ db: tx }, community, person);
    if (row === undefined || toBase64Url(row.identity) !== identity)
      return refuse('DESIGNATION_HOLDERS', 'by');
  }
  return ok(undefined);
}
