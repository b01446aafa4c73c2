// Goal: an act that changes what another relies on waits for that one before it draws its place in the log, so that the log has both in the
// order in which they were decided (SPEC 6.6). Method: another session holds the row that both lock and enters the other's act while the
// first one waits; the order of the rows is exact.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockCancellation } from '../../src/assembly/cancelling.ts';
import { lockRequisitionAnswer } from '../../src/assembly/requisition-answers.ts';
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { ok } from '../../src/base/result.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Tx } from '../../src/db/transaction.ts';
import { lockAnnulment } from '../../src/fund/annulling.ts';
import { lockEmergency } from '../../src/fund/emergencies.ts';
import type { SignedAct } from '../../src/officers/acts.ts';
import { draftAct, inDraft } from '../../src/officers/acts.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import { requisitionAnswerForm, requisitionAnswerHash } from '../../src/record/requisition.ts';
import { freshDatabase } from '../support/database.ts';
import { waitingSessions } from '../support/waiting-sessions.ts';
import { accepted, deposit, execute, type FundWorld, fundWorld, signAs } from './fund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const HASH = toBase64Url(sha256());
let world: FundWorld;
beforeAll(async () => {
  world = await fundWorld(fresh, {
    seed: 'lock order',
    units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [9000n]));
});

async function signed(entry: UnsignedEntry, officers: FundWorld['officers'], details = {}): Promise<string> {
  const convenerRole = entry.kind === 'meeting.cancelled' ? { convenerRole: 'committee' as const } : {};
  const act = accepted(
    await inDraft(world.deps, async (tx) =>
      ok(await draftAct(tx, world.deps, { entry, details, draftedBy: 'test', ...convenerRole })),
    ),
  );
  await signAs(world, act, officers);
  return act;
}

/** The act runs while another session holds a row and enters `other`; answers the kinds of both in the order of the log. */
async function orderOf(
  act: string,
  locks: (tx: Tx, act: SignedAct) => Promise<void>,
  hold: (tx: Tx) => Promise<unknown>,
  other: UnsignedEntry,
): Promise<readonly string[]> {
  let done: Promise<unknown> = Promise.resolve();
  let first = 0n;
  await fresh.owner.transaction().execute(async (tx) => {
    await hold(tx);
    done = execute(world, act, async () => ok(undefined), locks);
    await expect.poll(() => waitingSessions(tx)).toBe(1);
    first = (await writeEntry(tx, other, [])).entryId;
  });
  await done;
  const rows = await fresh.db
    .selectFrom('log_entry')
    .select('kind')
    .where('community_id', '=', world.community)
    .where('id', '>=', first)
    .orderBy('id')
    .execute();
  return rows.map(({ kind }) => kind);
}

const holdMeeting = (tx: Tx) =>
  sql`select from meeting where meeting_id = ${world.meeting} for update`.execute(tx);
const holdCommunity = (tx: Tx) =>
  sql`select from community where community_id = ${world.community} for update`.execute(tx);

describe('in the log', () => {
  it('the cancellation of a meeting stands behind the answer that named it while it stood', async () => {
    const { community, meeting } = world;
    const entry = { v: 1, kind: 'meeting.cancelled', community, meeting, reasonHash: HASH } as const;
    const act = await signed(entry, world.officers);
    const application = newId(world.deps.random);
    const answer = { v: 1, kind: 'application.answered', community, application, answerHash: HASH } as const;
    expect(await orderOf(act, lockCancellation, holdMeeting, answer)).toEqual([
      'application.answered',
      'meeting.cancelled',
    ]);
  });

  it('the answer to a requisition stands behind the cancellation of the meeting that it names', async () => {
    const { community, meeting } = world;
    const requisition = newId(world.deps.random);
    const bytes = requisitionAnswerForm.bytes({
      v: 1,
      kind: 'requisition-answer',
      community,
      requisition,
      answer: 'convened',
      meeting,
      reason: '已定于下月召开',
      nonce: toBase64Url(world.deps.random(16)),
    });
    const answerHash = requisitionAnswerHash(bytes);
    const entry = { v: 1, kind: 'requisition.answered', community, requisition, answerHash } as const;
    const act = await signed(entry, world.officers.slice(0, 1), { answer: toBase64Url(bytes) });
    const other = { v: 1, kind: 'meeting.cancelled', community, meeting, reasonHash: HASH } as const;
    expect(await orderOf(act, lockRequisitionAnswer, holdMeeting, other)).toEqual([
      'meeting.cancelled',
      'requisition.answered',
    ]);
  });

  it('an annulment stands behind the line that was written down while the resolution stood', async () => {
    const { community, meeting, proposal } = world;
    const entry = {
      v: 1,
      kind: 'resolution.annulled',
      community,
      meeting,
      proposal,
      documentHash: HASH,
    } as const;
    const act = await signed(entry, [...world.officers.slice(1), world.regulator]);
    const step = newId(world.deps.random);
    const line = {
      v: 1,
      kind: 'followup.recorded',
      community,
      meeting,
      proposal,
      step,
      state: 'planned',
      dueOn: '2027-01-31',
      textHash: HASH,
    } as const;
    expect(await orderOf(act, lockAnnulment, holdMeeting, line)).toEqual([
      'followup.recorded',
      'resolution.annulled',
    ]);
  });

  it('an emergency stands behind the register that came into force while it waited', async () => {
    const { community } = world;
    const authorisation = newId(world.deps.random);
    const entry = {
      v: 1,
      kind: 'emergency.authorised',
      community,
      authorisation,
      emergencyHash: HASH,
    } as const;
    const act = await signed(entry, world.officers);
    const register = newId(world.deps.random);
    const imported = {
      v: 1,
      kind: 'register.imported',
      community,
      register,
      fileHash: HASH,
      units: 1,
      heads: 1,
      persons: 1,
      areaDm2: '5000',
    } as const;
    expect(await orderOf(act, lockEmergency, holdCommunity, imported)).toEqual([
      'register.imported',
      'emergency.authorised',
    ]);
  });
});
