// A voting service on an embedded database in a folder of its own, for tests that take the disk away from under it.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { demoClock, startDemoService } from '../../src/cli/demo/demo-deployment.ts';
import { connect } from '../../src/db/connect.ts';
import { SUPERUSER } from '../../src/db/embedded/cluster.ts';
import type { Embedded } from '../../src/db/embedded/supervisor.ts';
import { startEmbedded } from '../../src/db/embedded/supervisor.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm } from '../../src/record/cast.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  honestCast,
  meetingOf,
  openBody,
  paperOf,
  postJson,
  signatureOver,
  voterOf,
} from '../ballot/voting-world.ts';
import { urlFor } from '../support/database-server.ts';
import type { TestService } from '../support/service.ts';
import { settle } from '../support/service.ts';

const WORKING_DAY = Date.UTC(2026, 10, 2, 2, 0, 0);
/** How quickly the supervisor looks again. */
export const HASTY = { lookMs: 40, steadyMs: 400, firstPauseMs: 50, longestPauseMs: 300, failures: 8 };
/** Little WAL is kept, so that a full disk is felt soon. */
export const SETTINGS = { min_wal_size: '32MB', max_wal_size: '48MB', wal_recycle: 'off' };

export type Prepared = { readonly voter: Voter; readonly cast: Cast };
export type Site = {
  readonly service: TestService;
  readonly embedded: Embedded;
  readonly convened: Convened;
  readonly prepared: readonly Prepared[];
};
export type Said = {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: string;
  readonly ack: string;
  readonly repeated: boolean;
};

/** A service on an embedded database in this folder, with so many casts of different entitlements that are ready to be sent. */
export async function openSite(dataDir: string, wanted: number): Promise<Site> {
  const started = await startEmbedded({ dataDir, log: () => undefined, settings: SETTINGS, patience: HASTY });
  if (!started.ok) throw new Error(started.refusal.code);
  const embedded = started.value;
  const { ownerUrl, appUrl } = embedded;
  const demo = await startDemoService({
    clock: demoClock(WORKING_DAY, Date.now),
    random: (size) => new Uint8Array(randomBytes(size)),
    say: () => undefined,
    database: { ownerUrl, appUrl, trouble: () => embedded.state().reason },
    beatMs: 200,
  });
  const [db, owner] = [connect(appUrl, { maxConnections: 2 }), connect(ownerUrl, { maxConnections: 2 })];
  const fresh = { db, owner, appUrl, ownerUrl, adminUrl: '', close: async () => undefined };
  const service: TestService = {
    ...demo,
    fresh,
    close: async () => {
      await demo.close();
      await Promise.all([db.destroy(), owner.destroy()]);
      await embedded.stop();
    },
  };
  const settled = await settle(service, 56);
  const convened = await openBody(service, settled, meetingOf(service, settled));
  const prepared: Prepared[] = [];
  const seen = new Set<string>();
  for (const letter of settled.codes) {
    if (prepared.length === wanted) break;
    const voter = await voterOf(service, letter, convened.meeting).catch(() => undefined);
    if (voter === undefined || seen.has(paperOf(voter).entitlement)) continue;
    seen.add(paperOf(voter).entitlement);
    prepared.push({ voter, cast: await honestCast(service, voter) });
  }
  expect(prepared.length).toBe(wanted);
  return { service, embedded, convened, prepared };
}

/** Sends a prepared cast. */
export async function send({ service, convened }: Site, { voter, cast }: Prepared): Promise<Said> {
  const bytes = castForm.bytes(cast);
  const body = { cast: toBase64Url(bytes), signature: signatureOver(voter.seed, bytes) };
  const { status, text, headers } = await postJson(service, `/v1/meetings/${convened.meeting}/casts`, body);
  const answer = JSON.parse(text) as { code?: string; acknowledgement?: string; repeated?: boolean };
  return {
    status,
    code: answer.code ?? '',
    retryAfter: headers.get('retry-after') ?? '',
    ack: answer.acknowledgement ?? '',
    repeated: answer.repeated ?? false,
  };
}

/** What the service says of itself: status and reason. */
export const readyz = async ({ service }: Site): Promise<readonly [number, string]> => {
  const response = await fetch(`${service.service.url}/readyz`);
  return [response.status, ((await response.json()) as { reason: string }).reason];
};

/** Waits for what must come. */
export async function until(condition: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
  for (const end = performance.now() + limitMs; !(await condition()); ) {
    if (performance.now() > end) throw new Error(`waited in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs a statement in the service's database as its administrator; undefined where the server does not answer. */
export async function asSuperuser({ ownerUrl, folder: own }: Embedded, statement: string): Promise<unknown> {
  const secrets = JSON.parse(readFileSync(join(own, 'pg-passwords.json'), 'utf8')) as { superuser: string };
  const login = { user: SUPERUSER, password: encodeURIComponent(secrets.superuser) };
  const database = present(/^\w+:\/\/[^/]*\/([^?]*)/.exec(ownerUrl)?.[1], 'a database in the address');
  const client = new pg.Client({ connectionString: urlFor(ownerUrl, login, database) });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows[0];
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
