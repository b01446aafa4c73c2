// Goal: the database itself refuses revenue that the log does not name, spending that two officers did not sign, more than there is, a use
// that nobody adopted, and a half-year out of turn. Method: raw SQL around the shells, as the application and as the owner.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { receiveRevenue } from '../../src/fund/revenue-booking.ts';
import { publishPeriod } from '../../src/fund/revenue-publishing.ts';
import { freshDatabase } from '../support/database.ts';
import { logged, signed, undone } from './forged-log.ts';
import { acceptance, accepted, type FundWorld, fundWorld } from './fund-world.ts';
import { refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

/** 100 fen of June are published, 50 of December are not. */
let world: FundWorld;
/** Its resolution was rejected, and 100 fen came in. */
let rejected: FundWorld;
let june = '';
let december = '';
beforeAll(async () => {
  const units = [{ building: '1幢', room: '101', areaDm2: 5000n }];
  world = await fundWorld(fresh, { seed: 'revenue constraints', units, capFen: 1n });
  rejected = await fundWorld(fresh, { seed: 'revenue rejected', units, capFen: 1n, outcome: 'REJECTED' });
  const earn = async (of: FundWorld, bookedOn: string, amountFen: bigint) =>
    accepted(
      await receiveRevenue(of.deps, {
        community: of.community,
        heading: 'parking',
        bookedOn,
        amountFen,
        text: '车位',
        documentHash: acceptance(1),
      }),
    ).entry;
  june = await earn(world, '2026-06-30', 100n);
  const officer = present(world.officers[0], 'an officer').officer;
  accepted(await publishPeriod(world.deps, { community: world.community, period: '2026-H1' }, officer));
  december = await earn(world, '2026-12-01', 50n);
  await earn(rejected, '2026-12-01', 100n);
});

type Facts = Readonly<Record<string, string>>;
type Raw = {
  readonly of?: () => FundWorld;
  readonly kind?: string;
  readonly signedAs?: readonly string[];
  readonly facts?: Facts;
  readonly row?: () => Readonly<Record<string, unknown>>;
};

const rawEntry = (db: Database, raw: Raw): Promise<void> =>
  undone(db, async (tx) => {
    const of = raw.of?.() ?? world;
    const entry = newId(of.deps.random);
    const record = utf8(entry);
    const hash = h256('revenue-entry', record);
    const facts = { entry, revenueHash: toBase64Url(hash), ...raw.facts };
    const id = await logged(tx, of, raw.kind ?? 'revenue.spent', facts);
    await signed(tx, of, id, raw.signedAs ?? ['committee', 'street']);
    await tx
      .insertInto('revenue_entry')
      .values({
        community_id: of.community,
        entry_id: entry,
        kind: 'cost',
        heading: 'tax',
        booked_on: '2026-12-02',
        amount_fen: -1n,
        meeting_id: null,
        proposal_id: null,
        reverses_entry_id: null,
        record,
        hash,
        log_entry_id: id,
        ...raw.row?.(),
      })
      .execute();
  });

const rawPeriod = (db: Database, period: string, raw: Raw): Promise<void> =>
  undone(db, async (tx) => {
    const record = utf8(period);
    const hash = h256('revenue-period', record);
    const facts = { period, periodHash: toBase64Url(hash), ...raw.facts };
    const id = await logged(tx, world, raw.kind ?? 'revenue.published', facts);
    await tx
      .insertInto('revenue_period')
      .values({
        community_id: world.community,
        period,
        record,
        hash,
        officer_id: present(world.officers[0], 'an officer').officer,
        log_entry_id: id,
        ...raw.row?.(),
      })
      .execute();
  });

const other = (): string => toBase64Url(sha256(utf8('other')));
const income = { kind: 'income', heading: 'parking', amount_fen: 1n };
const use = (of: () => FundWorld) => () => ({
  kind: 'use',
  heading: 'resolution',
  meeting_id: of().meeting,
  proposal_id: of().proposal,
});
const reversal = (of: () => string, fen: bigint) => () => ({
  kind: 'reversal',
  heading: 'parking',
  amount_fen: fen,
  reverses_entry_id: of(),
});

const ENTRIES: readonly (readonly [string, string, Raw])[] = [
  ['no cost that is in order', 'accepted', {}],
  ['no income that is in order', 'accepted', { kind: 'revenue.received', row: () => income }],
  ['no use that is in order', 'accepted', { row: use(() => world) }],
  ['no reversal that is in order', 'accepted', { row: reversal(() => december, -50n) }],
  ['one that the log names otherwise', 'revenue_entry_is_logged', { facts: { revenueHash: other() } }],
  ['one of another id in the log', 'revenue_entry_is_logged', { facts: { entry: 'a'.repeat(26) } }],
  ['a cost that the log calls income', 'revenue_entry_is_logged', { kind: 'revenue.received' }],
  ['income that the log calls spent', 'revenue_entry_is_logged', { row: () => income }],
  ['a cost that nobody signed', 'revenue_entry_is_signed', { signedAs: [] }],
  ['a cost that one role signed', 'revenue_entry_is_signed', { signedAs: ['street'] }],
  ['one in a published half-year', 'revenue_period_is_closed', { row: () => ({ booked_on: '2026-06-30' }) }],
  ['a use of what was rejected', 'revenue_use_is_adopted', { of: () => rejected, row: use(() => rejected) }],
  ['more than there is', 'revenue_never_negative', { row: () => ({ amount_fen: -151n }) }],
  ['a reversal of less', 'revenue_reversal_exact', { row: reversal(() => december, -49n) }],
  ['a reversal of nothing', 'revenue_reversal_exact', { row: reversal(() => 'a'.repeat(26), -50n) }],
  [
    'a reversal under another heading',
    'revenue_reversal_exact',
    { row: () => ({ ...reversal(() => december, -50n)(), heading: 'vending' }) },
  ],
  ['an unknown kind', 'revenue_entry_kind_check', { row: () => ({ kind: 'gift' }) }],
  ['a cost of a source', 'revenue_entry_heading_check', { row: () => ({ heading: 'parking' }) }],
  ['a cost that comes in', 'revenue_entry_amount_check', { row: () => ({ amount_fen: 1n }) }],
  ['nothing', 'revenue_entry_amount_check', { row: () => ({ amount_fen: 0n }) }],
  [
    'a cost under a resolution',
    'revenue_entry_basis_check',
    { row: () => ({ meeting_id: world.meeting, proposal_id: world.proposal }) },
  ],
  ['a cost that reverses', 'revenue_entry_basis_check', { row: () => ({ reverses_entry_id: june }) }],
  ['a hash that is not of its record', 'revenue_entry_hash_check', { row: () => ({ record: utf8('x') }) }],
];

const PERIODS: readonly (readonly [string, string, string, Raw])[] = [
  ['no half-year that is in order', 'accepted', '2026-H2', {}],
  ['a half-year twice', 'revenue_period_in_order', '2026-H1', {}],
  ['a half-year that is skipped to', 'revenue_period_in_order', '2027-H1', {}],
  [
    'one that the log names otherwise',
    'revenue_period_is_logged',
    '2026-H2',
    { facts: { periodHash: other() } },
  ],
  ['one of another time in the log', 'revenue_period_is_logged', '2026-H2', { facts: { period: '2026-H1' } }],
  [
    'a hash of another record',
    'revenue_period_hash_check',
    '2026-H2',
    { row: () => ({ record: utf8('x') }) },
  ],
  [
    'one that nobody published',
    'revenue_period_officer_fk',
    '2026-H2',
    { row: () => ({ officer_id: 'a'.repeat(26) }) },
  ],
];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);

  it.each(ENTRIES)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawEntry(db(), raw))).toBe(constraint);
  });

  it.each(PERIODS)('%s: %s', async (_what, constraint, period, raw) => {
    expect(await refusedBy(() => rawPeriod(db(), period, raw))).toBe(constraint);
  });

  it('a second reversal of one entry', async () => {
    const twice = undone(db(), async (tx) => {
      for (const at of [1, 2]) {
        const entry = newId(world.deps.random);
        const record = utf8(`${entry} ${at}`);
        const hash = h256('revenue-entry', record);
        const id = await logged(tx, world, 'revenue.spent', { entry, revenueHash: toBase64Url(hash) });
        await signed(tx, world, id, ['committee', 'street']);
        await tx
          .insertInto('revenue_entry')
          .values({
            community_id: world.community,
            entry_id: entry,
            booked_on: '2026-12-02',
            meeting_id: null,
            proposal_id: null,
            ...reversal(() => december, -50n)(),
            record,
            hash,
            log_entry_id: id,
          })
          .execute();
      }
    });
    expect(await refusedBy(() => twice)).toBe('revenue_entry_reverses_key');
  });

  it('a change of either table', async () => {
    for (const table of ['revenue_entry', 'revenue_period']) {
      const own = login === 'owner' ? `${table}_900_append_only` : 'denied';
      for (const change of [
        sql`update ${sql.table(table)} set log_entry_id = 0`,
        sql`delete from ${sql.table(table)}`,
      ])
        expect(await refusedBy(() => change.execute(db()))).toBe(own);
    }
  });
});
