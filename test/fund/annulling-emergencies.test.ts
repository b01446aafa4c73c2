// Goal: an emergency that the regulator found unlawful opens nothing any more, gives back what it holds, and shows what was paid; nobody
// annuls without the regulator. Method: the shells with real signatures on a real database, then raw SQL under the annulled emergency.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { accrueStage } from '../../src/fund/accruing.ts';
import {
  applyEmergencyAnnulment,
  draftEmergencyAnnulment,
  lockEmergencyAnnulment,
} from '../../src/fund/annulling-emergencies.ts';
import { listAuthorisations } from '../../src/fund/authorisations.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readPublicBook } from '../../src/fund/public-book.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { cancelAccrual } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork, draftEnd } from './closing-world.ts';
import { annulLift, authoriseLift, declare, draftLift } from './emergency-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  draft,
  execute,
  type FundWorld,
  fundWorld,
  pay,
  signAs,
} from './fund-world.ts';
import { account, raw, refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let lift: string;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `annulling emergencies ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
    ],
    capFen: 6000n,
  });
  accepted(await deposit(world, [9000n, 9000n]));
  await declare(world);
  lift = await authoriseLift(world);
});

const at = () => ({ community: world.community, authorisation: lift });
const stage = (amountFen: bigint, document: number) =>
  accrueStage(world.deps, {
    ...at(),
    amountFen,
    stage: 'progress',
    acceptanceHash: acceptance(document),
  });
const drafted = (authorisation = lift) =>
  draftEmergencyAnnulment(
    world.deps,
    { community: world.community, authorisation, documentHash: acceptance(230) },
    'test',
  );
const states = async () => (await listAuthorisations(fresh.db, world.community)).map(({ state }) => state);

describe('an annulled emergency', () => {
  it('opens nothing any more, also for a payment that was signed, and gives back what it holds', async () => {
    accepted(await holdShares(world.deps, at()));
    accepted(await stage(2000n, 1));
    await pay(world, lift, 2000n);
    const { seq } = accepted(await stage(1000n, 2));
    const { act } = accepted(await draft(world, lift, 1000n));
    await signAs(world, act, world.officers);
    await annulLift(world, lift);
    expect(codeOf(await execute(world, act))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await stage(1000n, 3))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await draft(world, lift, 1n))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await draftEnd(world, at()))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await releaseRest(world.deps, at()))).toBe('FUND_UNPAID_ACCRUALS');
    accepted(await cancelAccrual(world.deps, { community: world.community, seq, reason: '紧急维修撤销' }));
    accepted(await releaseRest(world.deps, at()));
    // 18,000 fen were paid in, and 2,000 of them had left before.
    expect(await balancesOf(world, 'unit_available')).toEqual([8000n, 8000n]);
    expect(await balancesOf(world, 'unit_held')).toEqual([0n, 0n]);
    expect(await states()).toEqual(['revoked']);
    expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
  });

  it('stands in the public book with the order and with what was paid', async () => {
    accepted(await holdShares(world.deps, at()));
    accepted(await stage(2000n, 1));
    await pay(world, lift, 2000n);
    await annulLift(world, lift);
    const [charge] = accepted(await readPublicBook(fresh.db, world.community)).charges;
    expect(charge).toMatchObject({ paidFen: 2000n, annulment: { documentHash: acceptance(230) } });
    expect(charge?.authorisation.state).toBe('revoked');
  });

  it('leaves other work as it is: another emergency, and a resolution', async () => {
    const other = await authoriseLift(world, { text: '2幢电梯也停了。' });
    const authorisation = await authorise(world);
    await annulLift(world, lift);
    expect((await states()).toSorted()).toEqual(['open', 'open', 'revoked']);
    accepted(await holdShares(world.deps, { community: world.community, authorisation: other }));
    accepted(await holdShares(world.deps, { community: world.community, authorisation }));
    accepted(await draftLift(world, { text: '第三部电梯。' }));
  });

  it('may be one that was closed, and takes no hold past the shells either', async () => {
    accepted(await holdShares(world.deps, at()));
    await closeWork(world, at());
    await annulLift(world, lift);
    expect(await states()).toEqual(['revoked']);
    const legs = [
      [await account(world, 'unit_available', 0), 1n],
      [await account(world, 'unit_held', 0), -1n],
    ] as const;
    for (const db of [fresh.db, fresh.owner])
      expect(await refusedBy(() => raw(db, world, { kind: 'hold', authorisation: lift, legs }))).toBe(
        'fund_authorisation_is_open',
      );
  });
});

it('a payment stands before the annulment in the log or not at all, whichever of both comes first', async () => {
  for (let round = 0; round < 4; round += 1) {
    const one = await authoriseLift(world, { text: `第${round}部电梯停梯。`, capFen: 100n });
    const ref = { community: world.community, authorisation: one };
    accepted(await holdShares(world.deps, ref));
    accepted(
      await accrueStage(world.deps, {
        ...ref,
        amountFen: 100n,
        stage: 'final',
        acceptanceHash: acceptance(100 + round),
      }),
    );
    const order = accepted(await draft(world, one, 100n)).act;
    await signAs(world, order, world.officers);
    const { act } = accepted(await drafted(one));
    await signAs(world, act, [...world.officers.slice(1), world.regulator]);
    const [paid, annulled] = await Promise.all([
      execute(world, order),
      execute(world, act, applyEmergencyAnnulment, lockEmergencyAnnulment),
    ]);
    accepted(annulled);
    if (!paid.ok) expect(paid.refusal.code).toBe('FUND_AUTHORISATION_CLOSED');
    const kinds = await fresh.db
      .selectFrom('log_entry')
      .select('kind')
      .where('community_id', '=', world.community)
      .where('kind', 'in', ['fund.entry', 'emergency.annulled'])
      .orderBy('id')
      .execute();
    expect(kinds.at(-1)?.kind).toBe('emergency.annulled');
    const rows = await fresh.db
      .selectFrom('fund_entry')
      .select('entry_id')
      .where('kind', '=', 'pay')
      .where('authorisation_id', '=', one)
      .execute();
    expect(rows.length).toBe(paid.ok ? 1 : 0);
  }
});

describe('an annulment', () => {
  it('that committee and street office sign is not executed: the regulator is missing', async () => {
    const { act } = accepted(await drafted());
    await expect(signAs(world, act, world.officers)).rejects.toThrow('ACTION_ROLE');
  });

  it('may be signed by the committee and the regulator', async () => {
    const { act } = accepted(await drafted());
    await signAs(world, act, [...world.officers.slice(0, 1), world.regulator]);
    accepted(await execute(world, act, applyEmergencyAnnulment, lockEmergencyAnnulment));
    expect(await states()).toEqual(['revoked']);
  });

  it('comes once: a second is not drafted, and of two that were signed the second falls', async () => {
    const { act } = accepted(
      await draftEmergencyAnnulment(world.deps, { ...at(), documentHash: acceptance(231) }, 'test'),
    );
    await signAs(world, act, [...world.officers.slice(1), world.regulator]);
    await annulLift(world, lift);
    expect(codeOf(await drafted())).toBe('FUND_EMERGENCY_ANNULLED');
    expect(codeOf(await execute(world, act, applyEmergencyAnnulment, lockEmergencyAnnulment))).toBe(
      'FUND_EMERGENCY_ANNULLED',
    );
  });

  it('of nothing, of another community, and of a resolution is refused', async () => {
    expect(codeOf(await drafted('a'.repeat(26)))).toBe('FUND_EMERGENCY_UNKNOWN');
    expect(codeOf(await drafted(await authorise(world)))).toBe('FUND_EMERGENCY_UNKNOWN');
    const other = await fundWorld(fresh, { seed: `other ${worlds}`, units: world.units, capFen: 1n });
    const theirs = { community: other.community, authorisation: lift, documentHash: acceptance(1) };
    expect(codeOf(await draftEmergencyAnnulment(other.deps, theirs, 'test'))).toBe('FUND_EMERGENCY_UNKNOWN');
  });
});
