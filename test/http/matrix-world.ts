// Two communities in one service, with an officer of every role in each and one for the whole city, an owner of each, and things
// of the first community that each of them might reach for.
import { sql } from 'kysely';
import { present } from '../../src/base/assert.ts';
import { keyFileOfficer } from '../../src/cli/demo/founding.ts';
import { signInOfficer } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { letterSeed } from '../../src/record/letter.ts';
import { createCommunity } from '../../src/registry/importing.ts';
import { registryUnits, unitsOfPerson } from '../../src/registry/units.ts';
import { meetingOf, newClient, openBody } from '../ballot/voting-world.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint } from '../support/acts.ts';
import { fixedClock } from '../support/clock.ts';
import { codeOf, issue, makeFor } from '../support/letters.ts';
import { bringIntoForce, NUMBERS, registerFile } from '../support/registry.ts';
import type { TestService } from '../support/service.ts';
import { settle } from '../support/service.ts';

export const ROLES = [
  'committee',
  'street',
  'registrar',
  'regulator',
  'clerk',
  'scrutineer',
  'operator',
] as const;
export type OfficerRole = (typeof ROLES)[number];
/** Seen from the community whose things are asked for. */
export type Place = 'own' | 'other' | 'city';

export type Caller =
  | { readonly as: 'nobody'; readonly cookie: '' }
  | { readonly as: 'owner'; readonly place: 'own' | 'other'; readonly cookie: string }
  | {
      readonly as: 'officer';
      readonly role: OfficerRole;
      readonly place: Place;
      readonly cookie: string;
      /** Raw Ed25519 key of his key file. */
      readonly publicKey: Uint8Array;
      readonly signIn: () => Promise<string>;
    };

/** What the routes' addresses and bodies name; each is of the first community. */
export type Things = {
  readonly community: string;
  readonly meeting: string;
  readonly draft: string;
  readonly act: string;
  readonly register: string;
  readonly letter: string;
  /** An officer whom the regulator and the street office may remove. */
  readonly officer: string;
  readonly unit: string;
  /** What a convener posts to draft a meeting. */
  readonly meetingBody: unknown;
};

export type MatrixWorld = {
  readonly service: TestService;
  readonly callers: readonly Caller[];
  readonly things: Things;
  readonly otherCommunity: string;
  /** Key of the letter of the first community's owner. */
  readonly letterKey: Uint8Array;
};

export type Asked = { readonly status: number; readonly code: string; readonly text: string };

let asked = 0;

/** One request under a key of its own. */
export async function askAs(
  { service }: Pick<MatrixWorld, 'service'>,
  wish: { readonly method: string; readonly path: string; readonly type?: string; readonly body?: BodyInit },
  cookie: string,
): Promise<Asked> {
  asked += 1;
  const response = await fetch(service.service.url + wish.path, {
    method: wish.method.toUpperCase(),
    headers: {
      cookie,
      'idempotency-key': `matrix-${asked}`,
      ...(wish.type === undefined ? {} : { 'content-type': wish.type }),
    },
    ...(wish.body === undefined ? {} : { body: wish.body }),
  });
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  return {
    status: response.status,
    code: isProblem ? (JSON.parse(text) as { code: string }).code : '',
    text,
  };
}

/** A client that shows the cookie which a sign-in gave it. */
function recorder(service: TestService) {
  let kept = '';
  const post = async <T>(path: string, body?: unknown): Promise<T> => {
    const response = await fetch(service.service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    for (const line of response.headers.getSetCookie()) kept = line.split(';')[0] ?? '';
    return (await response.json()) as T;
  };
  return { client: { ...newClient(service), post }, cookie: () => kept };
}

async function officerCookie(service: TestService, { officer, role, seed }: TestOfficer): Promise<string> {
  const { client, cookie } = recorder(service);
  await signInOfficer(service.world, { officer, role, client, ...keyFileOfficer(seed) });
  return cookie();
}

async function ownerCookie(service: TestService, letter: LetterCode): Promise<string> {
  const { client, cookie } = recorder(service);
  await signInOwner(service.world, client, { code: letter.code, number: letter.owner.number });
  return cookie();
}

async function callerOf(
  service: TestService,
  role: OfficerRole,
  place: Place,
  community: string,
): Promise<Caller> {
  const officer = await appoint(service.service.deps, role, community);
  const signIn = (): Promise<string> => officerCookie(service, officer);
  return { as: 'officer', role, place, cookie: await signIn(), publicKey: publicKeyOf(officer.seed), signIn };
}

/** A second community with a register and letters, and the letter of one of its owners. */
export async function otherCommunityOf(
  service: TestService,
): Promise<{ community: string; letter: LetterCode }> {
  const { deps } = service.service;
  const community = await inTransaction(deps.db, (tx) => createCommunity(tx, deps, { name: '邻家花园' }));
  const [committee, street, registrar] = [
    await appoint(deps, 'committee', community),
    await appoint(deps, 'street', community),
    await appoint(deps, 'registrar', community),
  ];
  const the = { deps, time: fixedClock(), community, committee, street, registrar };
  const file = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
  await bringIntoForce(the, file);
  const made = await makeFor(the, file);
  await issue(the, made);
  return { community, letter: codeOf(made, '陈大文') };
}

/** Opens the fund of a community with one unit's money. */
export const openingOf = (unit: string) => ({
  statement: { reference: '对账单1', asOn: '2026-10-31' },
  bank: { name: '测试银行', lastDigits: '0321' },
  balances: [{ unit, amountFen: '100000' }],
});

async function thingsOf(service: TestService, owned: Awaited<ReturnType<typeof settle>>): Promise<Things> {
  const { community, officers, codes } = owned;
  const { db } = service.service.deps;
  const { meeting } = await openBody(service, owned, meetingOf(service, owned));
  const meetingBody = { ...meetingOf(service, owned, { opensInMs: 86_400_000 }), title: '还没有公告的会议' };
  const drafted = await officers.committee.client.post<{ meeting: string }>(
    `/v1/communities/${community}/meetings`,
    meetingBody,
  );
  const { act } = await officers.committee.client.post<{ act: string }>(
    `/v1/meetings/${drafted.meeting}/notice`,
  );
  const listed = await officers.street.client.get<{ communities: { community: string; register: string }[] }>(
    '/v1/communities',
  );
  const owner = present(codes[0], 'a letter');
  const [unit] = await unitsOfPerson(db, community, owner.person);
  return {
    community,
    meeting,
    draft: drafted.meeting,
    act,
    register: present(
      listed.communities.find((each) => each.community === community),
      'listed',
    ).register,
    letter: present(codes[1], 'another letter').letter,
    officer: officers.registrar.officer,
    unit: present(unit, 'an owner has a unit').unit,
    meetingBody,
  };
}

/** Everybody and everything; takes some seconds. */
export async function matrixWorld(service: TestService): Promise<MatrixWorld> {
  const owned = await settle(service);
  const things = await thingsOf(service, owned);
  const other = await otherCommunityOf(service);
  const letterKey = publicKeyOf(letterSeed(present(owned.codes[0], 'a letter').code));
  const callers: Caller[] = [
    { as: 'nobody', cookie: '' },
    { as: 'owner', place: 'own', cookie: await ownerCookie(service, present(owned.codes[0], 'a letter')) },
    { as: 'owner', place: 'other', cookie: await ownerCookie(service, other.letter) },
  ];
  const places = { own: owned.community, other: other.community, city: '' };
  for (const place of ['own', 'other', 'city'] as const)
    for (const role of ROLES) callers.push(await callerOf(service, role, place, places[place]));
  const world = { service, callers, things, otherCommunity: other.community, letterKey };
  const [unit] = await registryUnits(service.service.deps.db, other.community);
  const street = callers.find(
    (each) => each.as === 'officer' && each.role === 'street' && each.place === 'city',
  );
  for (const [community, of] of [
    [owned.community, things.unit],
    [other.community, present(unit, 'a unit').unit],
  ] as const) {
    const path = `/v1/communities/${community}/fund/opening-balances`;
    const body = JSON.stringify(openingOf(of));
    const opened = await askAs(
      world,
      { method: 'post', path, type: 'application/json', body },
      present(street, 'a street').cookie,
    );
    if (opened.status !== 201) throw new Error(`the fund does not open: ${opened.text}`);
  }
  return world;
}

/** Tables in which every request may leave a trace, whoever asks: when a session was last used. */
const TOUCHED = ['officer_session', 'owner_session'];

/** Every table's number of rows and a sum over their contents; of touched tables the number alone. */
export async function contentsOf({ service }: Pick<MatrixWorld, 'service'>): Promise<string> {
  const { owner } = service.fresh;
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(owner);
  const parts = tables.rows.map(({ name }) =>
    TOUCHED.includes(name)
      ? sql`select ${name} as name, count(*)::text as held from ${sql.table(name)}`
      : sql`select ${name} as name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as held
              from ${sql.table(name)} t`,
  );
  const held = await sql<{ name: string; held: string }>`${sql.join(parts, sql` union all `)}`.execute(owner);
  return held.rows.map((row) => `${row.name} ${row.held}`).join('\n');
}

/** A caller in the sentence that tells of a wrong answer. */
export const nameOf = (caller: Caller): string =>
  caller.as === 'nobody'
    ? 'nobody'
    : caller.as === 'owner'
      ? `owner (${caller.place})`
      : `${caller.role} (${caller.place})`;
