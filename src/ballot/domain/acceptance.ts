/** Whether a cast fits its meeting, its entitlement and its chain: every rule of SPEC 6.5 and 6.7 that needs no database. */
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { isBoxKey } from '../../crypto/sealed-box.ts';
import type { BallotClaims } from '../../record/ballot.ts';
import { ballotForm } from '../../record/ballot.ts';
import type { Cast } from '../../record/cast.ts';
import { CHAIN_START } from '../../record/cast.ts';
import { ephemeralKeyOf, sealedSize } from '../../record/choice.ts';
import { verifyJws } from '../../record/jws.ts';
import type { Definition, Proposal } from '../../record/meeting.ts';
import type { RollLeaf } from '../../record/roll.ts';
import { weightOf } from '../../record/roll.ts';
import type { CastRefusalCode } from './cast-refusals.ts';

type CastRefusal = Refusal<CastRefusalCode>;

/** The window by server receipt time: the opening instant counts, the closing instant does not. */
export function isInWindow(
  receivedAt: Instant,
  window: { readonly opensAt: Instant; readonly closesAt: Instant },
): Result<undefined, CastRefusal> {
  if (receivedAt < window.opensAt) return refuse('VOTING_NOT_OPEN');
  return receivedAt < window.closesAt ? ok(undefined) : refuse('VOTING_CLOSED');
}

/** The live end of an entitlement's chain; nothing where nobody has voted. */
export type ChainEnd = {
  readonly seq: number;
  readonly hash: string;
  /** Empty for a paper. */
  readonly credential: string;
  /** `void` where two officers voided what stood. */
  readonly credentialKind: 'letter' | 'passkey' | 'device' | 'paper' | 'void';
  /** Changes since the last statement that was free of the limit (SPEC 6.7). */
  readonly revotes: number;
  /** For whom an agent cast it; none where a holder did himself. */
  readonly principal: Principal | undefined;
};

/** The principal of a mandate, and whether what was cast for him gives way to his own cast. */
export type Principal = { readonly person: string; readonly yields: boolean };

/** Whoever casts, and for whom where he is an agent. */
export type Caster = { readonly person: string; readonly principal: Principal | undefined };

/** Whether a statement takes an agent's place by its principal's own hand, which no limit touches (SPEC 6.7). */
export const isTakenOver = (former: Principal | undefined, by: Caster): boolean =>
  former?.yields === true && by.principal === undefined && by.person === former.person;

/** Which of a paper and an electronic cast counts; the notice prints it (SPEC 6.7). */
export type DuplicateRule = 'OWN_KEY' | 'FIRST_VALID' | 'ELECTRONIC_PREVAILS' | 'LAST_BEFORE_CLOSE';

/** What the profile says about voting again. */
export type RevoteRule = {
  readonly revoteLimit: number;
  readonly letterRevote: boolean;
  readonly duplicateRule: DuplicateRule;
};

/** Whether somebody would replace what his guardian brought, which no rule allows (SPEC 6.7). */
const isWardOf = (former: Principal | undefined, by: Caster): boolean =>
  former?.yields === false && by.principal === undefined && by.person === former.person;

/** Whether an electronic cast may take the place of a paper; what a holder states himself is the chain's other matter. */
export function replacesPaper(rule: DuplicateRule, former: Principal | undefined, by: Caster): boolean {
  if (isWardOf(former, by) || rule === 'FIRST_VALID') return false;
  if (by.principal === undefined) return true;
  return rule !== 'OWN_KEY' && by.principal.person === former?.person;
}

/** A paper, as far as the chain depends on it. */
type NextPaper = { readonly seq: number; readonly prev: string };

/** Whether a paper continues the chain, and the duplicate rule lets it take the place of what stands (SPEC 6.4, 6.7). */
export function continuesByPaper(
  paper: NextPaper,
  end: ChainEnd | undefined,
  rule: DuplicateRule,
  by: Caster,
): Result<undefined, Refusal<'PAPER_CHAIN' | 'PAPER_STANDS' | 'PAPER_SUPERSEDED'>> {
  const isFree = end === undefined || end.credentialKind === 'void';
  if (!isFree && rule !== 'LAST_BEFORE_CLOSE') return refuse('PAPER_STANDS');
  if (paper.seq !== (end?.seq ?? 0) + 1 || paper.prev !== (end?.hash ?? CHAIN_START))
    return refuse('PAPER_CHAIN');
  if (isFree) return ok(undefined);
  if (isWardOf(end.principal, by)) return refuse('PAPER_SUPERSEDED');
  const isForOther = by.principal !== undefined && by.principal.person !== end.principal?.person;
  return isForOther ? refuse('PAPER_SUPERSEDED') : ok(undefined);
}

/** Whether a cast continues the chain: next number, right predecessor, and the right to change a vote (SPEC 6.7). */
export function continuesChain(
  cast: Pick<Cast, 'seq' | 'prev' | 'credential'>,
  end: ChainEnd | undefined,
  rule: RevoteRule,
  by: Caster,
): Result<undefined, CastRefusal> {
  if (cast.seq !== (end?.seq ?? 0) + 1 || cast.prev !== (end?.hash ?? CHAIN_START))
    return refuse('CAST_CHAIN');
  if (end === undefined || end.credentialKind === 'void') return ok(undefined);
  if (isTakenOver(end.principal, by)) return ok(undefined);
  if (end.principal === undefined && by.principal !== undefined) return refuse('CAST_MANDATE_SUPERSEDED');
  if (end.credentialKind === 'paper')
    return replacesPaper(rule.duplicateRule, end.principal, by) ? ok(undefined) : refuse('CAST_PAPER_STANDS');
  if (end.principal?.person !== by.principal?.person) return refuse('CAST_REVOTE_KEY');
  const letterBars = end.credentialKind === 'letter' && !rule.letterRevote;
  if (end.credential !== cast.credential || letterBars) return refuse('CAST_REVOTE_KEY');
  return end.revotes >= rule.revoteLimit ? refuse('CAST_REVOTE_LIMIT') : ok(undefined);
}

/** A ballot of the cast with what its claims say. */
export type CheckedAnswer = { readonly proposal: Proposal; readonly sealed: Uint8Array };

/** What the answers are checked against. */
export type AnswerContext = {
  readonly definition: Definition;
  readonly meetingHash: string;
  readonly leaf: RollLeaf;
  readonly countSpecialSpaces: boolean;
  readonly credential: string;
  /** The issued ballots that the answers name, by hash. */
  readonly tokens: ReadonlyMap<string, string>;
};

/** Every answer names an issued ballot that says what the roll says, in the definition's order, once, sealed as it must be. */
export function checkAnswers(
  cast: Cast,
  context: AnswerContext,
): Result<readonly CheckedAnswer[], CastRefusal> {
  const { proposals, keys } = context.definition;
  const ballotKey = present(fromBase64Url(keys.ballot), 'checked key');
  const checked: CheckedAnswer[] = [];
  const sealedWith = new Set<string>();
  let former = -1;
  for (const [at, answer] of cast.answers.entries()) {
    const where = `answers[${at}]`;
    const token = context.tokens.get(answer.ballot);
    if (token === undefined) return refuse('CAST_BALLOT', where);
    const claims = verifyJws(token, 'owners-vote-ballot+jws', ballotKey, ballotForm);
    const place = claims.ok ? proposals.findIndex(({ proposal }) => proposal === claims.value.proposal) : -1;
    const proposal = proposals[place];
    if (!claims.ok || proposal === undefined) return refuse('CAST_BALLOT', where);
    if (place <= former) return refuse('CAST_ANSWERS', where);
    former = place;
    if (!claimsFit(claims.value, cast, proposal, context)) return refuse('CAST_BALLOT', where);
    const sealed = present(fromBase64Url(answer.sealed), 'checked bytes');
    if (sealed.length !== sealedSize(proposal.sealLength) || !isBoxKey(ephemeralKeyOf(answer.sealed))) {
      return refuse('CAST_SEALED', where);
    }
    const keyAndNonce = toBase64Url(sealed.subarray(0, 56));
    if (sealedWith.has(keyAndNonce)) return refuse('CAST_SEALED', where);
    sealedWith.add(keyAndNonce);
    checked.push({ proposal, sealed });
  }
  return ok(checked);
}

/** The roll is the authority: a ballot that says otherwise is a fault of the server's and is not accepted (SPEC 6.1). */
function claimsFit(claims: BallotClaims, cast: Cast, proposal: Proposal, context: AnswerContext): boolean {
  const weight = weightOf(context.leaf, proposal.scope, context.countSpecialSpaces);
  return (
    claims.meeting === context.meetingHash &&
    claims.entitlement === cast.entitlement &&
    claims.credential === context.credential &&
    claims.mandate === cast.mandate &&
    claims.mode === proposal.mode &&
    weight.heads === 1 &&
    claims.areaDm2 === String(weight.areaDm2)
  );
}
