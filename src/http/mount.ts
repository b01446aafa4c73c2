/**
 * The one way to mount a route: who may call it, what it takes and gives as zod schemas that also make the OpenAPI
 * document, and refusals as problem documents. Attacker-controlled requests enter the program here.
 */
import type { Request, RequestHandler, Response, Router } from 'express';
import express from 'express';
import type { z } from 'zod';
import { toBase64Url, utf8 } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Database } from '../db/connect.ts';
import { claimKey, releaseKey, settleKey } from '../db/idempotency.ts';
import { sessionHash, setSession } from './cookies.ts';
import type { ProblemExtras } from './problem.ts';
import { sendProblem } from './problem.ts';

/** Who is signed in, as the features' own session functions say. */
export type OfficerCaller = {
  readonly officer: string;
  readonly name: string;
  readonly role: string;
  readonly community: string;
};
export type OwnerCaller = {
  readonly person: string;
  readonly community: string;
  readonly credential: string;
};

/** Finds sessions; given once when the app is put together. */
export type SessionReaders = {
  readonly officer: (tokenHash: Uint8Array) => Promise<OfficerCaller | undefined>;
  readonly owner: (tokenHash: Uint8Array) => Promise<OwnerCaller | undefined>;
};

type Shape = z.ZodType;
type Out<S> = S extends Shape ? z.output<S> : undefined;

/** One route, as the mount table and the OpenAPI document see it. */
export type RouteSpec<P, Q, B> = {
  readonly method: 'get' | 'post' | 'delete';
  /** Express path, such as `/v1/meetings/:meeting/casts`. */
  readonly path: string;
  readonly summary: string;
  readonly as: 'anyone' | 'officer' | 'owner';
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: Shape;
  readonly status?: 200 | 201 | 202;
  /** Largest body in bytes; 64 KiB unless said otherwise. */
  readonly limit?: number;
  /** A creating POST that needs an `Idempotency-Key`. */
  readonly creates?: boolean;
  /** Raw bytes instead of JSON, of these content types. */
  readonly rawTypes?: readonly string[];
  /** `text/plain`, `text/csv` … for answers that are text, not JSON. */
  readonly textType?: string;
};

/** What a handler is given. */
export type Call<P, Q, B> = {
  readonly params: Out<P>;
  readonly query: Out<Q>;
  readonly body: Out<B>;
  readonly raw: Uint8Array;
  readonly officer: OfficerCaller;
  readonly owner: OwnerCaller;
  readonly idempotencyKey: string;
  /** Session cookie of this request as a hash, for signing out. */
  readonly sessionHash: (kind: 'officer' | 'owner') => Uint8Array | undefined;
  readonly setSession: (kind: 'officer' | 'owner', token: Uint8Array, maxAgeS: number) => void;
  readonly endSession: (kind: 'officer' | 'owner') => void;
};

export type Handled =
  | Result<unknown, Refusal>
  | { readonly ok: false; readonly refusal: Refusal; readonly extras: ProblemExtras };

/** A mounted route with its schemas, for the OpenAPI document and the matrix of unauthorised calls. */
export type MountedRoute = RouteSpec<Shape | undefined, Shape | undefined, Shape | undefined>;

const mounted: MountedRoute[] = [];
/** All routes mounted in this process, in order. */
export const mountedRoutes = (): readonly MountedRoute[] => mounted;

const DEFAULT_LIMIT = 64 * 1024;
const NOBODY_OFFICER: OfficerCaller = { officer: '', name: '', role: '', community: '' };
const NOBODY_OWNER: OwnerCaller = { person: '', community: '', credential: '' };

/** Mounts a route. */
export function route<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(router: Router, spec: RouteSpec<P, Q, B>, handle: (call: Call<P, Q, B>) => Promise<Handled>): void {
  const known = mounted.findIndex(({ method, path }) => method === spec.method && path === spec.path);
  if (known >= 0) mounted.splice(known, 1);
  mounted.push(spec as MountedRoute);
  const limit = spec.limit ?? DEFAULT_LIMIT;
  const parser =
    spec.rawTypes === undefined
      ? express.json({ limit, strict: true, type: 'application/json', inflate: false })
      : express.raw({ limit, type: [...spec.rawTypes], inflate: false });
  const steps = spec.method === 'get' ? [admit(spec.as)] : [admit(spec.as), parser];
  router[spec.method](spec.path, ...steps, async (request: Request, response: Response) => {
    const call = readCall(spec, request, response);
    if (!call.ok) return sendProblem(response, call.refusal);
    const once = spec.creates === true ? await firstTime(request, response, call.value) : undefined;
    if (once === 'answered') return;
    const handled = await handle(call.value);
    if (!handled.ok) {
      await once?.release();
      return sendProblem(response, handled.refusal, 'extras' in handled ? handled.extras : {});
    }
    await once?.settle(spec.status ?? 200, JSON.stringify(handled.value));
    sendAnswer(response, spec as MountedRoute, handled.value);
  });
}

/** What is done with the key of a creating POST after it was handled. */
type Once = {
  readonly settle: (status: number, body: string) => Promise<void>;
  readonly release: () => Promise<void>;
};

/** The same key and body get the first answer again; the same key with another body is refused (DESIGN §6). */
async function firstTime(
  request: Request,
  response: Response,
  call: { readonly officer: OfficerCaller; readonly owner: OwnerCaller; readonly idempotencyKey: string },
): Promise<Once | 'answered'> {
  const db = request.app.get('db') as Database;
  const now = (request.app.get('clock') as () => number)();
  const scope = `${request.method} ${request.originalUrl} ${call.officer.officer}${call.owner.person}`;
  const use = {
    scope,
    key: call.idempotencyKey,
    requestHash: sha256(utf8(JSON.stringify(request.body ?? null))),
  };
  const claim = await claimKey(db, use, now);
  if (claim.state === 'new') {
    return {
      settle: (status, body) => settleKey(db, use, { status, body }),
      release: () => releaseKey(db, use),
    };
  }
  if (claim.state === 'answered') {
    response.status(claim.status).set('Cache-Control', 'no-store').type('application/json').send(claim.body);
  } else {
    sendProblem(response, {
      code: claim.state === 'reused' ? 'IDEMPOTENCY_KEY_REUSED' : 'IDEMPOTENCY_KEY_IN_FLIGHT',
    });
  }
  return 'answered';
}

function sendAnswer(response: Response, spec: MountedRoute, value: unknown): void {
  response.status(spec.status ?? 200).set('Cache-Control', 'no-store');
  if (spec.textType !== undefined) response.type(spec.textType).send(String(value));
  else response.type('application/json').send(JSON.stringify(value));
}

type CallRefusal = Refusal<'REQUEST_MALFORMED' | 'REQUEST_TYPE' | 'IDEMPOTENCY_KEY_MISSING'>;

/** Who calls, and from where, before a byte of the body is read: what strangers can make us parse stays small. */
const admit =
  (as: 'anyone' | 'officer' | 'owner'): RequestHandler =>
  async (request, response, next) => {
    const callers = await readCallers(as, request);
    if (callers === undefined) return sendProblem(response, { code: 'NOT_SIGNED_IN' });
    if (request.method !== 'GET' && !isSameOrigin(request))
      return sendProblem(response, { code: 'REQUEST_ORIGIN' });
    response.locals['callers'] = callers;
    next();
  };

function readCall<P extends Shape | undefined, Q extends Shape | undefined, B extends Shape | undefined>(
  spec: RouteSpec<P, Q, B>,
  request: Request,
  response: Response,
): Result<Call<P, Q, B>, CallRefusal> {
  const callers = response.locals['callers'] as { officer: OfficerCaller; owner: OwnerCaller };
  const changes = spec.method !== 'get';
  const hasBody = spec.body !== undefined || spec.rawTypes !== undefined;
  if (changes && hasBody && request.body === undefined) return refuse('REQUEST_TYPE');
  const key = request.get('idempotency-key') ?? '';
  if (spec.creates === true && !/^[\x21-\x7e]{1,128}$/.test(key)) return refuse('IDEMPOTENCY_KEY_MISSING');
  const read = { params: request.params, query: request.query, body: request.body as unknown };
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
  return {
    ok: true,
    value: {
      ...(read as { params: Out<P>; query: Out<Q>; body: Out<B> }),
      raw: Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array(),
      ...callers,
      idempotencyKey: key,
      sessionHash: (kind) => sessionHash(request, kind),
      setSession: (kind, token, maxAgeS) => setSession(response, kind, toBase64Url(token), maxAgeS),
      endSession: (kind) => setSession(response, kind, '', 0),
    },
  };
}

/** Some public pages show more to an officer, such as a draft. */
async function officerIfAny(request: Request, readers: SessionReaders): Promise<OfficerCaller> {
  const hash = request.method === 'GET' ? sessionHash(request, 'officer') : undefined;
  return (hash === undefined ? undefined : await readers.officer(hash)) ?? NOBODY_OFFICER;
}

async function readCallers(as: 'anyone' | 'officer' | 'owner', request: Request) {
  const readers = request.app.get('sessions') as SessionReaders;
  if (as === 'anyone') return { officer: await officerIfAny(request, readers), owner: NOBODY_OWNER };
  const hash = sessionHash(request, as);
  if (hash === undefined) return undefined;
  if (as === 'officer') {
    const officer = await readers.officer(hash);
    return officer === undefined ? undefined : { officer, owner: NOBODY_OWNER };
  }
  const owner = await readers.owner(hash);
  return owner === undefined ? undefined : { officer: NOBODY_OFFICER, owner };
}

/** Browsers send Origin with every POST; programs send none. A foreign one never acts with somebody's cookie. */
function isSameOrigin(request: Request): boolean {
  const origin = request.get('origin');
  if (origin === undefined) return request.get('sec-fetch-site') === undefined;
  return (request.app.get('origins') as readonly string[]).includes(origin);
}
