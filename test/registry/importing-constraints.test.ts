// Goal: each named constraint and trigger of the register's tables refuses what it must, for the application and for the owner.
// Method: good rows from a real import and a frozen roll, one change for each constraint; the list is compared with the catalogue.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { readRegisterFile } from '../../src/registry/raw-files.ts';
import type { NewCorrection } from '../../src/registry/roll-corrections.ts';
import { applyCorrection, draftCorrection, toBeCorrected } from '../../src/registry/roll-corrections.ts';
import { answerOfRoll, askOfRoll } from '../../src/registry/roll-requests.ts';
import { applyRoll, draftRoll } from '../../src/registry/rolling.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of the cases');

beforeAll(async () => {
  fresh = await freshDatabase();
  const the = await newCommunity(fresh, 'registry constraints');
  const register = await bringIntoForce(the, registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]));
  const request = { community: the.community, register, reason: '核对名册' };
  expect(await readRegisterFile(the.deps, the.street, request)).toMatchObject({ ok: true });
  const drafted = await inTransaction(fresh.db, (tx) =>
    draftRoll(tx, the.deps, {
      community: the.community,
      meeting: newId(random),
      proposals: [{ proposal: newId(random), scope: { kind: 'community', members: [] } }],
      countSpecialSpaces: false,
      draftedBy: the.committee.officer,
    }),
  );
  const act = present(drafted.ok ? drafted.value.act : undefined, 'drafted');
  await signBy(the.deps, act, [the.committee, the.street]);
  await executeAct(the.deps, act, applyRoll);
  const heir = registerFile([`1栋,101,80.00,王五,${NUMBERS.wang},已交付,,`]);
  await bringIntoForce(the, heir);
  await correctAll(the);
  await askAndAnswer(the);
  await sql`insert into personal_erasure select community_id, ${newId(random)}, person_id, '申请第1号', '{}', '[]', 1
    from person limit 1`.execute(fresh.db);
});

/** Corrects the one entitlement of the roll, whose unit has passed. */
async function correctAll(the: TestCommunity): Promise<void> {
  const { community, deps } = the;
  const { rows } = await sql<{ meeting_id: string; entitlement_id: string }>`
    select r.meeting_id, e.entitlement_id from roll r join roll_entry e using (community_id, roll_id)`.execute(
    fresh.db,
  );
  const [row] = rows;
  const wanted: NewCorrection = {
    community,
    meeting: present(row?.meeting_id, 'frozen'),
    entitlement: present(row?.entitlement_id, 'frozen'),
    ground: 'death',
    reference: '公证书第1号',
    draftedBy: the.committee.officer,
    convenerRole: 'committee',
  };
  const drafted = await inTransaction(fresh.db, async (tx) => {
    const found = await toBeCorrected(tx, wanted);
    return found.ok ? draftCorrection(tx, deps, wanted, found.value) : found;
  });
  const act = present(drafted.ok ? drafted.value.act : undefined, 'drafted');
  await signBy(deps, act, [the.committee, the.street]);
  const done = await executeAct(deps, act, (tx, _deps, signed, entryId) =>
    applyCorrection(tx, signed, entryId),
  );
  expect(done).toMatchObject({ ok: true });
}
/** An answered request; none may come in once the roll is frozen, so it is asked of another meeting. */
async function askAndAnswer(the: TestCommunity): Promise<void> {
  const { community, deps, committee } = the;
  const meeting = newId(random);
  const owners = await sql<{ person_id: string }>`select person_id from person limit 1`.execute(fresh.db);
  const person = present(owners.rows[0]?.person_id, 'a person');
  await inTransaction(fresh.db, async (tx) => {
    const wish = { meeting, about: 'missing', unit: '', text: '漏了车位' } as const;
    const asked = await askOfRoll(tx, deps, { community, person }, wish);
    const request = present(asked.ok ? asked.value.request : undefined, 'asked');
    const answer = { outcome: 'refused', reason: '车位没有产权', officer: committee.officer } as const;
    expect(await answerOfRoll(tx, deps, { community, meeting, request }, answer)).toMatchObject({ ok: true });
  });
}
afterAll(async () => fresh.close());

const id = (): string => newId(random);
const hash = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const index = (byte: number): string => `${hash(byte)}${'00'.repeat(5)}`;
const newPerson = () => ({ person_id: id(), number_index: index(1), identity: hash(2) });
const newUnit = () => ({ unit_id: id(), unit_key: 'another place' });
const newImport = () => ({ import_id: id(), state: 'withdrawn', act_id: null });
const newCorrection = () => ({ correction_id: id(), entry_id: null });
const newEntry = () => ({ entitlement_id: id(), position: 7 });

const CASES: readonly ConstraintCase[] = [
  ['community', 'community_pk', {}],
  ['community', 'community_name_check', { community_id: id(), name: '' }],
  ['community', 'community_register_fk', { community_id: id(), register_id: id() }],
  ['register', 'register_pk', {}],
  ['register', 'register_community_fk', { community_id: id() }],
  ['register', 'register_salt_check', { register_id: id(), file_salt: '\\x00' }],
  ['register', 'register_draft_check', { register_id: id(), draft: '\\x00' }],
  ['register_import', 'register_import_pk', {}],
  ['register_import', 'register_import_community_fk', { ...newImport(), community_id: id() }],
  ['register_import', 'register_import_officer_fk', { ...newImport(), officer_id: id() }],
  ['register_import', 'register_import_act_fk', { ...newImport(), state: 'drafted', act_id: id() }],
  ['register_import', 'register_import_state_check', { ...newImport(), state: 'lost' }],
  ['register_import', 'register_import_file_check', { ...newImport(), file: '\\x00' }],
  ['register_import', 'register_import_draft_check', { ...newImport(), draft: '\\x00' }],
  ['register_import', 'register_import_act_check', { ...newImport(), state: 'drafted' }],
  ['register_import', 'register_import_rows_check', { ...newImport(), rows_read: 2, rows_total: 1 }],
  ['personal_access', 'personal_access_pk', {}],
  ['personal_access', 'personal_access_community_fk', { access_id: id(), community_id: id() }],
  ['personal_access', 'personal_access_officer_fk', { access_id: id(), officer_id: id() }],
  ['personal_access', 'personal_access_kind_check', { access_id: id(), kind: 'a look' }],
  ['personal_access', 'personal_access_reason_check', { access_id: id(), reason: '' }],
  ['person', 'person_pk', { number_index: index(1), identity: hash(2) }],
  ['person', 'person_community_fk', { community_id: id() }],
  ['person', 'person_number_key', { person_id: id(), identity: hash(2) }],
  ['person', 'person_identity_key', { person_id: id(), number_index: index(1) }],
  ['person', 'person_erased_check', { ...newPerson(), erased_at_ms: 1 }],
  ['personal_erasure', 'personal_erasure_pk', {}],
  ['personal_erasure', 'personal_erasure_person_fk', { erasure_id: id(), person_id: id() }],
  ['personal_erasure', 'personal_erasure_reason_check', { erasure_id: id(), reason: '' }],
  ['person', 'person_doc_kind_check', { ...newPerson(), doc_kind: 'Passport 1' }],
  ['unit', 'unit_pk', { unit_key: 'another place' }],
  ['unit', 'unit_place_key', { unit_id: id() }],
  ['unit', 'unit_register_fk', { ...newUnit(), register_id: id() }],
  ['unit', 'unit_kind_check', { ...newUnit(), kind: 'castle' }],
  ['unit', 'unit_state_check', { ...newUnit(), state: 'sold' }],
  ['unit', 'unit_area_check', { ...newUnit(), area_dm2: 0 }],
  ['unit', 'unit_area_source_check', { ...newUnit(), area_source: 'guess' }],
  ['ownership', 'ownership_pk', {}],
  ['ownership', 'ownership_unit_fk', { unit_id: id() }],
  ['ownership', 'ownership_person_fk', { person_id: id() }],
  ['ownership', 'ownership_register_fk', { register_id: id() }],
  ['roll', 'roll_pk', { meeting_id: id() }],
  ['roll', 'roll_meeting_key', { roll_id: id() }],
  ['roll', 'roll_register_fk', { roll_id: id(), meeting_id: id(), register_id: id() }],
  ['roll', 'roll_size_check', { roll_id: id(), meeting_id: id(), size: 0 }],
  ['roll_entry', 'roll_entry_pk', { position: 7 }],
  ['roll_entry', 'roll_entry_position_key', { entitlement_id: id() }],
  ['roll_entry', 'roll_entry_roll_fk', { roll_id: id() }],
  ['roll_entry', 'roll_entry_position_check', { ...newEntry(), position: -1 }],
  ['roll_entry', 'roll_entry_proof_check', { ...newEntry(), proof: '\\x00' }],
  ['roll_entry', 'roll_entry_salts_check', { ...newEntry(), voter_salt: '\\x00' }],
  ['roll_entry', 'roll_entry_voter_check', { ...newEntry(), voter: 'nobody' }],
  ['roll_holder', 'roll_holder_pk', {}],
  ['roll_holder', 'roll_holder_entry_fk', { entitlement_id: id() }],
  ['roll_holder', 'roll_holder_person_fk', { person_id: id() }],
  ['roll_correction', 'roll_correction_pk', { entry_id: null }],
  ['roll_correction', 'roll_correction_log_key', { correction_id: id() }],
  ['roll_correction', 'roll_correction_log_fk', { ...newCorrection(), entry_id: 999_999 }],
  ['roll_correction', 'roll_correction_entry_fk', { ...newCorrection(), entitlement_id: id() }],
  ['roll_correction', 'roll_correction_salts_check', { ...newCorrection(), voter_salt: '\\x00' }],
  ['roll_request', 'roll_request_pk', {}],
  ['roll_request', 'roll_request_person_fk', { request_id: id(), person_id: id() }],
  ['roll_request', 'roll_request_unit_fk', { request_id: id(), about: 'area', unit_id: id() }],
  ['roll_request', 'roll_request_officer_fk', { request_id: id(), answered_by: id() }],
  ['roll_request', 'roll_request_about_check', { request_id: id(), about: 'area' }],
  ['roll_request', 'roll_request_answer_check', { request_id: id(), outcome: null }],
  ['roll_correction_holder', 'roll_correction_holder_pk', {}],
  ['roll_correction_holder', 'roll_correction_holder_correction_fk', { correction_id: id() }],
  ['roll_correction_holder', 'roll_correction_holder_person_fk', { person_id: id() }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['register_frozen', `update register set settings = '{"a":1}'`],
  ['register_frozen', 'delete from register'],
  ['register_append_only', 'truncate register cascade'],
  ['register_import_frozen', `update register_import set settings = '{"a":1}'`],
  ['register_import_frozen', 'delete from register_import'],
  ['register_import_append_only', 'truncate register_import'],
  ['personal_access_append_only', `update personal_access set reason = 'another'`],
  ['personal_access_append_only', 'delete from personal_access'],
  ['personal_access_append_only', 'truncate personal_access'],
  ['ownership_append_only', 'update ownership set unit_id = unit_id'],
  ['ownership_append_only', 'delete from ownership'],
  ['ownership_append_only', 'truncate ownership'],
  ['roll_frozen', 'update roll set size = size + 1'],
  ['roll_frozen', 'delete from roll'],
  ['roll_append_only', 'truncate roll cascade'],
  ['roll_entry_append_only', `update roll_entry set leaf = '\\x00'`],
  ['roll_entry_append_only', 'delete from roll_entry'],
  ['roll_entry_append_only', 'truncate roll_entry cascade'],
  ['roll_holder_append_only', 'update roll_holder set identity = identity'],
  ['roll_holder_append_only', 'delete from roll_holder'],
  ['roll_holder_append_only', 'truncate roll_holder'],
  ['roll_correction_frozen', `update roll_correction set leaf = '\\x00'`],
  ['roll_correction_frozen', 'delete from roll_correction'],
  ['roll_correction_resealed', `update roll_correction set sealed_document = '\\x00'`],
  [
    'person_resealed',
    'update person set number_index = set_byte(number_index, 36, 1 + get_byte(number_index, 36) % 200)',
  ],
  ['person_resealed', `update person set sealed_number = '\\x00'`],
  [
    'person_erased',
    'do $$ begin update person set number_index = null, erased_at_ms = 1; update person set erased_at_ms = 2; end $$',
  ],
  ['personal_erasure_append_only', `update personal_erasure set reason = '另一个理由'`],
  ['person_append_only', 'truncate person cascade'],
  ['personal_erasure_append_only', 'delete from personal_erasure'],
  ['personal_erasure_append_only', 'truncate personal_erasure'],
  [
    'person_resealed',
    'update person set sealed_number = set_byte(sealed_number, 40, 1 + get_byte(sealed_number, 40) % 200)',
  ],
  ['roll_correction_append_only', 'truncate roll_correction cascade'],
  ['roll_request_frozen', `update roll_request set about = 'area'`],
  ['roll_request_frozen', 'delete from roll_request'],
  ['roll_request_append_only', 'truncate roll_request'],
  ['roll_correction_holder_append_only', 'update roll_correction_holder set identity = identity'],
  ['roll_correction_holder_append_only', 'delete from roll_correction_holder'],
  ['roll_correction_holder_append_only', 'truncate roll_correction_holder'],
];

/** What the application may not do either, though no trigger says so: numbers and places are written once. */
const NOT_GRANTED = [
  'update person set person_id = person_id',
  'delete from person',
  'update unit set unit_key = unit_key',
  'delete from unit',
  'update community set name = name',
  'delete from community',
];

describe('a constraint of the register', () => {
  it.each(CASES)('%s refuses by %s', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it.each(NOT_GRANTED)('lets the application not do: %s', async (statement) => {
    expect(await refusalOf(fresh.db, statement)).toBe('42501');
  });

  it('lets a good copy in, so that the cases fail for their own reason', async () => {
    const good = ['unit', '', newUnit()] as const;
    expect(await refusedBy(fresh.db, good)).toBe('accepted');
  });

  it('is in this list', async () => {
    const tables = [...new Set(CASES.map(([table]) => table))];
    const listed = [...CASES.map(([, name]) => name), ...TRIGGERS.map(([name]) => name)];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, tables));
  });
});
