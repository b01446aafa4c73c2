/** A cast: one owner's statement on all proposals, under one signature (SPEC 6.3), and its place in a chain (SPEC 6.7). */
import { toBase64Url } from '../base/bytes.ts';
import { h256 } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm } from './schema.ts';
import { hash, id, idOrNone, nonce, someBytes } from './shapes.ts';

const cast = closed({
  v: exactly(1),
  kind: oneOf('cast'),
  /** `meetingHash` of the opened definition. */
  meeting: hash,
  entitlement: id,
  credential: id,
  mandate: idOrNone,
  /** The officer who assisted at the counter, or none. */
  assisted: idOrNone,
  seq: integer(1, 1000),
  /** Hash of the former item of the chain; zeros for the first. */
  prev: hash,
  /** The newest checkpoint that the page verified. */
  size: integer(0, Number.MAX_SAFE_INTEGER),
  root: hash,
  nonce,
  /** In the definition's order, only where the entitlement has area. */
  answers: list(closed({ ballot: hash, sealed: someBytes(20_000) }), 40, 1),
});

export type Cast = Of<typeof cast>;
/** 40 answers of the longest kind fit; the route's limit is smaller. */
export const castForm = recordForm(cast, 'cast', 1024 * 1024);

/** `H256("cast", bytes)`: what the credential signs. */
export const castHash = (bytes: Uint8Array): Uint8Array => h256('cast', bytes);

/** `prev` of the first item of a chain. */
export const CHAIN_START = toBase64Url(new Uint8Array(32));
