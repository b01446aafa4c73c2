/**
 * The body of a request within its route's limits: refused by its declared length before a byte is read, by its real length
 * before the first byte too many is kept, and by its type, charset and coding before it is parsed.
 */
import type { IncomingMessage } from 'node:http';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';

export type BodyRefusal = Refusal<'REQUEST_TOO_LARGE' | 'REQUEST_TYPE' | 'REQUEST_ABORTED'>;

/** What a route takes. */
export type BodyRules = {
  /** Largest body in bytes. */
  readonly limit: number;
  /** Content types, in lower case, without parameters. */
  readonly types: readonly string[];
};

/** JSON has one encoding; files of other types say theirs themselves, or their reader finds it out. */
export const JSON_TYPE = 'application/json';
const JSON_CHARSET = /^utf-?8$/i;

/** The bare type and its charset, as a header gives them; an unreadable header is no type at all. */
function contentType(header: string | undefined): { readonly type: string; readonly charset: string } {
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter)) ?? '';
  return { type: type.toLowerCase(), charset: charset.slice('charset='.length).replaceAll('"', '') };
}

const isEmpty = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? '0') === 0;

function acceptable(request: IncomingMessage, { limit, types }: BodyRules): Result<true, BodyRefusal> {
  const { headers } = request;
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (coding !== '' && coding !== 'identity') return refuse('REQUEST_TYPE', 'content-encoding');
  const { type, charset } = contentType(headers['content-type']);
  if (!types.includes(type)) return refuse('REQUEST_TYPE', 'content-type');
  if (type === JSON_TYPE && charset !== '' && !JSON_CHARSET.test(charset))
    return refuse('REQUEST_TYPE', 'charset');
  if (Number(headers['content-length'] ?? '0') > limit) return refuse('REQUEST_TOO_LARGE');
  return ok(true);
}

/** The whole body; an empty one of any type is no bytes. Whoever hangs up in the middle is refused, though he cannot hear it. */
export async function readBody(
  request: IncomingMessage,
  rules: BodyRules,
): Promise<Result<Uint8Array, BodyRefusal>> {
  if (isEmpty(request)) return ok(new Uint8Array());
  const fits = acceptable(request, rules);
  if (!fits.ok) return fits;
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const end = (outcome: Result<Uint8Array, BodyRefusal>): void => {
      request.off('data', take).off('end', done).off('error', lost).off('close', lost);
      // What still comes is thrown away unread; a late error of the socket has no other listener.
      request.on('error', () => undefined).resume();
      resolve(outcome);
    };
    const take = (chunk: Uint8Array): void => {
      size += chunk.length;
      if (size > rules.limit) end(refuse('REQUEST_TOO_LARGE'));
      else chunks.push(chunk);
    };
    const done = (): void => end(ok(new Uint8Array(Buffer.concat(chunks, size))));
    const lost = (): void => end(refuse('REQUEST_ABORTED'));
    request.on('data', take).on('end', done).on('error', lost).on('close', lost);
  });
}
