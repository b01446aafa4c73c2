// Goal: every column that holds a keyed index is computed anew, and while it is, under imports, agents' entries and lists of staff of
// processes with either key, nobody is lost and nobody becomes two (SPEC 3.1). Method: the shells of the service under both orders of the
// keys at once; whatever begins as an index of a key does is sought in every column of bytes of the whole database.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toHex } from '../../src/base/bytes.ts';
import { atRestKeys, generationOfKey, identitySalt } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { registerAgent } from '../../src/identity/agents.ts';
import { isStaff, setPropertyStaff } from '../../src/identity/property-staff.ts';
import { INDEXED_TABLES, indexGenerations, reindexAll } from '../../src/jobs/reindexing.ts';
import { indexOf, openNumber, personFinder } from '../../src/registry/persons.ts';
import { personById, personsOf } from '../../src/registry/store/units.ts';
import { IDS } from '../registry/register-file.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

const SEAL = new Uint8Array(32).fill(1);
/** As `newCommunity` indexes. */
const OLD = new Uint8Array(32).fill(2);
const NEXT = new Uint8Array(32).fill(6);
const fileOf = (numbers: readonly string[]): Uint8Array =>
  registerFile(numbers.map((number, at) => `1栋,${101 + at},80.00,业主${at},${number},已交付,,`));
const FIRST = [NUMBERS.chen, NUMBERS.li, ...IDS.slice(3, 6)];
const SECOND = [...FIRST, NUMBERS.wang];

let fresh: FreshDatabase;
let the: TestCommunity;
/** A process after each step of the procedure. */
let knows: TestCommunity;
let writes: TestCommunity;
let after: TestCommunity;
beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'every index');
  const under = (index: readonly [Uint8Array, ...Uint8Array[]]): TestCommunity => ({
    ...the,
    deps: { ...the.deps, atRest: atRestKeys([SEAL], index) },
  });
  [knows, writes, after] = [under([OLD, NEXT]), under([NEXT, OLD]), under([NEXT])];
  await bringIntoForce(the, fileOf(FIRST));
  expect((await list(the, NUMBERS.li, true)).ok).toBe(true);
});
afterAll(async () => fresh.close());

const list = (by: TestCommunity, number: string, isStaff: boolean) =>
  setPropertyStaff(by.deps, the.street, { community: the.community, number, isStaff });
const enter = async (by: TestCommunity, number: string, name: string) => {
  const salt = (kind: string, text: string) => identitySalt(SEAL, kind, text);
  const entered = await registerAgent({ ...by.deps, identitySalt: salt }, the.committee, the.community, {
    number,
    name,
  });
  return present(entered.ok ? entered.value.person : undefined, 'entered');
};

/** Columns of bytes with a value that begins as the indexes of this key do. */
async function columnsUnder(secret: Uint8Array): Promise<readonly string[]> {
  const begins = generationOfKey(atRestKeys([SEAL], secret).indexing[0]);
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' and udt_name = 'bytea' order by 1, 2`.execute(fresh.owner);
  const found: string[] = [];
  for (const { table, column } of rows) {
    const held = await sql`select 1 from ${sql.table(table)}
      where substring(${sql.ref(column)} from 1 for 5) = ${begins} limit 1`.execute(fresh.owner);
    if (held.rows.length > 0 && table !== 'cast_watermark') found.push(`${table}.${column}`);
  }
  return found;
}

const LISTED = INDEXED_TABLES.flatMap(({ table, columns }) => columns.map((name) => `${table}.${name}`));

describe('computing every index anew', { timeout: 60_000 }, () => {
  it('concerns each column of the type, and each listed one holds something', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
       where domain_name = 'keyed_index' order by 1`.execute(fresh.owner);
    expect(rows.map((row) => row.name)).toEqual([...LISTED].sort());
    expect(await columnsUnder(OLD)).toEqual([...LISTED].sort());
  });

  it('takes only values of its size', async () => {
    for (const [size, is] of [
      [36, false],
      [37, true],
      [38, false],
    ] as const) {
      const cast = sql`select cast(${new Uint8Array(size)} as keyed_index)`.execute(fresh.db);
      expect(
        await cast.then(
          () => true,
          () => false,
        ),
      ).toBe(is);
    }
  });

  it('loses nobody and doubles nobody under writers of either key', async () => {
    const before = await personsOf(fresh.db, the.community);
    const everything = await Promise.all([
      reindexAll(writes.deps),
      bringIntoForce(knows, fileOf(SECOND)),
      enter(knows, '442000198001010084', '郑代理'),
      enter(writes, '442000198001010084', '郑代理'),
      list(knows, NUMBERS.li, true),
      list(writes, NUMBERS.li, true),
      list(writes, IDS[6], true),
      list(knows, IDS[6], true),
      reindexAll(writes.deps),
    ]);
    await bringIntoForce(writes, fileOf(SECOND));
    // What a process of the first step wrote last.
    expect(await reindexAll(writes.deps)).toMatchObject({ remaining: 0, unopened: [] });
    const rows = await personsOf(fresh.db, the.community);
    expect(everything[2]).toBe(everything[3]);
    expect(rows.map((row) => openNumber(the.deps, row)).sort()).toEqual(
      [...SECOND, '442000198001010084'].sort(),
    );
    const idOf = new Map(rows.map((row) => [openNumber(the.deps, row), row.person_id]));
    for (const row of before) expect(idOf.get(openNumber(the.deps, row))).toBe(row.person_id);
    const staff = await fresh.db.selectFrom('property_staff').selectAll().execute();
    expect(staff).toHaveLength(2);
    expect([await columnsUnder(OLD), await columnsUnder(NEXT)]).toEqual([[], [...LISTED].sort()]);
  });

  it('leaves each index as the new key alone computes it', async () => {
    const rows = await personsOf(fresh.db, the.community);
    for (const row of rows) {
      const numbered = { docKind: row.doc_kind as 'resident-id', number: openNumber(after.deps, row) };
      expect(toHex(present(row.number_index, 'of nobody erased'))).toBe(toHex(indexOf(after.deps, numbered)));
    }
    const li = present(
      rows.find((row) => openNumber(after.deps, row) === NUMBERS.li),
      'an owner',
    );
    const chen = present(
      rows.find((row) => openNumber(after.deps, row) === NUMBERS.chen),
      'an owner',
    );
    const ask = (row: typeof li) => inTransaction(fresh.db, (tx) => isStaff(tx, after.deps, row));
    expect([await ask(li), await ask(chen)]).toEqual([true, false]);
  });

  it('stops whoever has the old key alone, before he writes anything', async () => {
    const count = async () => (await personsOf(fresh.db, the.community)).length;
    const before = await count();
    await expect(bringIntoForce(the, fileOf(FIRST))).rejects.toThrow('restart it with all index keys');
    await expect(enter(the, NUMBERS.chen, '业主0')).rejects.toThrow('restart it with all index keys');
    await expect(list(the, NUMBERS.wang, true)).rejects.toThrow('restart it with all index keys');
    expect(await count()).toBe(before);
    expect(() => personFinder(the.deps, [])).not.toThrow();
  });

  it('gives nobody the same ids under either key', async () => {
    const [was, is] = [await enter(writes, NUMBERS.chen, '别名'), await enter(after, NUMBERS.chen, '别名')];
    expect(is).toBe(was);
    expect(await personById(fresh.db, the.community, is)).toBeUndefined();
  });

  it('works without the old key, and names what does not open', async () => {
    const lost = atRestKeys([SEAL], new Uint8Array(32).fill(9));
    const { current, unknown } = await indexGenerations({ db: fresh.db, atRest: lost });
    expect([current, unknown > 0]).toEqual([0, true]);
    const row = present((await personsOf(fresh.db, the.community))[0], 'an owner');
    // Of the same size under another key, which the trigger lets in and no key of ours opens.
    const strange = row.sealed_number.slice();
    strange.set([9, 9], 1);
    const put = (sealed_number: Uint8Array) =>
      fresh.db.updateTable('person').set({ sealed_number }).where('person_id', '=', row.person_id).execute();
    await put(strange);
    const ended = await reindexAll({ db: fresh.db, atRest: lost });
    expect(ended).toEqual({
      reindexed: unknown - 1,
      remaining: 1,
      unopened: [`person.sealed_number/${the.community}/${row.person_id}`],
    });
    await put(row.sealed_number);
    expect(await reindexAll({ db: fresh.db, atRest: lost })).toMatchObject({ reindexed: 1, remaining: 0 });
  });
});
