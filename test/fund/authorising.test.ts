// Goal: only an adopted resolution on the use of the fund opens it, for its cap, on the units that bear it. Method: plans from
// definitions that differ in one point, then the rows and log entries on a real database.
import { afterAll, describe, expect, it } from 'vitest';
import { listAuthorisations } from '../../src/fund/authorisations.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { planAuthorisations } from '../../src/fund/domain/authorisation.ts';
import { ENTRY_WORDS, fitsShape } from '../../src/fund/domain/entry-shapes.ts';
import { ACCOUNT_KINDS, authorisationHash, ENTRY_KINDS } from '../../src/record/fund.ts';
import type { Definition, Scope } from '../../src/record/meeting.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import { freshDatabase } from '../support/database.ts';
import { authorise, fundWorld, PAYEE_ACCOUNT } from './fund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const world = await fundWorld(fresh, {
  seed: 'plans',
  units: [
    { building: '1幢', room: '101', areaDm2: 5000n },
    { building: '1幢', room: '102', areaDm2: 5000n },
    { building: '2幢', room: '101', areaDm2: 7000n },
  ],
  capFen: 10_001n,
});

const fact = (outcome: string, capFen: bigint | null = 10_001n) => [
  { proposal: world.proposal, outcome, capFen },
];

/** The definition with other units for the cost, other classes, or other parameters. */
function changed(changes: {
  readonly units?: Scope;
  readonly classes?: Definition['proposals'][number]['classes'];
  readonly special?: string;
}): Definition {
  const { definition } = world;
  return {
    ...definition,
    profile: {
      ...definition.profile,
      parameters: [{ name: 'countSpecialSpaces', value: changes.special ?? 'false' }],
    },
    proposals: definition.proposals.map((proposal) => ({
      ...proposal,
      classes: changes.classes ?? proposal.classes,
      fund: proposal.fund.map((use) => ({ ...use, units: changes.units ?? use.units })),
    })),
  };
}

const withParking: readonly RollLeaf[] = [
  ...world.leaves,
  ...world.leaves.slice(0, 1).map((leaf) => ({
    ...leaf,
    units: leaf.units.map((unit) => ({ ...unit, unit: 'z'.repeat(26), kind: 'parking' as const })),
  })),
];

describe('a plan', () => {
  it('shares the cap among the units of the cost, in the order of their ids', () => {
    const { plans, unusable } = planAuthorisations(
      world.definition,
      [...world.leaves].reverse(),
      fact('ADOPTED'),
    );
    expect(unusable).toEqual([]);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ capFen: 10_001n, payeeAccount: PAYEE_ACCOUNT, purpose: '屋面防水翻修' });
    expect(plans[0]?.shares.map(({ unit, amountFen }) => [unit, amountFen])).toEqual([
      [world.units[0]?.unit, '2942'],
      [world.units[1]?.unit, '2941'],
      [world.units[2]?.unit, '4118'],
    ]);
  });

  it('charges only the buildings or units that the use names', () => {
    const inBuilding = changed({ units: { kind: 'buildings', members: ['2幢'] } });
    const inUnits = changed({ units: { kind: 'units', members: [world.units[1]?.unit ?? ''] } });
    expect(planAuthorisations(inBuilding, world.leaves, fact('ADOPTED')).plans[0]?.shares).toMatchObject([
      { unit: world.units[2]?.unit, amountFen: '10001', areaDm2: '7000', remainder: '0' },
    ]);
    expect(planAuthorisations(inUnits, world.leaves, fact('ADOPTED')).plans[0]?.shares).toMatchObject([
      { unit: world.units[1]?.unit, amountFen: '10001' },
    ]);
  });

  it('leaves special spaces out unless the profile counts them', () => {
    const sharesOf = (special: string) =>
      planAuthorisations(changed({ special }), withParking, fact('ADOPTED')).plans[0]?.shares.length;
    expect([sharesOf('false'), sharesOf('true')]).toEqual([3, 4]);
  });

  it.each(['REJECTED', 'NOT_QUORATE', 'NO_SCOPE'])('is none where the outcome is %s', (outcome) => {
    expect(planAuthorisations(world.definition, world.leaves, fact(outcome))).toEqual({
      plans: [],
      unusable: [],
    });
  });

  it('is none where there is no resolution yet, or the proposal does not use the fund', () => {
    expect(planAuthorisations(world.definition, world.leaves, []).plans).toEqual([]);
    const proposals = world.definition.proposals.map((proposal) => ({ ...proposal, fund: [] }));
    expect(
      planAuthorisations({ ...world.definition, proposals }, world.leaves, fact('ADOPTED')).plans,
    ).toEqual([]);
  });

  it.each([
    ['FUND_CLASS_MISSING', changed({ classes: ['M9'] }), fact('ADOPTED')],
    ['FUND_CAP_DIFFERS', world.definition, fact('ADOPTED', 10_002n)],
    ['FUND_CAP_DIFFERS', world.definition, fact('ADOPTED', null)],
    ['FUND_UNITS_NONE', changed({ units: { kind: 'buildings', members: ['9幢'] } }), fact('ADOPTED')],
  ])('is refused as %s', (code, definition, facts) => {
    expect(planAuthorisations(definition, world.leaves, facts)).toEqual({
      plans: [],
      unusable: [{ proposal: world.proposal, code }],
    });
  });
});

describe('an authorisation', () => {
  it('is named by the log under the hash of its record', async () => {
    const authorisation = await authorise(world);
    const [stored] = await listAuthorisations(fresh.db, world.community);
    const entry = await fresh.db
      .selectFrom('log_entry')
      .select('data')
      .where('kind', '=', 'fund.authorised')
      .where('community_id', '=', world.community)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(new TextDecoder().decode(entry.data))).toMatchObject({
      authorisation,
      meeting: world.meeting,
      authorisationHash: authorisationHash(stored?.bytes ?? new Uint8Array()),
      evidence: [],
    });
  });

  it('is not made for a rejected resolution', async () => {
    const rejected = await fundWorld(fresh, {
      seed: 'rejected',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 5n,
      outcome: 'REJECTED',
    });
    expect(await authoriseResolutions(rejected.deps, rejected)).toEqual({
      authorisations: [],
      unusable: [],
    });
  });
});

describe('the shapes of entries', () => {
  it('are the same in the program and in the database', async () => {
    const rows = await fresh.db.selectFrom('fund_entry_shape').selectAll().execute();
    const ours = ENTRY_KINDS.flatMap((kind) =>
      ACCOUNT_KINDS.flatMap((account) =>
        ([1n, -1n] as const)
          .filter((amount) => fitsShape(kind, account, amount))
          .map((amount) => `${kind} ${account} ${amount > 0n ? 'D' : 'C'}`),
      ),
    );
    expect(rows.map((row) => `${row.entry_kind} ${row.account_kind} ${row.side}`).sort()).toEqual(
      ours.sort(),
    );
    expect(fitsShape('pay', 'bank', 0n)).toBe(false);
    expect(Object.keys(ENTRY_WORDS).sort()).toEqual([...ENTRY_KINDS].sort());
  });
});
