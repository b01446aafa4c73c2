// Goal: until the close nothing that the service answers, stores or logs depends on what was chosen (SPEC 6.2, 10; R8). Method: two services
// with the same history, in whose meetings the same owners choose otherwise; every answer, every row and every log line of the one is
// compared with its twin by length and form.
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { makeCast } from '../../src/cli/demo/owner.ts';
import { castHash } from '../../src/record/cast.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Voter } from './voting-world.ts';
import { meetingOf, openBody, paperOf, plainVoters, postJson, signatureOver } from './voting-world.ts';

const VOTERS = 8;
/** As different as the options allow: a short word and a long one, nobody and everybody. */
const CHOICES: readonly ((proposal: Proposal) => readonly string[])[] = [
  ({ form }) => (form === 'election' ? [] : ['for']),
  ({ form }) => (form === 'election' ? ['candidate-with-name', 'b'] : ['abstain']),
];

function body(service: TestService, settled: TestCommunity) {
  const base = meetingOf(service, settled, { windowMs: 7_200_000 });
  const [roof, contract] = base.proposals;
  const election = {
    ...present(contract, 'a motion'),
    title: '选举业主委员会',
    classes: ['M3' as const],
    form: 'election' as const,
    candidates: [
      { id: 'candidate-with-name', text: '候选人甲' },
      { id: 'b', text: '候选人乙' },
    ],
    seats: 2,
  };
  return { ...base, proposals: [present(roof, 'a motion'), present(contract, 'a motion'), election] };
}

/** Where ids, hashes, tokens and times were, with as many characters. */
const formOf = (text: string): string =>
  text.replace(/[A-Za-z0-9_+/=-]{20,}/g, (word) => '#'.repeat(word.length)).replace(/\d+/g, '0');

type Trace = {
  readonly answers: readonly string[];
  readonly rows: Readonly<Record<string, readonly number[]>>;
  readonly lines: readonly string[];
};

async function answerOf(service: TestService, path: string): Promise<string> {
  const response = await fetch(service.service.url + path);
  const text = await response.text();
  return JSON.stringify([formOf(path), response.status, [...response.headers.keys()].sort(), formOf(text)]);
}

/** A service of its own, and its meeting from the opening to just before the close. */
async function trace(choose: (typeof CHOICES)[number]): Promise<Trace> {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const service = await startTestService({ beatMs: 3_600_000, logger: pino({ level: 'trace' }, sink) });
  try {
    const settled = await settle(service, 24);
    const { meeting } = await openBody(service, settled, body(service, settled));
    await service.world.beatNow();
    // Letters come in the order of random ids; the same owners must vote in both services, in the same order.
    const codes = [...settled.codes].sort((a, b) => (a.owner.number < b.owner.number ? -1 : 1));
    const voters = await plainVoters(service, { ...settled, codes }, meeting, VOTERS, 3);
    lines.length = 0;
    const answers: string[] = [];
    for (const voter of voters) {
      const bytes = await makeCast(service.world, voter.client, voter.served, paperOf(voter), choose);
      const posted = await postJson(service, `/v1/meetings/${meeting}/casts`, {
        cast: toBase64Url(bytes),
        signature: signatureOver(voter.seed, bytes),
      });
      answers.push(JSON.stringify([posted.status, [...posted.headers.keys()].sort(), formOf(posted.text)]));
      await service.world.beatNow();
      const hash = toBase64Url(castHash(bytes));
      answers.push(await answerOf(service, `/v1/meetings/${meeting}/casts/${hash}/receipt`));
      answers.push(formOf(JSON.stringify(await papersOf(voter, meeting), withoutPlace)));
    }
    for (const path of ['', '/turnout', '/result', '/participation'])
      answers.push(await answerOf(service, `/v1/meetings/${meeting}${path}`));
    return { answers, rows: await rowsOf(service, meeting), lines: lines.map(formOf) };
  } finally {
    await service.close();
  }
}

/** Where a leaf stands on the roll, and so how long its proof is, follows from random ids. */
const withoutPlace = (key: string, value: unknown): unknown =>
  ['index', 'inclusion'].includes(key) ? '' : value;

const papersOf = ({ client }: Voter, meeting: string): Promise<unknown> =>
  client.get(`/v1/meetings/${meeting}/papers`);

/** Officers signed before the first vote, by signatures whose encoding has not always the same length. */
const BEFORE = ['act', 'act_signature'];

/** The length of each row that belongs to a meeting, by table. */
async function rowsOf(service: TestService, meeting: string): Promise<Trace['rows']> {
  const { owner } = service.fresh;
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'meeting_id' order by 1`.execute(owner);
  const rows: Record<string, readonly number[]> = {};
  for (const { name } of tables.rows.filter((table) => !BEFORE.includes(table.name))) {
    const found = await sql<{ length: number }>`
      select octet_length(t::text) as length from ${sql.table(name)} t where meeting_id = ${meeting} order by 1`.execute(
      owner,
    );
    rows[name] = found.rows.map(({ length }) => length);
  }
  return rows;
}

describe('two meetings that differ in their choices alone', () => {
  let one: Trace;
  let other: Trace;
  beforeAll(async () => {
    const [first, second] = CHOICES;
    one = await trace(present(first, 'choices'));
    other = await trace(present(second, 'choices'));
  }, 300_000);

  it('give the same answers, character for character where nothing is random', () => {
    expect(one.answers).toHaveLength(VOTERS * 3 + 4);
    expect(other.answers).toEqual(one.answers);
  });

  it('leave rows of the same lengths in every table', () => {
    expect(one.rows['cast_statement']).toHaveLength(VOTERS);
    expect(other.rows).toEqual(one.rows);
  });

  it('write the same log lines', () => {
    expect(one.lines.length).toBeGreaterThan(VOTERS);
    expect(other.lines).toEqual(one.lines);
  });

  it('and a choice that is written otherwise is seen by this comparison', () => {
    const longer = one.answers.map((answer, at) => (at === 0 ? `${answer} ` : answer));
    expect(longer).not.toEqual(other.answers);
  });
});
