/** Whether a paper that two officers keyed fits its meeting, its serial, its entitlement and its chain (SPEC 6.4, 6.7). */
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { isBoxKey } from '../../crypto/sealed-box.ts';
import { ephemeralKeyOf, sealedSize } from '../../record/choice.ts';
import type { Mandate } from '../../record/mandate.ts';
import { isCapped, mandateFault } from '../../record/mandate.ts';
import type { Paper } from '../../record/paper.ts';
import { paperForm } from '../../record/paper.ts';
import { weightOf } from '../../record/roll.ts';
import type { Caster, ChainEnd } from './acceptance.ts';
import { continuesByPaper, isInWindow } from './acceptance.ts';
import type { ArmedMeeting, Standing } from './cast-checking.ts';
import { askedHead } from './cast-checking.ts';
import type { PaperRefusalCode } from './cast-refusals.ts';
import type { Window } from './group-deciding.ts';
import { principalOf } from './group-deciding.ts';

type PaperRefusal = Refusal<PaperRefusalCode>;

/** What the database says about a paper; at acceptance it is read under the locks of SPEC 6.5. */
export type PaperFacts = {
  readonly window: Window | undefined;
  readonly now: Instant;
  /** The printed ballot of the serial, and whether a paper has used it; a later print ends none, since nobody may void what owners have filled in. */
  readonly printed: { readonly entitlement: string; readonly isSpent: boolean } | undefined;
  readonly standing: Standing | undefined;
  /** Who is designated for the head, empty where nobody is or need be. */
  readonly designated: string;
  /** The mandate that the paper names, and whether it is in force. */
  readonly mandate: Mandate | undefined;
  readonly isMandateInForce: boolean;
  /** For whom the signer has voted as an agent under mandates that count for the cap. */
  readonly principals: ReadonlySet<string>;
  readonly end: ChainEnd | undefined;
  /** Those of the paper's ephemeral keys that a statement has used, as base64url. */
  readonly sealedWith: ReadonlySet<string>;
};

/** The paper in some bytes, where they are one for this meeting. */
export function readPaper(armed: ArmedMeeting, bytes: Uint8Array): Result<Paper, PaperRefusal> {
  const parsed = paperForm.parse(bytes);
  if (!parsed.ok) return refuse('PAPER_MALFORMED', parsed.refusal.where);
  return parsed.value.meeting === armed.meetingHash ? ok(parsed.value) : refuse('PAPER_MEETING');
}

/** Every rule of acceptance, in the order in which an officer can do something about it. */
export function decidePaper(
  armed: ArmedMeeting,
  paper: Paper,
  facts: PaperFacts,
): Result<undefined, PaperRefusal> {
  const { window, now, printed, standing } = facts;
  if (window?.state === 'paused') return refuse('PAPER_PAUSED');
  if (window?.state !== 'open' || !isInWindow(now, window).ok) return refuse('PAPER_NOT_OPEN');
  if (printed?.entitlement !== paper.entitlement || standing === undefined) return refuse('PAPER_SERIAL');
  if (printed.isSpent) return refuse('PAPER_SERIAL_SPENT');
  const answers = checkPaperAnswers(armed, paper, standing, facts.sealedWith);
  if (!answers.ok) return answers;
  const right = maySign(armed, paper, standing, facts);
  if (!right.ok) return right;
  const { mandate } = facts;
  const by: Caster = {
    person: paper.signer,
    principal: mandate === undefined ? undefined : principalOf(mandate.by.person, mandate.basis),
  };
  return continuesByPaper(paper, facts.end, armed.duplicateRule, by);
}

/** The ephemeral keys of a paper's answers, one for each. */
export const ephemeralKeysOfPaper = ({ answers }: Paper): readonly Uint8Array[] =>
  answers.map(({ sealed }) => ephemeralKeyOf(sealed));

function checkPaperAnswers(
  { definition, countSpecialSpaces }: ArmedMeeting,
  { answers }: Paper,
  { leaf }: Standing,
  sealedWith: ReadonlySet<string>,
): Result<undefined, PaperRefusal> {
  const own = new Set<string>();
  let former = -1;
  for (const [at, answer] of answers.entries()) {
    const where = `answers[${at}]`;
    const place = definition.proposals.findIndex(({ proposal }) => proposal === answer.proposal);
    const proposal = definition.proposals[place];
    if (proposal === undefined || place <= former || proposal.mode !== 'open')
      return refuse('PAPER_ANSWERS', where);
    if (weightOf(leaf, proposal.scope, countSpecialSpaces).heads === 0) return refuse('PAPER_ANSWERS', where);
    former = place;
    const sealed = present(fromBase64Url(answer.sealed), 'checked bytes');
    if (sealed.length !== sealedSize(proposal.sealLength)) return refuse('PAPER_SEALED', where);
    const key = ephemeralKeyOf(answer.sealed);
    const text = toBase64Url(key);
    if (!isBoxKey(key) || own.has(text) || sealedWith.has(text)) return refuse('PAPER_SEALED', where);
    own.add(text);
  }
  return ok(undefined);
}

/** Who signed may vote: a holder, the designated where one must be, or an agent within his mandate and the cap (SPEC 3.6). */
function maySign(
  armed: ArmedMeeting,
  { signer, mandate: named, answers }: Paper,
  standing: Standing,
  { mandate, isMandateInForce, designated, principals }: PaperFacts,
): Result<undefined, PaperRefusal> {
  const isAsked = askedHead(armed, standing) !== undefined;
  const voter = isAsked ? designated : standing.voter;
  const mayVote = (person: string): boolean =>
    standing.holders.has(person) && (isAsked ? voter === person : voter === '' || voter === person);
  if (named === '') return mayVote(signer) ? ok(undefined) : refuse('PAPER_SIGNER');
  if (mandate === undefined || !isMandateInForce) return refuse('PAPER_MANDATE');
  const { by } = mandate;
  const fault = mandateFault(mandate, {
    meeting: armed.meeting,
    // The record names who he is; that it was he who signed, two officers say of the paper.
    agent: { person: signer, identity: mandate.to.identity },
    units: standing.leaf.units.map(({ unit }) => unit),
    proposals: answers.map(({ proposal }) => proposal),
    principalIdentity: mayVote(by.person) ? standing.holders.get(by.person) : undefined,
  });
  if (fault !== undefined) return refuse('PAPER_MANDATE', fault);
  const isFull = isCapped(mandate.basis) && !principals.has(by.person) && principals.size >= armed.proxyCap;
  return isFull ? refuse('PAPER_MANDATE_CAP') : ok(undefined);
}
