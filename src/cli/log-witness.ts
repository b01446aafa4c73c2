/**
 * A witness of the log for demos, tests and small offices: C2SP tlog-witness over HTTP. It cosigns only what
 * extends the state that it cosigned last, and keeps the new state before it answers (SPEC 7.4).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { readIfPresent, replaceFile } from '../auditlog/durable-file.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, sameBytes, toBase64Url } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { cosign, parseCheckpoint, verifyCheckpoint, witnessKey } from '../record/checkpoint.ts';
import { EMPTY_ROOT, verifyConsistency } from '../record/merkle.ts';
import { parseNote, printSignature, printVkey } from '../record/note.ts';
import type { Of } from '../record/schema.ts';
import { closed, exactly, integer, oneOf, recordForm, text } from '../record/schema.ts';
import { hash } from '../record/shapes.ts';
import {
  MAX_WITNESS_REQUEST_BYTES,
  parseWitnessRequest,
  WITNESS_SIZE_TYPE,
} from '../record/witness-request.ts';

/** `seed` is the witness's 32-byte Ed25519 seed, `logVkey` the one log that it knows; without a path it forgets. */
export type WitnessOptions = {
  readonly name: string;
  readonly seed: Uint8Array;
  readonly logVkey: string;
  readonly clock: Clock;
  readonly statePath?: string;
};

/** A running witness; `url` is its submission prefix on 127.0.0.1. */
export type RunningWitness = {
  readonly url: string;
  readonly vkey: string;
  close(): Promise<void>;
};

const seen = closed({
  v: exactly(1),
  kind: oneOf('witness-state'),
  logVkey: text(300),
  size: integer(0, Number.MAX_SAFE_INTEGER),
  root: hash,
});
type Seen = Of<typeof seen>;
const seenForm = recordForm(seen, 'witness-state', 4096);

type Answer = { readonly status: number; readonly type?: string; readonly body: string };

const seenNothing = (logVkey: string): Seen => ({
  v: 1,
  kind: 'witness-state',
  logVkey,
  size: 0,
  root: toBase64Url(EMPTY_ROOT),
});

/** What the witness cosigned last; a state that is damaged or of another log stops the start. */
function loadSeen(options: WitnessOptions): Seen {
  const bytes = options.statePath === undefined ? undefined : readIfPresent(options.statePath);
  if (bytes === undefined) return seenNothing(options.logVkey);
  const parsed = seenForm.parse(bytes);
  assert(parsed.ok && parsed.value.logVkey === options.logVkey, 'the state of a witness is of its log');
  return parsed.value;
}

/** Decides and keeps in one synchronous step, so two requests can never extend the same state. */
function answerTo(body: string, state: { last: Seen }, options: WitnessOptions): Answer {
  const request = parseWitnessRequest(body);
  if (!request.ok) return { status: 400, body: 'malformed request\n' };
  const { oldSize, proof, note } = request.value;
  const parsed = parseNote(note);
  const claimed = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
  if (!parsed.ok || !claimed.ok) return { status: 400, body: 'malformed checkpoint\n' };
  if (!options.logVkey.startsWith(`${claimed.value.origin}+`)) return { status: 404, body: 'unknown log\n' };
  const checkpoint = verifyCheckpoint(note, options.logVkey);
  if (!checkpoint.ok) return { status: 403, body: 'not signed by the log\n' };
  const { size, root } = checkpoint.value;
  if (oldSize > size) return { status: 400, body: 'the old size is above the new one\n' };
  const { last } = state;
  if (oldSize !== last.size) return { status: 409, type: WITNESS_SIZE_TYPE, body: `${last.size}\n` };
  const lastRoot = present(fromBase64Url(last.root), 'the state was checked');
  if (size === last.size && !sameBytes(root, lastRoot)) return { status: 422, body: 'another root\n' };
  if (!verifyConsistency(oldSize, size, lastRoot, root, proof)) return { status: 422, body: 'wrong proof\n' };
  const next: Seen = { ...last, size, root: toBase64Url(root) };
  if (options.statePath !== undefined) replaceFile(options.statePath, seenForm.bytes(next));
  state.last = next;
  const atSeconds = Math.floor(options.clock() / 1000);
  return {
    status: 200,
    body: printSignature(cosign(options.name, options.seed, parsed.value.text, atSeconds)),
  };
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Uint8Array).length;
    if (size > MAX_WITNESS_REQUEST_BYTES) return undefined;
    parts.push(part as Uint8Array);
  }
  return fromUtf8(Buffer.concat(parts));
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'Content-Type': answer.type ?? 'text/plain; charset=utf-8' });
  response.end(answer.body);
}

/** Starts a witness on a free port of 127.0.0.1. */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const state = { last: loadSeen(options) };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url !== '/add-checkpoint') return send(response, { status: 404, body: 'not found\n' });
    if (request.method !== 'POST') return send(response, { status: 405, body: 'POST only\n' });
    const body = await readBody(request);
    if (body === undefined) return send(response, { status: 400, body: 'too long or not UTF-8\n' });
    send(response, answerTo(body, state, options));
  };
  const server = createServer((request, response) => {
    respond(request, response).catch(() => send(response, { status: 500, body: 'cannot keep the state\n' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  assert(typeof address === 'object' && address !== null, 'a listening server has a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    vkey: printVkey(witnessKey(options.name, options.seed)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
