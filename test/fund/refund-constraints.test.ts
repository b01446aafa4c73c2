// Goal: the database itself refuses a refund of a unit in force, one that officers did not sign, one that is not whole, and whatever
// touches a closed account. Method: raw SQL around the shells, as the application and as the owner; each case names its constraint.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { receiveInterest } from '../../src/fund/interest.ts';
import { applyRefund, draftRefund } from '../../src/fund/refunding.ts';
import { freshDatabase } from '../support/database.ts';
import { annul } from './annul-world.ts';
import { closeWork } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  deposit,
  execute,
  type FundWorld,
  fundWorld,
  PAYEE_OPENING,
  pay,
  signAs,
} from './fund-world.ts';
import { account, rawIn, refusedBy } from './raw-book.ts';
import { demolish } from './refund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());
const UNITS = ['101', '102', '103'].map((room) => ({ building: '1幢', room, areaDm2: 5000n }));

/** Unit 0 is gone and was refunded, unit 1 is gone too, unit 2 stands. */
let world: FundWorld;
/** Unit 0 is gone, and its share of a resolution is still held. */
let holding: FundWorld;
/** Unit 0 is gone, and interest waits. */
let waiting: FundWorld;
/** Unit 0 is gone, and what was accrued of it under an annulled resolution is not paid. */
let unpaid: FundWorld;
let resolution: string;
beforeAll(async () => {
  const make = async (seed: string): Promise<FundWorld> => {
    const made = await fundWorld(fresh, { seed: `refund constraints ${seed}`, units: UNITS, capFen: 300n });
    accepted(await deposit(made, [9000n, 9000n, 9000n]));
    return made;
  };
  [world, holding, waiting] = [await make('one'), await make('held'), await make('interest')];
  const at = { community: holding.community, authorisation: await authorise(holding) };
  accepted(await holdShares(holding.deps, at));
  resolution = await authorise(world);
  accepted(await holdShares(world.deps, { community: world.community, authorisation: resolution }));
  await releaseAll();
  const bank = { name: '建行', lastDigits: '0071' };
  const interest = { community: waiting.community, bank, receipt: '息1', amountFen: 5n };
  accepted(await receiveInterest(waiting.deps, { ...interest, valueOn: '2026-11-30' }));
  unpaid = await make('unpaid');
  const stage = { community: unpaid.community, authorisation: await authorise(unpaid) };
  accepted(await holdShares(unpaid.deps, stage));
  accepted(
    await accrueStage(unpaid.deps, {
      ...stage,
      amountFen: 300n,
      stage: 'final',
      acceptanceHash: acceptance(1),
    }),
  );
  await pay(unpaid, stage.authorisation, 100n);
  await annul(unpaid);
  for (const each of [world, holding, waiting, unpaid]) await demolish(each, 0);
  const { act } = accepted(
    await draftRefund(
      world.deps,
      {
        community: world.community,
        unit: unitOf(world, 0),
        payeeOpening: PAYEE_OPENING,
        documentHash: acceptance(2),
      },
      'test',
    ),
  );
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyRefund));
  await fresh.owner
    .updateTable('unit')
    .set({ register_id: await oldRegister(world) })
    .where('community_id', '=', world.community)
    .where('unit_id', '=', unitOf(world, 1))
    .execute();
});

const unitOf = (of: FundWorld, at: number): string => present(of.units[at], 'a unit').unit;

async function releaseAll(): Promise<void> {
  await closeWork(world, { community: world.community, authorisation: resolution });
}

async function oldRegister(of: FundWorld): Promise<string> {
  const row = await fresh.owner
    .selectFrom('unit')
    .select('register_id')
    .where('community_id', '=', of.community)
    .where('unit_id', '=', unitOf(of, 0))
    .executeTakeFirstOrThrow();
  return row.register_id;
}

type RawRefund = {
  readonly of?: () => FundWorld;
  readonly at?: number;
  readonly capFen?: bigint;
  readonly signedAs?: readonly string[];
  readonly loggedHash?: Uint8Array;
  readonly row?: Readonly<Record<string, unknown>>;
  /** What is booked under it; nothing where it is 0. */
  readonly bookedFen?: bigint;
  /** Whose money is booked. */
  readonly from?: number;
};

async function signedAct(tx: Database, of: FundWorld, entryId: bigint, roles: readonly string[]) {
  const act = newId(of.deps.random);
  await tx
    .insertInto('act')
    .values({
      act_id: act,
      community_id: of.community,
      meeting_id: null,
      kind: 'refund.authorised',
      entry: new Uint8Array(),
      subject: of.deps.random(32),
      rule_kind: null,
      details: '{}',
      state: 'done',
      drafted_by: 'test',
      drafted_at_ms: 1n,
      entry_id: entryId,
    })
    .execute();
  for (const role of roles)
    await tx
      .insertInto('act_signature')
      .values({
        act_id: act,
        officer_id: newId(of.deps.random),
        role,
        identity: of.deps.random(32),
        public_key: of.deps.random(32),
        action: new Uint8Array(),
        signature: '',
        evidence: of.deps.random(32),
        signed_at_ms: 1n,
      })
      .execute();
}

/** A refund past the shells, as whoever has a login could write it. */
async function rawRefund(db: Database, refund: RawRefund): Promise<void> {
  const {
    at = 1,
    capFen = 9000n,
    signedAs = ['regulator', 'street'],
    bookedFen = capFen,
    from = at,
  } = refund;
  const of = refund.of?.() ?? world;
  const authorisation = newId(of.deps.random);
  const record = utf8(authorisation);
  const hash = h256('refund', record);
  await db.transaction().execute(async (tx) => {
    const log = await tx
      .insertInto('log_entry')
      .values({
        data: utf8(JSON.stringify({ refundHash: toBase64Url(refund.loggedHash ?? hash) })),
        kind: 'refund.authorised',
        community_id: of.community,
        meeting_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await signedAct(tx, of, log.id, signedAs);
    await tx
      .insertInto('fund_authorisation')
      .values({
        community_id: of.community,
        authorisation_id: authorisation,
        kind: 'unit_refund',
        unit_id: unitOf(of, at),
        document_hash: sha256(),
        cap_fen: capFen,
        payee_account: sha256(),
        authorised_on: '2026-12-10',
        record,
        hash,
        entry_id: log.id,
        ...refund.row,
      })
      .execute();
    const payable = newId(of.deps.random);
    await tx
      .insertInto('fund_account')
      .values({
        community_id: of.community,
        account_id: payable,
        kind: 'payable',
        unit_id: null,
        authorisation_id: authorisation,
        name: payable,
      })
      .execute();
    if (bookedFen > 0n) {
      const legs = [
        [await account(of, 'unit_available', from), bookedFen],
        [payable, -bookedFen],
      ] as const;
      await rawIn(tx, of, { kind: 'refund', authorisation, legs });
    }
    await sql`set constraints all immediate`.execute(tx);
    throw new Error('accepted');
  });
}

const GIFT = {
  kind: 'gift',
  unit_id: null,
  document_hash: null,
  record: utf8('gift'),
  hash: h256('authorisation', utf8('gift')),
};

const CASES: readonly (readonly [string, string, RawRefund])[] = [
  ['nothing that is in order', 'accepted', {}],
  ['an unknown kind', 'fund_authorisation_kind_check', { row: GIFT }],
  ['one with an outcome', 'fund_authorisation_basis_check', { row: { outcome: 'ADOPTED' } }],
  ['one without its document', 'fund_authorisation_basis_check', { row: { document_hash: null } }],
  ['a unit that never was', 'fund_authorisation_unit_fk', { row: { unit_id: 'a'.repeat(26) } }],
  ['a second one of a unit', 'fund_authorisation_unit_key', { at: 0 }],
  ['a hash that is not of its record', 'fund_authorisation_hash_check', { row: { record: utf8('other') } }],
  ['a unit of the register in force', 'fund_refund_unit_gone', { at: 2 }],
  ['one whose log entry names another', 'fund_refund_is_signed', { loggedHash: sha256() }],
  ['one that nobody signed', 'fund_refund_is_signed', { signedAs: [] }],
  ['one that the regulator signed alone', 'fund_refund_is_signed', { signedAs: ['regulator'] }],
  ['one without the regulator', 'fund_refund_is_signed', { signedAs: ['committee', 'street'] }],
  ['one that is not booked', 'fund_refund_is_booked', { bookedFen: 0n }],
  ['one of which less is booked', 'fund_refund_whole', { bookedFen: 8999n }],
  ['one that leaves a fen behind', 'fund_refund_whole', { capFen: 8999n }],
  ['one of more than there is', 'fund_account_never_negative_check', { capFen: 9001n }],
  ['one while money is held', 'fund_refund_whole', { of: () => holding, at: 0, capFen: 8900n }],
  ['one while interest waits', 'fund_refund_after_interest', { of: () => waiting, at: 0 }],
  [
    'one while a rest that it bore is unpaid',
    'fund_refund_after_unpaid',
    { of: () => unpaid, at: 0, capFen: 8900n },
  ],
  ["one with another home's money", 'fund_refund_of_its_unit', { from: 2 }],
];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);
  it.each(CASES)('%s: %s', async (_what, constraint, refund) => {
    expect(await refusedBy(() => rawRefund(db(), refund))).toBe(constraint);
  });

  it('a deposit into a closed account, and a release into it of what is not held', async () => {
    const closed = await account(world, 'unit_available', 0);
    const bank = await account(world, 'bank');
    const book = (kind: string, legs: readonly (readonly [string, bigint])[], authorisation?: string) =>
      refusedBy(() =>
        db()
          .transaction()
          .execute((tx) =>
            rawIn(tx, world, { kind, legs, ...(authorisation === undefined ? {} : { authorisation }) }),
          ),
      );
    const deposited = await book('deposit', [
      [bank, 100n],
      [closed, -100n],
    ]);
    expect(deposited).toBe('fund_unit_is_refunded');
    const taken = await book(
      'release',
      [
        [await account(world, 'unit_held', 0), 1n],
        [closed, -1n],
      ],
      resolution,
    );
    expect(taken).toBe('fund_account_never_negative_check');
  });

  it('a change of a refund', async () => {
    const refusal = await refusedBy(() =>
      sql`update fund_authorisation set unit_id = null where unit_id is not null`.execute(db()),
    );
    expect(refusal).toBe(login === 'owner' ? 'fund_authorisation_900_frozen' : 'denied');
  });
});

it('a refund is closed to everything but its payment', async () => {
  const rows = await fresh.db
    .selectFrom('fund_authorisation')
    .select(['state', 'kind'])
    .where('community_id', '=', world.community)
    .orderBy('entry_id')
    .execute();
  expect(rows).toEqual([
    { state: 'closed', kind: 'resolution' },
    { state: 'closed', kind: 'unit_refund' },
  ]);
});
