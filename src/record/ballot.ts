/** A ballot: the server's signed statement of who may vote on what, with which weight (SPEC 6.1). */
import { utf8 } from '../base/bytes.ts';
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, integer, oneOf, recordForm, text } from './schema.ts';
import { decimal, hash, id, idOrNone } from './shapes.ts';

const ballotClaims = closed({
  iss: text(200),
  jti: id,
  /** Seconds since 1970 from which it may be used: the opening of the window. */
  nbf: integer(0, Number.MAX_SAFE_INTEGER),
  meeting: hash,
  proposal: id,
  entitlement: id,
  credential: id,
  mandate: idOrNone,
  areaDm2: decimal,
  heads: integer(1, 1),
  mode: oneOf('open', 'secret'),
});

export type BallotClaims = Of<typeof ballotClaims>;
export const ballotForm = recordForm(ballotClaims, 'ballot', 4096);

/** `ballot` = H256("ballot", ASCII of the compact form). */
export const ballotHash = (token: string): string => h256Text('ballot', utf8(token));
