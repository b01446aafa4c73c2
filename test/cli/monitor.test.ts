// Goal: a monitor that runs apart from the service proves the log, tells every holder of what concerns him once, and finds what the service
// hides, alters or forks. Method: the real command against the real service over HTTP, through a proxy of the test that misbehaves.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url } from '../../src/base/bytes.ts';
import { exportTrust } from '../../src/bundle/exporting.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { letterKey, makeCast, sendCast, signInOwner } from '../../src/cli/demo/owner.ts';
import { bindOwnKey, newDeviceKey, signInByKey } from '../../src/cli/demo/owner-key.ts';
import { monitorCommand } from '../../src/cli/monitor/monitor.ts';
import type { DrawnAnswer } from '../../src/notice/contract.ts';
import { signCheckpoint } from '../../src/record/checkpoint.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import { definitionForm } from '../../src/record/meeting.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import { encodeBundle, printTilePath } from '../../src/record/tile.ts';
import { meetingOf, newClient, openBody, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let meeting: string;
let folder: string;
let token: string;
let access: string;
let proxy: Awaited<ReturnType<typeof startProxy>>;

/** Passes on what a monitor asks, and hides or alters the explanation of one entry. */
async function startProxy(target: string) {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const isAsked = request.url === '/v1/log-explanations';
    const index = isAsked ? (JSON.parse(body.toString()) as { index: number }).index : -1;
    if (isAsked && index === proxied.hidden) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'GET',
      ...(request.method === 'POST' ? { body, headers: { 'content-type': 'application/json' } } : {}),
    });
    let bytes: Buffer = Buffer.from(await answer.arrayBuffer());
    if (isAsked && index === proxied.altered) {
      const read = JSON.parse(bytes.toString()) as { lines: string[] };
      const line = Buffer.from(read.lines[0] ?? '', 'base64url').toString();
      const bent = line.replace(
        /"nonce":"."?/,
        (found) => `${found.slice(0, -1)}${found.endsWith('A') ? 'B' : 'A'}`,
      );
      bytes = Buffer.from(JSON.stringify({ ...read, lines: [Buffer.from(bent).toString('base64url')] }));
    }
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      .end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxied = {
    hidden: -1,
    altered: -1,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
  return proxied;
}

const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  folder = mkdtempSync(join(tmpdir(), 'owners-vote-monitor-'));
  ({ meeting } = await openBody(service, settled, meetingOf(service, settled)));
  proxy = await startProxy(service.service.url);
  const { street, registrar } = settled.officers;
  const base = `/v1/communities/${settled.community}`;
  await signInOfficer(service.world, street);
  const drawn = await street.client.post<DrawnAnswer>(`${base}/monitor-accesses`);
  ({ token, access } = drawn);
  const file = {
    v: 1,
    kind: 'monitor-access',
    service: proxy.url,
    community: settled.community,
    ...drawn,
  };
  writeFileSync(path('access.json'), JSON.stringify(file));
  await signInOfficer(service.world, registrar);
  writeFileSync(path('roster.json'), JSON.stringify(await registrar.client.get(`${base}/roster`)));
  writeFileSync(path('register.csv'), settled.generated.csv);
  const trust = await exportTrust(service.service.deps, meeting);
  writeFileSync(path('trust.json'), present(trust.ok ? trust.value : undefined, 'trust'));
}, 180_000);
afterAll(async () => {
  proxy.close();
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

type Report = {
  readonly code: number;
  readonly outcome: string;
  readonly size: number;
  readonly entries: number;
  readonly announced: number;
  readonly printed: number;
  readonly alarms: readonly { readonly index: number; readonly code: string }[];
  readonly stderr: string;
};

async function monitor(state = 'state.json', ...more: readonly string[]): Promise<Report> {
  let [stdout, stderr] = ['', ''];
  const files = ['access', 'trust', 'roster'].flatMap((name) => [`--${name}`, path(`${name}.json`)]);
  const code = await monitorCommand(
    [
      ...files,
      '--register',
      path('register.csv'),
      '--state',
      path(state),
      '--print',
      path(`print-${state}`),
      '--once',
      '--json',
      ...more,
    ],
    {
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
    },
    service.clock,
  );
  return { code, stderr, ...(stdout === '' ? {} : (JSON.parse(stdout) as object)) } as Report;
}

const printedText = (state = 'state.json'): string =>
  readdirSync(path(`print-${state}`))
    .map((name) => readFileSync(join(path(`print-${state}`), name), 'utf8'))
    .join('\n');

/** Binds a device key for the owner of a letter, and answers the index of its entry. */
async function bindKey(at: number): Promise<number> {
  const letter = present(settled.codes[at], 'a letter');
  const owner = { code: letter.code, number: letter.owner.number };
  const client = newClient(service);
  await signInOwner(service.world, client, owner);
  await bindOwnKey(service.world, client, owner, newDeviceKey(service.world));
  await service.world.beatNow();
  const row = await service.fresh.db
    .selectFrom('log_entry')
    .select('idx')
    .where('kind', '=', 'credential.bound')
    .orderBy('idx', 'desc')
    .executeTakeFirstOrThrow();
  return Number(row.idx);
}

describe('a monitor', () => {
  it('learns what was before it, and tells nobody', async () => {
    const report = await monitor('state.json', '--learn');
    expect(report).toMatchObject({ code: 0, outcome: 'OK', announced: 0, alarms: [] });
    expect(report.size).toBeGreaterThan(5);
  });

  it('tells the owner of a new key, by the address of its own register, once', async () => {
    const index = await bindKey(0);
    const report = await monitor();
    expect(report).toMatchObject({ code: 0, entries: 1, announced: 1, printed: 1, alarms: [] });
    expect(printedText()).toContain('登记了新的表决密钥');
    expect(printedText()).toContain(`log entry ${index}`);
    expect(await monitor()).toMatchObject({ code: 0, entries: 0, announced: 0, printed: 0 });
  });

  it('tells every holder of a first vote, and then of its change, and never what was chosen', async () => {
    const letter = present(settled.codes[1], 'a letter');
    const owner = { code: letter.code, number: letter.owner.number };
    // A letter's vote cannot be changed, so he votes by a key of his own.
    const key = newDeviceKey(service.world);
    const client = newClient(service);
    await signInOwner(service.world, client, owner);
    await bindOwnKey(service.world, client, owner, key);
    await signInByKey(service.world, client, owner, key);
    await service.world.beatNow();
    expect(await monitor()).toMatchObject({ code: 0, announced: 1 });
    const cast = async (option: string): Promise<number> => {
      const served = await client.get<PapersAnswer>(`/v1/meetings/${meeting}/papers`);
      const { keys } = definitionForm.own(present(fromBase64Url(served.definition), 'served bytes'));
      for (const paper of served.papers.filter(({ ballots }) => ballots.length > 0)) {
        const bytes = await makeCast(service.world, client, served, paper, () => [option]);
        await sendCast(client, meeting, keys.ack, bytes, key);
      }
      await service.world.beatNow();
      const { count } = await service.fresh.db
        .selectFrom('roll_holder')
        .innerJoin('cast_statement', 'cast_statement.entitlement_id', 'roll_holder.entitlement_id')
        .select((eb) => eb.fn.count<bigint>('roll_holder.person_id').distinct().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    };
    const holders = await cast('for');
    expect(await monitor()).toMatchObject({ code: 0, announced: holders, alarms: [] });
    expect(printedText()).toContain('已收到本户的表决票');
    await cast('against');
    expect(await monitor()).toMatchObject({ code: 0, announced: holders, alarms: [] });
    expect(printedText()).toContain('本户的表决票已更改');
    expect(printedText()).not.toMatch(/同意|反对|against/);
  });

  it('tells an owner that his vote was frozen, and again that it is free, whichever of his keys froze it', async () => {
    const letter = present(settled.codes[5], 'a letter');
    const { sign } = letterKey({ code: letter.code, number: letter.owner.number });
    const freeze = freezeForm.bytes({
      v: 1,
      kind: 'freeze',
      community: settled.community,
      person: letter.person,
      nonce: Buffer.from(service.world.random(16)).toString('base64url'),
    });
    await newClient(service).post('/v1/identity/freezes', {
      credential: letter.letter,
      freeze: Buffer.from(freeze).toString('base64url'),
      signature: sign(freezeHash(freeze)),
    });
    await service.world.beatNow();
    expect(await monitor()).toMatchObject({ code: 0, announced: 1, alarms: [] });
    expect(printedText()).toContain('您名下的电子投票已冻结');
    const { registrar, street } = settled.officers;
    await signInOfficer(service.world, registrar);
    const path = `/v1/communities/${settled.community}/freezes/${Buffer.from(freezeHash(freeze)).toString('base64url')}/lifting`;
    const draft = () => registrar.client.post<{ act: string }>(path);
    await actTogether(service.world, draft, [registrar, street]);
    await service.world.beatNow();
    expect(await monitor()).toMatchObject({ code: 0, announced: 1, alarms: [] });
    expect(printedText()).toContain('您名下的电子投票已解冻');
  });

  it('raises an alarm with the index of a binding that the service hides, and tells its owner when it is explained', async () => {
    proxy.hidden = await bindKey(2);
    const report = await monitor();
    expect(report).toMatchObject({ code: 1, outcome: 'ALARM', announced: 0 });
    expect(report.alarms).toEqual([{ index: proxy.hidden, code: 'ENTRY_UNEXPLAINED' }]);
    expect(await monitor()).toMatchObject({ code: 1, alarms: report.alarms });
    proxy.hidden = -1;
    expect(await monitor()).toMatchObject({ code: 0, announced: 1, alarms: [] });
  });

  it('raises an alarm where an explanation was altered', async () => {
    proxy.altered = await bindKey(3);
    expect(await monitor()).toMatchObject({
      code: 1,
      announced: 0,
      alarms: [{ index: proxy.altered, code: 'EXPLANATION_ALTERED' }],
    });
    proxy.altered = -1;
    expect(await monitor()).toMatchObject({ code: 0, announced: 1, alarms: [] });
  });

  it('without --learn tells of everything from the first entry on, and each letter is a letter of the register', async () => {
    const report = await monitor('other.json');
    expect(report).toMatchObject({ code: 0, alarms: [] });
    // First letters need no paper: only keys and votes are told.
    expect(report.printed).toBe(report.announced);
    expect(printedText('other.json')).not.toContain('表决函');
  });
});

describe('a log', () => {
  it('that signs another history is a fork, and the state stays', async () => {
    const before = readFileSync(path('state.json'), 'utf8');
    const { origin, logSeed } = service.service.deps.log;
    const entries = Array.from({ length: 200 }, (_, at) => new TextEncoder().encode(`{"v":${at}}`));
    const root = rootOfHashes(entries.map(leafHash));
    mkdirSync(path('forked'), { recursive: true });
    writeFileSync(
      join(path('forked'), 'checkpoint'),
      signCheckpoint({ origin, size: entries.length, root }, logSeed),
    );
    const file = join(path('forked'), printTilePath({ kind: 'entries', n: 0, width: entries.length }));
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, encodeBundle(entries));
    expect(await monitor('state.json', '--log', path('forked'))).toMatchObject({
      code: 1,
      outcome: 'LOG_FORKED',
    });
    expect(readFileSync(path('state.json'), 'utf8')).toBe(before);
  });

  it('that does not answer is no alarm, but no news either', async () => {
    expect(await monitor('state.json', '--log', path('nowhere'))).toMatchObject({
      code: 69,
      outcome: 'LOG_UNREADABLE',
    });
  });
});

describe('an access', () => {
  it('opens nothing but explanations', async () => {
    const client = newClient(service);
    expect(await refusal(client.get(`/v1/communities/${settled.community}/announcements`))).toBe(
      '401 NOT_SIGNED_IN',
    );
    const ask = (index: number) => client.post('/v1/log-explanations', { token, index, from: 0 });
    expect(await refusal(ask(0))).toBe('404 ENTRY_NOT_EXPLAINED');
    expect(await refusal(ask(1_000_000))).toBe('404 ENTRY_NOT_EXPLAINED');
  });

  it('is counted, and useless from the moment on in which an officer ends it', async () => {
    const { street } = settled.officers;
    await signInOfficer(service.world, street);
    const base = `/v1/communities/${settled.community}/monitor-accesses`;
    const listed = await street.client.get<{ accesses: { access: string; explained: number }[] }>(base);
    expect(listed.accesses.find((each) => each.access === access)?.explained).toBeGreaterThan(5);
    await street.client.post(`${base}/${access}/end`);
    await bindKey(4);
    const report = await monitor();
    expect(report).toMatchObject({ code: 1, outcome: 'ACCESS_REFUSED' });
    expect(readFileSync(path('state.json'), 'utf8')).not.toContain(token);
  });
});
