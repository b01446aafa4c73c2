/**
 * The HTTP server with its defence against clients that hold connections: every wait has an end, every count a bound, and what
 * the parser refuses is answered like any other refusal (DESIGN §5).
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../base/result.ts';
import { clientAddress, isLoopback } from './client-address.ts';
import type { ConnectionBook } from './connection-book.ts';
import { connectionBook } from './connection-book.ts';
import type { ProblemDocument } from './problem.ts';
import { problemDocument } from './problem.ts';

/** Times in ms, sizes in bytes. */
export type HttpLimits = {
  /** From the first byte of a request, or from the connection, to the end of its headers. */
  readonly headersMs: number;
  /** To the end of its body; routes have shorter times of their own. */
  readonly requestMs: number;
  /** From the end of an answer in our buffers to its last byte handed over: who does not read is cut off. */
  readonly answerMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** How often all of these are looked at. */
  readonly checkEveryMs: number;
  /** How long a client that was refused may go on sending before it is cut off, so that it can read why. */
  readonly lingerMs: number;
  readonly headerBytes: number;
  readonly headerCount: number;
  readonly requestsPerConnection: number;
  /** Requests of one connection that may wait for answers at once (pipelining). */
  readonly requestsAtOnce: number;
  /** All connections; beyond, the one that has waited longest without a whole request makes room. */
  readonly connections: number;
  /** The same for one address that is not on this machine. */
  readonly connectionsPerAddress: number;
  /** Requests of one client's address that may be under way at once, over all of its connections and behind our proxy too. */
  readonly requestsPerAddress: number;
};

/** The limits in production. A load balancer must not keep idle connections longer than `keepAliveMs`. */
export const HTTP_LIMITS: HttpLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  answerMs: 30_000,
  keepAliveMs: 10_000,
  checkEveryMs: 1_000,
  lingerMs: 2_000,
  headerBytes: 16 * 1024,
  headerCount: 100,
  requestsPerConnection: 10_000,
  requestsAtOnce: 16,
  connections: 4_000,
  connectionsPerAddress: 400,
  requestsPerAddress: 50,
};

/** What the parser and the clocks of node call a fault, as our refusals. */
function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return { code: 'REQUEST_HEADERS' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { code: 'REQUEST_TIMEOUT' };
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { code: 'REQUEST_TOO_LARGE' };
  return { code: 'REQUEST_MALFORMED', where: 'http' };
}

/** What an answer says that never reaches the application, and so has none of its headers. */
const CAREFUL = {
  'Content-Type': 'application/problem+json; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  Connection: 'close',
} as const;

type Headers = Readonly<Record<string, string>>;

function headersOf({ retryAfterS, text }: ProblemDocument, more: Headers): Headers {
  return {
    ...CAREFUL,
    'Content-Length': String(Buffer.byteLength(text)),
    ...(retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) }),
    ...more,
  };
}

/** A whole answer for a connection that has no response object, and is over. */
function rawAnswer(refusal: Refusal, more: Headers = {}): string {
  const problem = problemDocument(refusal);
  const headers = headersOf(problem, more);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    problem.text,
  ].join('\r\n');
}

/** Says why and closes; what still comes in is thrown away for a while, since a reset would take the answer with it. */
function closeWith(socket: Duplex, text: string, lingerMs: number): void {
  // A socket that node has given up to us (CONNECT) has no listener for errors left, and one without ends the process.
  socket.on('error', () => undefined);
  socket.end(text);
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(cut));
}

/** Answers on the response object, for requests that were parsed but go no further. */
function answerProblem(response: ServerResponse, refusal: Refusal): void {
  const problem = problemDocument(refusal);
  response.writeHead(problem.status, headersOf(problem, {}));
  response.end(problem.text);
}

/** How many requests of a client's address are under way, this one included; a program on this machine is not counted. */
function crowdCounter(): (request: IncomingMessage, response: ServerResponse) => number {
  const underWay = new Map<string, number>();
  return (request, response) => {
    const address = clientAddress(request);
    if (address === undefined) return 0;
    const count = (underWay.get(address) ?? 0) + 1;
    underWay.set(address, count);
    response.once('close', () => {
      const left = (underWay.get(address) ?? 1) - 1;
      if (left === 0) underWay.delete(address);
      else underWay.set(address, left);
    });
    return count;
  };
}

/** What is wrong with a request that the parser let through, or undefined. */
function faultOf(
  { rawHeaders, httpVersion }: IncomingMessage,
  { headerCount }: HttpLimits,
): Refusal | undefined {
  if (rawHeaders.length / 2 > headerCount) return { code: 'REQUEST_HEADERS' };
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0'))
    return { code: 'REQUEST_MALFORMED', where: 'host' };
  return undefined;
}

function onClientError(book: ConnectionBook, { lingerMs }: HttpLimits) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    // The broken parser complains again of every further byte.
    if (book.end(socket)) return;
    const waiting = book.unansweredOf(socket);
    const newest = waiting.at(-1);
    const isFaulty = newest !== undefined && !newest.req.complete && !newest.headersSent;
    const lastGood = waiting.at(isFaulty ? -2 : -1);
    if (lastGood === undefined) closeWith(socket, rawAnswer(refusalOf(error.code)), lingerMs);
    // Answers of good requests before the faulty one go out first, and take the place of its own.
    else lastGood.once('close', () => closeWith(socket, '', lingerMs));
  };
}

/** Makes the server; nothing is listening yet. `isShared`: an address behind which many clients stand, such as our own proxy. */
export function createHttpServer(
  app: RequestListener,
  limits: HttpLimits = HTTP_LIMITS,
  isShared: (address: string | undefined) => boolean = isLoopback,
): Server {
  const book = connectionBook(limits, isShared);
  const crowd = crowdCounter();
  const refusalFor = (request: IncomingMessage, response: ServerResponse): Refusal | undefined => {
    const waiting = book.begin(request.socket, response);
    const fault = faultOf(request, limits);
    if (fault !== undefined) return fault;
    const isCrowd = crowd(request, response) > limits.requestsPerAddress;
    return isCrowd || waiting > limits.requestsAtOnce ? { code: 'UNAVAILABLE' } : undefined;
  };
  /** The last answer of a connection; requests that the client has sent behind it have no effect (RFC 9112 §9.6). */
  const endWith = (request: IncomingMessage, response: ServerResponse, refusal: Refusal): void => {
    if (!book.end(request.socket)) answerProblem(response, refusal);
  };
  const accept = (request: IncomingMessage, response: ServerResponse): void => {
    if (book.isEnding(request.socket)) return;
    const refusal = refusalFor(request, response);
    if (refusal !== undefined) {
      endWith(request, response, refusal);
      return;
    }
    app(request, response);
  };
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytes,
      // A missing Host is answered by ourselves, as a problem.
      requireHostHeader: false,
      noDelay: true,
    },
    accept,
  );
  // Bounded by their bytes and counted by ourselves; node would silently drop those beyond its count.
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.on('connection', (socket) => book.open(socket));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    if (book.isEnding(request.socket)) return;
    book.begin(request.socket, response);
    endWith(request, response, { code: 'REQUEST_EXPECTATION' });
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    book.end(socket);
    // An empty Allow: there is no other method for an address of this kind (RFC 9110 §10.2.1).
    closeWith(socket, rawAnswer({ code: 'METHOD_NOT_ALLOWED' }, { Allow: '' }), limits.lingerMs);
  });
  server.on('clientError', onClientError(book, limits));
  const watch = setInterval(() => book.sweep(performance.now(), !server.listening), limits.checkEveryMs);
  watch.unref();
  server.once('close', () => clearInterval(watch));
  return server;
}
