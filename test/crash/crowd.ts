// Many clients that cast at once over HTTP. Each keeps what was acknowledged, and sends a cast whose outcome it does not know
// again, with the same bytes, until it knows: to the same service or to another one.
import { Agent, request } from 'node:http';
import { present } from '../../src/base/assert.ts';
import type { Seeded } from '../../src/cli/demo/seeded.ts';
import { gate } from './gate.ts';
import type { PreparedCast } from './prepared-casts.ts';
import { pause } from './processes.ts';

/** What came back of one request; `status` 0 is no answer at all. */
export type Reply = {
  readonly status: number;
  readonly code: string;
  readonly acknowledgement: string;
  readonly repeated: boolean;
  readonly retryAfter: string;
};

const NO_ANSWER: Reply = { status: 0, code: '', acknowledgement: '', repeated: false, retryAfter: '' };
const PATIENCE_MS = 30_000;

function parseReply(status: number, text: string, retryAfter: string): Reply {
  try {
    const body = JSON.parse(text) as { code?: string; acknowledgement?: string; repeated?: boolean };
    const { code = '', acknowledgement = '', repeated = false } = body;
    return { status, code, acknowledgement, repeated, retryAfter };
  } catch {
    return { ...NO_ANSWER, status, code: 'NO_JSON' };
  }
}

/** Sends a cast; a connection that ends early is no answer. */
export function postCast(port: number, cast: PreparedCast, agent?: Agent): Promise<Reply> {
  return new Promise((resolve) => {
    const noAnswer = (): void => resolve(NO_ANSWER);
    const sending = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: `/v1/meetings/${cast.meeting}/casts`,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(cast.body) },
      timeout: PATIENCE_MS,
      ...(agent === undefined ? { agent: false } : { agent }),
    });
    sending.on('error', noAnswer);
    sending.on('timeout', () => sending.destroy());
    sending.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('aborted', noAnswer);
      response.on('error', noAnswer);
      response.on('end', () =>
        resolve(parseReply(response.statusCode ?? 0, text, response.headers['retry-after'] ?? '')),
      );
    });
    sending.end(cast.body);
  });
}

/** The name under which a reply is counted. */
export function nameOf({ status, code, repeated }: Reply): string {
  if (status === 0) return 'no answer';
  if (status === 201) return repeated ? 'repeated' : 'accepted';
  return `${status} ${code}`;
}

/** Counts of names. */
export type Tally = Readonly<Record<string, number>>;

export function tallyOf(names: readonly string[]): Tally {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** An acknowledged cast. */
export type Acknowledged = { readonly cast: PreparedCast; readonly acknowledgement: string };

/** A refused cast, and when it was first and last sent. */
export type Refused = {
  readonly cast: PreparedCast;
  readonly name: string;
  readonly firstSentAt: number;
  readonly lastSentAt: number;
};

/** What became of the casts that were under way when something was killed; each of them is counted once, by its first reply. */
export type Cut = {
  readonly underWay: number;
  /** The connection ended, or nothing came. */
  readonly unanswered: number;
  /** 503: the outcome is not known. */
  readonly unavailable: number;
  readonly acknowledged: number;
  /** Of those without an acknowledgement: how many turned out to have been stored before. */
  readonly stood: number;
};

export type Crowd = {
  /** In the order in which they were acknowledged. */
  readonly acknowledged: readonly Acknowledged[];
  readonly refused: readonly Refused[];
  /** How often each kind of reply came. */
  readonly replies: () => Tally;
  /** 503 answers that did not say when to come again. */
  readonly withoutRetryAfter: () => number;
  /** Lets the clients take so many casts more, each as soon as it knows the outcome of its last. */
  readonly allow: (casts: number) => void;
  /** Takes back what of that nobody has used: what is under way is still sent until its outcome is known. */
  readonly hold: () => void;
  /** Settles in the moment in which so many were acknowledged. */
  readonly reached: (count: number, limitMs?: number) => Promise<void>;
  /** Call it when something is killed; the answer may be read when the crowd has stopped. */
  readonly cut: () => () => Cut;
  /** Lets every client finish the cast in hand, until its outcome is known. */
  readonly stop: () => Promise<void>;
};

export type CrowdOptions = {
  readonly chains: readonly (readonly PreparedCast[])[];
  readonly clients: number;
  readonly draw: Seeded;
  /** Where a client may send to at this moment. */
  readonly ports: () => readonly number[];
};

/** Grows with each try in vain, so that waiting clients leave the processor to what they wait for. */
const RETRY_MS = 150;
const LONGEST_RETRY_MS = 1_200;
/** Nothing that a test does makes the service unavailable for longer, on a slow machine either. */
const GIVE_UP_MS = 180_000;

type CutCount = { -readonly [Name in keyof Cut]: Cut[Name] };
/** A cast in hand; `cut` is the last kill that hit it between sending and answer. */
type InHand = { readonly cast: PreparedCast; cut?: CutCount; isTold: boolean; isSent: boolean };

/** Counts a reply for the kill that its cast was cut by. */
function countCut(inHand: InHand, reply: Reply): void {
  const { cut } = inHand;
  if (cut === undefined) return;
  if (!inHand.isTold) {
    inHand.isTold = true;
    if (reply.status === 201) cut.acknowledged += 1;
    else if (reply.status === 503) cut.unavailable += 1;
    else if (reply.status === 0) cut.unanswered += 1;
  } else if (reply.status === 201 && reply.repeated) cut.stood += 1;
}

/** Starts a crowd that waits to be allowed casts. A refusal ends its chain and is counted; a client that never gets an answer fails the stop. */
export function startCrowd({ chains, clients, draw, ports }: CrowdOptions): Crowd {
  const acknowledged: Acknowledged[] = [];
  const refused: Refused[] = [];
  const names: string[] = [];
  const hands = new Set<InHand>();
  const permits = gate();
  let withoutRetryAfter = 0;

  async function untilKnown(inHand: InHand, agents: Map<number, Agent>): Promise<boolean> {
    const { cast } = inHand;
    const firstSentAt = Date.now();
    const end = firstSentAt + GIVE_UP_MS;
    for (let waitMs = RETRY_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS)) {
      const lastSentAt = Date.now();
      const port = draw.pick(ports());
      const agent = agents.get(port) ?? new Agent({ keepAlive: true, maxSockets: 1 });
      agents.set(port, agent);
      inHand.isSent = true;
      const reply = await postCast(port, cast, agent);
      inHand.isSent = false;
      names.push(nameOf(reply));
      countCut(inHand, reply);
      if (reply.status === 201) acknowledged.push({ cast, acknowledgement: reply.acknowledgement });
      if (reply.status === 503 && reply.retryAfter === '') withoutRetryAfter += 1;
      if (reply.status !== 0 && reply.status < 500) {
        if (reply.status !== 201) refused.push({ cast, name: nameOf(reply), firstSentAt, lastSentAt });
        return reply.status === 201;
      }
      if (Date.now() > end) throw new Error(`no answer within ${GIVE_UP_MS} ms, last ${nameOf(reply)}`);
      await pause(waitMs / 2 + draw.below(waitMs));
    }
  }

  async function client(own: (readonly PreparedCast[])[]): Promise<void> {
    const agents = new Map<number, Agent>();
    const queues = own.map((chain) => [...chain]);
    try {
      while (queues.length > 0 && (await permits.take())) {
        const at = draw.below(queues.length);
        const cast = present(queues[at]?.shift(), 'a cast');
        const inHand: InHand = { cast, isTold: false, isSent: false };
        hands.add(inHand);
        const isAccepted = await untilKnown(inHand, agents);
        hands.delete(inHand);
        if (!isAccepted || queues[at]?.length === 0) queues.splice(at, 1);
        permits.wake();
      }
    } finally {
      for (const agent of agents.values()) agent.destroy();
    }
  }

  const running = Array.from({ length: clients }, (_, at) =>
    client(chains.filter((_chain, place) => place % clients === at)),
  );
  // A failed client is reported by `stop`, not as an unhandled rejection before it.
  for (const each of running) each.catch(() => undefined);
  return {
    acknowledged,
    refused,
    replies: () => tallyOf(names),
    withoutRetryAfter: () => withoutRetryAfter,
    allow: permits.allow,
    hold: permits.hold,
    reached: (count, limitMs = 120_000) => permits.until(() => acknowledged.length >= count, limitMs),
    cut: () => {
      const sent = [...hands].filter(({ isSent }) => isSent);
      const count = { underWay: sent.length, unanswered: 0, unavailable: 0, acknowledged: 0, stood: 0 };
      for (const inHand of sent) {
        inHand.cut = count;
        inHand.isTold = false;
      }
      return () => count;
    },
    stop: async () => {
      permits.end();
      await Promise.all(running);
    },
  };
}

/** Sends casts again, 16 at a time, and answers the replies in their order. */
export async function sendAgain(port: number, casts: readonly PreparedCast[]): Promise<readonly Reply[]> {
  const replies = new Map<number, Reply>();
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const rest = casts.map((cast, at) => ({ cast, at }));
  const work = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift())
      replies.set(next.at, await postCast(port, next.cast, agent));
  };
  await Promise.all(Array.from({ length: 16 }, work));
  agent.destroy();
  return casts.map((_, at) => present(replies.get(at), 'a reply'));
}

/** How repeated casts were answered: the first acknowledgement to the byte, or not. */
export async function repeatAll(port: number, accepted: readonly Acknowledged[]): Promise<Tally> {
  const replies = await sendAgain(
    port,
    accepted.map(({ cast }) => cast),
  );
  return tallyOf(
    replies.map((reply, at) => {
      if (reply.status !== 201) return nameOf(reply);
      const same = reply.acknowledgement === accepted[at]?.acknowledgement;
      return same && reply.repeated ? 'the same acknowledgement' : 'another acknowledgement';
    }),
  );
}
