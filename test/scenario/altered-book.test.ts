// Goal: a fund that the database's administrator altered does not verify, and `verify` names the entry or the account; what cannot be
// told in a bundle at all is not exported. Method: the roof's own story, rows altered with every trigger off, its bundle verified.
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import type { Told } from '../../src/cli/demo/story.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { connect, type Database } from '../../src/db/connect.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { fundEntryForm, fundEntryHash } from '../../src/record/fund.ts';
import { trustForm } from '../../src/record/trust.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';

let service: TestService;
let told: Told;
let admin: Database;
let community: string;

beforeAll(async () => {
  service = await startTestService();
  told = await tellStory({ demo: service, seed: 'roof', units: 24, phase: () => undefined });
  admin = connect(service.fresh.adminUrl, { maxConnections: 1 });
  const row = await admin.selectFrom('fund_book').select('community_id').executeTakeFirstOrThrow();
  community = row.community_id;
}, 180_000);
afterAll(async () => {
  await admin.destroy();
  await service.close();
});

const alter = (...statements: readonly RawBuilder<unknown>[]): Promise<void> =>
  admin.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const statement of statements) await statement.execute(tx);
  });

/** The journal of the last bundle. */
let journal = '';

/** What the verifier says of the fund in a fresh bundle: check, place, what was expected and found. */
async function findings(): Promise<readonly string[]> {
  const { deps } = service.service;
  const [files, trust] = [
    await exportBundle(deps, told.meeting, 'auditor'),
    await exportTrust(deps, told.meeting),
  ];
  if (!files.ok || !trust.ok) throw new Error('not exported');
  journal = new TextDecoder().decode(files.value.get('fund.journal'));
  const parsed = trustForm.parse(trust.value);
  if (!parsed.ok) throw new Error('malformed');
  const report = await verifyBundle({ files: files.value, irregular: [] }, { trust: parsed.value });
  if (!report.ok) throw new Error(report.refusal.code);
  return report.value.checks.flatMap(({ id, outcome, findings: list }) =>
    outcome === 'fail'
      ? list.map(({ where, expected, found }) => `${id} ${where}: ${expected} ≠ ${found}`)
      : [],
  );
}

const entryIds = (seq: RawBuilder<unknown>) =>
  sql`select entry_id from fund_entry where community_id = ${community} and seq = ${seq}`;
const last = () => sql`(select max(seq) from fund_entry where community_id = ${community})`;

describe('a book that was altered behind the program', () => {
  it('is whole before, and verifies', async () => {
    expect(await findings()).toEqual([]);
    expect(await checkBook(service.fresh.db, community)).toMatchObject({ ok: true, value: { findings: [] } });
  });

  it('with a balance changed: the account', async () => {
    const change = (fen: number) =>
      alter(sql`update fund_account set balance_fen = balance_fen + ${fen}
        where community_id = ${community} and kind = 'bank'`);
    await change(1);
    const found = await findings();
    expect(found.length).toBe(1);
    const [, line = ''] =
      /^FUND-03 fund\.journal:(\d+): the balance that the postings leave/.exec(found[0] ?? '') ?? [];
    expect(journal.split('\n')[Number(line) - 1]).toContain('资产:专户存款:');
    await change(-1);
    expect(await findings()).toEqual([]);
  });

  it('with another’s unit counted as the developer’s: the authorisation', async () => {
    const row = await admin
      .selectFrom('fund_authorisation')
      .select(['authorisation_id', 'developer_units'])
      .where('community_id', '=', community)
      .executeTakeFirstOrThrow();
    const change = (units: string) =>
      alter(sql`update fund_authorisation set developer_units = ${units} where community_id = ${community}`);
    await change('[]');
    const found = await checkBook(service.fresh.db, community);
    if (!found.ok) throw new Error(found.refusal.code);
    expect(found.value.findings.map(({ code, where, expected }) => [code, where, expected])).toEqual([
      ['FUND-K015', `authorisation ${row.authorisation_id}`, row.developer_units],
    ]);
    expect(JSON.parse(row.developer_units)).not.toEqual([]);
    await change(row.developer_units);
  });

  it('with a posting changed: no bundle is written, and the reason names the entry', async () => {
    const change = (sign: number) =>
      alter(sql`update fund_posting set amount_fen = amount_fen + ${sign} * sign(amount_fen)
        where community_id = ${community} and entry_id = (${entryIds(sql`2`)})`);
    await change(1);
    await expect(findings()).rejects.toThrow('entry 2 differs from its record');
    await change(-1);
    expect(await findings()).toEqual([]);
  });

  it('with record, postings and hash of an entry changed alike: the entry in the log and in the file', async () => {
    const row = await admin
      .selectFrom('fund_entry')
      .select(['record', 'hash'])
      .where('community_id', '=', community)
      .where('seq', '=', 2n)
      .executeTakeFirstOrThrow();
    const parsed = fundEntryForm.parse(row.record);
    if (!parsed.ok) throw new Error('malformed');
    const postings = parsed.value.postings.map((posting) => {
      const fen = BigInt(posting.amountFen);
      return { ...posting, amountFen: String(fen > 0n ? fen + 1n : fen - 1n) };
    });
    const write = (record: Uint8Array, sign: number) =>
      alter(
        sql`update fund_entry set record = ${record}, hash = sha256(int4send(25) || 'owners-vote/v1/fund-entry'::bytea || int4send(octet_length(${record}::bytea)) || ${record}::bytea)
          where community_id = ${community} and seq = 2`,
        sql`update fund_posting set amount_fen = amount_fen + ${sign} * sign(amount_fen)
          where community_id = ${community} and entry_id = (${entryIds(sql`2`)})`,
      );
    await write(fundEntryForm.bytes({ ...parsed.value, postings }), 1);
    const found = await findings();
    expect(found.filter((line) => line.startsWith('FUND-01'))).toEqual([
      expect.stringMatching(/^FUND-01 fund\.jsonl:3 hash: \S{43} ≠ \S{43}$/),
    ]);
    await write(row.record, -1);
    expect(await findings()).toEqual([]);
  });

  it('with a shape smuggled in and an entry under it: the entry, though every trigger let it pass', async () => {
    const accounts = await admin
      .selectFrom('fund_account')
      .selectAll()
      .where('community_id', '=', community)
      .where('kind', '=', 'unit_available')
      .orderBy('balance_fen', 'desc')
      .execute();
    const [from, to] = [present(accounts[0], 'a household'), present(accounts[1], 'another one')];
    const book = await admin.selectFrom('fund_book').selectAll().executeTakeFirstOrThrow();
    await alter(sql`insert into fund_entry_shape values ('deposit', 'unit_available', 'D')`);
    const random = (length: number) => sha256(new Uint8Array([length])).slice(0, length);
    await admin.transaction().execute(async (tx) => {
      const leg = (account: typeof from, amountFen: string) => ({
        account: account.name,
        accountKind: 'unit_available' as const,
        unit: account.unit_id ?? '',
        authorisation: '',
        amountFen,
      });
      const seq = Number(book.last_seq) + 1;
      const entry = newId(random);
      const record = fundEntryForm.bytes({
        v: 1,
        kind: 'fund-entry',
        community,
        entry,
        seq,
        entryKind: 'deposit',
        bookedOn: book.last_booked_on,
        valueOn: book.last_booked_on,
        authorisation: '',
        reverses: '',
        reference: '',
        narrative: '',
        payeeAccount: '',
        postings: [leg(from, '5'), leg(to, '-5')],
        nonce: toBase64Url(random(16)),
      });
      const hash = fundEntryHash(record);
      const { entryId } = await writeEntry(
        tx,
        { v: 1, kind: 'fund.entry', community, book: book.book_id, seq, entryKind: 'deposit', hash },
        [],
      );
      await sql`insert into fund_entry (community_id, entry_id, seq, kind, booked_on, value_on, idempotency_key, request_hash, record, hash, log_entry_id)
        values (${community}, ${entry}, ${seq}, 'deposit', ${book.last_booked_on}, ${book.last_booked_on}, 'smuggled', sha256(''), ${record},
                sha256(int4send(25) || 'owners-vote/v1/fund-entry'::bytea || int4send(octet_length(${record}::bytea)) || ${record}::bytea), ${entryId})`.execute(
        tx,
      );
      await sql`insert into fund_posting (community_id, entry_id, line_no, account_id, amount_fen)
        values (${community}, ${entry}, 1, ${from.account_id}, 5), (${community}, ${entry}, 2, ${to.account_id}, -5)`.execute(
        tx,
      );
    });
    await service.world.beatNow();
    const seq = book.last_seq + 1n;
    expect(await findings()).toContainEqual(
      expect.stringMatching(
        new RegExp(`^FUND-03 fund\\.jsonl:${seq + 1n} deposit: deposit: debit bank ≠ debit unit_available$`),
      ),
    );
    const checked = await checkBook(service.fresh.db, community);
    expect(checked.ok && checked.value.findings.map(({ code, where }) => `${code} ${where}`)).toEqual([
      `FUND-K009 entry ${seq} ${from.name}`,
      'FUND-K008 deposit D unit_available',
    ]);
  });

  it('with an entry deleted: its number, in the log and in the file', async () => {
    await alter(
      sql`delete from fund_posting where community_id = ${community} and entry_id = (${entryIds(last())})`,
      sql`delete from fund_entry where community_id = ${community} and seq = ${last()}`,
    );
    const found = await findings();
    expect(found).toContainEqual(expect.stringMatching(/^FUND-01 fund\.jsonl: \d+ entries ≠ \d+ entries$/));
    const checked = await checkBook(service.fresh.db, community);
    expect(checked.ok && checked.value.findings[0]).toMatchObject({ code: 'FUND-K001' });
  });
});
