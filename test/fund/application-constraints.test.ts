// Goal: the database itself refuses an application that the log does not name, and an answer that nobody signed, that names no announced
// meeting, or that comes twice. Method: raw SQL around the shells, as the application and as the owner; each case names its constraint.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { freshDatabase } from '../support/database.ts';
import { announce, applyFor, callOff, convening, refusal, reply } from './application-world.ts';
import { signed, undone } from './forged-log.ts';
import { accepted, type FundWorld, fundWorld } from './fund-world.ts';
import { refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());
const UNITS = [{ building: '1幢', room: '101', areaDm2: 5000n }];

/** The meeting is announced; one application waits, one is answered, one came after the announcement. */
let world: FundWorld;
/** Its one application was answered by a meeting that was called off. */
let called: FundWorld;
/** The meeting was never announced. */
let silent: FundWorld;
let [waiting, answered, unheard, later, reopened] = ['', '', '', '', ''];
beforeAll(async () => {
  const make = (seed: string) =>
    fundWorld(fresh, { seed: `application constraints ${seed}`, units: UNITS, capFen: 300n });
  [world, silent, called] = [await make('one'), await make('silent'), await make('called')];
  const file = async (of: FundWorld) => accepted(await applyFor(of)).application;
  [waiting, answered, unheard] = [await file(world), await file(world), await file(silent)];
  accepted(await reply(world, refusal(world, answered)));
  await announce(world);
  later = await file(world);
  reopened = await file(called);
  await announce(called);
  accepted(await reply(called, convening(called, reopened)));
  await callOff(called);
});

type Facts = Readonly<Record<string, string>>;
const hashOf = toBase64Url;

async function logged(tx: Database, of: FundWorld, kind: string, facts: Facts): Promise<bigint> {
  const row = { data: utf8(JSON.stringify(facts)), kind, community_id: of.community, meeting_id: null };
  return (await tx.insertInto('log_entry').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

type Raw = {
  readonly of?: () => FundWorld;
  readonly to?: () => string;
  readonly signedAs?: readonly string[];
  readonly kind?: string;
  readonly facts?: Facts;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly convened?: true;
};

const rawApplication = (db: Database, raw: Raw): Promise<void> =>
  undone(db, async (tx) => {
    const application = newId(world.deps.random);
    const record = utf8(application);
    const hash = h256('application', record);
    const facts = { application, applicationHash: hashOf(hash), ...raw.facts };
    const id = await logged(tx, world, raw.kind ?? 'application.filed', facts);
    await tx
      .insertInto('fund_application')
      .values({
        community_id: world.community,
        application_id: application,
        answer_by: '2027-01-09',
        record,
        hash,
        officer_id: present(world.officers[0], 'an officer').officer,
        entry_id: id,
        ...raw.row,
      })
      .execute();
  });

const rawAnswer = (db: Database, raw: Raw): Promise<void> =>
  undone(db, async (tx) => {
    const of = raw.of?.() ?? world;
    const application = raw.to?.() ?? waiting;
    const record = utf8(newId(of.deps.random));
    const hash = h256('application-answer', record);
    const facts = { application, answerHash: hashOf(hash), ...raw.facts };
    const id = await logged(tx, of, raw.kind ?? 'application.answered', facts);
    await signed(tx, of, id, raw.signedAs ?? ['committee']);
    const decided =
      raw.convened === true
        ? { decision: 'convened', meeting_id: of.meeting, proposal_id: of.proposal }
        : { decision: 'refused', meeting_id: null, proposal_id: null };
    await tx
      .insertInto('fund_application_answer')
      .values({
        community_id: of.community,
        application_id: application,
        answer_no: 1,
        ...decided,
        record,
        hash,
        entry_id: id,
        ...raw.row,
      })
      .execute();
  });

const other = () => hashOf(sha256(utf8('other')));
const APPLICATIONS: readonly (readonly [string, string, Raw])[] = [
  ['no application that is in order', 'accepted', {}],
  ['one that the log names otherwise', 'fund_application_is_logged', { facts: { applicationHash: other() } }],
  ['one of another id in the log', 'fund_application_is_logged', { facts: { application: 'a'.repeat(26) } }],
  ['one behind another kind of entry', 'fund_application_is_logged', { kind: 'objection.filed' }],
  ['a hash that is not of its record', 'fund_application_hash_check', { row: { record: utf8('other') } }],
  ['one entered by nobody', 'fund_application_officer_fk', { row: { officer_id: 'a'.repeat(26) } }],
];
const ANSWERS: readonly (readonly [string, string, Raw])[] = [
  ['no refusal that is in order', 'accepted', {}],
  ['no convening that is in order', 'accepted', { convened: true }],
  ['an answer that nobody signed', 'fund_application_answer_is_signed', { signedAs: [] }],
  ['an answer of the regulator', 'fund_application_answer_is_signed', { signedAs: ['regulator'] }],
  [
    'an answer that the log names otherwise',
    'fund_application_answer_is_signed',
    { facts: { answerHash: other() } },
  ],
  [
    'an answer to another application in the log',
    'fund_application_answer_is_signed',
    { facts: { application: 'a'.repeat(26) } },
  ],
  [
    'a meeting that was never announced',
    'fund_application_answer_is_noticed',
    { convened: true, of: () => silent, to: () => unheard },
  ],
  [
    'a meeting that was announced before the application',
    'fund_application_answer_is_noticed',
    { convened: true, to: () => later },
  ],
  ['a second answer', 'fund_application_answer_pk', { to: () => answered }],
  [
    'a second answer to a refusal',
    'fund_application_answer_reopened',
    { to: () => answered, row: { answer_no: 2 } },
  ],
  ['a second answer before the first', 'fund_application_answer_reopened', { row: { answer_no: 2 } }],
  ['an answer before the first', 'fund_application_answer_no_check', { row: { answer_no: 0 } }],
  [
    'no second answer after the meeting was called off',
    'accepted',
    { of: () => called, to: () => reopened, row: { answer_no: 2 } },
  ],
  [
    'a third answer without a second',
    'fund_application_answer_reopened',
    { of: () => called, to: () => reopened, row: { answer_no: 3 } },
  ],
  ['an answer to nothing', 'fund_application_answer_application_fk', { to: () => 'a'.repeat(26) }],
  ['a third decision', 'fund_application_answer_decision_check', { row: { decision: 'perhaps' } }],
  [
    'a refusal with a meeting',
    'fund_application_answer_meeting_check',
    { convened: true, row: { decision: 'refused' } },
  ],
  [
    'a convening without its proposal',
    'fund_application_answer_meeting_check',
    { convened: true, row: { proposal_id: null } },
  ],
  [
    'an answer whose hash is not of its record',
    'fund_application_answer_hash_check',
    { row: { record: utf8('x') } },
  ],
];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);

  it.each(APPLICATIONS)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawApplication(db(), raw))).toBe(constraint);
  });

  it.each(ANSWERS)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawAnswer(db(), raw))).toBe(constraint);
  });

  it('an application twice, and a change of either', async () => {
    const row = await fresh.owner
      .selectFrom('fund_application')
      .selectAll()
      .where('application_id', '=', waiting)
      .executeTakeFirstOrThrow();
    expect(await refusedBy(() => db().insertInto('fund_application').values(row).execute())).toBe(
      'fund_application_pk',
    );
    for (const table of ['fund_application', 'fund_application_answer']) {
      const own = login === 'owner' ? `${table}_900_append_only` : 'denied';
      for (const change of [
        sql`update ${sql.table(table)} set entry_id = 0`,
        sql`delete from ${sql.table(table)}`,
      ])
        expect(await refusedBy(() => change.execute(db()))).toBe(own);
    }
  });
});
