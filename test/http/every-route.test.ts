// Goal: every route lets in exactly the roles that its row names, of the right community, and a refused call leaves nothing behind.
// Method: the mount table times everybody who could call, over real HTTP; what is right stands in route-table.ts, one row a route.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { MountedRoute } from '../../src/http/mount.ts';
import { mountedRoutes } from '../../src/http/mount.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import type { Asked, Caller, MatrixWorld } from './matrix-world.ts';
import { askAs, contentsOf, matrixWorld, nameOf } from './matrix-world.ts';
import type { Row } from './route-table.ts';
import { ROUTE_TABLE } from './route-table.ts';

let service: TestService;
let world: MatrixWorld;

beforeAll(async () => {
  // No beat but ours: what changes in the database was changed by a request.
  service = await startTestService({ beatMs: 3_600_000 });
  world = await matrixWorld(service);
}, 120_000);
afterAll(async () => service.close());

const keyOf = ({ method, path }: MountedRoute): string => `${method.toUpperCase()} ${path}`;

/** What a caller must be told: a code of a refusal, or that he is let in. */
const LET_IN = 'let in';

function expected(row: Row, caller: Caller): string {
  if (row.by === 'anyone') return LET_IN;
  if (caller.as !== row.by) return 'NOT_SIGNED_IN';
  if (row.outside !== undefined && caller.place === 'other') return row.outside;
  if (row.by !== 'officer' || caller.as !== 'officer') return LET_IN;
  const hasRole = row.roles.includes(caller.role);
  const isWide = row.cityOnly !== true || caller.place === 'city';
  return hasRole && isWide ? LET_IN : (row.wrongRole ?? 'NOT_ALLOWED');
}

/** The request of a route on the first community's things, or with the address's community exchanged. */
function wishOf(route: MountedRoute, row: Row, community = world.things.community) {
  const { things } = world;
  const named: Readonly<Record<string, string>> = {
    community,
    meeting: things.meeting,
    act: things.act,
    register: things.register,
    letter: things.letter,
    officer: things.officer,
    unit: things.unit,
    castHash: 'A'.repeat(43),
  };
  const path = route.path.replace(/:([a-zA-Z]+)/g, (_, name: string) => named[name] ?? 'a'.repeat(26));
  const body = row.body?.(things);
  const query = row.query?.(things) ?? '';
  const wish = { method: route.method, path: path + query };
  if (body === undefined) return wish;
  return body instanceof Uint8Array
    ? { ...wish, type: 'text/csv', body: new Blob([new Uint8Array(body)]) }
    : { ...wish, type: 'application/json', body: JSON.stringify(body) };
}

const STATUS: Readonly<Record<string, number>> = {
  NOT_SIGNED_IN: 401,
  NOT_ALLOWED: 403,
  BOX_HOLDER_ROLE: 403,
  BOX_NOT_HOLDER: 403,
};

/** Codes that say no to the caller himself, and not to what he asks for. */
const closed = (row: Row): readonly string[] => [
  ...Object.keys(STATUS),
  // Where the thing is another's and where it is nobody's is one answer; a caller of the right community gets another one.
  ...(row.by !== 'anyone' && row.outside !== undefined ? [row.outside] : []),
];

function isRight(row: Row, want: string, { status, code }: Asked): boolean {
  if (want !== LET_IN) return code === want && status === (STATUS[want] ?? 404);
  // A body of another shape would be refused before the caller's role is looked at, and prove nothing.
  return status < 500 && !closed(row).includes(code) && code !== 'REQUEST_MALFORMED' && status !== 415;
}

/** Asks as each of these, and tells every wrong answer. */
async function answers(
  route: MountedRoute,
  row: Row,
  callers: readonly Caller[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const caller of callers) {
    // Whoever signs out needs a session of his own for it.
    const endsSession = route.method === 'delete' && route.as === 'officer' && caller.as === 'officer';
    const cookie = endsSession ? await caller.signIn() : caller.cookie;
    const answer = await askAs(world, wishOf(route, row), cookie);
    const want = expected(row, caller);
    if (!isRight(row, want, answer))
      wrong.push(`${keyOf(route)} as ${nameOf(caller)}: ${answer.status} ${answer.code}, not ${want}`);
  }
  return wrong;
}

const endsSessions = ({ method, path }: MountedRoute): boolean =>
  method === 'delete' && path.includes('/sessions');

/** Every route that has a row; those that end sessions last. */
const routesWithRows = (): readonly { readonly route: MountedRoute; readonly row: Row }[] =>
  mountedRoutes()
    .flatMap((route) => {
      const row = ROUTE_TABLE[keyOf(route)];
      return row === undefined ? [] : [{ route, row }];
    })
    .sort((a, b) => Number(endsSessions(a.route)) - Number(endsSessions(b.route)));

describe('the table of routes', () => {
  it('has exactly one row for each route, which names the same kind of caller', () => {
    const mounted = new Map(mountedRoutes().map((route) => [keyOf(route), route]));
    const faults = [
      ...[...mounted.keys()]
        .filter((key) => ROUTE_TABLE[key] === undefined)
        .map((key) => `${key} has no row in test/http/route-table.ts: add one that says who may call it`),
      ...Object.keys(ROUTE_TABLE)
        .filter((key) => !mounted.has(key))
        .map(
          (key) => `${key} has a row in test/http/route-table.ts, but no such route is mounted: remove it`,
        ),
      ...Object.entries(ROUTE_TABLE)
        .filter(([key, { by }]) => mounted.has(key) && mounted.get(key)?.as !== by)
        .map(([key, { by }]) => `${key} is mounted for ${mounted.get(key)?.as}, its row says ${by}`),
    ];
    expect(faults).toEqual([]);
  });
});

describe('a meeting that is still a draft', () => {
  const mayRead = (caller: Caller): boolean => caller.as === 'officer' && caller.place !== 'other';

  it('is there for officers of its community and of the city alone', async () => {
    const wrong: string[] = [];
    const path = `/v1/meetings/${world.things.draft}`;
    for (const caller of world.callers) {
      const { status } = await askAs(world, { method: 'get', path }, caller.cookie);
      if (status !== (mayRead(caller) ? 200 : 404)) wrong.push(`${nameOf(caller)}: ${status}`);
      const listed = await askAs(world, { method: 'get', path: '/v1/meetings' }, caller.cookie);
      if (listed.text.includes(world.things.draft))
        wrong.push(`${nameOf(caller)} finds it in the public list`);
    }
    expect(wrong).toEqual([]);
  });

  it('is to a stranger as one that does not exist, in each of its parts', async () => {
    for (const part of ['turnout', 'result', 'participation', `casts/${'A'.repeat(43)}/receipt`]) {
      const path = `/v1/meetings/${world.things.draft}/${part}`;
      const answer = await askAs(world, { method: 'get', path }, '');
      const unknown = await askAs(
        world,
        { method: 'get', path: path.replace(world.things.draft, 'a'.repeat(26)) },
        '',
      );
      expect(answer, part).toEqual(unknown);
    }
  });
});

describe('a list', () => {
  it('of communities names an officer’s own one alone, unless he is the city’s', async () => {
    for (const caller of world.callers) {
      if (caller.as !== 'officer') continue;
      const { text } = await askAs(world, { method: 'get', path: '/v1/communities' }, caller.cookie);
      const sees = [world.things.community, world.otherCommunity].map((community) =>
        text.includes(community),
      );
      const wanted = { own: [true, false], other: [false, true], city: [true, true] }[caller.place];
      expect(sees, nameOf(caller)).toEqual(wanted);
    }
  });

  it('of funds names to a regulator the communities in which he acts alone', async () => {
    const places = new Set<string>();
    for (const caller of world.callers) {
      if (caller.as !== 'officer' || caller.role !== 'regulator') continue;
      places.add(caller.place);
      const { text } = await askAs(world, { method: 'get', path: '/v1/funds' }, caller.cookie);
      const { funds } = JSON.parse(text) as { readonly funds: readonly { readonly community: string }[] };
      const sees = [world.things.community, world.otherCommunity].map((wanted) =>
        funds.some(({ community }) => community === wanted),
      );
      const wanted = { own: [true, false], other: [false, true], city: [true, true] }[caller.place];
      expect(sees, nameOf(caller)).toEqual(wanted);
    }
    expect([...places].sort()).toEqual(['city', 'other', 'own']);
  });
});

describe('a sign-in with a forged signature', () => {
  /** Everything that a stranger sees of the answer to a forged login under a key, but the date. */
  async function seenOf(path: string, more: object, key: Uint8Array): Promise<unknown> {
    const nonces = path.includes('officers') ? '/v1/officers/challenges' : '/v1/identity/challenge';
    const drawn = await askAs(world, { method: 'post', path: nonces }, '');
    const { serverNonce } = JSON.parse(drawn.text) as { serverNonce: string };
    const pageNonce = toBase64Url(service.world.random(32));
    const response = await fetch(service.service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...more, serverNonce, pageNonce, publicKey: toBase64Url(key) }),
    });
    const headers = [...response.headers].filter(([name]) => name !== 'date');
    return { status: response.status, headers, body: await response.text() };
  }

  it('has one answer for a known key and an unknown one: status, headers and body', async () => {
    const forged = toBase64Url(new Uint8Array(64).fill(3));
    const officer = world.callers.find(({ as }) => as === 'officer');
    const known = officer?.as === 'officer' ? officer.publicKey : new Uint8Array();
    const signature = { alg: 'Ed25519', signature: forged };
    const logins = [
      [
        '/v1/identity/sessions',
        { numberTail: '000000', signature: forged },
        world.letterKey,
        'IDENTITY_REFUSED',
      ],
      ['/v1/officers/sessions', { origin: service.world.origin, signature }, known, 'LOGIN_REFUSED'],
    ] as const;
    for (const [path, more, key, code] of logins) {
      const answer = await seenOf(path, more, key);
      expect(answer).toMatchObject({ body: expect.stringContaining(`"${code}"`) });
      expect(await seenOf(path, more, service.world.random(32))).toEqual(answer);
    }
  });
});

/** The tables that differ from what they held before, in a sentence; none where nothing changed. */
async function changesSince(before: string, route: MountedRoute): Promise<readonly string[]> {
  const held = new Set(before.split('\n'));
  const changed = (await contentsOf(world)).split('\n').filter((line) => !held.has(line));
  return changed.length === 0 ? [] : [`${keyOf(route)} changed ${changed.join(', ')}`];
}

describe('every route', () => {
  it('refuses everybody else, each as its row says, and a refused call changes no table', async () => {
    const wrong: string[] = [];
    for (const { route, row } of routesWithRows()) {
      const denied = world.callers.filter((caller) => expected(row, caller) !== LET_IN);
      if (denied.length === 0) continue;
      const before = await contentsOf(world);
      wrong.push(...(await answers(route, row, denied)));
      wrong.push(...(await changesSince(before, route)));
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('takes nothing of another community under the address of one’s own', async () => {
    const wrong: string[] = [];
    for (const { route, row } of routesWithRows()) {
      if (row.by !== 'officer' || row.mixed === undefined) continue;
      const callers = world.callers.filter(
        (caller) => caller.as === 'officer' && caller.place !== 'own' && row.roles.includes(caller.role),
      );
      expect(callers.length).toBeGreaterThan(1);
      const before = await contentsOf(world);
      for (const caller of callers) {
        const { status, code } = await askAs(world, wishOf(route, row, world.otherCommunity), caller.cookie);
        if (status !== 404 || code !== row.mixed)
          wrong.push(`${keyOf(route)} as ${nameOf(caller)}: ${status} ${code}, not ${row.mixed}`);
      }
      wrong.push(...(await changesSince(before, route)));
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('lets in all whom its row names', async () => {
    const wrong: string[] = [];
    for (const { route, row } of routesWithRows()) {
      const allowed = world.callers.filter((caller) => expected(row, caller) === LET_IN);
      expect(allowed.length).toBeGreaterThan(0);
      wrong.push(...(await answers(route, row, allowed)));
    }
    expect(wrong).toEqual([]);
  }, 240_000);
});
