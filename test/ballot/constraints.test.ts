// Goal: each named constraint and trigger of officers, meetings, ballots and results refuses what it must, for the application and
// the owner. Method: the rows of a whole told meeting, one change for each case; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import { drawRecoveryCode } from '../../src/officers/recovery-code.ts';
import { drawChallenge } from '../../src/officers/signing-in.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import { seededRandom } from '../support/random.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import { postCast } from './voting-world.ts';

let service: TestService;
const random = seededRandom('ids of the cases');
/** A meeting without a result. */
const SECOND = newId(random);

beforeAll(async () => {
  service = await startTestService();
  const { meeting } = await tellStory({
    demo: service,
    seed: 'constraints',
    units: 12,
    phase: () => undefined,
  });
  const { deps } = service.service;
  await drawChallenge(deps, 'officer');
  const { officer_id } = await deps.db
    .selectFrom('officer')
    .select('officer_id')
    .limit(1)
    .executeTakeFirstOrThrow();
  await drawRecoveryCode(deps, officer_id);
  await enterPaper(meeting, officer_id);
  await enterPause(meeting);
  await enterRules();
  await enterQuestion(meeting);
  await enterReminder(meeting, officer_id);
  expect((await fetch(`${service.service.url}/meetings/${meeting}/archive.zip`)).status).toBe(200);
  const none = { alg: 'Ed25519', signature: 'A'.repeat(86) };
  const answer = await postCast(service, meeting, new Uint8Array(1), none);
  expect(answer.code).toBe('CAST_MALFORMED');
  const second = { meeting_id: SECOND, meeting_hash: `\\x${'0e'.repeat(32)}` };
  expect(await refusedBy(service.fresh.db, ['meeting', '', second])).toBe('accepted');
}, 120_000);
afterAll(async () => service.close());

const id = (): string => newId(random);
const hash = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const NO_ENTRY = 999_999_999;

const newOfficer = () => ({ officer_id: id(), identity: hash(1) });
const newKey = () => ({ credential_id: id(), public_key: hash(2) });
const newAct = () => ({ act_id: id(), subject: hash(3) });
const newSignature = () => ({
  officer_id: id(),
  identity: hash(4),
  public_key: hash(5),
  evidence: hash(6),
});
const newMeeting = () => ({ meeting_id: id(), meeting_hash: hash(7) });
const newCast = () => ({ cast_hash: hash(8), entitlement_id: id() });

const [ENTITLEMENT, SERIAL] = [id(), id()];
const newPaper = () => ({
  cast_hash: hash(14),
  entitlement_id: ENTITLEMENT,
  channel: 'paper',
  credential_id: null,
  signature: null,
  acknowledgement: null,
  signer_id: id(),
  serial: SERIAL,
});

/** A reminder that was asked for. */
async function enterReminder(meeting_id: string, officer_id: string): Promise<void> {
  const { db } = service.service.deps;
  const { community_id } = await db
    .selectFrom('meeting')
    .select('community_id')
    .where('meeting_id', '=', meeting_id)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('reminder')
    .values({ community_id, meeting_id, round: 1, officer_id, asked_at_ms: 0n })
    .execute();
}

/** A printed ballot that was used, its picture, and who keyed it. */
async function enterPaper(meeting_id: string, officer_id: string): Promise<void> {
  const { db } = service.service.deps;
  const { community_id } = await db
    .selectFrom('meeting')
    .select('community_id')
    .where('meeting_id', '=', meeting_id)
    .executeTakeFirstOrThrow();
  const at = { community_id, meeting_id, serial: SERIAL };
  await db
    .insertInto('paper_ballot')
    .values({ ...at, entitlement_id: ENTITLEMENT, print_no: 1, printed_by: officer_id, printed_at_ms: 0n })
    .execute();
  const scan_hash = new Uint8Array(32);
  await db
    .insertInto('paper_scan')
    .values({ ...at, scan_hash, boxed_scan: scan_hash, brought_by: officer_id, brought_at_ms: 0n })
    .execute();
  const { act_id } = await db.selectFrom('act').select('act_id').limit(1).executeTakeFirstOrThrow();
  await db.insertInto('paper_keying').values({ community_id, act_id, officer_id, keyed_at_ms: 0n }).execute();
  const used = { ...newPaper(), cast_hash: hash(15), entry_id: 2, seq: 1 };
  expect(await refusedBy(service.fresh.db, ['cast_statement', '', used])).toBe('accepted');
}

/** A question that nobody has answered. */
async function enterQuestion(meeting_id: string): Promise<void> {
  const { db } = service.service.deps;
  const { community_id, person_id } = await db
    .selectFrom('person')
    .selectAll()
    .limit(1)
    .executeTakeFirstOrThrow();
  const at = { community_id, meeting_id, question_id: id(), proposal_id: id(), person_id };
  await db
    .insertInto('meeting_question')
    .values({ ...at, body: '问', asked_at_ms: 1n, outcome: 'open', answer: '', answered_by: null })
    .execute();
}

/** Own rules over the resolution that stands, and a step that is done. */
async function enterRules(): Promise<void> {
  const { db } = service.service.deps;
  const { community_id, meeting_id, proposal_id } = await db
    .selectFrom('resolution')
    .selectAll()
    .limit(1)
    .executeTakeFirstOrThrow();
  const row = { community_id, meeting_id, proposal_id, rules_id: id(), rules_hash: new Uint8Array(32) };
  const text = await db
    .selectFrom('meeting_text')
    .select('text_hash')
    .where('meeting_id', '=', meeting_id)
    .limit(1)
    .executeTakeFirstOrThrow();
  const line = { community_id, meeting_id, proposal_id, step_id: id(), state: 'done', due_on: '2027-01-01' };
  await db
    .insertInto('followup')
    .values({ ...line, ...text, entry_id: 1n })
    .execute();
  await db
    .insertInto('community_rules')
    .values({ ...row, record: new Uint8Array(1), entry_id: 1n })
    .execute();
}

/** A pause that was not ended. */
async function enterPause(meeting_id: string): Promise<void> {
  const { db } = service.service.deps;
  const { community_id, text_hash } = await db
    .selectFrom('meeting_text')
    .select(['community_id', 'text_hash'])
    .where('meeting_id', '=', meeting_id)
    .limit(1)
    .executeTakeFirstOrThrow();
  const at = { community_id, meeting_id, pause_id: id(), reason_hash: text_hash };
  await db
    .insertInto('meeting_pause')
    .values({ ...at, paused_at_ms: 1n, closed_from_ms: 10n, resumed_at_ms: null, closes_at_ms: null })
    .execute();
}

const OFFICERS: readonly ConstraintCase[] = [
  ['officer', 'officer_pk', { identity: hash(1) }],
  ['officer', 'officer_identity_key', { officer_id: id() }],
  ['officer', 'officer_role_check', { ...newOfficer(), role: 'root' }],
  ['officer_key', 'officer_key_pk', { public_key: hash(2) }],
  ['officer_key', 'officer_key_public_key_key', { credential_id: id() }],
  ['officer_key', 'officer_key_officer_fk', { ...newKey(), officer_id: id() }],
  ['officer_key', 'officer_key_alg_check', { ...newKey(), alg: 'RS256' }],
  ['enrolment', 'enrolment_pk', {}],
  ['enrolment', 'enrolment_recovers_fk', { enrolment_id: id(), recovers_officer_id: id() }],
  ['enrolment', 'enrolment_tries_check', { enrolment_id: id(), tries: 6 }],
  ['login_challenge', 'login_challenge_pk', {}],
  ['login_challenge', 'login_challenge_purpose_check', { nonce: hash(9), purpose: 'witness' }],
  ['officer_session', 'officer_session_pk', { session_id: id() }],
  ['officer_session', 'officer_session_id_key', { token_hash: hash(10) }],
  [
    'officer_session',
    'officer_session_officer_fk',
    { token_hash: hash(10), session_id: id(), officer_id: id() },
  ],
  ['officer_recovery', 'officer_recovery_pk', {}],
  ['officer_recovery', 'officer_recovery_officer_fk', { officer_id: id() }],
  ['officer_recovery', 'officer_recovery_tries_check', { officer_id: id(), tries: 6 }],
  ['act', 'act_pk', { subject: hash(3) }],
  ['act', 'act_subject_key', { act_id: id() }],
  ['act', 'act_state_check', { ...newAct(), state: 'lost', entry_id: null }],
  ['act', 'act_done_check', { ...newAct(), state: 'done', entry_id: null }],
  ['act', 'act_entry_fk', { ...newAct(), entry_id: NO_ENTRY }],
  ['act_signature', 'act_signature_pk', { ...newSignature(), officer_id: undefined }],
  ['act_signature', 'act_signature_act_fk', { ...newSignature(), act_id: id() }],
  ['act_signature', 'act_signature_identity_key', { ...newSignature(), identity: undefined }],
  ['act_signature', 'act_signature_public_key_key', { ...newSignature(), public_key: undefined }],
  ['act_signature', 'act_signature_evidence_key', { ...newSignature(), evidence: undefined }],
];

const ASSEMBLY: readonly ConstraintCase[] = [
  ['meeting', 'meeting_pk', { meeting_hash: hash(7) }],
  ['meeting', 'meeting_id_key', { community_id: id(), meeting_hash: hash(7) }],
  ['meeting', 'meeting_hash_key', { meeting_id: id() }],
  ['meeting', 'meeting_window_check', { ...newMeeting(), closes_at_ms: 0 }],
  ['meeting', 'meeting_state_check', { ...newMeeting(), state: 'lost' }],
  ['meeting', 'meeting_hash_check', { ...newMeeting(), meeting_hash: null }],
  ['meeting_text', 'meeting_text_pk', {}],
  ['meeting_text', 'meeting_text_meeting_fk', { meeting_id: id() }],
  ['meeting_question', 'meeting_question_pk', {}],
  ['meeting_question', 'meeting_question_meeting_fk', { question_id: id(), meeting_id: id() }],
  ['meeting_question', 'meeting_question_person_fk', { question_id: id(), person_id: id() }],
  [
    'meeting_question',
    'meeting_question_officer_fk',
    { question_id: id(), outcome: 'answered', answer: '答', answered_by: id() },
  ],
  [
    'meeting_question',
    'meeting_question_outcome_check',
    { question_id: id(), outcome: 'lost', answer: '答', answered_by: id() },
  ],
  ['meeting_question', 'meeting_question_answer_check', { question_id: id(), answer: '答' }],
  ['meeting_pause', 'meeting_pause_pk', {}],
  ['meeting_pause', 'meeting_pause_once_key', { pause_id: id() }],
  ['meeting_pause', 'meeting_pause_text_fk', { pause_id: id(), meeting_id: id() }],
  ['meeting_pause', 'meeting_pause_timely_check', { pause_id: id(), paused_at_ms: 10, closed_from_ms: 10 }],
  ['meeting_pause', 'meeting_pause_resumed_check', { pause_id: id(), resumed_at_ms: 10 }],
  [
    'meeting_pause',
    'meeting_pause_moves_check',
    { pause_id: id(), paused_at_ms: 5, closed_from_ms: 10, resumed_at_ms: 6, closes_at_ms: 9 },
  ],
  ['meeting_box', 'meeting_box_pk', { box_key: hash(11) }],
  ['meeting_box', 'meeting_box_meeting_fk', { meeting_id: id(), box_key: hash(11) }],
  ['meeting_box', 'meeting_box_key_key', { meeting_id: id() }],
  ['meeting_box', 'meeting_box_holder_check', { meeting_id: id(), box_key: hash(11), holder: 'nobody' }],
];

const BALLOT: readonly ConstraintCase[] = [
  ['ballot', 'ballot_pk', {}],
  ['ballot', 'ballot_meeting_fk', { meeting_id: id() }],
  ['cast_statement', 'cast_statement_pk', { entitlement_id: id() }],
  ['cast_statement', 'cast_statement_chain_key', { cast_hash: hash(8) }],
  ['cast_statement', 'cast_statement_entry_key', newCast()],
  ['cast_statement', 'cast_statement_entry_fk', { ...newCast(), entry_id: NO_ENTRY }],
  ['cast_statement', 'cast_statement_meeting_fk', { ...newCast(), meeting_id: id(), entry_id: 1 }],
  ['cast_statement', 'cast_statement_mandate_fk', { ...newCast(), entry_id: 1, mandate_id: id() }],
  ['cast_statement', 'cast_statement_channel_check', { ...newCast(), entry_id: 1, channel: 'fax' }],
  ['cast_statement', 'cast_statement_cast_check', { ...newCast(), entry_id: 1, credential_id: null }],
  ['cast_statement', 'cast_statement_paper_check', { ...newCast(), entry_id: 1, channel: 'paper' }],
  ['cast_statement', 'cast_statement_serial_key', { ...newPaper(), entry_id: 1, seq: 2 }],
  ['cast_statement', 'cast_statement_serial_fk', { ...newPaper(), entry_id: 1, seq: 2, serial: id() }],
  ['cast_statement', 'cast_statement_void_check', { ...newCast(), entry_id: 1, channel: 'void' }],
  ['cast_statement', 'cast_statement_seq_check', { ...newCast(), entry_id: 1, seq: 0 }],
  ['paper_ballot', 'paper_ballot_pk', { print_no: 2 }],
  ['paper_ballot', 'paper_ballot_print_key', { serial: id() }],
  ['paper_ballot', 'paper_ballot_meeting_fk', { meeting_id: id() }],
  ['paper_ballot', 'paper_ballot_officer_fk', { serial: id(), print_no: 2, printed_by: id() }],
  ['paper_ballot', 'paper_ballot_print_check', { serial: id(), print_no: 0 }],
  ['paper_scan', 'paper_scan_pk', {}],
  ['paper_scan', 'paper_scan_serial_fk', { serial: id() }],
  ['paper_scan', 'paper_scan_officer_fk', { scan_hash: hash(16), brought_by: id() }],
  ['paper_keying', 'paper_keying_pk', {}],
  ['paper_keying', 'paper_keying_act_fk', { act_id: id() }],
  ['paper_keying', 'paper_keying_officer_fk', { officer_id: id() }],
  ['paper_keying', 'paper_keying_community_fk', { community_id: id() }],
  ['cast_answer', 'cast_answer_pk', {}],
  ['cast_answer', 'cast_answer_cast_fk', { ballot_hash: hash(12), cast_hash: hash(12) }],
  ['cast_answer', 'cast_answer_ballot_fk', { ballot_hash: hash(12) }],
  ['sealed_key', 'sealed_key_pk', {}],
  ['sealed_key', 'sealed_key_cast_fk', { ephemeral_key: hash(12), cast_hash: hash(12) }],
  ['cast_refusal', 'cast_refusal_pk', {}],
  ['cast_refusal', 'cast_refusal_count_check', { code: 'CAST_CHAIN', refused: 0 }],
  ['reminder', 'reminder_pk', {}],
  ['reminder', 'reminder_meeting_fk', { meeting_id: id() }],
  ['reminder', 'reminder_officer_fk', { round: 2, officer_id: id() }],
  ['reminder', 'reminder_round_check', { round: 4 }],
];

const TALLY: readonly ConstraintCase[] = [
  ['tally', 'tally_pk', {}],
  ['tally', 'tally_meeting_fk', { meeting_id: id(), preliminary_entry_id: 1 }],
  ['tally', 'tally_entry_fk', { meeting_id: SECOND, preliminary_entry_id: NO_ENTRY }],
  ['tally', 'tally_entry_key', { version: 2 }],
  ['tally', 'tally_version_check', { version: 0, preliminary_entry_id: 1 }],
  ['objection', 'objection_pk', {}],
  ['objection', 'objection_meeting_fk', { meeting_id: id() }],
  ['objection', 'objection_entry_fk', { objection_id: id(), entry_id: NO_ENTRY }],
  ['objection', 'objection_decision_entry_fk', { objection_id: id(), decision_entry_id: NO_ENTRY }],
  ['objection', 'objection_decision_check', { objection_id: id(), decision: null }],
  ['archive', 'archive_pk', {}],
  ['archive', 'archive_meeting_fk', { meeting_id: id() }],
  ['archive', 'archive_pack_check', { meeting_id: SECOND, manifest: '\\x' }],
  ['archive', 'archive_pack_check', { meeting_id: SECOND, pack: '\\x00' }],
  ['certificate', 'certificate_pk', {}],
  ['certificate', 'certificate_meeting_fk', { meeting_id: id() }],
  ['certificate', 'certificate_entry_fk', { meeting_id: SECOND, entry_id: NO_ENTRY }],
  ['resolution', 'resolution_pk', {}],
  ['resolution', 'resolution_meeting_fk', { meeting_id: id() }],
  ['resolution', 'resolution_entry_fk', { proposal_id: id(), entry_id: NO_ENTRY }],
  ['resolution', 'resolution_outcome_check', { proposal_id: id(), outcome: 'MAYBE' }],
  ['followup', 'followup_pk', {}],
  ['followup', 'followup_entry_key', { step_id: id() }],
  ['followup', 'followup_entry_fk', { step_id: id(), entry_id: NO_ENTRY }],
  ['followup', 'followup_resolution_fk', { step_id: id(), entry_id: 2, proposal_id: id() }],
  ['followup', 'followup_text_fk', { step_id: id(), entry_id: 2, text_hash: hash(16) }],
  ['followup', 'followup_state_check', { step_id: id(), entry_id: 2, state: 'lost' }],
  ['followup', 'followup_end_key', { entry_id: 2 }],
  ['community_rules', 'community_rules_pk', { entry_id: 2 }],
  ['community_rules', 'community_rules_entry_key', { rules_id: id() }],
  ['community_rules', 'community_rules_entry_fk', { rules_id: id(), entry_id: NO_ENTRY }],
  [
    'community_rules',
    'community_rules_community_fk',
    { rules_id: id(), entry_id: 2, community_id: id(), meeting_id: null, proposal_id: null },
  ],
  ['community_rules', 'community_rules_resolution_fk', { rules_id: id(), entry_id: 2, proposal_id: id() }],
  ['community_rules', 'community_rules_resolution_check', { rules_id: id(), entry_id: 2, proposal_id: null }],
];

const CASES = [...OFFICERS, ...ASSEMBLY, ...BALLOT, ...TALLY];

/**
 * Two are wider than their primary keys, and there only so that the fund's authorisation can point at an outcome and its cap, and a paper
 * at its serial and entitlement; the other refuses nothing, it erases (test/registry/raw-files.test.ts).
 */
const NEVER_FIRST = ['resolution_fund_key', 'paper_ballot_entitlement_key', 'act_register_ended'];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['act_frozen', `update act set entry = '\\x00'`],
  ['act_frozen', `update act set details = '{}'`],
  ['act_frozen', 'delete from act'],
  ['act_append_only', 'truncate act cascade'],
  ['act_signature_append_only', `update act_signature set action = '\\x00'`],
  ['act_signature_append_only', 'delete from act_signature'],
  ['act_signature_append_only', 'truncate act_signature'],
  ['reminder_frozen', 'update reminder set asked_at_ms = 1'],
  ['reminder_frozen', 'delete from reminder'],
  ['reminder_append_only', 'truncate reminder'],
  ['meeting_text_append_only', `update meeting_text set body = ''`],
  ['meeting_text_append_only', 'delete from meeting_text'],
  ['meeting_text_append_only', 'truncate meeting_text cascade'],
  ['meeting_pause_frozen', `update meeting_pause set reason_hash = '${hash(13)}'`],
  ['meeting_pause_frozen', 'delete from meeting_pause'],
  ['meeting_pause_append_only', 'truncate meeting_pause'],
  ['meeting_box_frozen', `update meeting_box set box_key = '${hash(13)}'`],
  ['meeting_box_frozen', 'delete from meeting_box'],
  ['meeting_box_append_only', 'truncate meeting_box'],
  ['ballot_append_only', `update ballot set token = ''`],
  ['ballot_append_only', 'delete from ballot'],
  ['ballot_append_only', 'truncate ballot cascade'],
  ['cast_statement_append_only', `update cast_statement set cast_bytes = '\\x00'`],
  ['cast_statement_append_only', 'delete from cast_statement'],
  ['cast_statement_append_only', 'truncate cast_statement cascade'],
  ['paper_ballot_append_only', 'update paper_ballot set print_no = 9'],
  ['paper_ballot_append_only', 'delete from paper_ballot'],
  ['paper_ballot_append_only', 'truncate paper_ballot cascade'],
  ['paper_scan_append_only', `update paper_scan set boxed_scan = '\\x00'`],
  ['paper_scan_append_only', 'delete from paper_scan'],
  ['paper_scan_append_only', 'truncate paper_scan'],
  ['paper_keying_append_only', 'update paper_keying set keyed_at_ms = 9'],
  ['paper_keying_append_only', 'delete from paper_keying'],
  ['paper_keying_append_only', 'truncate paper_keying'],
  ['cast_answer_append_only', `update cast_answer set cast_hash = '${hash(13)}'`],
  ['cast_answer_append_only', 'delete from cast_answer'],
  ['cast_answer_append_only', 'truncate cast_answer'],
  ['sealed_key_append_only', `update sealed_key set ephemeral_key = '${hash(13)}'`],
  ['sealed_key_append_only', 'delete from sealed_key'],
  ['sealed_key_append_only', 'truncate sealed_key'],
  ['tally_append_only', `update tally set record = '\\x00'`],
  ['tally_append_only', 'delete from tally'],
  ['tally_append_only', 'truncate tally'],
  ['objection_frozen', `update objection set objection = '\\x00'`],
  ['objection_frozen', 'delete from objection'],
  ['objection_append_only', 'truncate objection'],
  ['archive_append_only', `update archive set pack = ''`],
  ['archive_append_only', 'delete from archive'],
  ['archive_append_only', 'truncate archive'],
  ['certificate_append_only', `update certificate set token = ''`],
  ['certificate_append_only', 'delete from certificate'],
  ['certificate_append_only', 'truncate certificate'],
  ['resolution_append_only', `update resolution set outcome = 'ADOPTED'`],
  ['resolution_append_only', 'delete from resolution'],
  ['resolution_append_only', 'truncate resolution cascade'],
  ['followup_append_only', `update followup set due_on = '2030-01-01'`],
  ['followup_append_only', 'delete from followup'],
  ['followup_append_only', 'truncate followup'],
  ['community_rules_append_only', `update community_rules set record = '\\x00'`],
  ['community_rules_append_only', 'delete from community_rules'],
  ['community_rules_append_only', 'truncate community_rules'],
];

/** What the application may not do, where no trigger stands before the owner. */
const NOT_GRANTED = [
  `update meeting set title = ''`,
  'update meeting set opens_at_ms = 0',
  'delete from meeting',
  `update officer set role = 'regulator'`,
  `update officer set identity = '${hash(13)}'`,
  'delete from officer',
  `update officer_key set public_key = '\\x00'`,
  'delete from officer_key',
  `update enrolment set code_hash = ''`,
  'delete from enrolment',
  'delete from cast_refusal',
  `update cast_refusal set code = 'CAST_CHAIN'`,
  'truncate cast_refusal',
];

describe('a constraint', () => {
  it.each(CASES)('of %s: %s refuses', async (...each) => {
    const { fresh } = service;
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it('lets good copies in, so that the cases fail for their own reason', async () => {
    const good: readonly ConstraintCase[] = [
      ['officer', '', newOfficer()],
      ['officer_key', '', newKey()],
      ['act', '', newAct()],
      ['act_signature', '', newSignature()],
      ['meeting', '', newMeeting()],
      ['objection', '', { objection_id: id() }],
      ['resolution', '', { proposal_id: id() }],
    ];
    for (const each of good)
      expect([each[0], await refusedBy(service.fresh.db, each)]).toEqual([each[0], 'accepted']);
  });
});

describe('what stands', () => {
  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(service.fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(service.fresh.db, statement));
  });

  it.each(NOT_GRANTED)('is not the application’s: %s', async (statement) => {
    expect(await refusalOf(service.fresh.db, statement)).toBe('42501');
  });
});

describe('the list', () => {
  it('names every constraint, unique index and trigger of these tables', async () => {
    const tables = [...new Set(CASES.map(([table]) => table))];
    const listed = [...CASES.map(([, name]) => name), ...TRIGGERS.map(([name]) => name), ...NEVER_FIRST];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(service.fresh.owner, tables));
  });
});
