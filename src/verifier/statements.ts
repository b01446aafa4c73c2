/** The accepted casts in log order, each with its bytes, its ballots and what it answers (SPEC 6.1–6.3). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { parseInstant } from '../base/instant.ts';
import type { BallotClaims } from '../record/ballot.ts';
import { ballotForm, ballotHash } from '../record/ballot.ts';
import type { CredentialLine } from '../record/bundle-lines.ts';
import type { Cast } from '../record/cast.ts';
import { castForm, castHash } from '../record/cast.ts';
import type { EntryOf } from '../record/entry.ts';
import { verifyJws } from '../record/jws.ts';
import type { Proposal } from '../record/meeting.ts';
import { cameInAt } from '../record/promise.ts';
import type { Signature } from '../record/signature.ts';
import { noteRefusal } from './bundle-contents.ts';
import { castsOf } from './entry-scope.ts';
import { closeBefore } from './moved-close.ts';
import type { Promises } from './promises.ts';
import type { Days } from './time-brackets.ts';
import { daysOf } from './time-brackets.ts';
import type { Verification } from './verification.ts';

/** An answer; proposal and claims are undefined where its ballot is not in the bundle or not authentic. */
export type Answer = {
  readonly ballot: string;
  readonly sealed: Uint8Array;
  readonly claims: BallotClaims | undefined;
  readonly proposal: Proposal | undefined;
};

/** An accepted cast at its log index. */
export type Statement = {
  readonly where: string;
  readonly index: number;
  readonly entry: EntryOf<'cast.accepted' | 'cast.restored'>;
  readonly cast: Cast;
  /** 32 bytes that the credential signs. */
  readonly hash: Uint8Array;
  readonly signature: Signature;
  readonly credential: CredentialLine | undefined;
  readonly answers: readonly Answer[];
  /** What is good until a day is judged on these: for a restored cast the day of its promise (CAST-06). */
  readonly days: Days;
};

/** Every ballot of the bundle by its hash; JWS-01 judges their signatures. */
function readBallots({ contents, definition, notebook }: Verification): ReadonlyMap<string, BallotClaims> {
  const claims = new Map<string, BallotClaims>();
  const key = fromBase64Url(definition.keys.ballot) ?? new Uint8Array();
  for (const { where, value } of contents.ballots ?? []) {
    const verified = verifyJws(value.token, 'owners-vote-ballot+jws', key, ballotForm);
    if (verified.ok) {
      notebook.same('JWS-01', `${where} iss`, definition.origin, verified.value.iss);
      claims.set(ballotHash(value.token), verified.value);
    } else notebook.finding('JWS-01', where, 'a ballot signed by the ballot key', verified.refusal.code);
  }
  return claims;
}

/** The day on which a restored cast came in by its promise; undefined where there is no such promise. */
function promisedDays(
  the: Verification,
  promises: Promises,
  index: number,
  entry: EntryOf<'cast.restored'>,
): Days {
  const promise = promises.get(entry.promiseHash);
  const opensAt = parseInstant(the.definition.window.opens) ?? 0;
  const window = { opensAt, closesAt: closeBefore(the, index) };
  const at = promise?.ok === true ? cameInAt(promise.value, window) : undefined;
  const day = at === undefined ? undefined : civilDateAt(at);
  return { first: day, last: day };
}

/** The casts that the log accepted and the bundle holds, in log order; undefined where the bundle cannot say. */
export function readStatements(the: Verification, promises: Promises): readonly Statement[] | undefined {
  const { contents, definition, log, notebook } = the;
  const { casts, ballots, credentials } = contents;
  if (ballots === undefined) notebook.cannot('JWS-01', contents.whyNot('ballots.jsonl'));
  else notebook.made('JWS-01');
  if (casts === undefined || ballots === undefined || credentials === undefined) return undefined;
  const claimsOf = readBallots(the);
  const proposals = new Map(definition.proposals.map((proposal) => [proposal.proposal, proposal]));
  const credentialOf = new Map(credentials.map(({ value }) => [value.credential, value]));
  const byHash = new Map<string, Omit<Statement, 'index' | 'entry' | 'days'>>();
  for (const { where, value: line } of casts) {
    const bytes = fromBase64Url(line.cast) ?? new Uint8Array();
    const parsed = castForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, where, parsed.refusal);
      continue;
    }
    const cast = parsed.value;
    const hash = castHash(bytes);
    const answers = cast.answers.map(({ ballot, sealed }): Answer => {
      const claims = claimsOf.get(ballot);
      const proposal = claims && proposals.get(claims.proposal);
      return { ballot, sealed: fromBase64Url(sealed) ?? new Uint8Array(), claims, proposal };
    });
    const credential = credentialOf.get(cast.credential);
    byHash.set(toBase64Url(hash), { where, cast, hash, signature: line.signature, credential, answers });
  }
  const statements: Statement[] = [];
  for (const { index, entry } of castsOf(log, definition.meeting)) {
    const read = byHash.get(entry.castHash);
    const days =
      entry.kind === 'cast.restored'
        ? promisedDays(the, promises, index, entry)
        : daysOf(the.brackets, index);
    if (read !== undefined) statements.push({ ...read, index, entry, days });
  }
  return statements;
}
