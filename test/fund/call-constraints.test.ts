// Goal: the database itself refuses a call that two roles did not sign, that nobody decided, or whose figures the book does not have, and
// a withdrawal of nothing. Method: raw SQL around the shells, as the application and as the owner.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import type { Database } from '../../src/db/connect.ts';
import { callRecords } from '../../src/fund/store/top-ups.ts';
import type { TopUpCall } from '../../src/record/top-up.ts';
import { topUpCallForm } from '../../src/record/top-up.ts';
import { freshDatabase } from '../support/database.ts';
import type { Facts } from './forged-log.ts';
import { logged, signed, undone } from './forged-log.ts';
import { acceptance, type FundWorld } from './fund-world.ts';
import { refusedBy } from './raw-book.ts';
import { callTopUp, poorWorld } from './top-up-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
/** Its resolution was rejected, one uses the fund, one was annulled. */
let rejected: FundWorld;
let spending: FundWorld;
let annulled: FundWorld;
/** It concerns its last home alone. */
let narrow: FundWorld;
let honest: TopUpCall;
beforeAll(async () => {
  world = await poorWorld(fresh, 'call constraints');
  rejected = await poorWorld(fresh, 'call constraints rejected', { outcome: 'REJECTED' });
  spending = await poorWorld(fresh, 'call constraints spending', { classes: ['M5'] });
  annulled = await poorWorld(fresh, 'call constraints annulled');
  narrow = await poorWorld(fresh, 'call constraints narrow', {
    scope: (units) => ({ kind: 'units', members: units.slice(2) }),
  });
  await callTopUp(world);
  const [row] = await callRecords(fresh.db, world.community);
  honest = topUpCallForm.own(present(row, 'just called').record);
});

type Raw = {
  readonly of?: () => FundWorld;
  readonly kind?: string;
  readonly signedAs?: readonly string[];
  /** What the log says otherwise. */
  readonly facts?: Facts;
  readonly record?: (record: TopUpCall) => TopUpCall;
  readonly row?: (record: TopUpCall) => Facts;
  /** Bytes that no form reads. */
  readonly unread?: (text: string) => string;
  readonly before?: (tx: Database, of: FundWorld) => Promise<unknown>;
};

const rawCall = (db: Database, raw: Raw): Promise<void> =>
  undone(db, async (tx) => {
    const of = raw.of?.() ?? world;
    await raw.before?.(tx, of);
    const { community, meeting, proposal, units, deps } = of;
    const own: TopUpCall = {
      ...honest,
      ...{ community, meeting, proposal, call: newId(deps.random) },
      former: of === world ? honest.call : '',
      units: honest.units.map((line, at) => ({ ...line, unit: units[at]?.unit ?? '' })),
    };
    const record = raw.record?.(own) ?? own;
    const honestBytes = topUpCallForm.bytes(record);
    const bytes = raw.unread === undefined ? honestBytes : utf8(raw.unread(fromUtf8(honestBytes) ?? ''));
    const hash = h256('top-up-call', bytes);
    const ground = record.meeting === '' ? 'rule' : 'resolution';
    const facts = { call: record.call, ground, callHash: toBase64Url(hash), ...raw.facts };
    const id = await logged(tx, of, raw.kind ?? 'topup.called', facts);
    const signers = ground === 'rule' ? ['street', 'regulator'] : ['committee', 'street'];
    await signed(tx, of, id, raw.signedAs ?? signers);
    await tx
      .insertInto('fund_top_up_call')
      .values({
        community_id: community,
        call_id: record.call,
        meeting_id: record.meeting === '' ? null : record.meeting,
        proposal_id: record.proposal === '' ? null : record.proposal,
        seq: BigInt(record.seq),
        due_on: record.dueOn,
        record: bytes,
        hash,
        entry_id: id,
        ...raw.row?.(record),
      })
      .execute();
  });

const rawWithdrawal = (db: Database, raw: Raw & { readonly call?: string }): Promise<void> =>
  undone(db, async (tx) => {
    const call = raw.call ?? honest.call;
    const facts = { call, documentHash: acceptance(1), ...raw.facts };
    const id = await logged(tx, world, raw.kind ?? 'topup.withdrawn', facts);
    await signed(tx, world, id, raw.signedAs ?? ['committee', 'street']);
    const row = {
      community_id: world.community,
      call_id: call,
      document_hash: present(fromBase64Url(acceptance(1)), 'a hash'),
      entry_id: id,
      ...raw.row?.(honest),
    };
    await tx.insertInto('fund_top_up_withdrawal').values(row).execute();
  });

const other = 'a'.repeat(26);
const lineAt = (at: number, change: Partial<TopUpCall['units'][number]>) => (record: TopUpCall) => ({
  ...record,
  units: record.units.map((line, no) => (no === at ? { ...line, ...change } : line)),
});
const byRule = (record: TopUpCall) => ({
  ...record,
  meeting: '',
  proposal: '',
  documentHash: acceptance(2),
});

const CALLS: readonly (readonly [string, string, Raw])[] = [
  ['no call that is in order', 'accepted', {}],
  ['no call by the rule of the city', 'accepted', { record: byRule }],
  [
    'one under the id of another',
    'fund_top_up_call_pk',
    { record: (one) => ({ ...one, call: honest.call }) },
  ],
  ['one of another hash in the log', 'fund_top_up_call_is_signed', { facts: { callHash: acceptance(3) } }],
  ['one of another id in the log', 'fund_top_up_call_is_signed', { facts: { call: other } }],
  ['one that the log calls otherwise', 'fund_top_up_call_is_signed', { kind: 'topup.withdrawn' }],
  ['one that nobody signed', 'fund_top_up_call_is_signed', { signedAs: [] }],
  ['one that one role signed', 'fund_top_up_call_is_signed', { signedAs: ['committee'] }],
  [
    'a row of another last entry than its record',
    'fund_top_up_call_is_its_record',
    { row: () => ({ seq: 1n }) },
  ],
  [
    'a row of another day than its record',
    'fund_top_up_call_is_its_record',
    { row: () => ({ due_on: '2030-01-01' }) },
  ],
  [
    'a row of another call than its record',
    'fund_top_up_call_is_signed',
    { row: () => ({ call_id: other }) },
  ],
  [
    'a row that hides the resolution of its record',
    'fund_top_up_call_is_signed',
    { row: () => ({ meeting_id: null, proposal_id: null }) },
  ],
  [
    'a record of another community',
    'fund_top_up_call_is_its_record',
    { record: (one) => ({ ...one, community: other }) },
  ],
  [
    'one by a resolution and a rule',
    'fund_top_up_call_is_its_record',
    { record: (one) => ({ ...one, documentHash: acceptance(2) }) },
  ],
  [
    'one by neither',
    'fund_top_up_call_is_its_record',
    { record: (one) => ({ ...byRule(one), documentHash: '' }) },
  ],
  [
    'one by the rule of the city that the committee signed',
    'fund_top_up_call_is_signed',
    { record: byRule, signedAs: ['committee', 'street'] },
  ],
  ['one of another ground in the log', 'fund_top_up_call_is_signed', { facts: { ground: 'rule' } }],
  [
    'one that names no call before it',
    'fund_top_up_call_follows',
    { record: (one) => ({ ...one, former: '' }) },
  ],
  [
    'one that names another call before it',
    'fund_top_up_call_follows',
    { record: (one) => ({ ...one, former: other }) },
  ],
  ['one of a home outside its scope', 'fund_top_up_call_is_true', { of: () => narrow }],
  ['one by what was rejected', 'fund_top_up_call_is_decided', { of: () => rejected }],
  ['one by what uses the fund', 'fund_top_up_call_is_decided', { of: () => spending }],
  [
    'a rule with a proposal beside it',
    'fund_top_up_call_basis_check',
    { record: (one) => ({ ...byRule(one), proposal: one.proposal }) },
  ],
  [
    'a meeting without a proposal',
    'fund_top_up_call_is_decided',
    { record: (one) => ({ ...one, proposal: '' }) },
  ],
  [
    'a resolution that is not there',
    'fund_top_up_call_is_decided',
    { record: (one) => ({ ...one, proposal: other }) },
  ],
  [
    'more of a home than the book has',
    'fund_top_up_call_is_true',
    { record: lineAt(1, { balanceFen: '300001' }) },
  ],
  ['no amount at all', 'fund_top_up_call_is_true', { unread: (text) => text.replace('"dueFen":"0",', '') }],
  ['no target', 'fund_top_up_call_is_true', { unread: (text) => text.replace('"targetPercent":100,', '') }],
  [
    'a target beyond the first deposit',
    'fund_top_up_call_is_true',
    {
      unread: (text) =>
        text
          .replace('"targetPercent":100', '"targetPercent":3000')
          .replace(/"dueFen":"[1-9]\d*"/g, '"dueFen":"29700001"'),
    },
  ],
  ['one fen more than the scheme', 'fund_top_up_call_is_true', { record: lineAt(0, { dueFen: '700002' }) }],
  ['something of who has enough', 'fund_top_up_call_is_true', { record: lineAt(1, { dueFen: '700000' }) }],
  ['nothing of who has too little', 'fund_top_up_call_is_true', { record: lineAt(2, { dueFen: '0' }) }],
  [
    'a home that the community does not have',
    'fund_top_up_call_is_true',
    { record: lineAt(2, { unit: other }) },
  ],
  [
    'a home twice',
    'fund_top_up_call_is_true',
    { record: (one) => ({ ...one, units: [...one.units, ...one.units.slice(2)] }) },
  ],
  ['nobody', 'fund_top_up_call_is_true', { record: (one) => ({ ...one, units: one.units.slice(1, 2) }) }],
  ['a last entry that is not booked', 'fund_top_up_call_is_true', { record: (one) => ({ ...one, seq: 99 }) }],
  [
    'a hash that is not of its record',
    'fund_top_up_call_hash_check',
    { row: (one) => ({ record: topUpCallForm.bytes({ ...one, text: '请交给我' }) }) },
  ],
];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);

  it.each(CALLS)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawCall(db(), raw))).toBe(constraint);
  });

  it('a call by a resolution that was annulled', async () => {
    // The annulment's own signatures are tried elsewhere; here it only stands.
    await fresh.owner.transaction().execute(async (tx) => {
      const known = await tx
        .selectFrom('resolution_annulment')
        .select('entry_id')
        .where('community_id', '=', annulled.community)
        .executeTakeFirst();
      if (known !== undefined) return;
      const { community, meeting, proposal } = annulled;
      const facts = { proposal, documentHash: acceptance(4) };
      const row = { data: utf8(JSON.stringify(facts)), kind: 'resolution.annulled' };
      const { id } = await tx
        .insertInto('log_entry')
        .values({ ...row, community_id: community, meeting_id: meeting })
        .returning('id')
        .executeTakeFirstOrThrow();
      await signed(tx, annulled, id, ['street', 'regulator']);
      await tx
        .insertInto('resolution_annulment')
        .values({
          ...{ community_id: community, meeting_id: meeting, proposal_id: proposal, entry_id: id },
          document_hash: present(fromBase64Url(acceptance(4)), 'a hash'),
        })
        .execute();
    });
    expect(await refusedBy(() => rawCall(db(), { of: () => annulled }))).toBe('fund_top_up_call_is_decided');
  });

  it.each([
    ['no withdrawal that is in order', 'accepted', {}],
    [
      'one of another document in the log',
      'fund_top_up_withdrawal_is_signed',
      { facts: { documentHash: acceptance(9) } },
    ],
    ['one of another call in the log', 'fund_top_up_withdrawal_is_signed', { facts: { call: other } }],
    ['one that the log calls otherwise', 'fund_top_up_withdrawal_is_signed', { kind: 'topup.called' }],
    ['one that one role signed', 'fund_top_up_withdrawal_is_signed', { signedAs: ['street'] }],
    ['one of a call that is not there', 'fund_top_up_withdrawal_in_force', { call: other }],
  ] as const)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawWithdrawal(db(), raw))).toBe(constraint);
  });

  it('a second withdrawal of one call', async () => {
    const document = present(fromBase64Url(acceptance(1)), 'a hash');
    const twice = undone(db(), async (tx) => {
      for (const _time of [1, 2]) {
        const { call } = honest;
        const id = await logged(tx, world, 'topup.withdrawn', { call, documentHash: acceptance(1) });
        await signed(tx, world, id, ['committee', 'street']);
        const row = { community_id: world.community, call_id: call, document_hash: document, entry_id: id };
        await tx.insertInto('fund_top_up_withdrawal').values(row).execute();
      }
    });
    expect(await refusedBy(() => twice)).toBe('fund_top_up_withdrawal_pk');
  });

  it('a withdrawal of nothing, also where its trigger is put away', async () => {
    const withdrawn = fresh.owner.transaction().execute(async (tx) => {
      await sql`alter table fund_top_up_withdrawal disable trigger fund_top_up_withdrawal_100_check`.execute(
        tx,
      );
      const id = await logged(tx, world, 'topup.withdrawn', {});
      const document = present(fromBase64Url(acceptance(1)), 'a hash');
      const row = { community_id: world.community, call_id: other, document_hash: document, entry_id: id };
      await tx.insertInto('fund_top_up_withdrawal').values(row).execute();
    });
    expect(await refusedBy(() => withdrawn)).toBe('fund_top_up_withdrawal_call_fk');
  });

  it('a line beside those of the record', async () => {
    const line = (changes: Facts) => {
      const [unit] = honest.units.filter(({ dueFen }) => dueFen !== '0');
      const row = {
        ...{ community_id: world.community, call_id: honest.call, unit_id: unit?.unit ?? '' },
        ...{ first_fen: 1n, balance_fen: 0n, due_fen: 1n, ...changes },
      };
      return sql`insert into fund_top_up_line select * from json_populate_record(null::fund_top_up_line, ${JSON.stringify(
        row,
        (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
      )}::json)`.execute(db());
    };
    // The application may read lines alone; the owner meets the keys.
    const named = (name: string) => (login === 'owner' ? name : 'denied');
    expect(await refusedBy(() => line({}))).toBe(named('fund_top_up_line_pk'));
    expect(await refusedBy(() => line({ call_id: other }))).toBe(named('fund_top_up_line_call_fk'));
    expect(await refusedBy(() => line({ unit_id: other }))).toBe(named('fund_top_up_line_unit_fk'));
  });

  it('a change of any table', async () => {
    for (const table of ['fund_top_up_call', 'fund_top_up_line', 'fund_top_up_withdrawal']) {
      const expected = login === 'owner' ? `${table}_900_append_only` : 'denied';
      for (const change of [
        sql`update ${sql.table(table)} set call_id = 'x'`,
        sql`delete from ${sql.table(table)}`,
        sql`truncate ${sql.table(table)} cascade`,
      ])
        expect(await refusedBy(() => change.execute(db()))).toBe(expected);
    }
  });
});
