/** The server's answers to a cast: the promise to log it, or the signed refusal (SPEC 6.5, 7.3). */
import { fromBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import type { JwsRefusal } from './jws.ts';
import { verifyJws } from './jws.ts';
import type { Of } from './schema.ts';
import { closed, integer, recordForm, text } from './schema.ts';
import { hash } from './shapes.ts';

const seconds = integer(0, Number.MAX_SAFE_INTEGER);

const acknowledgement = closed({
  iss: text(200),
  iat: seconds,
  /** Leaf hash of the log entry. */
  entry: hash,
  meeting: hash,
  castHash: hash,
  seq: integer(1, 1000),
  /** Seconds since 1970 by which a checkpoint covers the entry. */
  includeBy: seconds,
});

export type Acknowledgement = Of<typeof acknowledgement>;
export const acknowledgementForm = recordForm(acknowledgement, 'acknowledgement', 4096);

/** What a token promises, where the key of a definition (`keys.ack`, base64url) signed it. */
export const openAcknowledgement = (token: string, ackKey: string): Result<Acknowledgement, JwsRefusal> =>
  verifyJws(token, 'owners-vote-ack+jws', fromBase64Url(ackKey) ?? new Uint8Array(), acknowledgementForm);

const refusalClaims = closed({
  iss: text(200),
  iat: seconds,
  meeting: hash,
  castHash: hash,
  code: text(60, /^[A-Z0-9_]+$/),
});

export const refusalForm = recordForm(refusalClaims, 'refusal', 4096);

/** Longest time from commit to a covering checkpoint (SPEC 7.3). */
export const INCLUDE_WITHIN_S = 60;
