/**
 * The one way to mount a route: who may call it, what it takes and gives as zod schemas that also make the OpenAPI
 * document, and refusals as problem documents. Attacker-controlled requests enter the program here.
 */
import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import { concat, toBase64Url, utf8 } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Database } from '../db/connect.ts';
import type { AddressRule } from './address-limit.ts';
import { addressLimit } from './address-limit.ts';
import { sendAnswer } from './answer.ts';
import type { Callers, SessionReaders } from './callers.ts';
import { isSafe, isSameOrigin, readCallers } from './callers.ts';
import { clientAddress } from './client-address.ts';
import { sessionHash, setSession } from './cookies.ts';
import type { Once } from './once.ts';
import { claimOnce } from './once.ts';
import type { ProblemExtras } from './problem.ts';
import { sendProblem } from './problem.ts';
import { JSON_TYPE, readBody } from './request-body.ts';
import { parseWireJson } from './wire-json.ts';

/** What a feature whose routes fill more than one file mounts them on. */
export type { Router };
export type OfficerCaller = Callers['officer'];
export type OwnerCaller = Callers['owner'];
export type { SessionReaders };

type Shape = z.ZodType;
type Out<S> = S extends Shape ? z.output<S> : undefined;

/** One route, as the mount table and the OpenAPI document see it. */
export type RouteSpec<P, Q, B> = {
  readonly method: 'get' | 'post' | 'delete';
  /** Express path, such as `/v1/meetings/:meeting/casts`. */
  readonly path: string;
  readonly summary: string;
  readonly as: 'anyone' | 'officer' | 'owner';
  /** Only for an officer who used his key within the last five minutes: what it shows or changes is worth a touch (SPEC 2.5). */
  readonly proved?: true;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: Shape;
  readonly status?: 200 | 201 | 202;
  /** Largest body in bytes; 64 KiB unless said otherwise. */
  readonly limit?: number;
  /** The whole body must be there, and the answer begun, within this time; 15 s unless said otherwise. */
  readonly timeMs?: number;
  /** What is counted of one address; for routes that strangers may call. */
  readonly perAddress?: AddressRule;
  /** A creating POST that needs an `Idempotency-Key`. */
  readonly creates?: boolean;
  /** Raw bytes instead of JSON, of these content types. */
  readonly rawTypes?: readonly string[];
  /** `text/plain`, `text/csv` … for answers that are text, not JSON. */
  readonly textType?: string;
  /** The content type of answers that are files to be saved; the handler answers a `FileToSave`. */
  readonly fileType?: string;
};

/** What a handler is given. */
export type Call<P, Q, B> = {
  readonly params: Out<P>;
  readonly query: Out<Q>;
  readonly body: Out<B>;
  readonly raw: Uint8Array;
  readonly officer: Callers['officer'];
  readonly owner: Callers['owner'];
  readonly idempotencyKey: string;
  /** Session cookie of this request as a hash, for signing out. */
  readonly sessionHash: (kind: 'officer' | 'owner') => Uint8Array | undefined;
  readonly setSession: (kind: 'officer' | 'owner', token: Uint8Array, maxAgeS: number) => void;
  readonly endSession: (kind: 'officer' | 'owner') => void;
  /** What the browser calls itself; a claim, for people to recognise their sessions by. */
  readonly userAgent: string;
};

/** A refusal with members of its own for the problem document. */
type Extended = { readonly ok: false; readonly refusal: Refusal; readonly extras: ProblemExtras };

export type Handled = Result<unknown, Refusal> | Extended;

const extrasOf = (handled: Handled): ProblemExtras =>
  'extras' in handled ? (handled as Extended).extras : {};

/** A mounted route with its schemas, for the OpenAPI document and the matrix of unauthorised calls. */
export type MountedRoute = RouteSpec<Shape | undefined, Shape | undefined, Shape | undefined>;

const mounted: MountedRoute[] = [];
/** All routes mounted in this process, in order. */
export const mountedRoutes = (): readonly MountedRoute[] => mounted;

/** What a route takes and how long it takes where it does not say otherwise. */
export const DEFAULT_LIMIT = 64 * 1024;
export const DEFAULT_TIME_MS = 15_000;
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;
/** How long a used key opens what is marked `proved` (OWASP ASVS 5.0 7.5.3). */
const PROOF_LIFE_MS = 5 * 60_000;
/** Whoever repeats a request that is under way waits this long for its answer. */
const REPEAT_WAIT_MS = 10_000;

/** 32 bytes that stand for a caller's address in one route's count. */
type AddressIndex = (route: string, address: string) => Uint8Array;

/** What an application puts down for its routes, each under its name with `app.set`. */
type Setting = {
  readonly db: Database;
  readonly clock: () => Instant;
  readonly sessions: SessionReaders;
  readonly origins: readonly string[];
  /** Without it no address is counted. */
  readonly addressIndex: AddressIndex | undefined;
};

const settingOf = ({ app }: Request): Setting => ({
  db: app.get('db') as Database,
  clock: app.get('clock') as () => Instant,
  sessions: app.get('sessions') as SessionReaders,
  origins: app.get('origins') as readonly string[],
  addressIndex: app.get('addressIndex') as AddressIndex | undefined,
});

/** Mounts a route. */
export function route<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(router: Router, spec: RouteSpec<P, Q, B>, handle: (call: Call<P, Q, B>) => Promise<Handled>): void {
  const known = mounted.findIndex(({ method, path }) => method === spec.method && path === spec.path);
  if (known >= 0) mounted.splice(known, 1);
  mounted.push(spec as MountedRoute);
  const strangers = strangersOf(spec as MountedRoute);
  router[spec.method](spec.path, async (request: Request, response: Response) => {
    const setting = settingOf(request);
    const stop = startDeadline(spec.timeMs ?? DEFAULT_TIME_MS, request, response);
    try {
      const limited = strangers.limited(setting, request);
      if (limited !== undefined) return sendProblem(response, limited);
      const call = await admitted(spec, setting, request, response);
      const handled: Handled | 'answered' = call.ok
        ? await handleOnce(spec as MountedRoute, setting, request, response, call.value, () =>
            handle(call.value),
          )
        : call;
      if (handled === 'answered') return;
      await strangers.count(setting, request, handled);
      if (handled.ok) sendAnswer(response, spec as MountedRoute, handled.value);
      else sendProblem(response, handled.refusal, extrasOf(handled));
    } finally {
      stop();
    }
  });
}

/** Ends a request that takes too long with an answer; what its handler brings later is kept under its key, not sent. */
function startDeadline(timeMs: number, request: Request, response: Response): () => void {
  const timer = setTimeout(() => {
    if (!request.complete) sendProblem(response, { code: 'REQUEST_TIMEOUT' });
    else sendProblem(response, { code: isSafe(request) ? 'UNAVAILABLE' : 'OUTCOME_UNKNOWN' });
  }, timeMs);
  return () => clearTimeout(timer);
}

/** What is counted of the addresses that call a route, where it counts them. */
function strangersOf({ method, path, perAddress }: MountedRoute) {
  const limit = perAddress === undefined ? undefined : addressLimit(perAddress);
  const indexOf = ({ addressIndex }: Setting, request: Request): Uint8Array | undefined => {
    const address = addressIndex === undefined ? undefined : clientAddress(request);
    return address === undefined ? undefined : addressIndex?.(`${method} ${path}`, address);
  };
  return {
    limited(setting: Setting, request: Request): Refusal | undefined {
      const address = limit === undefined ? undefined : indexOf(setting, request);
      const waitS = address === undefined ? undefined : limit?.waitS(address, setting.clock());
      return waitS === undefined ? undefined : { code: 'REQUEST_LIMITED', facts: { retryAfterS: waitS } };
    },
    async count(setting: Setting, request: Request, handled: Handled): Promise<void> {
      if (limit === undefined || perAddress === undefined) return;
      const { counted } = perAddress;
      if (counted !== 'every call' && (handled.ok || !counted.includes(handled.refusal.code))) return;
      const address = indexOf(setting, request);
      if (address !== undefined) await limit.count(setting.db, address, setting.clock());
    },
  };
}

/** Runs the handler; a creating POST under its key (DESIGN §6). */
async function handleOnce(
  spec: MountedRoute,
  { db, clock }: Setting,
  request: Request,
  response: Response,
  call: Callers & { readonly idempotencyKey: string; readonly requestHash: () => Uint8Array },
  handle: () => Promise<Handled>,
): Promise<Handled | 'answered'> {
  if (spec.creates !== true) return handle();
  const scope = `${request.method} ${request.path} ${call.officer.officer}${call.owner.person}`;
  const use = { scope, key: call.idempotencyKey, requestHash: call.requestHash() };
  const claim = await claimOnce(db, use, clock, REPEAT_WAIT_MS);
  if (claim.state === 'refused') return { ok: false, refusal: claim.refusal };
  if (claim.state === 'answered') {
    if (!response.headersSent) response.status(claim.status).type('application/json').send(claim.body);
    return 'answered';
  }
  return keepAnswer(spec, claim.once, handle);
}

async function keepAnswer(spec: MountedRoute, once: Once, handle: () => Promise<Handled>): Promise<Handled> {
  let handled: Handled;
  try {
    handled = await handle();
  } catch (error) {
    await once.broke(error);
    throw error;
  }
  if (handled.ok) await once.settle(spec.status ?? 200, JSON.stringify(handled.value));
  else await once.release();
  return handled;
}

/** Who calls, and from where, before a byte of the body is read: what strangers can make us parse stays small. */
async function admitted<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends Shape | undefined,
>(
  spec: RouteSpec<P, Q, B>,
  setting: Setting,
  request: Request,
  response: Response,
): Promise<Result<Call<P, Q, B> & { readonly requestHash: () => Uint8Array }, Refusal>> {
  const callers = await readCallers(setting.sessions, spec.as, request);
  if (callers === undefined) return refuse('NOT_SIGNED_IN');
  if (!isSafe(request) && !isSameOrigin(request, setting.origins)) return refuse('REQUEST_ORIGIN');
  if (spec.proved === true && setting.clock() - callers.officer.provedAt > PROOF_LIFE_MS)
    return refuse('PROOF_NEEDED');
  const body = await bodyOf(spec as MountedRoute, request);
  if (!body.ok) return body;
  return readCall(spec, request, response, callers, body.value);
}

type Body = { readonly bytes: Uint8Array; readonly json: unknown };

async function bodyOf(spec: MountedRoute, request: Request): Promise<Result<Body, Refusal>> {
  if (spec.method === 'get') return ok({ bytes: new Uint8Array(), json: undefined });
  const types = spec.rawTypes ?? [JSON_TYPE];
  const bytes = await readBody(request, { limit: spec.limit ?? DEFAULT_LIMIT, types });
  if (!bytes.ok) return bytes;
  // A route that takes no body is not asked for a type either, and an empty body is none.
  if (spec.rawTypes !== undefined || bytes.value.length === 0)
    return ok({ bytes: bytes.value, json: undefined });
  const json = parseWireJson(bytes.value);
  return json.ok ? ok({ bytes: bytes.value, json: json.value }) : json;
}

type CallRefusal = Refusal<'REQUEST_MALFORMED' | 'IDEMPOTENCY_KEY_MISSING'>;

function readCall<P extends Shape | undefined, Q extends Shape | undefined, B extends Shape | undefined>(
  spec: RouteSpec<P, Q, B>,
  request: Request,
  response: Response,
  callers: Callers,
  { bytes, json }: Body,
): Result<Call<P, Q, B> & { readonly requestHash: () => Uint8Array }, CallRefusal> {
  const key = request.get('idempotency-key') ?? '';
  if (spec.creates === true && !IDEMPOTENCY_KEY.test(key)) return refuse('IDEMPOTENCY_KEY_MISSING');
  const read = { params: request.params, query: request.query, body: json };
  for (const part of ['params', 'query', 'body'] as const) {
    const shape = spec[part];
    if (shape === undefined) continue;
    const parsed = shape.safeParse(read[part]);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const place = [part, ...(issue?.path ?? [])].join('.');
      return refuse('REQUEST_MALFORMED', place, { reason: issue?.code ?? 'invalid' });
    }
    read[part] = parsed.data as never;
  }
  return ok({
    ...(read as { params: Out<P>; query: Out<Q>; body: Out<B> }),
    raw: spec.rawTypes === undefined ? new Uint8Array() : bytes,
    ...callers,
    idempotencyKey: key,
    requestHash: () => sha256(concat(utf8(`${request.originalUrl}\n`), bytes)),
    sessionHash: (kind: 'officer' | 'owner') => sessionHash(request, kind),
    setSession: (kind: 'officer' | 'owner', token: Uint8Array, maxAgeS: number) =>
      setSession(response, kind, toBase64Url(token), maxAgeS),
    endSession: (kind: 'officer' | 'owner') => setSession(response, kind, '', 0),
    userAgent: request.get('user-agent') ?? '',
  });
}
