/**
 * What the page checks before it shows a ballot, and what it checks of every answer afterwards (SPEC 6.0, 7.3, 4.5). Pure:
 * bytes in, a checked value or the code of the first check that failed. Nothing the server says is shown before this passes.
 */
import type { PapersAnswer } from '../../ballot/contract.ts';
import { compareText, fromBase64Url } from '../../base/bytes.ts';
import { parseCanonical } from '../../base/canonical.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { isBoxKey } from '../../crypto/sealed-box.ts';
import type { BallotClaims } from '../../record/ballot.ts';
import { ballotForm, ballotHash } from '../../record/ballot.ts';
import { verifyJws } from '../../record/jws.ts';
import type { Mandate } from '../../record/mandate.ts';
import { mandateFault, mandateForm } from '../../record/mandate.ts';
import type { Definition, Proposal } from '../../record/meeting.ts';
import { definitionForm, meetingHash, textHash } from '../../record/meeting.ts';
import type { LogTrust } from '../../record/proof.ts';
import { verifyLogProof } from '../../record/proof.ts';
import type { RollLeaf } from '../../record/roll.ts';
import { weightOf } from '../../record/roll.ts';
import type { RollEntryCode } from '../owner/roll-entry.ts';
import { checkRollEntry } from '../owner/roll-entry.ts';

/** What went wrong; each has its sentence in words.ts. */
export type CheckCode =
  | 'DEFINITION_HASH'
  | 'DEFINITION_MALFORMED'
  | 'DEFINITION_MEETING'
  | 'DEFINITION_LOG'
  | 'DEFINITION_BOX'
  | 'OPENED_NOT_YET'
  | 'OPENED_ENTRY'
  | 'OPENED_PROOF'
  | 'OPENED_QUORUM'
  | 'TEXT_MISSING'
  | 'TEXT_CHANGED'
  | RollEntryCode
  | 'ROLL_NOT_HOLDER'
  | 'MANDATE_WRONG'
  | 'BALLOT_SIGNATURE'
  | 'BALLOT_CLAIMS'
  | 'BALLOT_MISSING'
  | 'PAPERS_EMPTY';
type CheckRefusal = Refusal<CheckCode>;

/** A proposal that this entitlement may answer, with its ballot's hash. Area in dm². */
export type Question = {
  readonly proposal: Proposal;
  readonly text: string;
  readonly ballot: string;
  readonly areaDm2: bigint;
};

/** One entitlement, checked. `last` is empty where nobody has voted. */
export type CheckedPaper = {
  readonly entitlement: string;
  readonly leaf: RollLeaf;
  readonly questions: readonly Question[];
  readonly seq: number;
  readonly last: string;
  /** The mandate under which the page votes for somebody else, and his masked name; both empty for one's own. */
  readonly mandate: string;
  readonly principalName: string;
  /** An agent has voted, and its principal may vote over him; or a paper stands, and may be replaced. */
  readonly mayTakeOver: boolean;
  /** When the paper that stands was recorded; empty where there is none. */
  readonly paperAt: string;
  /** What stood was voided, and the owner may vote again. */
  readonly isVoid: boolean;
};

/** Everything that the page may show, and what its cast names as seen. */
export type CheckedPapers = {
  readonly definition: Definition;
  readonly meetingHash: string;
  readonly noticeText: string;
  readonly seen: { readonly size: number; readonly root: Uint8Array };
  readonly cosigners: number;
  /** The close: the definition's, or what the service says it was moved to, which may only be later. */
  readonly closes: string;
  /** The service says that the regulator has stopped the vote for now. */
  readonly isPaused: boolean;
  readonly person: string;
  readonly credential: string;
  readonly papers: readonly CheckedPaper[];
};

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

function checkDefinition(
  answer: PapersAnswer,
  meeting: string,
  trust: LogTrust,
): Result<Definition, CheckRefusal> {
  const bytes = bytesOf(answer.definition);
  if (meetingHash(bytes) !== answer.meetingHash) return refuse('DEFINITION_HASH');
  const parsed = definitionForm.parse(bytes);
  if (!parsed.ok) return refuse('DEFINITION_MALFORMED', parsed.refusal.where);
  const definition = parsed.value;
  if (definition.meeting !== meeting) return refuse('DEFINITION_MEETING');
  const sameLog =
    definition.logVkey === trust.logVkey &&
    definition.quorum === trust.quorum &&
    definition.witnesses.length === trust.witnesses.length &&
    definition.witnesses.every((vkey, at) => vkey === trust.witnesses[at]?.vkey);
  if (!sameLog) return refuse('DEFINITION_LOG');
  return isBoxKey(bytesOf(definition.boxKey)) ? ok(definition) : refuse('DEFINITION_BOX');
}

/** The members of an entry of a kind, or undefined; the log's proof covers its exact bytes. */
function entryOfKind(bytes: Uint8Array, kind: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseCanonical(bytes);
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const entry = value as Readonly<Record<string, unknown>>;
  return entry['kind'] === kind ? entry : undefined;
}

function checkOpened(answer: PapersAnswer, definition: Definition, trust: LogTrust) {
  if (answer.openedEntry === '' || answer.openedProof === '') return refuse('OPENED_NOT_YET');
  const bytes = bytesOf(answer.openedEntry);
  const entry = entryOfKind(bytes, 'meeting.opened');
  if (
    entry === undefined ||
    entry['meeting'] !== definition.meeting ||
    entry['community'] !== definition.community ||
    entry['meetingHash'] !== answer.meetingHash
  ) {
    return refuse('OPENED_ENTRY');
  }
  const proven = verifyLogProof(bytes, answer.openedProof, trust);
  if (proven.ok) return proven;
  return refuse(proven.refusal.code === 'PROOF_QUORUM_SHORT' ? 'OPENED_QUORUM' : 'OPENED_PROOF');
}

/** The texts by their hashes; a text that its hash does not fit is a changed one. */
function checkTexts(
  answer: Pick<PapersAnswer, 'texts'>,
  definition: Definition,
): Result<ReadonlyMap<string, string>, CheckRefusal> {
  const texts = new Map<string, string>();
  for (const { hash, body } of answer.texts) {
    if (textHash(body) !== hash) return refuse('TEXT_CHANGED');
    texts.set(hash, body);
  }
  const wanted = [definition.notice.textHash, ...definition.proposals.map((each) => each.textHash)];
  return wanted.every((hash) => texts.has(hash)) ? ok(texts) : refuse('TEXT_MISSING');
}

type Paper = PapersAnswer['papers'][number];

/** The mandate of a paper, or undefined where it is the owner's own; its agent must be the one who is signed in. */
function checkMandate(paper: Paper, person: string): Result<Mandate | undefined, CheckRefusal> {
  if (paper.mandate === '') return ok(undefined);
  const parsed = mandateForm.parse(bytesOf(paper.mandate));
  return parsed.ok && parsed.value.to.person === person ? parsed : refuse('MANDATE_WRONG');
}

function checkLeaf(
  paper: Paper,
  definition: Definition,
  person: string,
  given: Mandate | undefined,
  trust: LogTrust,
): Result<RollLeaf, CheckRefusal> {
  const { meeting, rollRoot, rollSize } = definition;
  const checked = checkRollEntry(paper, { meeting, root: rollRoot, size: rollSize }, trust);
  if (!checked.ok) return checked;
  const { leaf, opening } = checked.value;
  const { holders, voter } = opening;
  const holder = holders.find((each) => each.person === (given?.by.person ?? person));
  if (holder === undefined || (voter !== '' && voter !== holder.person)) return refuse('ROLL_NOT_HOLDER');
  if (given === undefined) return ok(leaf);
  const fault = mandateFault(given, {
    meeting: definition.meeting,
    agent: given.to,
    units: leaf.units.map(({ unit }) => unit),
    proposals: paper.ballots.map(({ proposal }) => proposal),
    principalIdentity: holder.identity,
  });
  return fault === undefined ? ok(leaf) : refuse('MANDATE_WRONG');
}

const countsSpecialSpaces = (definition: Definition): boolean =>
  definition.profile.parameters.some(({ name, value }) => name === 'countSpecialSpaces' && value === 'true');

function checkBallot(
  token: string,
  answer: PapersAnswer,
  definition: Definition,
  wanted: Pick<BallotClaims, 'proposal' | 'entitlement' | 'mandate' | 'areaDm2' | 'mode'>,
): Result<string, CheckRefusal> {
  const key = bytesOf(definition.keys.ballot);
  const verified = verifyJws(token, 'owners-vote-ballot+jws', key, ballotForm);
  if (!verified.ok) return refuse('BALLOT_SIGNATURE');
  const claims = verified.value;
  const fits =
    claims.iss === definition.origin &&
    claims.meeting === answer.meetingHash &&
    claims.proposal === wanted.proposal &&
    claims.entitlement === wanted.entitlement &&
    claims.credential === answer.credential &&
    claims.mandate === wanted.mandate &&
    claims.areaDm2 === wanted.areaDm2 &&
    claims.mode === wanted.mode;
  return fits ? ok(ballotHash(token)) : refuse('BALLOT_CLAIMS');
}

function checkPaper(
  paper: Paper,
  answer: PapersAnswer,
  definition: Definition,
  texts: ReadonlyMap<string, string>,
  trust: LogTrust,
): Result<CheckedPaper, CheckRefusal> {
  const given = checkMandate(paper, answer.person);
  if (!given.ok) return given;
  const leaf = checkLeaf(paper, definition, answer.person, given.value, trust);
  if (!leaf.ok) return leaf;
  const [mandate, only] = [given.value?.mandate ?? '', given.value?.proposals ?? []];
  const questions: Question[] = [];
  for (const proposal of definition.proposals) {
    const weight = weightOf(leaf.value, proposal.scope, countsSpecialSpaces(definition));
    const isCovered = only.length === 0 || only.includes(proposal.proposal);
    const heads = isCovered ? weight.heads : 0;
    const served = paper.ballots.filter((each) => each.proposal === proposal.proposal);
    if (served.length !== heads) return refuse(heads === 1 ? 'BALLOT_MISSING' : 'BALLOT_CLAIMS');
    const [ballot] = served;
    if (ballot === undefined) continue;
    const { entitlement } = paper;
    const wanted = {
      entitlement,
      mandate,
      proposal: proposal.proposal,
      areaDm2: String(weight.areaDm2),
      mode: proposal.mode,
    };
    const checked = checkBallot(ballot.token, answer, definition, wanted);
    if (!checked.ok) return checked;
    questions.push({
      proposal,
      text: texts.get(proposal.textHash) ?? '',
      ballot: checked.value,
      areaDm2: weight.areaDm2,
    });
  }
  if (paper.ballots.length !== questions.length) return refuse('BALLOT_CLAIMS');
  return ok({
    entitlement: paper.entitlement,
    leaf: leaf.value,
    questions,
    seq: paper.seq,
    last: paper.last,
    mandate,
    principalName: paper.principalName,
    mayTakeOver: paper.mayTakeOver,
    paperAt: paper.paperAt,
    isVoid: paper.isVoid,
  });
}

/** Instants of one form compare as texts. */
const later = (one: string, other: string): string => (compareText(one, other) < 0 ? other : one);

/** All checks of SPEC 6.0 over the papers as they were served; `trust` comes from the published assets. */
export function checkPapers(
  answer: PapersAnswer,
  meeting: string,
  trust: LogTrust,
): Result<CheckedPapers, CheckRefusal> {
  const definition = checkDefinition(answer, meeting, trust);
  if (!definition.ok) return definition;
  const opened = checkOpened(answer, definition.value, trust);
  if (!opened.ok) return opened;
  const texts = checkTexts(answer, definition.value);
  if (!texts.ok) return texts;
  const papers: CheckedPaper[] = [];
  for (const paper of answer.papers) {
    const checked = checkPaper(paper, answer, definition.value, texts.value, trust);
    if (!checked.ok) return checked;
    // A parking space alone carries no vote.
    if (checked.value.questions.length > 0) papers.push(checked.value);
  }
  if (papers.length === 0) return refuse('PAPERS_EMPTY');
  const { size, root } = opened.value.checkpoint;
  return ok({
    definition: definition.value,
    meetingHash: answer.meetingHash,
    noticeText: texts.value.get(definition.value.notice.textHash) ?? '',
    seen: { size, root },
    cosigners: opened.value.cosigners.length,
    closes: later(definition.value.window.closes, answer.closes),
    isPaused: answer.state === 'paused',
    person: answer.person,
    credential: answer.credential,
    papers,
  });
}
