/**
 * Accepting a cast: everything that needs no lock is checked first, then the cast joins a group that is decided and written
 * in one transaction with its log entries (SPEC 6.5, 6.6). A refusal leaves only a count.
 */

import { toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { outageOf } from '../db/outages.ts';
import { castHash } from '../record/cast.ts';
import type { Signature } from '../record/signature.ts';
import { promiseCast, signRefusal } from './acknowledging.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { armedMeeting } from './cast-facts.ts';
import type { ArmedMeeting } from './domain/cast-checking.ts';
import { checkCast, readCast } from './domain/cast-checking.ts';
import type { CastRefusalCode } from './domain/cast-refusals.ts';
import type { Unavailable } from './entering.ts';

type CastRefusal = Refusal<CastRefusalCode>;

/** A cast as it came in; `receivedAt` is when its body was wholly received. */
export type IncomingCast = {
  readonly meeting: string;
  readonly bytes: Uint8Array;
  readonly signature: Signature;
  readonly receivedAt: Instant;
};

/** The signed acknowledgement, and whether this very cast had been accepted before. */
export type Accepted = {
  readonly acknowledgement: string;
  readonly castHash: string;
  readonly repeated: boolean;
};

/** A refusal with the server's signature under it, where there is a meeting to count it for. */
export type SignedRefusal = {
  readonly ok: false;
  readonly refusal: CastRefusal;
  readonly extras: { readonly refusal: string };
};

type Answered = Result<Accepted, Refusal<'MEETING_UNKNOWN' | Unavailable>> | SignedRefusal;

/** Accepts a cast, or refuses it with a signed refusal, or says that nothing can be said now. */
export function acceptCast(deps: BallotDeps, incoming: IncomingCast): Promise<Answered> {
  return deps.casts.watch(incoming.receivedAt, answer(deps, incoming));
}

async function answer(deps: BallotDeps, incoming: IncomingCast): Promise<Answered> {
  try {
    return await answerOnce(deps, incoming);
  } catch (error) {
    const outage = outageOf(error);
    if (outage === undefined) throw error;
    return refuse(outage);
  }
}

async function answerOnce(deps: BallotDeps, incoming: IncomingCast): Promise<Answered> {
  const armed = await armedMeeting(deps.db, deps.casts.memory, incoming.meeting);
  if (armed === undefined) return refuse('MEETING_UNKNOWN');
  const outcome = await decide(deps, armed, incoming);
  return 'refused' in outcome ? refuseSigned(deps, armed, incoming, outcome.refused) : outcome;
}

async function refuseSigned(
  deps: BallotDeps,
  armed: ArmedMeeting,
  incoming: IncomingCast,
  refusal: CastRefusal,
): Promise<Answered> {
  const { code } = refusal;
  const { community, meeting } = armed;
  const counted = deps.casts.refusals.add({ community, meeting, code });
  if (counted === undefined) return refuse('SERVICE_BUSY');
  await counted;
  const token = await signRefusal(armed, castHash(incoming.bytes), code, deps.keys.ack, deps.clock());
  return { ok: false, refusal, extras: { refusal: token } };
}

type Decided = Result<Accepted, Refusal<Unavailable>> | { readonly refused: CastRefusal };

async function decide(deps: BallotDeps, armed: ArmedMeeting, incoming: IncomingCast): Promise<Decided> {
  const read = readCast(armed, incoming);
  if (!read.ok) return { refused: read.refusal };
  const facts = deps.casts.facts.add(read.value);
  if (facts === undefined) return refuse('SERVICE_BUSY');
  const checked = checkCast(read.value, await facts);
  if (!checked.ok) return { refused: checked.refusal };
  const promised = await promiseCast(checked.value, deps.keys.ack, deps.clock());
  const entering = deps.casts.entering.add(promised);
  if (entering === undefined) return refuse('SERVICE_BUSY');
  const entered = await entering;
  if (entered.became === 'refused') return { refused: entered.refusal };
  if (entered.became === 'unavailable') return refuse(entered.code);
  return ok({
    acknowledgement: entered.acknowledgement,
    castHash: toBase64Url(promised.hash),
    repeated: entered.became === 'repeated',
  });
}
