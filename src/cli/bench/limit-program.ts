/**
 * The limit of `bench cast`: the parse, the checks and the signed acknowledgement of the service, over the same HTTP mount, with all
 * their inputs in memory and nothing stored. It is a program of its own; the service has no switch that would make it this.
 */
import { createReadStream } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { meetingParams } from '../../assembly/contract.ts';
import { promiseCast } from '../../ballot/acknowledging.ts';
import type { FactMemory } from '../../ballot/cast-facts.ts';
import { armedMeeting, castFacts } from '../../ballot/cast-facts.ts';
import { castAnswer, castBody } from '../../ballot/contract.ts';
import type { CastFacts, ReadCast } from '../../ballot/domain/cast-checking.ts';
import { checkCast, readCast } from '../../ballot/domain/cast-checking.ts';
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { ok, refuse } from '../../base/result.ts';
import { connect } from '../../db/connect.ts';
import { route } from '../../http/mount.ts';
import { createSingleRouteServer } from '../../http/single-route.ts';
import { readSignature } from '../../officers/signature-body.ts';
import { readServerKeys } from '../../server-keys.ts';
import { systemRandom } from '../opening.ts';
import { serveRequests } from './channel.ts';
import type { BenchPlace } from './deployment.ts';
import type { CastFile } from './prepared-casts.ts';
import { usage } from './usage.ts';

type Request = { readonly start: BenchPlace; readonly files: readonly CastFile[] } | { readonly usage: true };

const AT_ONCE = 200;
const memory: FactMemory = { meetings: new Map(), checkpoints: new Set() };
const facts = new Map<string, CastFacts>();
let server: Server | undefined;

function read(meeting: string, body: { cast: string; signature: unknown }, receivedAt: number) {
  const armed = present(memory.meetings.get(meeting), 'read before');
  const bytes = fromBase64Url(body.cast) ?? new Uint8Array();
  const signature = readSignature(body.signature);
  if (signature === undefined) return refuse('CAST_SIGNATURE');
  return readCast(armed, { bytes, signature, receivedAt });
}

/** Reads what every prepared cast is checked against, as the service would for each. */
async function learn(appUrl: string, files: readonly CastFile[]): Promise<void> {
  const db = connect(appUrl);
  for (const { meeting, path } of files) {
    present(await armedMeeting(db, memory, meeting), 'an open meeting');
    let group: ReadCast[] = [];
    const flush = async (): Promise<void> => {
      const found = await castFacts(db, memory, group);
      group.forEach(({ hash }, at) => {
        facts.set(toBase64Url(hash), present(found[at], 'facts of each'));
      });
      group = [];
    };
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const parsed = read(meeting, JSON.parse(line) as { cast: string; signature: unknown }, Date.now());
      if (!parsed.ok) throw new Error('a prepared cast is malformed');
      if (group.push(parsed.value) === AT_ONCE) await flush();
    }
    if (group.length > 0) await flush();
  }
  await db.destroy();
}

async function start(place: BenchPlace, files: readonly CastFile[]): Promise<string> {
  const keys = readServerKeys(place.keysDir, systemRandom);
  if (!keys.ok) throw new Error(keys.refusal.code);
  await learn(place.appUrl, files);
  const spec = {
    method: 'post',
    path: '/v1/meetings/:meeting/casts',
    summary: '投票',
    as: 'anyone',
    params: meetingParams,
    body: castBody,
    answer: castAnswer,
    status: 201,
    limit: 256 * 1024,
  } as const;
  server = createSingleRouteServer((router) =>
    route(router, spec, async ({ params, body }) => {
      const parsed = read(params.meeting, body, Date.now());
      if (!parsed.ok) return parsed;
      const castHash = toBase64Url(parsed.value.hash);
      const checked = checkCast(parsed.value, present(facts.get(castHash), 'a prepared cast'));
      if (!checked.ok) return checked;
      const { acknowledgement } = await promiseCast(checked.value, keys.value.ack, Date.now());
      return ok({ acknowledgement, castHash, repeated: false });
    }),
  );
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

serveRequests(
  async (request: Request) => ('start' in request ? start(request.start, request.files) : usage()),
  async () => {
    server?.closeAllConnections();
    server?.close();
  },
);
