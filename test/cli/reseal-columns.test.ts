// Goal: every column that holds sealed values is sealed anew, and each value opens by the new key alone where it did before (SPEC 3.1).
// Method: a world with something in every sealed column, made and read by the shells of the service; no value of the old key is left
// in any column of bytes of the whole database.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toHex, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { atRestKeys, generationOfKey, openAtRest, sealAtRest, sealingKey } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { openingPlace } from '../../src/fund/account-opening.ts';
import { idTokenPlace } from '../../src/identity/binding.ts';
import { sharePlace } from '../../src/identity/key-shares.ts';
import { designationPaperPlace } from '../../src/identity/paper-designations.ts';
import { paperPlace } from '../../src/identity/paper-mandates.ts';
import { setPropertyStaff } from '../../src/identity/property-staff.ts';
import { generationsIn, resealAll, SEALED_TABLES } from '../../src/jobs/resealing.ts';
import { addressPlace, codePlace, formerPlace } from '../../src/notice/email-address.ts';
import { recipientPlace } from '../../src/notice/recipients.ts';
import { applyImport } from '../../src/registry/importing.ts';
import { readImport } from '../../src/registry/imports.ts';
import { openContact, openName, openNumber, openSalt } from '../../src/registry/persons.ts';
import { readRegisterFile } from '../../src/registry/raw-files.ts';
import type { NewCorrection } from '../../src/registry/roll-corrections.ts';
import { draftCorrection, toBeCorrected } from '../../src/registry/roll-corrections.ts';
import { answerPlace, textPlace } from '../../src/registry/roll-requests.ts';
import { applyRoll, draftRoll } from '../../src/registry/rolling.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { issue, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import {
  bringIntoForce,
  checkFile,
  importRegister,
  NUMBERS,
  newCommunity,
  registerFile,
} from '../support/registry.ts';

/** As `newCommunity` seals. */
const OLD = new Uint8Array(32).fill(1);
const NEXT = new Uint8Array(32).fill(5);
const INDEX = new Uint8Array(32).fill(2);
const FILE = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,13800138000,`]);
const HEIR = registerFile([
  `1栋,101,80.00,王五,${NUMBERS.wang},已交付,,`,
  `1栋,102,80.00,陈大文,${NUMBERS.chen},已交付,,`,
]);

let fresh: FreshDatabase;
let the: TestCommunity;
let after: TestCommunity;
let register: string;
let waiting: { readonly register: string; readonly act: string };
let importId: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'every column');
  after = { ...the, deps: { ...the.deps, atRest: atRestKeys([NEXT], INDEX) } };
  await bringIntoForce(the, FILE);
  await issue(the, await makeFor(the, FILE), '2027-06-30');
  await freezeRoll();
  register = await bringIntoForce(the, HEIR);
  await draftOthers();
  await insertOthers();
  const request = { community: the.community, file: HEIR, confirmed: true };
  const drafted = await importRegister(the.deps, the.committee, request);
  if (!drafted.ok) throw new Error(drafted.refusal.code);
  waiting = drafted.value;
  const checked = await checkFile(the.deps, the.street, { community: the.community, file: FILE });
  if (!checked.ok) throw new Error(checked.refusal.code);
  importId = checked.value.importId;
});
afterAll(async () => fresh.close());

async function freezeRoll(): Promise<void> {
  const drafted = await inTransaction(fresh.db, (tx) =>
    draftRoll(tx, the.deps, {
      community: the.community,
      meeting: newId(the.deps.random),
      proposals: [{ proposal: newId(the.deps.random), scope: { kind: 'community', members: [] } }],
      countSpecialSpaces: false,
      draftedBy: the.committee.officer,
    }),
  );
  const act = present(drafted.ok ? drafted.value.act : undefined, 'drafted');
  await signBy(the.deps, act, [the.committee, the.street]);
  expect((await executeAct(the.deps, act, applyRoll)).ok).toBe(true);
}

/** A correction of the roll. */
async function draftOthers(): Promise<void> {
  const { deps, community, committee } = the;
  const { rows } = await sql<{ meeting: string; entitlement: string }>`
    select r.meeting_id as meeting, e.entitlement_id as entitlement
      from roll r join roll_entry e using (community_id, roll_id)`.execute(fresh.db);
  const wanted: NewCorrection = {
    community,
    ...present(rows[0], 'frozen'),
    ground: 'death',
    reference: '公证书第1号',
    draftedBy: committee.officer,
    convenerRole: 'committee',
  };
  const corrected = await inTransaction(fresh.db, async (tx) => {
    const found = await toBeCorrected(tx, wanted);
    return found.ok ? draftCorrection(tx, deps, wanted, found.value) : found;
  });
  expect(corrected).toMatchObject({ ok: true });
}

/** What the shells make only of a phone and of a published log: sealed for the places that the shells export. */
async function insertOthers(): Promise<void> {
  const { deps, community } = the;
  const { credential_id } = await fresh.db
    .selectFrom('credential')
    .select('credential_id')
    .executeTakeFirstOrThrow();
  const sealed = (place: string) => sealAtRest(deps.atRest, place, utf8(place), deps.random);
  const place = { community_id: community, credential_id };
  const share = sealed(sharePlace(community, credential_id));
  await sql`insert into key_share (community_id, credential_id, handle_hash, proof_hash, share, tries, last_at_ms)
    values (${place.community_id}, ${credential_id}, ${INDEX}, '', ${share}, 0, 0)`.execute(fresh.db);
  const mandate = newId(deps.random);
  const paper = (column: string) => sealed(paperPlace(column, community, mandate));
  await sql`insert into mandate_paper values (${community}, ${mandate}, ${paper('sealed_file')},
    ${paper('sealed_salt')}, ${the.street.officer}, 0)`.execute(fresh.db);
  const designation = newId(deps.random);
  const scan = (column: string) => sealed(designationPaperPlace(column, community, designation));
  await sql`insert into designation_paper values (${community}, ${designation}, ${scan('sealed_file')},
    ${scan('sealed_salt')}, ${the.street.officer}, 0)`.execute(fresh.db);
  const account = newId(deps.random);
  await sql`insert into act (act_id, community_id, kind, entry, subject, details, state, drafted_by, drafted_at_ms)
    values (${account}, ${community}, 'refund.authorised', '', ${deps.random(32)}, '{}', 'withdrawn', 'test', 0)`.execute(
    fresh.db,
  );
  await sql`insert into fund_account_opening values (${community}, ${account},
    ${sealed(openingPlace(community, account))})`.execute(fresh.db);
  const listed = { community, number: NUMBERS.li, isStaff: true };
  expect((await setPropertyStaff(deps, the.street, listed)).ok).toBe(true);
  const token = sealed(idTokenPlace(community, credential_id));
  await sql`insert into credential_binding (community_id, credential_id, binding, key_signature, id_token, bound_at_ms, entry_id)
    select ${community}, ${credential_id}, '', '', ${token}, 0, min(id) from log_entry`.execute(fresh.db);
  const request = newId(deps.random);
  await sql`insert into roll_request (community_id, request_id, meeting_id, person_id, about, sealed_text, asked_at_ms, outcome,
      sealed_answer, answered_by, answered_at_ms)
    select ${community}, ${request}, ${newId(deps.random)}, person_id, 'missing', ${sealed(textPlace(community, request))}, 0,
      'refused', ${sealed(answerPlace(community, request))}, ${the.street.officer}, 0 from person limit 1`.execute(
    fresh.db,
  );
  await sql`update log_entry set idx = 0 where id = (select min(id) from log_entry)`.execute(fresh.db);
  const outbox = newId(deps.random);
  await sql`insert into outbox (community_id, outbox_id, entry_idx, event, sealed_recipient, facts, channel, state, next_at_ms, queued_at_ms)
    values (${community}, ${outbox}, 0, 'letter', ${sealed(recipientPlace(community, outbox))}, '{}', 'print', 'queued', 0, 0)`.execute(
    fresh.db,
  );
  const { person_id: owner } = await fresh.db
    .selectFrom('person')
    .select('person_id')
    .where('community_id', '=', community)
    .limit(1)
    .executeTakeFirstOrThrow();
  await sql`insert into email_address (community_id, person_id, sealed_address, code_id, confirmed_at_ms)
    values (${community}, ${owner}, ${sealed(addressPlace(community, owner))}, ${owner}, 0)`.execute(
    fresh.db,
  );
  const former = sealed(formerPlace(community, owner, 'email-changed'));
  await sql`insert into email_change (community_id, code_id, event, person_id, sealed_former, changed_at_ms)
    values (${community}, ${owner}, 'email-changed', ${owner}, ${former}, 0)`.execute(fresh.db);
  await sql`insert into email_code (community_id, person_id, code_id, sealed_code, day, asked, state, next_at_ms, expires_at_ms)
    values (${community}, ${owner}, ${newId(deps.random)}, ${sealed(codePlace(community, owner))}, 1, 1, 'queued', 0, 1)`.execute(
    fresh.db,
  );
}

/** Columns of bytes that hold a value which begins as those of this key do. */
async function columnsUnder(secret: Uint8Array): Promise<readonly string[]> {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' and udt_name = 'bytea' order by 1, 2`.execute(fresh.owner);
  const found: string[] = [];
  for (const { table, column } of rows) {
    const held =
      await sql`select 1 from ${sql.table(table)} where substring(${sql.ref(column)} from 1 for 5) =
      ${generationOfKey(sealingKey(secret))} limit 1`.execute(fresh.owner);
    if (held.rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

/** Tables whose values `insertOthers` made: each says its own place. */
const PLAIN = [
  'key_share',
  'mandate_paper',
  'designation_paper',
  'credential_binding',
  'roll_request',
  'outbox',
  'fund_account_opening',
  'email_address',
  'email_code',
  'email_change',
];

const LISTED = SEALED_TABLES.flatMap(({ table, columns }) =>
  columns.map((name) => `${table}.${name}`),
).sort();

describe('sealing everything anew', { timeout: 60_000 }, () => {
  it('begins with a value in each listed column, and in no other', async () => {
    expect(await columnsUnder(OLD)).toEqual(LISTED);
  });

  it('leaves no value of the old key, and one of the new in each column', async () => {
    const rotating = { db: fresh.db, random: the.deps.random, atRest: atRestKeys([NEXT, OLD], INDEX) };
    const { former } = await generationsIn(rotating);
    let told = 0;
    const done = await resealAll(rotating, (resealed) => {
      told = resealed;
    });
    expect(done).toEqual({ resealed: former, remaining: 0, unopened: [] });
    expect(told).toBe(former);
    expect(await columnsUnder(OLD)).toEqual([]);
    expect(await columnsUnder(NEXT)).toEqual(LISTED);
    expect(await generationsIn({ db: fresh.db, atRest: after.deps.atRest })).toMatchObject({
      former: 0,
      unknown: 0,
    });
    expect(await generationsIn({ db: fresh.db, atRest: the.deps.atRest })).toMatchObject({
      current: 0,
      unknown: former,
      unknownIn: 'register_import',
    });
  });

  it('lets the service read each value as before, by the new key alone', async () => {
    const { deps, community } = after;
    const rows = await fresh.db.selectFrom('person').selectAll().execute();
    expect(rows.map((row) => openName(deps, row)).sort()).toEqual(['王五', '陈大文']);
    expect(rows.map((row) => openNumber(deps, row)).sort()).toEqual([NUMBERS.chen, NUMBERS.wang].sort());
    expect(rows.map((row) => openContact(deps, row).phones.length)).toEqual([0, 0]);
    for (const row of rows) expect(openSalt(deps, row)).toHaveLength(22);
    const request = { community, register, reason: '核对 名册' };
    expect(await readRegisterFile(deps, the.street, request)).toEqual({ ok: true, value: HEIR });
    const standing = await readImport(deps, the.street, { community, importId });
    expect(standing.ok && standing.value.outcome?.summary.units).toBe(1);
    for (const table of SEALED_TABLES) {
      const all = await sql<Record<string, unknown>>`select * from ${sql.table(table.table)}`.execute(
        fresh.db,
      );
      for (const row of all.rows)
        for (const column of table.columns) {
          const value = row[column];
          const place = table.placeOf(
            column,
            table.key.map((name) => String(row[name])),
          );
          if (!(value instanceof Uint8Array)) continue;
          const opened = openAtRest(deps.atRest, place, value);
          if (PLAIN.includes(table.table)) expect(fromUtf8(opened)).toBe(place);
        }
    }
  });

  it('lets a draft that was sealed anew come in force', async () => {
    await signBy(after.deps, waiting.act, [the.committee, the.street]);
    expect((await executeAct(after.deps, waiting.act, applyImport)).ok).toBe(true);
  });

  it('keeps what may only be sealed anew from being altered otherwise', async () => {
    const before = await fresh.db.selectFrom('mandate_paper').selectAll().executeTakeFirstOrThrow();
    const altered = before.sealed_file.slice();
    altered.set([1], altered.length - 1);
    altered.set([2], altered.length - 2);
    const update = fresh.db.updateTable('mandate_paper').set({ sealed_file: altered });
    await expect(update.execute()).rejects.toMatchObject({ constraint: 'mandate_paper_resealed' });
    const kept = await fresh.db.selectFrom('mandate_paper').selectAll().executeTakeFirstOrThrow();
    expect(toHex(kept.sealed_file)).toBe(toHex(before.sealed_file));
  });
});
