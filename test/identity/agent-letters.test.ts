// Goal: `owners-vote letters --agents` makes letters for agents who own nothing, as the registrar read their documents, and for nobody
// whom no mandate in force names; the service takes them from two officers alone. Method: a real register, mandate and reissue.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mandateTerms } from '../../src/assembly/mandate-terms.ts';
import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { readAgents } from '../../src/cli/agents-file.ts';
import { lettersCommand, openRegister } from '../../src/cli/letters.ts';
import { reachByIdentity } from '../../src/cli/monitor/register-reach.ts';
import { identitySalt as saltUnder } from '../../src/crypto/at-rest.ts';
import { registerAgent } from '../../src/identity/agents.ts';
import { applyLetters, issueLetters } from '../../src/identity/issuing.ts';
import { applyMandate, draftMandate } from '../../src/identity/paper-mandates.ts';
import { executeAct, signBy } from '../support/acts.ts';
import { TEST_NOW } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { rosterFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, ORIGIN, registerFile } from '../support/registry.ts';

const AGENT = { number: '442000198001010084', name: '郑监护' };
const REGISTER = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-agents-'));
const identitySalt = (docKind: string, number: string): Uint8Array =>
  saltUnder(new Uint8Array(32).fill(3), docKind, number);
let fresh: FreshDatabase;
let the: TestCommunity;
let person = '';
beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'agent letters');
  await bringIntoForce(the, REGISTER);
  const agent = await registerAgent({ ...the.deps, identitySalt }, the.committee, the.community, AGENT);
  if (!agent.ok) throw new Error(agent.refusal.code);
  person = agent.value.person;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh.close();
});

let runs = 0;
/** Runs the command on a list of agents with the roster as it is now. */
async function run(list: string) {
  runs += 1;
  const at = (name: string) => join(folder, `${runs}-${name}`);
  writeFileSync(at('agents.csv'), list);
  writeFileSync(at('roster.json'), JSON.stringify(await rosterFor(the)));
  let [stdout, stderr] = ['', ''];
  const out = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
  };
  const argv = [
    '--agents',
    at('agents.csv'),
    '--roster',
    at('roster.json'),
    '--out',
    at('out'),
    '--host',
    ORIGIN,
  ];
  const exit = await lettersCommand(argv, out, () => TEST_NOW);
  return { exit, stdout, stderr, dir: at('out') };
}

/** Two officers enter the guardian of the one owner. */
async function enterGuardian(): Promise<void> {
  const deps = { ...the.deps, mandateTerms, deployment: { origin: 'vote.example' } };
  const { persons, units } = await rosterFor(the);
  const drafted = await draftMandate(deps, the.committee, {
    community: the.community,
    meeting: '',
    basis: 'guardian',
    principal: present(persons[0], 'the owner').person,
    agent: person,
    units: units.map(({ unit }) => unit),
    proposals: [],
    until: '2030-01-01',
    file: Uint8Array.of(1),
  });
  if (!drafted.ok) throw new Error(drafted.refusal.code);
  await signBy(the.deps, drafted.value.act, [the.committee, the.street]);
  const done = await executeAct(the.deps, drafted.value.act, (tx, _, act, entryId) =>
    applyMandate(tx, deps, act, entryId),
  );
  if (!done.ok) throw new Error(done.refusal.code);
}

describe('the letters of agents', () => {
  const LINE = `姓名,证件号码,手机\n${AGENT.name},${AGENT.number},13800138000\n`;

  it('are for nobody whom no mandate names, and for nobody under another name or number', async () => {
    expect(await run(LINE)).toMatchObject({ exit: 1, stderr: expect.stringContaining(AGENT.name) });
    await enterGuardian();
    expect((await run(`郑某,${AGENT.number}\n`)).exit).toBe(1);
    expect((await run(`${AGENT.name},${NUMBERS.li}\n`)).exit).toBe(1);
  });

  it('say in which line the list is at fault, and that register and list exclude each other', async () => {
    const today = '2026-11-01';
    const misread = readAgents(
      utf8(`${AGENT.name},${AGENT.number}\n${AGENT.name},442000198001010085\n`),
      today,
    );
    expect(misread).toMatchObject({ refusal: { code: 'AGENTS_MALFORMED', where: '2' } });
    expect(readAgents(Uint8Array.of(0xff), today)).toMatchObject({ refusal: { where: '1' } });
    expect((await run('郑某,442000198001010085\n')).exit).toBe(65);
    const both = ['--agents', 'a', '--register', 'b', '--roster', 'c', '--out', 'd', '--host', ORIGIN];
    const silent = { stdout: () => undefined, stderr: () => undefined };
    expect(await lettersCommand(both, silent)).toBe(2);
  });

  it('name no unit, are printed for their agents, and are issued where two officers sign', async () => {
    const { exit, dir } = await run(LINE);
    expect(exit).toBe(0);
    const upload = JSON.parse(readFileSync(join(dir, 'letters.json'), 'utf8')) as {
      batch: string;
      madeIn: 'command';
      until: '';
      items: { person: string; units: string[] }[];
    };
    expect(upload.items).toMatchObject([{ person, units: [] }]);
    const pages = readdirSync(join(dir, 'print')).map((name) =>
      readFileSync(join(dir, 'print', name), 'utf8'),
    );
    expect(pages.join('')).toContain('代理人（本人没有房屋');
    const draft = (reason?: string) =>
      issueLetters(the.deps, the.registrar, {
        community: the.community,
        ...upload,
        ...(reason === undefined ? {} : { reason }),
      });
    expect(await draft()).toMatchObject({ refusal: { code: 'LETTER_AGENT' } });
    const drafted = await draft('监护人领函');
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    await signBy(the.deps, drafted.value.act, [the.committee, the.street]);
    expect((await executeAct(the.deps, drafted.value.act, applyLetters)).ok).toBe(true);
    // The next one replaces it.
    expect((await rosterFor(the)).agents).toMatchObject([
      { person, letter: expect.stringMatching(/^[a-z2-7]{26}$/) },
    ]);
  });

  it('are announced by a monitor that has the same list', async () => {
    const roster = await rosterFor(the);
    const register = await openRegister(REGISTER, roster, the.deps.clock);
    const listed = readAgents(utf8(LINE), '2026-11-01');
    if (!register.ok || !listed.ok) throw new Error('unread');
    const identity = present(roster.agents[0], 'the agent').identity;
    expect(reachByIdentity(register.value, roster).get(identity)).toBeUndefined();
    expect(reachByIdentity(register.value, roster, listed.value).get(identity)).toEqual({
      phones: ['13800138000'],
      mailingAddress: '',
      units: [],
    });
  });
});
