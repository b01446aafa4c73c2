// Goal: whoever may switch triggers off changes no cap, payee, unit, document or state of an authorisation unseen: `fund check` names it.
// Method: a resolution's authorisation, a refund and an emergency of the shells, altered by the database's administrator, one change at a time.
import { type RawBuilder, sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { connect } from '../../src/db/connect.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { listAuthorisations } from '../../src/fund/authorisations.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { applyRefund, draftRefund } from '../../src/fund/refunding.ts';
import { freshDatabase } from '../support/database.ts';
import { claimWorld, payIn } from './claim-world.ts';
import { closeWork } from './closing-world.ts';
import { annulLift, authoriseLift, declare } from './emergency-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  codeOf,
  deposit,
  execute,
  type FundWorld,
  fundWorld,
  PAYEE_OPENING,
  signAs,
} from './fund-world.ts';
import { demolish } from './refund-world.ts';

const fresh = await freshDatabase();
const admin = connect(fresh.adminUrl, { maxConnections: 1 });
afterAll(async () => {
  await admin.destroy();
  await fresh.close();
});

/** One refund, one authorisation of a resolution, and one emergency. */
async function book(seed: string): Promise<FundWorld> {
  const world = await fundWorld(fresh, {
    seed: `altered authorisation ${seed}`,
    units: ['101', '102'].map((room) => ({ building: '1幢', room, areaDm2: 5000n })),
    capFen: 10_000n,
  });
  accepted(await deposit(world, [9000n, 9000n]));
  await demolish(world, 0);
  const { community } = world;
  const unit = present(world.units[0], 'a unit').unit;
  const request = { community, unit, payeeOpening: PAYEE_OPENING, documentHash: acceptance(2) };
  const { act } = accepted(await draftRefund(world.deps, request, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyRefund));
  // After the refund: a unit that a resolution names is refunded no more.
  await authorise(world);
  await declare(world);
  await authoriseLift(world);
  return world;
}

const codesOf = async (world: FundWorld): Promise<readonly string[]> =>
  accepted(await checkBook(fresh.db, world.community)).findings.map(({ code }) => code);

const update = (kind: string, change: RawBuilder<unknown>) => (world: FundWorld) =>
  sql`update fund_authorisation set ${change} where community_id = ${world.community} and kind = ${kind}`;
/** Another record with the hash that the table asks for. */
const rewritten = (tag: string, from: string, to: string) => {
  const record = sql`convert_to(replace(convert_from(record, 'UTF8'), ${from}, ${to}), 'UTF8')`;
  const frame = sql`int4send(${sql.lit(15 + tag.length)}) || ${sql.lit(`owners-vote/v1/${tag}`)}::bytea`;
  return sql`record = ${record}, hash = sha256(${frame} || int4send(octet_length(${record})) || ${record})`;
};

const alter = (statement: RawBuilder<unknown>): Promise<void> =>
  admin.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await statement.execute(tx);
  });

it.each<readonly [string, (world: FundWorld) => RawBuilder<unknown>, readonly string[]]>([
  ['a raised cap', update('resolution', sql`cap_fen = cap_fen + 1`), ['FUND-K011']],
  ['another payee', update('resolution', sql`payee_account = sha256('x')`), ['FUND-K011']],
  ['another payee of a refund', update('unit_refund', sql`payee_account = sha256('x')`), ['FUND-K011']],
  ['another document of a refund', update('unit_refund', sql`document_hash = sha256('x')`), ['FUND-K011']],
  [
    'a record with its hash',
    update('resolution', rewritten('authorisation', '屋面防水翻修', '屋面防水翻新')),
    ['FUND-K012', 'FUND-K013'],
  ],
  [
    'a record of a refund with its hash',
    update('unit_refund', rewritten('refund', ':101:', ':102:')),
    ['FUND-K012', 'FUND-K013'],
  ],
  ['the place of a resolution in the log', update('resolution', sql`entry_id = -entry_id`), ['FUND-K017']],
  ['the place of a refund in the log', update('unit_refund', sql`entry_id = -entry_id`), ['FUND-K017']],
  ['a raised cap of an emergency', update('emergency', sql`cap_fen = cap_fen + 1`), ['FUND-K011']],
  ['another report of an emergency', update('emergency', sql`document_hash = sha256('x')`), ['FUND-K011']],
  [
    'a record of an emergency with its hash',
    update('emergency', rewritten('emergency', '断股', '断裂')),
    ['FUND-K012', 'FUND-K013'],
  ],
  [
    'an authorisation that is gone',
    (world) =>
      sql`delete from fund_authorisation where community_id = ${world.community} and kind = 'resolution'`,
    ['FUND-K013'],
  ],
  ['an end that nobody signed', update('resolution', sql`state = 'closed'`), ['FUND-K014']],
  ['an emergency that nobody ended', update('emergency', sql`state = 'revoked'`), ['FUND-K014']],
  ['a refund that is open again', update('unit_refund', sql`state = 'open'`), ['FUND-K014']],
])('%s is named', async (name, statement, expected) => {
  const world = await book(name);
  expect(await codesOf(world)).toEqual([]);
  await alter(statement(world));
  expect(await codesOf(world)).toEqual(expected);
});

it('the place of an emergency in the log is named by its table, id and column', async () => {
  const world = await book('place');
  const { community } = world;
  await alter(update('emergency', sql`entry_id = -entry_id`)(world));
  const row = await fresh.owner
    .selectFrom('fund_authorisation')
    .select(['authorisation_id', 'entry_id'])
    .where('community_id', '=', community)
    .where('kind', '=', 'emergency')
    .executeTakeFirstOrThrow();
  expect(accepted(await checkBook(fresh.db, community)).findings).toMatchObject([
    {
      code: 'FUND-K017',
      where: `fund_authorisation ${row.authorisation_id} entry_id`,
      expected: String(-row.entry_id),
      found: String(row.entry_id),
    },
  ]);
});

it('a raised cap is named also where rows of the log were given other kinds', async () => {
  const world = await book('kinds');
  const { community } = world;
  const of = (kind: string) => sql`community_id = ${community} and kind = ${kind}`;
  await alter(update('resolution', sql`cap_fen = cap_fen + 1`)(world));
  // What named the authorisation is hidden, and the other rows that the check reads are not what their columns say.
  await alter(sql`update log_entry set kind = 'fund.swapped' where ${of('fund.authorised')}`);
  await alter(sql`update log_entry set kind = 'fund.authorised' where ${of('fund.entry')}`);
  await alter(sql`update log_entry set kind = 'fund.entry', data = 'x' where ${of('emergencies.declared')}`);
  const { findings } = accepted(await checkBook(fresh.db, community));
  const strays = findings.filter(({ code }) => code === 'FUND-K016');
  expect(findings.filter((each) => !strays.includes(each)).map(({ code }) => code)).toEqual([
    'FUND-K011',
    // The declaration, of which the log has no entry any more.
    'FUND-K018',
  ]);
  expect(strays.map(({ expected, found }) => [expected, found])).toEqual([
    // Two deposits and the refund.
    ...Array.from({ length: 3 }, () => [`fund.entry ${community}`, `fund.authorised ${community}`]),
    [`fund.authorised ${community}`, `fund.swapped ${community}`],
    ['no entry', `fund.entry ${community}`],
  ]);
});

it('a hold is refused, in words, while claims stand of units that an altered list has no more', async () => {
  const world = await claimWorld(fresh, 'list emptied');
  accepted(await deposit(world, [9000n, 9000n, 0n, 400n]));
  const ref = { community: world.community, authorisation: await authorise(world) };
  accepted(await claimShares(world.deps, ref));
  await payIn(world, 2, 2500n);
  await payIn(world, 3, 2100n);
  await alter(update('resolution', sql`developer_units = '[]'`)(world));
  expect(codeOf(await holdShares(world.deps, ref))).toBe('FUND_CLAIMS_STRANDED');
});

it('an annulled emergency that is open again is named', async () => {
  const world = await book('annulled emergency');
  const [, lift] = await listAuthorisations(fresh.db, world.community);
  const emergency = lift?.authorisation ?? '';
  await annulLift(world, emergency);
  expect(await codesOf(world)).toEqual([]);
  await alter(update('emergency', sql`state = 'open'`)(world));
  const { findings } = accepted(await checkBook(fresh.db, world.community));
  expect(findings).toMatchObject([
    { code: 'FUND-K014', where: `authorisation ${emergency}`, expected: 'revoked', found: 'open' },
  ]);
});

it('an annulled resolution and a closed emergency that are open again are named, each with its place', async () => {
  const world = await book('ended');
  const { community, meeting, proposal } = world;
  const charges = await listAuthorisations(fresh.db, community);
  const [resolution = '', emergency = ''] = charges.map(({ authorisation }) => authorisation);
  const annulment = { community, meeting, proposal, documentHash: acceptance(7) };
  const { act } = accepted(await draftAnnulment(world.deps, annulment, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyAnnulment));
  await closeWork(world, { community, authorisation: emergency });
  expect(await codesOf(world)).toEqual([]);
  await alter(sql`update fund_authorisation set state = 'open' where community_id = ${community}`);
  const { findings } = accepted(await checkBook(fresh.db, community));
  expect(findings.slice(0, 2)).toMatchObject([
    { code: 'FUND-K014', where: `authorisation ${resolution}`, expected: 'revoked', found: 'open' },
    { code: 'FUND-K014', where: `authorisation ${emergency}`, expected: 'closed', found: 'open' },
  ]);
});
