/** What the passed resolutions of a meeting open of the fund: cap, payee, purpose, and each unit's share (SPEC 8.3). */
import { parseDecimal } from '../../base/area.ts';
import { assert, present } from '../../base/assert.ts';
import type { Share } from '../../record/fund.ts';
import type { Definition, Proposal } from '../../record/meeting.ts';
import type { RollLeaf } from '../../record/roll.ts';
import { isInScope } from '../../record/roll.ts';
import type { Weight } from './allocation.ts';
import { allocate } from './allocation.ts';

/** The final outcome of a proposal. */
export type ResolutionFact = {
  readonly proposal: string;
  readonly outcome: string;
  readonly capFen: bigint | null;
};

/** One authorisation to make. */
export type AuthorisationPlan = {
  readonly proposal: string;
  readonly capFen: bigint;
  readonly payee: string;
  readonly payeeAccount: string;
  readonly purpose: string;
  readonly shares: readonly Share[];
  /** Units of its shares that stand on the developer's leaf of the roll, in the order of their ids. */
  readonly developerUnits: readonly string[];
};

/** Why a passed proposal with a fund use opens nothing; such a definition should not have been noticed. */
export type UnusableResolution = {
  readonly proposal: string;
  readonly code: 'FUND_CLASS_MISSING' | 'FUND_CAP_DIFFERS' | 'FUND_UNITS_NONE';
};

/** Use of the fund is matter (5) of Civil Code §278. */
const FUND_CLASS = 'M5';

const countsSpecialSpaces = (definition: Definition): boolean =>
  definition.profile.parameters.some(({ name, value }) => name === 'countSpecialSpaces' && value === 'true');

/** The units that bear the cost, with their areas in dm². */
function bearersOf(
  definition: Definition,
  proposal: Proposal,
  leaves: readonly RollLeaf[],
): readonly Weight[] {
  const scope = present(proposal.fund[0], 'a proposal with a fund use').units;
  const special = countsSpecialSpaces(definition);
  return leaves.flatMap((leaf) =>
    leaf.units
      .filter((unit) => isInScope(unit, scope, special))
      .map(({ unit, areaDm2 }) => ({ unit, weight: present(parseDecimal(areaDm2), 'checked decimal') })),
  );
}

/** The shares of a cap among some units, in the order of their ids, with the remainders that decided. */
export const sharesOf = (capFen: bigint, bearers: readonly Weight[]): readonly Share[] =>
  allocate(capFen, bearers).map(({ unit, weight, amountFen, remainder }) => ({
    unit,
    areaDm2: String(weight),
    amountFen: String(amountFen),
    remainder: String(remainder),
  }));

/** The developer's units on a roll. */
export const stockOf = (leaves: readonly RollLeaf[]): ReadonlySet<string> =>
  new Set(
    leaves
      .filter(({ basis }) => basis === 'developer-stock')
      .flatMap(({ units }) => units.map(({ unit }) => unit)),
  );

/** The units of these shares that the developer bears, in their order (管理办法 §21). */
export const developerAmong = (shares: readonly Share[], stock: ReadonlySet<string>): readonly string[] =>
  shares.map(({ unit }) => unit).filter((unit) => stock.has(unit));

function planOf(
  definition: Definition,
  proposal: Proposal,
  leaves: readonly RollLeaf[],
  resolution: ResolutionFact,
): AuthorisationPlan | UnusableResolution {
  const { capFen, payee, payeeAccount, purpose } = present(proposal.fund[0], 'a proposal with a fund use');
  const cap = present(parseDecimal(capFen), 'checked decimal');
  if (!proposal.classes.includes(FUND_CLASS))
    return { proposal: proposal.proposal, code: 'FUND_CLASS_MISSING' };
  if (resolution.capFen !== cap || cap === 0n)
    return { proposal: proposal.proposal, code: 'FUND_CAP_DIFFERS' };
  const bearers = bearersOf(definition, proposal, leaves);
  if (!bearers.some(({ weight }) => weight > 0n))
    return { proposal: proposal.proposal, code: 'FUND_UNITS_NONE' };
  const shares = sharesOf(cap, bearers);
  return {
    proposal: proposal.proposal,
    capFen: cap,
    payee,
    payeeAccount,
    purpose,
    shares,
    developerUnits: developerAmong(shares, stockOf(leaves)),
  };
}

/** One plan for each adopted proposal that uses the fund, in the definition's order, and those that cannot be used. */
export function planAuthorisations(
  definition: Definition,
  leaves: readonly RollLeaf[],
  resolutions: readonly ResolutionFact[],
): { readonly plans: readonly AuthorisationPlan[]; readonly unusable: readonly UnusableResolution[] } {
  const byProposal = new Map(resolutions.map((resolution) => [resolution.proposal, resolution]));
  assert(byProposal.size === resolutions.length, 'one resolution a proposal');
  const plans: AuthorisationPlan[] = [];
  const unusable: UnusableResolution[] = [];
  for (const proposal of definition.proposals) {
    const resolution = byProposal.get(proposal.proposal);
    if (proposal.fund.length === 0 || resolution?.outcome !== 'ADOPTED') continue;
    const plan = planOf(definition, proposal, leaves, resolution);
    if ('code' in plan) unusable.push(plan);
    else plans.push(plan);
  }
  return { plans, unusable };
}
