// Goal: the owners whom a call to top up asks are told that it was made and that it is over, by withdrawal or with its annulled resolution,
// each once and nobody else; of a call that nobody heard of nobody hears its end (SPEC 8.6). Method: the shells with real signatures and
// the real announcer on a real database, everything on paper.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sequenceOnce } from '../../src/auditlog/sequencing.ts';
import { newId } from '../../src/base/clock.ts';
import { applyAnnulment, draftAnnulment, lockAnnulment } from '../../src/fund/annulling.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { announceAll } from '../../src/notice/announcing.ts';
import { openOutboxRow } from '../../src/notice/delivering.ts';
import { letterText } from '../../src/notice/domain/announcement-text.ts';
import { emptyValues } from '../../src/registry/persons.ts';
import { freshDatabase } from '../support/database.ts';
import { acceptance, accepted, execute, type FundWorld, signAs } from './fund-world.ts';
import { callTopUp, poorWorld, withdrawTopUp } from './top-up-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let worlds = 0;

/** Somebody who owns these units of the register in force; nobody can call him, so what he is told is paper. */
async function own(at: readonly number[]): Promise<void> {
  const { community, deps } = world;
  const [{ register_id: register } = { register_id: '' }] = await fresh.owner
    .selectFrom('register')
    .select('register_id')
    .where('community_id', '=', community)
    .execute();
  const person = { community_id: community, person_id: newId(deps.random) };
  await fresh.owner
    .insertInto('person')
    .values({
      ...person,
      ...emptyValues(deps, person),
      doc_kind: 'other',
      number_index: null,
      identity: deps.random(32),
      erased_at_ms: 1n,
    })
    .execute();
  const units = at.map((each) => world.units[each]?.unit ?? '');
  await fresh.owner
    .insertInto('ownership')
    .values(units.map((unit_id) => ({ ...person, register_id: register, unit_id })))
    .execute();
}

beforeEach(async () => {
  worlds += 1;
  world = await poorWorld(fresh, `told calls ${worlds}`);
  // The homes at 101 and 103 are asked, the one at 102 has enough.
  await own([0]);
  await own([1]);
  await own([2]);
});

const deps = () => ({
  ...world.deps,
  explain: explainEntry,
  timeliness: async () => ({ isTimely: true }) as const,
  notice: { gateway: undefined, helpLine: '', page: 'vote.example', maxQueued: 1000, answerMs: 300 },
});
/** What was told so far, and of which home. */
async function told() {
  await sequenceOnce({ db: fresh.db });
  const { troubles } = await announceAll(deps());
  expect(troubles.filter(({ community }) => community === world.community)).toEqual([]);
  const rows = await fresh.db
    .selectFrom('outbox')
    .selectAll()
    .where('community_id', '=', world.community)
    .execute();
  return rows
    .map((row) => {
      const opened = openOutboxRow(world.deps.atRest, row);
      return `${row.event} ${opened?.facts.place.slice(-3)}`;
    })
    .sort();
}
async function annul(proposal = world.proposal): Promise<void> {
  const { community, meeting, officers, regulator } = world;
  const request = { community, meeting, proposal, documentHash: acceptance(244) };
  const { act } = accepted(await draftAnnulment(world.deps, request, 'test'));
  await signAs(world, act, [...officers.slice(1), regulator]);
  accepted(await execute(world, act, applyAnnulment, lockAnnulment));
}
const CALLED = ['top-up-called 101', 'top-up-called 103'];

describe('the owners of the homes that a call asks', () => {
  it('hear that its resolution was annulled, once, also where the log is read again', async () => {
    await callTopUp(world);
    expect(await told()).toEqual(CALLED);
    await annul();
    const after = ['top-up-annulled 101', 'top-up-annulled 103', ...CALLED];
    expect(await told()).toEqual(after);
    await fresh.owner.updateTable('notice_watermark').set({ next_idx: 0n }).execute();
    expect(await told()).toEqual(after);
  });

  it('hear of its withdrawal, and then of no annulment', async () => {
    const call = await callTopUp(world);
    await told();
    await withdrawTopUp(world, call);
    const after = [...CALLED, 'top-up-withdrawn 101', 'top-up-withdrawn 103'];
    expect(await told()).toEqual(after);
    await annul();
    expect(await told()).toEqual(after);
  });

  it('hear nothing of a call that was over before they were told', async () => {
    const call = await callTopUp(world);
    await withdrawTopUp(world, call);
    expect(await told()).toEqual([]);
    await callTopUp(world);
    await annul();
    expect(await told()).toEqual([]);
  });

  it('hear nothing where a later call, by the rule of the city, stood in its place', async () => {
    await callTopUp(world);
    await told();
    const rule = { meeting: '', proposal: '', documentHash: acceptance(245) };
    await callTopUp(world, rule);
    await annul();
    expect(await told()).toEqual([...CALLED, ...CALLED].sort());
  });

  it('hear nothing where the call was made after another proposal of the meeting was annulled, or none was', async () => {
    world = await poorWorld(fresh, `two proposals ${worlds}`, { proposals: 2 });
    await own([0]);
    await own([2]);
    const other = world.definition.proposals[1]?.proposal ?? '';
    await callTopUp(world);
    await annul(other);
    expect(await told()).toEqual(CALLED);
  });
});

it('what says that a call is over names no way to pay, and no amount', () => {
  const facts = { community: '花园', place: '1栋101', helpLine: '', page: '', day: '3月31日' };
  for (const event of ['top-up-withdrawn', 'top-up-annulled'] as const) {
    const { zh, en } = letterText(event, facts);
    expect(zh).toContain('不必再交');
    expect(`${zh}${en}`).not.toMatch(/怎样交|how to pay|应交|元|3月31日/);
  }
});
