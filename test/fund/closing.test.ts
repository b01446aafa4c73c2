// Goal: two officers close work over its document, once, with nothing owed; what is held goes back to the fen, and the database itself refuses
// whatever comes after or stands beside it (SPEC 8.3). Method: the shells with real signatures, races, then raw SQL as both logins.
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Database } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { applyClosing } from '../../src/fund/closing.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readPublicBook } from '../../src/fund/public-book.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork, draftEnd, type Ref } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  execute,
  type FundWorld,
  fundWorld,
  pay,
  signAs,
} from './fund-world.ts';
import { account, raw, rawIn, refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let ref: Ref;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `closing ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 7001n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [9000n, 9000n]));
  ref = { community: world.community, authorisation: await authorise(world) };
  accepted(await holdShares(world.deps, ref));
});

const stage = (amountFen: bigint, document: number) =>
  accrueStage(world.deps, { ...ref, amountFen, stage: 'final', acceptanceHash: acceptance(document) });

describe('a closing', () => {
  it('gives back what is held, is public with its document, and nothing is held or accrued after it', async () => {
    accepted(await stage(6001n, 1));
    await pay(world, ref.authorisation, 6001n);
    const released = await closeWork(world, ref, 1);
    expect(released?.seq).toBe(6n);
    expect(await balancesOf(world, 'unit_held')).toEqual([0n, 0n]);
    const left = await balancesOf(world, 'unit_available');
    expect(left.reduce((sum, fen) => sum + fen, 0n)).toBe(18_000n - 6001n);
    expect(codeOf(await stage(1n, 2))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await draftEnd(world, ref, 2))).toBe('FUND_AUTHORISATION_CLOSED');
    await sequenceAll(world.deps);
    const [charge] = accepted(await readPublicBook(fresh.db, world.community)).charges;
    expect(charge?.authorisation.state).toBe('closed');
    expect(charge?.closing).toEqual({ documentHash: acceptance(1), logIndex: expect.any(Number) });
    expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
  });

  it('of what was never held needs no release', async () => {
    const other = await fundWorld(fresh, { seed: `unheld ${worlds}`, units: world.units, capFen: 10n });
    accepted(await deposit(other, [5n, 5n]));
    const unheld = { community: other.community, authorisation: await authorise(other) };
    expect(await closeWork(other, unheld)).toBeUndefined();
    expect(codeOf(await holdShares(other.deps, unheld))).toBe('FUND_AUTHORISATION_CLOSED');
  });

  it('is refused while a stage is owed, also where it was accrued between the draft and the signatures', async () => {
    const { act } = accepted(await draftEnd(world, ref));
    await signAs(world, act, world.officers);
    accepted(await stage(1n, 1));
    expect(codeOf(await execute(world, act, applyClosing))).toBe('FUND_UNPAID_ACCRUALS');
    expect(codeOf(await draftEnd(world, ref, 3))).toBe('FUND_UNPAID_ACCRUALS');
  });

  it('is one of two: the second act over another document falls', async () => {
    const first = accepted(await draftEnd(world, ref, 1));
    const second = accepted(await draftEnd(world, ref, 2));
    expect(codeOf(await draftEnd(world, ref, 1))).toBe('ACT_DRAFTED');
    for (const { act } of [first, second]) await signAs(world, act, world.officers);
    const both = await Promise.all(
      [first, second].map(({ act }) => execute(world, act, applyClosing).then((done) => done.ok)),
    );
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await balancesOf(world, 'unit_held')).toEqual([0n, 0n]);
  });

  it('needs the committee and the street, or the street and the regulator: not the committee and the regulator', async () => {
    const { act } = accepted(await draftEnd(world, ref));
    const [committee] = world.officers;
    await signAs(world, act, committee === undefined ? [] : [committee]);
    await expect(signAs(world, act, [world.regulator])).rejects.toThrow('ACTION_ROLE');
  });

  it('is the only way to release what is open', async () => {
    expect(codeOf(await releaseRest(world.deps, ref))).toBe('FUND_CLOSING_NEEDED');
  });
});

/** A row of `fund_closing` with a log entry and an act, as an intruder with the application's rights could write them. */
async function rawClosing(
  tx: Database,
  lie: {
    readonly roles?: readonly string[];
    readonly kind?: string;
    readonly document?: string;
    readonly authorisation?: string;
  } = {},
): Promise<void> {
  const { random } = world.deps;
  const authorisation = lie.authorisation ?? ref.authorisation;
  const log = await tx
    .insertInto('log_entry')
    .values({
      data: utf8(JSON.stringify({ authorisation, documentHash: lie.document ?? acceptance(9) })),
      kind: lie.kind ?? 'fund.closed',
      community_id: world.community,
      meeting_id: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const act = newId(random);
  await tx
    .insertInto('act')
    .values({
      act_id: act,
      community_id: world.community,
      meeting_id: null,
      kind: 'fund.closed',
      entry: new Uint8Array(),
      subject: random(32),
      rule_kind: null,
      details: '{}',
      state: 'done',
      drafted_by: 'test',
      drafted_at_ms: 1n,
      entry_id: log.id,
    })
    .execute();
  for (const role of lie.roles ?? ['committee', 'street'])
    await tx
      .insertInto('act_signature')
      .values({
        act_id: act,
        officer_id: newId(random),
        role,
        identity: random(32),
        public_key: random(32),
        action: new Uint8Array(),
        signature: '',
        evidence: random(32),
        signed_at_ms: 1n,
      })
      .execute();
  await tx
    .insertInto('fund_closing')
    .values({
      community_id: world.community,
      authorisation_id: authorisation,
      document_hash: Buffer.from(acceptance(9), 'base64url'),
      entry_id: log.id,
    })
    .execute();
}

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);
  const within = (work: (tx: Database) => Promise<void>) => refusedBy(() => db().transaction().execute(work));
  const held = async (at: number) => account(world, 'unit_held', at);
  const available = async (at: number) => account(world, 'unit_available', at);

  it.each([
    ['one role', { roles: ['street', 'street'] }],
    ['another kind of entry', { kind: 'resolution.annulled' }],
    ['another document', { document: toBase64Url(new Uint8Array(32)) }],
  ] as const)('a closing of %s', async (_what, lie) => {
    expect(await within((tx) => rawClosing(tx, lie))).toBe('fund_closing_is_signed');
  });

  it('a closing that leaves money held, or owed', async () => {
    expect(await within((tx) => rawClosing(tx))).toBe('fund_closing_is_whole');
    accepted(await stage(10_000n, 1));
    expect(await within((tx) => rawClosing(tx))).toBe('fund_closing_is_whole');
  });

  it('a second closing, a hold and an accrual after one', async () => {
    await closeWork(world, ref);
    expect(await within((tx) => rawClosing(tx))).toBe('fund_closing_pk');
    const hold = [
      [await available(0), 1n],
      [await held(0), -1n],
    ] as const;
    const entry = { kind: 'hold', authorisation: ref.authorisation, legs: hold };
    expect(await refusedBy(() => raw(db(), world, entry))).toBe('fund_authorisation_is_open');
    const accrual = [
      [await held(0), 1n],
      [await account(world, 'payable'), -1n],
    ] as const;
    const accrue = { kind: 'accrue', authorisation: ref.authorisation, legs: accrual };
    expect(await refusedBy(() => raw(db(), world, accrue))).toBe('fund_account_never_negative_check');
  });

  it('a closing of an authorisation that does not stand, or of one that was annulled', async () => {
    const unknown = newId(world.deps.random);
    expect(await within((tx) => rawClosing(tx, { authorisation: unknown }))).toMatch(
      /^fund_closing_(of_open|authorisation_fk)$/,
    );
    await fresh.owner
      .updateTable('fund_authorisation')
      .set({ state: 'revoked' })
      .where('authorisation_id', '=', ref.authorisation)
      .execute();
    expect(await within((tx) => rawClosing(tx))).toBe('fund_closing_of_open');
  });

  it('a release of what is open, beside a closing too that comes later', async () => {
    const legs = [
      [await held(0), 1n],
      [await available(0), -1n],
    ] as const;
    const release = { kind: 'release', authorisation: ref.authorisation, legs };
    expect(await refusedBy(() => raw(db(), world, release))).toBe('fund_release_after_closing');
    expect(await within((tx) => rawIn(tx, world, release))).toBe('fund_release_after_closing');
  });

  it('a changed, deleted or truncated closing, and one without its log entry', async () => {
    await closeWork(world, ref);
    const own = login === 'owner' ? 'fund_closing_append_only' : 'denied';
    for (const statement of [
      sql`update fund_closing set entry_id = 0`,
      sql`delete from fund_closing`,
      sql`truncate fund_closing`,
    ])
      expect(await refusedBy(() => statement.execute(db()))).toBe(own);
    const row = { community_id: world.community, authorisation_id: ref.authorisation };
    const stray = { ...row, document_hash: new Uint8Array(32), entry_id: 0n };
    expect(await refusedBy(() => db().insertInto('fund_closing').values(stray).execute())).toMatch(
      /^fund_closing_(pk|entry_fk|is_signed)$/,
    );
  });
});
