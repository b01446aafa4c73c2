// Goal: a register file comes into force as a whole by two officers, or leaves nothing; persons are never in the clear.
// Method: the real check, acts, signatures and database; afterwards every column of every table is searched.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, toHex, utf8 } from '../../src/base/bytes.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { entryForm } from '../../src/record/entry.ts';
import { identityHash } from '../../src/record/identity.ts';
import { registerFileHash } from '../../src/record/register-file.ts';
import { applyImport } from '../../src/registry/importing.ts';
import { openContact, openName, openNumber, openSalt } from '../../src/registry/persons.ts';
import { rosterOf } from '../../src/registry/roster.ts';
import { personsOf } from '../../src/registry/store/units.ts';
import { maskedPerson, registryUnits, unitsOfPerson } from '../../src/registry/units.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import {
  bringIntoForce,
  communityRow,
  importRegister,
  NUMBERS,
  newCommunity,
  registerFile,
} from '../support/registry.ts';
import { oneSheet, sheetXml } from './workbook-file.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const rowsOf = async (table: string, the: TestCommunity): Promise<number> => {
  const found = await sql<{ n: bigint }>`
    select count(*) as n from ${sql.table(table)} where community_id = ${the.community}`.execute(fresh.owner);
  return Number(found.rows[0]?.n);
};

const firstFile = registerFile([
  `1栋,101,88.88,陈大文,${NUMBERS.chen},已交付,13800138000,中山市石岐街道1号`,
  `1栋,102,90.00,陈大文、李小明,${NUMBERS.chen}、${NUMBERS.li},已交付,,`,
  `2栋,101,100.50,李小明,${NUMBERS.li},已交付,,`,
]);

describe('an import', () => {
  it('stores exactly what the act says, once two officers have signed', async () => {
    const the = await newCommunity(fresh, 'counts');
    const demo = generateCommunity({ units: 300, seed: 'importing' });
    const { deps, community, committee, street } = the;
    const drafted = await importRegister(deps, committee, { community, file: demo.csv });
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    expect(await rowsOf('person', the)).toBe(0);
    expect(await rowsOf('unit', the)).toBe(0);
    await signBy(deps, drafted.value.act, [street, committee]);
    const entryId = await executeAct(deps, drafted.value.act, applyImport);
    if (!entryId.ok) throw new Error(entryId.refusal.code);
    const { summary, register } = drafted.value;
    expect(summary.units).toBe(300);
    expect(await rowsOf('person', the)).toBe(summary.persons);
    expect(await rowsOf('unit', the)).toBe(summary.units);
    expect(await rowsOf('ownership', the)).toBe(demo.units.flatMap((unit) => unit.owners).length);
    const units = await registryUnits(fresh.db, community);
    expect(units.reduce((sum, unit) => sum + unit.areaDm2, 0n)).toBe(summary.areaDm2);
    expect((await communityRow(the)).register_id).toBe(register);
    const entry = await fresh.db
      .selectFrom('log_entry')
      .select('data')
      .where('id', '=', entryId.value)
      .executeTakeFirstOrThrow();
    const parsed = entryForm.parse(entry.data);
    if (!parsed.ok || parsed.value.kind !== 'register.imported') throw new Error('not the entry');
    expect([parsed.value.units, parsed.value.persons, parsed.value.heads]).toEqual([
      summary.units,
      summary.persons,
      summary.heads,
    ]);
    const roster = await rosterOf(deps, community);
    if (!roster.ok) throw new Error(roster.refusal.code);
    const salt = present(fromBase64Url(roster.value.fileSalt), 'salt');
    expect(parsed.value.fileHash).toBe(registerFileHash(salt, demo.csv));
    expect(parsed.value.evidence).toHaveLength(2);
  });

  it('of a workbook is that of the same text, and its letters are made from the very file', async () => {
    const demo = generateCommunity({ units: 60, seed: 'importing a workbook' });
    const lines = new TextDecoder().decode(demo.csv).trim().split(/\r?\n/);
    const cells = lines.map((line) => line.replace(/^\ufeff/, '').split(','));
    const workbook = oneSheet(sheetXml(cells));
    const [asText, asWorkbook] = [await newCommunity(fresh, 'text'), await newCommunity(fresh, 'workbook')];
    await bringIntoForce(asText, demo.csv);
    await bringIntoForce(asWorkbook, workbook);
    const unitsOf = async ({ community }: TestCommunity) =>
      (await registryUnits(fresh.db, community)).map(
        ({ building, room, areaDm2 }) => `${building} ${room} ${areaDm2}`,
      );
    expect(await unitsOf(asWorkbook)).toEqual(await unitsOf(asText));
    const made = await makeFor(asWorkbook, workbook);
    expect(made.items.length).toBe((await personsOf(fresh.db, asWorkbook.community)).length);
  });

  it('gives the values back unchanged, and a commitment that they open', async () => {
    const the = await newCommunity(fresh, 'values');
    await bringIntoForce(the, firstFile);
    const persons = await personsOf(fresh.db, the.community);
    const chen = present(
      persons.find((row) => openName(the.deps, row) === '陈大文'),
      'imported',
    );
    expect(openNumber(the.deps, chen)).toBe(NUMBERS.chen);
    expect(openContact(the.deps, chen)).toEqual({
      phones: ['13800138000'],
      mailingAddress: '中山市石岐街道1号',
    });
    const opening = { docKind: chen.doc_kind, number: NUMBERS.chen, name: '陈大文' };
    expect(identityHash(openSalt(the.deps, chen), opening)).toBe(toBase64Url(chen.identity));
    const owned = await unitsOfPerson(fresh.db, the.community, chen.person_id);
    expect(owned.map((unit) => [unit.building, unit.room, unit.areaDm2])).toEqual([
      ['1栋', '101', 8888n],
      ['1栋', '102', 9000n],
    ]);
    expect(await maskedPerson(the.deps, the.community, chen.person_id)).toEqual({
      name: '陈*',
      communityName: '测试花园',
    });
  });

  it('is refused with all findings, and leaves nothing, where one of them blocks', async () => {
    const the = await newCommunity(fresh, 'refused');
    const file = registerFile([
      `1栋,101,abc,陈大文,${NUMBERS.chen},已交付,,`,
      `1栋,102,90.00,李小明,440524188001010015,已交付,,`,
      `1栋,103,90.00,王五,${NUMBERS.wang},已交付,,`,
    ]);
    const refused = await importRegister(the.deps, the.committee, { community: the.community, file });
    if (refused.ok || refused.refusal.findings === undefined) throw new Error('not refused');
    expect(refused.refusal.code).toBe('REGISTER_REFUSED');
    expect(refused.refusal.findings.map(({ code, row }) => [code, row])).toEqual(
      expect.arrayContaining([
        ['REG-C302', 2],
        ['REG-C311', 3],
      ]),
    );
    for (const table of ['register', 'person', 'unit', 'ownership', 'act'])
      expect(await rowsOf(table, the)).toBe(0);
  });

  it('wants a tick where rows are only supposed to be co-owners', async () => {
    const the = await newCommunity(fresh, 'tick');
    const file = registerFile([
      `1栋,101,88.88,陈大文,${NUMBERS.chen},已交付,,`,
      `1栋,101,88.88,李小明,${NUMBERS.li},已交付,,`,
    ]);
    const request = { community: the.community, file };
    const asked = await importRegister(the.deps, the.committee, request);
    expect(asked.ok ? '' : asked.refusal.code).toBe('REGISTER_UNCONFIRMED');
    expect(await rowsOf('register', the)).toBe(0);
    const ticked = await importRegister(the.deps, the.committee, { ...request, confirmed: true });
    expect(ticked.ok && ticked.value.summary.heads).toBe(1);
  });

  it('is for the committee or the street office of this very community', async () => {
    const the = await newCommunity(fresh, 'roles');
    const other = await newCommunity(fresh, 'roles of another');
    const request = { community: the.community, file: firstFile };
    for (const officer of [the.registrar, other.committee, { ...the.street, role: 'clerk' }]) {
      const refused = await importRegister(the.deps, officer, request);
      expect(refused.ok ? '' : refused.refusal.code).toBe('NOT_ALLOWED');
    }
    const nowhere = 'a'.repeat(26);
    const city = { ...the.street, community: '' };
    const refused = await importRegister(the.deps, city, { community: nowhere, file: firstFile });
    expect(refused.ok ? '' : refused.refusal.code).toBe('COMMUNITY_UNKNOWN');
  });
});

describe('a second import', () => {
  it('keeps the ids of known persons and units, under other spellings too, and drops what is gone', async () => {
    const the = await newCommunity(fresh, 'again');
    await bringIntoForce(the, firstFile);
    const before = await registryUnits(fresh.db, the.community);
    await bringIntoForce(
      the,
      registerFile([
        `一座,101,88.90,陈大文,${NUMBERS.chen},已交付,13900139000,`,
        `一座,102,90.00,王五,${NUMBERS.wang},已交付,,`,
      ]),
    );
    const after = await registryUnits(fresh.db, the.community);
    expect(after.map(({ unit }) => unit)).toEqual(before.slice(0, 2).map(({ unit }) => unit));
    expect(after.map(({ building, areaDm2 }) => [building, areaDm2])).toEqual([
      ['一座', 8890n],
      ['一座', 9000n],
    ]);
    expect(after[0]?.owners).toEqual(before[0]?.owners);
    const chen = present(
      (await personsOf(fresh.db, the.community)).find((row) => row.person_id === after[0]?.owners[0]),
      'kept',
    );
    expect(openContact(the.deps, chen).phones).toEqual(['13900139000']);
    const roster = await rosterOf(the.deps, the.community);
    expect(roster.ok && roster.value.persons).toHaveLength(2);
    expect(await registryUnits(fresh.db, the.community, [before[2]?.unit ?? ''])).toEqual([]);
    expect(await registryUnits(fresh.db, the.community, [])).toEqual([]);
    expect(await registryUnits(fresh.db, the.community, [before[1]?.unit ?? ''])).toEqual([after[1]]);
  });

  it('gives a person with another name a new commitment and the same id', async () => {
    const the = await newCommunity(fresh, 'renamed');
    await bringIntoForce(the, firstFile);
    const before = (await personsOf(fresh.db, the.community)).find(
      (row) => openName(the.deps, row) === '李小明',
    );
    await bringIntoForce(the, registerFile([`1栋,101,88.88,李明,${NUMBERS.li},已交付,,`]));
    const after = (await personsOf(fresh.db, the.community)).find(
      (row) => row.person_id === before?.person_id,
    );
    expect(openName(the.deps, present(after, 'kept'))).toBe('李明');
    expect(toHex(present(after, 'kept').identity)).not.toBe(toHex(present(before, 'imported').identity));
  });

  it('erases every other draft, whose act is then refused and leaves no trace in the log', async () => {
    const the = await newCommunity(fresh, 'superseded');
    const { deps, community, committee, street } = the;
    const early = await importRegister(deps, committee, { community, file: firstFile });
    if (!early.ok) throw new Error(early.refusal.code);
    await bringIntoForce(the, registerFile([`1栋,101,88.88,王五,${NUMBERS.wang},已交付,,`]));
    await signBy(deps, early.value.act, [committee, street]);
    const entries = () => rowsOf('log_entry', the);
    const before = await entries();
    const refused = await executeAct(deps, early.value.act, applyImport);
    expect(refused.ok ? '' : refused.refusal.code).toBe('REGISTER_SUPERSEDED');
    expect(await entries()).toBe(before);
    expect((await registryUnits(fresh.db, community)).length).toBe(1);
    const drafts = await fresh.db
      .selectFrom('register')
      .select('register_id')
      .where('community_id', '=', community)
      .where('draft', 'is not', null)
      .execute();
    expect(drafts).toEqual([]);
  });
});

describe('the database', () => {
  it('holds no name, number, phone or address in the clear, in any column of any table', async () => {
    const the = await newCommunity(fresh, 'clear');
    const name = '欧阳非常特别';
    const [phone, address] = ['13712345678', '某某大道九百九十九号'];
    const row = `9栋,901,77.77,${name},${NUMBERS.wang},已交付,${phone},${address}`;
    await importRegister(the.deps, the.committee, { community: the.community, file: registerFile([row]) });
    const seen = async (text: string): Promise<string[]> => {
      const tables = await sql<{ name: string }>`
        select table_name as name from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(fresh.owner);
      const found: string[] = [];
      for (const { name: table } of tables.rows) {
        // The text itself, and its bytes as a bytea column prints them.
        const hit = await sql<{ n: bigint }>`
          select count(*) as n from ${sql.table(table)} t
           where position(${text} in t::text) > 0 or position(${toHex(utf8(text))} in t::text) > 0`.execute(
          fresh.owner,
        );
        if (Number(hit.rows[0]?.n) > 0) found.push(table);
      }
      return found;
    };
    const secrets = [name, NUMBERS.wang, phone, address, NUMBERS.wang.slice(-6)];
    // While the draft waits, and after it came into force.
    for (const secret of secrets) expect(await seen(secret)).toEqual([]);
    await bringIntoForce(the, registerFile([row]));
    for (const secret of secrets) expect(await seen(secret)).toEqual([]);
    // What is in the clear is found, in texts and in bytes: the search itself works.
    expect(await seen('9栋')).toEqual(['unit']);
    expect((await seen('"fileHash"')).sort()).toEqual(['act', 'log_entry']);
    expect(await seen(the.community)).toContain('person');
  });
});
