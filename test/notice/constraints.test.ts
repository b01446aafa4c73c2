// Goal: each named constraint and trigger of announcements, print runs and accesses refuses what it must, for the application and the owner.
// Method: good rows from a real announcement, one change for each; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { announceAll } from '../../src/notice/announcing.ts';
import { recordReading } from '../../src/notice/delivery-recording.ts';
import { askEmailCode } from '../../src/notice/email-address.ts';
import { drawAccess } from '../../src/notice/monitor-access.ts';
import { startPrintRun } from '../../src/notice/printing.ts';
import { insertFile, insertMessages } from '../../src/notice/store/deliveries.ts';
import { insertChange } from '../../src/notice/store/email-changes.ts';
import { putAddress } from '../../src/notice/store/emails.ts';
import type { RegistryUnit } from '../../src/registry/domain/roll-leaves.ts';
import { registryUnits } from '../../src/registry/units.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { issue, makeFor } from '../support/letters.ts';
import { seededRandom } from '../support/random.ts';
import { announcingDeps, FILE, number, outboxWorld } from './outbox-world.ts';

let fresh: FreshDatabase;
let unit: RegistryUnit;
/** An announcement that is no notice. */
let outboxLeft: string;
const random = seededRandom('ids of the notice cases');

beforeAll(async () => {
  fresh = await freshDatabase();
  const { the, made } = await outboxWorld(fresh, 'notice constraints');
  // Letters that replace the first ones are announced on paper.
  const persons = made.items.map(({ person }) => person);
  await issue(the, await makeFor(the, FILE, persons));
  await number(the);
  await announceAll(announcingDeps(the));
  const deps = { ...the.deps, explain: explainEntry };
  expect((await startPrintRun(deps, the.registrar, the.community)).ok).toBe(true);
  expect((await drawAccess(deps, the.street, the.community)).ok).toBe(true);
  unit = present((await registryUnits(the.deps.db, the.community))[0], 'a unit');
  const of = { community: the.community, meeting: id() };
  const person = present(unit.owners[0], 'an owner');
  const noticeHash = toBase64Url(random(32));
  await recordReading(the.deps, { ...of, person, noticeHash });
  const owner = { community: the.community, person };
  const emailing = { ...the.deps, offersEmail: true };
  expect((await askEmailCode(emailing, owner, 'chen@mail.example')).ok).toBe(true);
  await inTransaction(fresh.db, async (tx) => {
    await putAddress(tx, {
      community_id: the.community,
      person_id: person,
      sealed_address: random(40),
      code_id: id(),
      confirmed_at_ms: 1,
    });
    const change = { community_id: the.community, code_id: id(), person_id: person, changed_at_ms: 1 };
    await insertChange(tx, { ...change, event: 'email-changed', sealed_former: random(40) });
    const rows = await tx.selectFrom('outbox').select('outbox_id').execute();
    const [{ outbox_id } = { outbox_id: '' }, { outbox_id: left } = { outbox_id: '' }] = rows;
    outboxLeft = left;
    const proofs = { message_proof: random(32), paper_proof: random(32) };
    await insertMessages(tx, [
      { community_id: of.community, outbox_id, meeting_id: of.meeting, person_id: person, ...proofs },
    ]);
    const entry = await tx.selectFrom('log_entry').select('id').limit(1).executeTakeFirstOrThrow();
    const file = { moment: 'opening', record: random(8), entry_id: entry.id };
    await insertFile(tx, { community_id: of.community, meeting_id: of.meeting, ...file });
  });
});
afterAll(async () => fresh.close());

const id = (): string => newId(random);
const newRow = () => ({ outbox_id: id() });
const sentMail = (change: object) => ({
  ...newRow(),
  channel: 'email',
  state: 'sent',
  run_id: null,
  receipt: '250 Ok',
  receipt_proof: `\\x${'06'.repeat(32)}`,
  ...change,
});
const newRun = () => ({ run_id: id() });
const newDelivery = () => ({ delivery_id: id() });
const handed = (change: object) => ({
  ...newDelivery(),
  state: 'handed',
  person_id: null,
  unit_id: id(),
  officer_id: id(),
  ...change,
});
const newAccess = () => ({ access_id: id(), token_hash: `\\x${'05'.repeat(32)}` });

const CASES: readonly ConstraintCase[] = [
  ['notice_watermark', 'notice_watermark_pk', {}],
  ['notice_watermark', 'notice_watermark_community_fk', { community_id: id() }],
  ['notice_watermark', 'notice_watermark_next_check', { next_idx: -1 }],
  ['print_run', 'print_run_pk', {}],
  ['print_run', 'print_run_community_fk', { community_id: id() }],
  ['print_run', 'print_run_officer_fk', { ...newRun(), officer_id: id() }],
  ['print_run', 'print_run_posted_by_fk', { ...newRun(), posted_by: id(), posted_at_ms: 1 }],
  ['print_run', 'print_run_count_check', { ...newRun(), count: 0 }],
  ['print_run', 'print_run_posted_check', { ...newRun(), posted_at_ms: 1 }],
  ['outbox', 'outbox_pk', {}],
  ['outbox', 'outbox_community_fk', { community_id: id(), run_id: null }],
  ['outbox', 'outbox_entry_fk', { ...newRow(), entry_idx: 1_000_000 }],
  ['outbox', 'outbox_run_fk', { ...newRow(), run_id: id() }],
  ['outbox', 'outbox_event_check', { ...newRow(), event: 'No event' }],
  ['outbox', 'outbox_source_check', { ...newRow(), entry_idx: null }],
  ['outbox', 'outbox_source_check', { ...newRow(), event: 'email-changed' }],
  ['outbox', 'outbox_channel_check', { ...newRow(), channel: 'pigeon' }],
  ['outbox', 'outbox_state_check', { ...newRow(), state: 'lost' }],
  ['outbox', 'outbox_attempts_check', { ...newRow(), attempts: -1 }],
  ['outbox', 'outbox_ended_check', { ...newRow(), ended_at_ms: null }],
  [
    'outbox',
    'outbox_recipient_check',
    { ...newRow(), state: 'queued', ended_at_ms: null, sealed_recipient: null },
  ],
  ['outbox', 'outbox_receipt_check', { ...newRow(), receipt: '250 Ok' }],
  ['outbox', 'outbox_receipt_check', sentMail({ receipt: null })],
  ['outbox', 'outbox_receipt_check', sentMail({ sealed_recipient: null })],
  ['outbox', 'outbox_receipt_proof_check', sentMail({ receipt_proof: null })],
  ['outbox', 'outbox_receipt_proof_check', { ...newRow(), receipt_proof: `\\x${'06'.repeat(32)}` }],
  ['email_address', 'email_address_pk', {}],
  ['email_address', 'email_address_person_fk', { person_id: id() }],
  ['email_change', 'email_change_pk', {}],
  ['email_change', 'email_change_person_fk', { code_id: id(), person_id: id() }],
  ['email_change', 'email_change_event_check', { code_id: id(), event: 'email-lost' }],
  ['email_change', 'email_change_former_check', { code_id: id(), event: 'email-confirmed' }],
  ['email_change', 'email_change_former_check', { code_id: id(), queued_at_ms: 1 }],
  ['email_code', 'email_code_pk', {}],
  ['email_code', 'email_code_person_fk', { person_id: id() }],
  ['email_code', 'email_code_tries_check', { person_id: id(), tries: -1 }],
  ['email_code', 'email_code_asked_check', { person_id: id(), asked: 0 }],
  ['email_code', 'email_code_attempts_check', { person_id: id(), attempts: -1 }],
  ['email_code', 'email_code_state_check', { person_id: id(), state: 'lost' }],
  ['email_code', 'email_code_sealed_check', { person_id: id(), sealed_code: null }],
  ['email_code', 'email_code_sealed_check', { person_id: id(), state: 'ended' }],
  ['email_ask', 'email_ask_pk', {}],
  ['notice_message', 'notice_message_pk', {}],
  ['notice_message', 'notice_message_outbox_fk', { outbox_id: id() }],
  ['delivery', 'delivery_pk', {}],
  ['delivery', 'delivery_person_fk', { ...newDelivery(), person_id: id() }],
  ['delivery', 'delivery_unit_fk', handed({})],
  ['delivery', 'delivery_state_check', handed({ state: 'lost' })],
  ['delivery', 'delivery_reader_check', handed({ state: 'read', unit_id: null, officer_id: null })],
  ['delivery', 'delivery_recorder_check', handed({ officer_id: null })],
  ['delivery', 'delivery_recorder_check', handed({ unit_id: null })],
  ['delivery', 'delivery_read_key', newDelivery()],
  ['delivery_file', 'delivery_file_pk', {}],
  ['delivery_file', 'delivery_file_community_fk', { community_id: id() }],
  ['delivery_file', 'delivery_file_entry_fk', { moment: 'close', entry_id: 1_000_000 }],
  ['delivery_file', 'delivery_file_moment_check', { moment: 'pause' }],
  ['monitor_access', 'monitor_access_pk', { token_hash: `\\x${'05'.repeat(32)}` }],
  ['monitor_access', 'monitor_access_token_key', { access_id: id() }],
  ['monitor_access', 'monitor_access_community_fk', { ...newAccess(), community_id: id() }],
  ['monitor_access', 'monitor_access_officer_fk', { ...newAccess(), officer_id: id() }],
  ['monitor_access', 'monitor_access_ended_by_fk', { ...newAccess(), ended_by: id(), ended_at_ms: 1 }],
  ['monitor_access', 'monitor_access_ended_check', { ...newAccess(), ended_at_ms: 1 }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['print_run_frozen', 'update print_run set count = count + 1'],
  ['print_run_frozen', 'delete from print_run'],
  ['print_run_append_only', 'truncate print_run cascade'],
  ['outbox_frozen', "update outbox set event = 'key-bound'"],
  ['outbox_frozen', 'delete from outbox'],
  ['outbox_append_only', 'truncate outbox cascade'],
  ['notice_message_append_only', 'update notice_message set meeting_id = meeting_id'],
  ['notice_message_append_only', 'delete from notice_message'],
  ['notice_message_append_only', 'truncate notice_message'],
  ['delivery_append_only', 'update delivery set recorded_at_ms = 1'],
  ['delivery_append_only', 'delete from delivery'],
  ['delivery_append_only', 'truncate delivery'],
  ['delivery_file_append_only', "update delivery_file set record = ''"],
  ['delivery_file_append_only', 'delete from delivery_file'],
  ['delivery_file_append_only', 'truncate delivery_file'],
  ['monitor_access_frozen', 'update monitor_access set expires_at_ms = expires_at_ms + 1'],
  ['monitor_access_frozen', 'delete from monitor_access'],
  ['monitor_access_append_only', 'truncate monitor_access cascade'],
];

describe('each constraint', () => {
  it.each(CASES)('%s: %s', async (...given) => {
    expect(await refusedBy(fresh.db, given)).toBe(given[1]);
    expect(await refusedBy(fresh.owner, given)).toBe(given[1]);
  });

  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it('lets good copies in, so that the cases fail for their own reason', async () => {
    expect(await refusedBy(fresh.db, ['outbox', '', newRow()])).toBe('accepted');
    expect(await refusedBy(fresh.db, ['outbox', '', sentMail({})])).toBe('accepted');
    const forgotten = sentMail({ sealed_recipient: null, receipt: null });
    expect(await refusedBy(fresh.db, ['outbox', '', forgotten])).toBe('accepted');
    expect(await refusedBy(fresh.db, ['monitor_access', '', newAccess()])).toBe('accepted');
  });

  it.each([
    ['delivery', 'delivery_officer_fk', () => handed({ unit_id: unit.unit })],
    ['notice_message', 'notice_message_person_fk', () => ({ outbox_id: outboxLeft, person_id: id() })],
  ] as const)('%s: %s', async (table, name, change) => {
    expect(await refusedBy(fresh.db, [table, name, change()])).toBe(name);
    expect(await refusedBy(fresh.owner, [table, name, change()])).toBe(name);
  });

  it('is in this list', async () => {
    const tables = [...new Set(CASES.map(([table]) => table))];
    const after = ['delivery_officer_fk', 'notice_message_person_fk'];
    const listed = [...after, ...CASES.map(([, name]) => name), ...TRIGGERS.map(([name]) => name)];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, tables));
  });
});
