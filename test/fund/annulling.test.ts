// Goal: an annulled resolution opens nothing of the fund any more, and gives back what it holds; nobody annuls alone. Method: the
// shells with real signatures, then raw SQL as the application and as the owner of the tables.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readPublicBook } from '../../src/fund/public-book.ts';
import { readBook } from '../../src/fund/reading.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { cancelAccrual } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
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
import { account, entryOf, raw, refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `annulling ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [9000n, 9000n]));
});

const drafted = () =>
  draftAnnulment(
    world.deps,
    {
      community: world.community,
      meeting: world.meeting,
      proposal: world.proposal,
      documentHash: acceptance(7),
    },
    'test',
  );
async function annul(): Promise<void> {
  const { act } = accepted(await drafted());
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyAnnulment));
}
const ref = async () => ({ community: world.community, authorisation: await authorise(world) });
const charge = async () =>
  present(accepted(await readBook(fresh.db, world.community)).authorisations[0], 'the resolution');
const stage = (at: Awaited<ReturnType<typeof ref>>, document: number) => stageOf(at, document, 1000n);
const stageOf = (at: Awaited<ReturnType<typeof ref>>, document: number, amountFen: bigint) =>
  accrueStage(world.deps, {
    ...at,
    amountFen,
    stage: 'progress',
    acceptanceHash: acceptance(document),
  });

describe('an annulment', () => {
  it('stops accruals and payments, also one that was signed, and gives back what is held', async () => {
    const at = await ref();
    accepted(await holdShares(world.deps, at));
    const { seq } = accepted(await stage(at, 1));
    const { act } = accepted(await draft(world, at.authorisation, 1000n));
    await signAs(world, act, world.officers);
    await annul();
    expect(codeOf(await execute(world, act))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await stage(at, 2))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await draft(world, at.authorisation, 1n))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await releaseRest(world.deps, at))).toBe('FUND_UNPAID_ACCRUALS');
    expect((await charge()).cancellable).toEqual([
      { seq, bookedOn: expect.any(String), amountFen: 1000n, narrative: '进度款' },
    ]);
    accepted(await cancelAccrual(world.deps, { community: world.community, seq, reason: '决议撤销' }));
    expect((await charge()).cancellable).toEqual([]);
    accepted(await releaseRest(world.deps, at));
    expect(await balancesOf(world, 'unit_available')).toEqual([9000n, 9000n]);
    const book = accepted(await readBook(fresh.db, world.community));
    expect(book.authorisations.map((each) => each.authorisation.state)).toEqual(['revoked']);
    expect(codeOf(await drafted())).toBe('FUND_RESOLUTION_ANNULLED');
  });

  it('stands beside the resolution in the public book, by its document and its place in the log', async () => {
    await ref();
    const annulments = async () =>
      accepted(await readPublicBook(fresh.db, world.community)).charges.map(({ annulment }) => annulment);
    expect(await annulments()).toEqual([undefined]);
    await annul();
    expect(await annulments()).toEqual([{ documentHash: acceptance(7), logIndex: undefined }]);
  });

  it('names no accrual that was paid in part, which nothing negates', async () => {
    const at = await ref();
    accepted(await holdShares(world.deps, at));
    accepted(await stage(at, 1));
    expect((await charge()).cancellable).toEqual([]);
    await pay(world, at.authorisation, 400n);
    const { seq } = accepted(await stageOf(at, 2, 600n));
    await annul();
    expect((await charge()).cancellable.map((each) => each.seq)).toEqual([seq - 2n, seq]);
    accepted(await cancelAccrual(world.deps, { community: world.community, seq, reason: '决议撤销' }));
    const left = await charge();
    expect([left.payableFen, left.cancellable]).toEqual([600n, []]);
  });

  it('before the authorisation leaves one that opens nothing', async () => {
    await annul();
    const at = await ref();
    expect(codeOf(await holdShares(world.deps, at))).toBe('FUND_AUTHORISATION_CLOSED');
  });

  it('that the committee and the street sign is not executed: the regulator is missing', async () => {
    const { act } = accepted(await drafted());
    await expect(signAs(world, act, world.officers)).rejects.toThrow('ACTION_ROLE');
    expect(codeOf(await drafted())).toBe('ACT_DRAFTED');
  });

  it('of a resolution that was not adopted is refused', async () => {
    const rejected = await fundWorld(fresh, {
      seed: `rejected ${worlds}`,
      units: [{ building: '1幢', room: '101', areaDm2: 1n }],
      capFen: 1n,
      outcome: 'REJECTED',
    });
    const { community, meeting, proposal } = rejected;
    const answer = await draftAnnulment(
      rejected.deps,
      { community, meeting, proposal, documentHash: acceptance(1) },
      'test',
    );
    expect(codeOf(answer)).toBe('FUND_RESOLUTION_UNKNOWN');
  });
});

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);
  const row = async (entry: bigint) => ({
    community_id: world.community,
    meeting_id: world.meeting,
    proposal_id: world.proposal,
    document_hash: new Uint8Array(32),
    entry_id: entry,
  });

  it('a hold under an annulled resolution', async () => {
    const { authorisation } = await ref();
    accepted(await holdShares(world.deps, { community: world.community, authorisation }));
    await closeWork(world, { community: world.community, authorisation });
    await annul();
    const legs = [
      [await account(world, 'unit_available', 0), 1n],
      [await account(world, 'unit_held', 0), -1n],
    ] as const;
    expect(await refusedBy(() => raw(db(), world, { kind: 'hold', authorisation, legs }))).toBe(
      'fund_authorisation_is_open',
    );
  });

  it('an annulment that the log does not name, a second one, one of no resolution', async () => {
    const deposited = (await entryOf(world, 'deposit')).log_entry_id;
    const insert = async (changes: { readonly proposal_id?: string; readonly entry_id?: bigint }) =>
      db()
        .insertInto('resolution_annulment')
        .values({ ...(await row(deposited)), ...changes })
        .execute();
    expect(await refusedBy(() => insert({}))).toBe('resolution_annulment_is_logged');
    expect(await refusedBy(() => insert({ entry_id: 0n }))).toBe('resolution_annulment_entry_fk');
    await annul();
    const logged = await fresh.owner
      .selectFrom('resolution_annulment')
      .select('entry_id')
      .where('community_id', '=', world.community)
      .executeTakeFirstOrThrow();
    expect(await refusedBy(() => insert(logged))).toBe('resolution_annulment_pk');
    expect(await refusedBy(() => insert({ ...logged, proposal_id: 'a'.repeat(26) }))).toBe(
      'resolution_annulment_resolution_fk',
    );
  });

  it('to change or delete an annulment', async () => {
    await annul();
    const refusal = await refusedBy(() => db().deleteFrom('resolution_annulment').execute());
    expect(refusal).toBe(login === 'owner' ? 'resolution_annulment_append_only' : 'denied');
  });
});
