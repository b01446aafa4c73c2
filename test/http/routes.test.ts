// Goal: every route lets in only whom it names, takes only what it names, and breaks without telling. Method: the whole service over
// HTTP; the matrix is generated from the mount table, so that a new route cannot stand outside it.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { signInOfficer } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { MountedRoute } from '../../src/http/mount.ts';
import { mountedRoutes } from '../../src/http/mount.ts';
import { problemCodes } from '../../src/http/problem.ts';
import { meetingOf, newClient } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
const cookies = { officer: '', owner: '' };

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  const letter = present(settled.codes[0], 'a letter');
  const recorder = recordingClient();
  await signInOwner(service.world, recorder, { code: letter.code, number: letter.owner.number });
  cookies.owner = recorder.cookie();
  cookies.officer = await committeeCookie();
});
afterAll(async () => service.close());

type Wish = {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
};

type Answer = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly code: string;
};

async function ask({ method = 'GET', path, body, headers = {} }: Wish): Promise<Answer> {
  const response = await fetch(service.service.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : '';
  return { status: response.status, text, headers: response.headers, code };
}

/** A client that shows the cookie which it was given. */
function recordingClient() {
  let kept = '';
  const post = async <T>(path: string, body?: unknown): Promise<T> => {
    const answer = await ask({ method: 'POST', path, body: JSON.stringify(body ?? {}) });
    for (const line of answer.headers.getSetCookie()) kept = line.split(';')[0] ?? '';
    return JSON.parse(answer.text) as T;
  };
  return { ...newClient(service), post, cookie: () => kept };
}

/** The committee's officer signs in through a client of ours. */
async function committeeCookie(): Promise<string> {
  const { committee } = settled.officers;
  const recorder = recordingClient();
  await signInOfficer(service.world, { ...committee, client: recorder });
  return recorder.cookie();
}

const ID = 'a'.repeat(26);
const pathOf = ({ path }: MountedRoute): string =>
  path
    .replace(':castHash', 'A'.repeat(43))
    .replace(/:[a-zA-Z]+/g, ID)
    .replace(/\*.*$/, 'x');
const wishOf = (route: MountedRoute, headers: Readonly<Record<string, string>> = {}): Wish => ({
  method: route.method.toUpperCase(),
  path: pathOf(route),
  body: route.method === 'post' ? '{}' : undefined,
  headers,
});
const name = (route: MountedRoute): string => `${route.method.toUpperCase()} ${route.path}`;
const routes = (): readonly MountedRoute[] => mountedRoutes();

/** The routes that answered otherwise than they must. */
async function others(
  chosen: readonly MountedRoute[],
  headers: Readonly<Record<string, string>>,
  isRight: (answer: Answer) => boolean,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const route of chosen) {
    const answer = await ask(wishOf(route, headers));
    if (!isRight(answer)) wrong.push(`${name(route)}: ${answer.status} ${answer.code}`);
  }
  return wrong;
}

const isRefused = ({ status, code }: Answer): boolean => status === 401 && code === 'NOT_SIGNED_IN';

describe('a route', () => {
  it('stands in the mount table, and there are many', () => {
    expect(routes().length).toBeGreaterThan(35);
    expect(routes().filter(({ as }) => as === 'officer').length).toBeGreaterThan(15);
    expect(routes().filter(({ as }) => as === 'owner').length).toBeGreaterThan(3);
  });

  it.each(['officer', 'owner'] as const)('of an %s lets in nobody without a session', async (as) => {
    const chosen = routes().filter((route) => route.as === as);
    expect(await others(chosen, {}, isRefused)).toEqual([]);
  });

  it.each(['officer', 'owner'] as const)('of an %s lets in nobody with the other’s session', async (as) => {
    const chosen = routes().filter((route) => route.as === as);
    const cookie = as === 'officer' ? cookies.owner : cookies.officer;
    expect(await others(chosen, { cookie }, isRefused)).toEqual([]);
  });

  it('lets in nobody with a token under the other’s name, an unknown one or a malformed one', async () => {
    const token = (cookie: string): string => cookie.split('=')[1] ?? '';
    const random = toBase64Url(service.world.random(32));
    for (const as of ['officer', 'owner'] as const) {
      const chosen = routes().filter((route) => route.as === as);
      const swapped = token(as === 'officer' ? cookies.owner : cookies.officer);
      for (const value of [swapped, random, '', 'x', `${random}=`, `${random}A`]) {
        const cookie = `__Host-ov-${as}=${value}`;
        expect(await others(chosen.slice(0, 5), { cookie }, isRefused)).toEqual([]);
      }
    }
  });

  it('lets in whom it names', async () => {
    for (const as of ['officer', 'owner'] as const) {
      const chosen = routes().filter((route) => route.as === as && route.method !== 'delete');
      expect(await others(chosen, { cookie: cookies[as] }, (answer) => answer.status !== 401)).toEqual([]);
    }
    const open = routes().filter(({ as }) => as === 'anyone');
    expect(await others(open, {}, (answer) => answer.status !== 401)).toEqual([]);
  });

  it('that changes something refuses every foreign origin, whatever the cookie', async () => {
    const changing = routes().filter(({ method }) => method !== 'get');
    const isForeign = ({ status, code }: Answer): boolean => status === 403 && code === 'REQUEST_ORIGIN';
    for (const origin of ['https://evil.example', 'null', `${service.world.origin}.evil.example`]) {
      for (const as of ['officer', 'owner', 'anyone'] as const) {
        const headers = { origin, ...(as === 'anyone' ? {} : { cookie: cookies[as] }) };
        const chosen = changing.filter((route) => route.as === as);
        expect(await others(chosen, headers, isForeign)).toEqual([]);
      }
    }
  });

  it('that changes something takes its own origin and programs, not a browser that hides its origin', async () => {
    const path = '/v1/officers/challenges';
    const post = (headers: Readonly<Record<string, string>>) =>
      ask({ method: 'POST', path, body: '{}', headers });
    expect((await post({ origin: service.world.origin })).status).toBe(201);
    expect((await post({})).status).toBe(201);
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ code: 'REQUEST_ORIGIN' });
  });

  it('breaks on no input: an empty object is answered by every one without a 500', async () => {
    for (const as of ['officer', 'owner'] as const) {
      const chosen = routes().filter((route) => route.as === as && route.method !== 'delete');
      const headers = { cookie: cookies[as], 'idempotency-key': `empty-${as}` };
      expect(await others(chosen, headers, (answer) => answer.status < 500)).toEqual([]);
    }
    const open = routes().filter(({ as }) => as === 'anyone');
    expect(await others(open, {}, (answer) => answer.status < 500)).toEqual([]);
  });

  it('breaks on no address: nothing strange in its place or its query is answered with a 500', async () => {
    const strange = ['%00', '%00'.repeat(9), '%2e%2e', "'", '%F0%9F%98%80', 'x'.repeat(5_000), `${ID}%0A`];
    for (const each of strange) {
      for (const route of routes().filter(({ path }) => /:/.test(path))) {
        const path = `${route.path.replace(/:[a-zA-Z]+/g, each)}?a=${each}&a=${each}&__proto__=1`;
        const cookie = route.as === 'anyone' ? '' : cookies[route.as];
        const answer = await ask({ ...wishOf(route, { cookie, 'idempotency-key': 'strange' }), path });
        if (answer.status >= 500) expect.fail(`${name(route)} ${each.slice(0, 9)}: ${answer.text}`);
      }
    }
  });

  it('tells every other method which it has', async () => {
    const wrong: string[] = [];
    for (const route of routes()) {
      const { status, code, headers } = await ask({ ...wishOf(route), method: 'PATCH' });
      const allowed = headers.get('allow')?.split(', ') ?? [];
      const isRight = status === 405 && code === 'METHOD_NOT_ALLOWED';
      if (!isRight || !allowed.includes(route.method.toUpperCase()))
        wrong.push(`${name(route)}: ${status} ${allowed}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a body', () => {
  const path = '/v1/officers/sessions';
  it.each([
    ['that is no JSON', '{"a":', {}, 400, 'REQUEST_MALFORMED'],
    ['that is no object', '"text"', {}, 400, 'REQUEST_MALFORMED'],
    ['of another type', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'REQUEST_TYPE'],
    [
      'in an unknown character set',
      '{}',
      { 'content-type': 'application/json; charset=klingon' },
      415,
      'REQUEST_TYPE',
    ],
    ['in an unknown coding', '{}', { 'content-encoding': 'snappy' }, 415, 'REQUEST_TYPE'],
    ['that is too large', JSON.stringify({ a: 'A'.repeat(70_000) }), {}, 413, 'REQUEST_TOO_LARGE'],
  ])('%s is refused', async (_, body, headers, status, code) => {
    expect(await ask({ method: 'POST', path, body, headers })).toMatchObject({ status, code });
  });

  it('with a prototype in it changes nothing', async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    expect((await ask({ method: 'POST', path, body })).code).toBe('REQUEST_MALFORMED');
    expect('polluted' in {}).toBe(false);
  });
});

describe('an idempotency key', () => {
  const create = (key: string | undefined, title: string) =>
    ask({
      method: 'POST',
      path: `/v1/communities/${settled.community}/meetings`,
      body: JSON.stringify({ ...fixed, title }),
      headers: { cookie: cookies.officer, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    });
  let fixed: ReturnType<typeof meetingOf>;
  beforeAll(() => {
    fixed = meetingOf(service, settled);
  });
  const meetings = async (): Promise<number> =>
    (await service.fresh.owner.selectFrom('meeting').select('meeting_id').execute()).length;

  it('that is missing or malformed is refused where something is created', async () => {
    for (const key of [undefined, '', 'a b', 'k'.repeat(129)]) {
      expect(await create(key, '会议')).toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_MISSING' });
    }
    expect(await meetings()).toBe(0);
  });

  it('with the same request gets the first answer and creates once', async () => {
    const first = await create('once', '会议');
    expect(first.status).toBe(201);
    const again = await create('once', '会议');
    expect({ status: again.status, text: again.text }).toEqual({ status: 201, text: first.text });
    expect(await meetings()).toBe(1);
  });

  it('with another request is refused', async () => {
    expect(await create('once', '另一次会议')).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await meetings()).toBe(1);
  });

  it('of a refused request is free again', async () => {
    expect((await create('twice', '')).code).toBe('REQUEST_MALFORMED');
    const before = await meetings();
    expect((await create('twice', '会议')).status).toBe(201);
    expect(await meetings()).toBe(before + 1);
  });

  it('used at once creates once', async () => {
    const before = await meetings();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('at once', '会议')));
    expect(await meetings()).toBe(before + (answers.some(({ status }) => status === 201) ? 1 : 0));
    const spaced = answers.every(({ code }) => code === 'IDEMPOTENCY_KEY_MISSING');
    expect(spaced).toBe(true);
    const good = await Promise.all(Array.from({ length: 8 }, () => create('at-once', '会议')));
    const wrong = good.filter(({ status, code }) => status !== 201 && code !== 'IDEMPOTENCY_KEY_IN_FLIGHT');
    expect(wrong).toEqual([]);
    const texts = new Set(good.filter(({ status }) => status === 201).map(({ text }) => text));
    expect(texts.size).toBe(1);
    expect(await meetings()).toBe(before + 1);
  });
});

describe('a problem', () => {
  it('has code, both titles and its status, and is never kept', async () => {
    const answer = await ask({ path: `/v1/meetings/${ID}` });
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'MEETING_UNKNOWN',
      status: 404,
      title: '没有找到这次会议',
      title_en: 'No such meeting.',
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('of ours tells nothing of the inside', async () => {
    await sql`alter table meeting rename to meeting_away`.execute(service.fresh.owner);
    try {
      const answer = await ask({ path: '/v1/meetings' });
      expect(answer).toMatchObject({ status: 500, code: 'INTERNAL' });
      expect(Object.keys(JSON.parse(answer.text) as object).sort()).toEqual(
        ['code', 'status', 'title', 'title_en', 'type'].sort(),
      );
      expect(answer.text).not.toMatch(/meeting_|relation|select|\.ts|node_modules|Error/);
    } finally {
      await sql`alter table meeting_away rename to meeting`.execute(service.fresh.owner);
    }
    expect((await ask({ path: '/v1/meetings' })).status).toBe(200);
  });
});

describe('every answer', () => {
  it.each(['/v1/deployment', '/v1/nothing', '/v1/officers/me', `/v1/meetings/${ID}/turnout`])(
    'such as that of %s has the headers that keep a browser careful',
    async (path) => {
      const { headers } = await ask({ path });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  it('of a session sets a cookie that no script, no other site and no plain connection sees', async () => {
    const letter = present(settled.codes[1], 'a letter');
    const lines: string[] = [];
    const client = recordingClient();
    const post = async <T>(path: string, body?: unknown): Promise<T> => {
      const answer = await ask({ method: 'POST', path, body: JSON.stringify(body ?? {}) });
      lines.push(...answer.headers.getSetCookie());
      return JSON.parse(answer.text) as T;
    };
    await signInOwner(service.world, { ...client, post }, { code: letter.code, number: letter.owner.number });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^__Host-ov-owner=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
  });

  it('to a sign-out takes the session away on both sides', async () => {
    const cookie = await committeeCookie();
    const me = () => ask({ path: '/v1/officers/me', headers: { cookie } });
    expect((await me()).status).toBe(200);
    const out = await ask({ method: 'DELETE', path: '/v1/officers/sessions', headers: { cookie } });
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect((await me()).status).toBe(401);
  });
});

describe('the OpenAPI document', () => {
  type Operation = {
    readonly security: unknown[];
    readonly parameters?: readonly { readonly in: string; readonly name: string }[];
    readonly requestBody?: { readonly content: object };
  };
  type Document = {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly 'x-problem-codes': readonly string[];
  };

  it('is 3.1 and names every mounted route with who may call it and what it takes', async () => {
    const { text, status } = await ask({ path: '/openapi.json' });
    expect(status).toBe(200);
    const document = JSON.parse(text) as Document;
    expect(document.openapi).toBe('3.1.0');
    expect(document['x-problem-codes']).toEqual(problemCodes());
    const missing = routes().filter((route) => {
      const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}');
      const operation = document.paths[path]?.[route.method];
      if (operation === undefined || (operation.security.length === 0) !== (route.as === 'anyone'))
        return true;
      const types = Object.keys(operation.requestBody?.content ?? {});
      if (types.join() !== (route.rawTypes ?? (route.body === undefined ? [] : ['application/json'])).join())
        return true;
      const hasKey = operation.parameters?.some(
        ({ in: place, name: of }) => `${place} ${of}` === 'header idempotency-key',
      );
      return (hasKey === true) !== (route.creates === true);
    });
    expect(missing.map(name)).toEqual([]);
  });
});

describe('health', () => {
  it('lives without a database and is ready with one, and says which', async () => {
    expect(await ask({ path: '/livez' })).toMatchObject({ status: 200, text: 'ok\n' });
    const { status, text } = await ask({ path: '/readyz' });
    expect(status).toBe(200);
    const ready = JSON.parse(text) as { engine: string; ready: boolean; logSize: number; reason: string };
    expect(ready).toMatchObject({ ready: true, reason: '' });
    expect(ready.engine).toMatch(/^PostgreSQL \d+/);
    expect(ready.logSize).toBeGreaterThan(5);
  });
});
