// Goal: what a property manager applies for is public with the day by which it is answered, and is answered once, by an announced meeting
// that asks for money or with a reason. Method: the shells with real signatures on a real database, the clock moved by days.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBase64Url } from '../../src/base/bytes.ts';
import { applyApplicationAnswer } from '../../src/fund/answering.ts';
import { listApplications } from '../../src/fund/applications.ts';
import { fundFiles, namedLater } from '../../src/fund/bundling.ts';
import {
  listedScope,
  MAX_APPLICATIONS,
  MAX_LISTED,
  MAX_WAITING,
  roomForApplication,
} from '../../src/fund/domain/application.ts';
import { inspectBook } from '../../src/fund/inspecting.ts';
import { applicationAnswerForm } from '../../src/record/application.ts';
import { fundLineForm } from '../../src/record/bundle-lines.ts';
import { freshDatabase } from '../support/database.ts';
import {
  announce,
  applyFor,
  callOff,
  convening,
  draftReply,
  refusal,
  reply,
  secondMeeting,
} from './application-world.ts';
import { accepted, codeOf, deposit, execute, type FundWorld, fundWorld, signAs } from './fund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const DAY_MS = 86_400_000;
let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `applications ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '2幢', room: '201', areaDm2: 5000n },
    ],
    capFen: 10_000n,
  });
});

const filed = async (): Promise<string> => accepted(await applyFor(world)).application;
const states = async () => (await listApplications(world.deps, world.community)).map(({ state }) => state);

describe('an application', () => {
  it('is listed with its plan and the 30th day after it, and is late the day after that', async () => {
    const { application, answerBy, hash } = accepted(await applyFor(world));
    const [one] = await listApplications(world.deps, world.community);
    expect(one?.record).toMatchObject({ application, project: '屋面防水翻修', budgetFen: '10000' });
    expect(one?.hash).toBe(hash);
    expect([one?.record.filedOn, answerBy]).toEqual(['2026-12-10', '2027-01-09']);
    world.time.advance(30 * DAY_MS);
    expect(await states()).toEqual(['waiting']);
    world.time.advance(DAY_MS);
    expect(await states()).toEqual(['late']);
  });

  it('that is late is what the regulator looks at, until it is answered', async () => {
    accepted(await deposit(world, [9000n, 9000n]));
    const application = await filed();
    const kinds = async () =>
      accepted(await inspectBook(world.deps, world.community)).map(({ kind }) => kind);
    world.time.advance(31 * DAY_MS);
    expect(await kinds()).toContain('application_unanswered');
    accepted(await reply(world, refusal(world, application)));
    expect(await kinds()).not.toContain('application_unanswered');
  });

  it('of no money, or for a building that nobody knows, is refused', async () => {
    expect(codeOf(await applyFor(world, { budgetFen: 0n }))).toBe('FUND_AMOUNT_ZERO');
    const units = { kind: 'buildings' as const, members: ['9幢'] };
    expect(codeOf(await applyFor(world, { units }))).toBe('FUND_SCOPE_UNKNOWN');
    expect(await states()).toEqual([]);
  });

  it.each(['company', 'project', 'plan', 'emergencyPlan'] as const)(
    'that says nothing as its %s is refused, also in signs that nobody sees',
    async (name) => {
      for (const text of ['', ' \n\t', '\u3000\u200b'])
        expect(await applyFor(world, { [name]: text })).toMatchObject({
          refusal: { code: 'FUND_TEXT_BLANK', where: name },
        });
      expect(await states()).toEqual([]);
    },
  );

  it('whose scope names a building twice is refused', async () => {
    const units = { kind: 'buildings' as const, members: ['1幢', '1幢'] };
    expect(codeOf(await applyFor(world, { units }))).toBe('FUND_SCOPE_UNKNOWN');
  });

  it('is refused above 20 that wait, of those who file at once exactly the rest, and has room again after an answer', async () => {
    const [first] = [await filed()];
    for (let count = 1; count < MAX_WAITING - 2; count += 1) await filed();
    const results = await Promise.all(Array.from({ length: 6 }, () => applyFor(world)));
    expect(results.filter(({ ok }) => ok).length).toBe(2);
    expect(results.filter(({ ok }) => !ok).map(codeOf)).toEqual(Array(4).fill('FUND_APPLICATIONS_WAITING'));
    accepted(await reply(world, refusal(world, first)));
    await filed();
    expect(codeOf(await applyFor(world))).toBe('FUND_APPLICATIONS_WAITING');
  });

  it('for so many single units that the record would swell is refused', async () => {
    const units = Array.from({ length: 3200 }, (_, at) => ({
      building: '1幢',
      room: String(at),
      areaDm2: 1n,
    }));
    const large = await fundWorld(fresh, { seed: 'large scope', units, capFen: 1n });
    const scope = (count: number) => ({
      kind: 'units' as const,
      members: large.units.slice(0, count).map(({ unit }) => unit),
    });
    expect(codeOf(await applyFor(large, { units: scope(3200) }))).toBe('FUND_SCOPE_LARGE');
    accepted(await applyFor(large, { units: scope(3100) }));
  });

  it('is listed with its members where there are 50, and with their number alone where there are more', () => {
    const scope = (count: number) => ({
      kind: 'buildings' as const,
      members: Array.from({ length: count }, (_, at) => `${at}幢`),
    });
    expect(listedScope(scope(MAX_LISTED))).toEqual({ ...scope(50), count: 50 });
    expect(listedScope(scope(MAX_LISTED + 1))).toEqual({ kind: 'buildings', count: 51, members: [] });
  });

  it('is refused above 200 in all, however many were answered', () => {
    expect(roomForApplication({ all: MAX_APPLICATIONS - 1, waiting: 0 }).ok).toBe(true);
    expect(codeOf(roomForApplication({ all: MAX_APPLICATIONS, waiting: 0 }))).toBe('FUND_APPLICATIONS_FULL');
  });

  it('and its answer stand in the bundle of a community that keeps no book, but not what only a longer log names', async () => {
    accepted(await reply(world, refusal(world, await filed())));
    await filed();
    const kindsAt = async (later: (hash: string) => boolean) =>
      (await fundFiles(fresh.db, world.community, async () => later)).lines.map(
        (line) => JSON.parse(new TextDecoder().decode(line)).kind,
      );
    expect(await kindsAt(() => false)).toEqual(['application', 'application', 'application-answer']);
    expect(await kindsAt(await namedLater(fresh.db, world.community, 0))).toEqual([]);
  });
});

it('answers stand in the bundle in the order in which they were given', async () => {
  const [first, second] = [await filed(), await filed()];
  for (const one of [second, first]) accepted(await reply(world, refusal(world, one)));
  const lines = (await fundFiles(fresh.db, world.community, async () => () => false)).lines.map((line) =>
    fundLineForm.own(line),
  );
  const answered = lines
    .filter(({ kind }) => kind === 'application-answer')
    .map(({ record }) => applicationAnswerForm.own(fromBase64Url(record) ?? new Uint8Array()).application);
  expect(answered).toEqual([second, first]);
});

describe('an application whose meeting was called off', () => {
  /** Answered by the world's meeting, which is called off ten days later. */
  const reopened = async (): Promise<string> => {
    const application = await filed();
    await announce(world);
    accepted(await reply(world, convening(world, application)));
    world.time.advance(10 * DAY_MS);
    await callOff(world);
    return application;
  };

  it('waits again, for 30 days from that day, and then is late', async () => {
    await reopened();
    const [one] = await listApplications(world.deps, world.community);
    expect([one?.state, one?.answer, one?.answerBy]).toEqual(['waiting', undefined, '2027-01-19']);
    expect(one?.fallen).toMatchObject([
      { answer: { decision: 'convened', meeting: world.meeting }, calledOffOn: '2026-12-20' },
    ]);
    world.time.advance(30 * DAY_MS);
    expect(await states()).toEqual(['waiting']);
    world.time.advance(DAY_MS);
    expect(await states()).toEqual(['late']);
  });

  it('is on the list of the regulator when the new period is over, not before', async () => {
    accepted(await deposit(world, [9000n, 9000n]));
    await reopened();
    const kinds = async () =>
      accepted(await inspectBook(world.deps, world.community)).map(({ kind }) => kind);
    world.time.advance(30 * DAY_MS);
    expect(await kinds()).not.toContain('application_unanswered');
    world.time.advance(DAY_MS);
    expect(await kinds()).toContain('application_unanswered');
  });

  it('is answered anew, once: with a reason', async () => {
    const application = await reopened();
    accepted(await reply(world, refusal(world, application)));
    const [one] = await listApplications(world.deps, world.community);
    expect([one?.state, one?.fallen.length]).toEqual(['refused', 1]);
    expect(codeOf(await draftReply(world, refusal(world, application)))).toBe('FUND_APPLICATION_ANSWERED');
  });

  it('is answered anew by another meeting and not by the same, and opens again with that one', async () => {
    const application = await reopened();
    const same = convening(world, application);
    expect(codeOf(await draftReply(world, same))).toBe('FUND_MEETING_UNANNOUNCED');
    const meeting = await secondMeeting(world);
    expect(codeOf(await draftReply(world, { ...same, meeting }))).toBe('FUND_MEETING_UNANNOUNCED');
    await fresh.owner
      .updateTable('meeting')
      .set({ state: 'noticed' })
      .where('meeting_id', '=', meeting)
      .execute();
    await announce(world, meeting);
    accepted(await reply(world, { ...same, meeting }));
    expect(await states()).toEqual(['convened']);
    world.time.advance(DAY_MS);
    await callOff(world, meeting);
    const [one] = await listApplications(world.deps, world.community);
    // A day later, and no day more: the 30 days are given once.
    expect([one?.state, one?.answerBy]).toEqual(['waiting', '2027-01-19']);
    expect(one?.fallen.map(({ answer }) => answer.meeting)).toEqual([world.meeting, meeting]);
  });

  it('counts among those that wait, so that the 20th finds no room', async () => {
    await reopened();
    for (let count = 1; count < MAX_WAITING; count += 1) await filed();
    expect(codeOf(await applyFor(world))).toBe('FUND_APPLICATIONS_WAITING');
  });

  it('has all its answers in the bundle, in the order in which they were given', async () => {
    accepted(await reply(world, refusal(world, await reopened())));
    const told = (await fundFiles(fresh.db, world.community, async () => () => false)).lines
      .map((line) => fundLineForm.own(line))
      .filter(({ kind }) => kind === 'application-answer')
      .map(({ record }) => applicationAnswerForm.own(fromBase64Url(record) ?? new Uint8Array()).decision);
    expect(told).toEqual(['convened', 'refused']);
  });

  it('takes no answer whose place in the log is before the cancellation', async () => {
    const application = await filed();
    await announce(world);
    // Signed while nothing was answered yet; its place is drawn before the cancellation, and it is decided after it.
    const { act } = accepted(await draftReply(world, refusal(world, application)));
    await signAs(world, act, world.officers.slice(0, 1));
    accepted(await reply(world, convening(world, application)));
    const early: typeof applyApplicationAnswer = async (tx, deps, signed, entryId) => {
      await callOff(world);
      return applyApplicationAnswer(tx, deps, signed, entryId);
    };
    expect(codeOf(await execute(world, act, early))).toBe('FUND_APPLICATION_ANSWERED');
    expect(await states()).toEqual(['waiting']);
  });

  it('stays answered where the meeting was held, whatever it decided', async () => {
    const application = await filed();
    await announce(world);
    accepted(await reply(world, convening(world, application)));
    for (const state of ['closed', 'final']) {
      await fresh.owner
        .updateTable('meeting')
        .set({ state })
        .where('meeting_id', '=', world.meeting)
        .execute();
      expect(codeOf(await draftReply(world, refusal(world, application)))).toBe('FUND_APPLICATION_ANSWERED');
    }
  });
});

describe('an answer', () => {
  it('with a reason is given once', async () => {
    const application = await filed();
    accepted(await reply(world, refusal(world, application)));
    const [one] = await listApplications(world.deps, world.community);
    expect([one?.state, one?.answer?.reason]).toEqual(['refused', '仍在保修期内，由建设单位维修。']);
    expect(codeOf(await draftReply(world, refusal(world, application)))).toBe('FUND_APPLICATION_ANSWERED');
  });

  it('of two that were signed the second falls', async () => {
    const application = await filed();
    const acts: string[] = [];
    for (const officer of world.officers) {
      const { act } = accepted(await draftReply(world, refusal(world, application)));
      await signAs(world, act, [officer]);
      acts.push(act);
    }
    const [first = '', second = ''] = acts;
    accepted(await execute(world, first, applyApplicationAnswer));
    expect(codeOf(await execute(world, second, applyApplicationAnswer))).toBe('FUND_APPLICATION_ANSWERED');
  });

  it('names an announced meeting and its proposal that asks for money', async () => {
    const application = await filed();
    await announce(world);
    accepted(await reply(world, convening(world, application)));
    const [one] = await listApplications(world.deps, world.community);
    expect([one?.state, one?.answer?.meeting]).toEqual(['convened', world.meeting]);
  });

  it('never names a meeting that was announced before the application', async () => {
    await announce(world);
    const application = await filed();
    expect(codeOf(await draftReply(world, convening(world, application)))).toBe('FUND_MEETING_EARLIER');
    await announce(world);
    accepted(await draftReply(world, convening(world, application)));
  });

  it("of a meeting that is not announced, was called off, is another community's or asks for no money is refused", async () => {
    const application = await filed();
    await announce(world);
    const convened = convening(world, application);
    const setState = (state: string) =>
      fresh.owner.updateTable('meeting').set({ state }).where('meeting_id', '=', world.meeting).execute();
    for (const state of ['draft', 'cancelled']) {
      await setState(state);
      expect(codeOf(await draftReply(world, convened))).toBe('FUND_MEETING_UNANNOUNCED');
    }
    await setState('final');
    const other = await fundWorld(fresh, { seed: `other ${worlds}`, units: world.units, capFen: 1n });
    const theirs = { ...convened, meeting: other.meeting, proposal: other.proposal };
    expect(codeOf(await draftReply(world, theirs))).toBe('FUND_MEETING_UNANNOUNCED');
    for (const wrong of [{ meeting: 'a'.repeat(26) }, { proposal: 'a'.repeat(26) }])
      expect(codeOf(await draftReply(world, { ...convened, ...wrong }))).toBe('FUND_MEETING_UNANNOUNCED');
    const { act } = accepted(await draftReply(world, convened));
    await signAs(world, act, world.officers.slice(0, 1));
    await setState('cancelled');
    expect(codeOf(await execute(world, act, applyApplicationAnswer))).toBe('FUND_MEETING_UNANNOUNCED');
  });

  it('to nothing, without a reason, or with both is refused', async () => {
    expect(codeOf(await draftReply(world, refusal(world, 'a'.repeat(26))))).toBe('FUND_APPLICATION_UNKNOWN');
    const asked = refusal(world, await filed());
    for (const wrong of [
      { reason: ' ' },
      { meeting: world.meeting },
      { decision: 'convened', meeting: world.meeting, proposal: world.proposal },
    ] as const)
      expect(codeOf(await draftReply(world, { ...asked, ...wrong }))).toBe('FUND_ANSWER_UNCLEAR');
  });

  it('is signed by committee or street office, never by the regulator', async () => {
    const { act } = accepted(await draftReply(world, refusal(world, await filed())));
    await expect(signAs(world, act, [world.regulator])).rejects.toThrow('ACTION_ROLE');
  });
});
