/** From what a convener writes to the definition that is noticed, and to the one that opens (SPEC 5). */
import { present } from '../../base/assert.ts';
import { toBase64Url } from '../../base/bytes.ts';
import type { Instant } from '../../base/instant.ts';
import { showInstant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { sealLengthOf } from '../../record/choice.ts';
import type { Definition, FundUse, Proposal, Scope } from '../../record/meeting.ts';
import { asNoticed, type MATTER_CLASSES, MOTION_OPTIONS, textHash } from '../../record/meeting.ts';
import { statuteWords } from './matter-class.ts';
import type { RuleProfile } from './profile.ts';
import { profileHash } from './profile.ts';
import type { RuleParameters } from './rule-parameters.ts';

export type ProposalDraft = {
  readonly proposal: string;
  readonly title: string;
  readonly text: string;
  readonly classes: readonly (typeof MATTER_CLASSES)[number][];
  /** Why these classes; where it is left out, what the statute says of them stands there. */
  readonly basis?: string | undefined;
  readonly scope: Scope;
  readonly form: 'motion' | 'election';
  /** Candidates of an election; a motion has its three options. */
  readonly candidates: readonly { readonly id: string; readonly text: string }[];
  readonly seats: number;
  readonly fund: readonly FundUse[];
};

export type MeetingDraft = {
  readonly meeting: string;
  readonly community: string;
  readonly communityName: string;
  readonly convener: string;
  readonly convenerRole: 'committee' | 'street';
  readonly title: string;
  readonly noticeText: string;
  readonly publishedOn: string;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly proposals: readonly ProposalDraft[];
  readonly boxHolder: 'officer' | 'server';
};

/** The rules that a meeting follows; `rulesHash` names the community's own, empty where it has none. */
export type DraftingRules = {
  readonly profile: RuleProfile;
  readonly parameters: RuleParameters;
  readonly rulesHash: string;
};

/** What the deployment adds to every definition. */
export type DeploymentFacts = {
  readonly origin: string;
  readonly rpId: string;
  readonly origins: readonly string[];
  readonly logVkey: string;
  readonly witnesses: readonly string[];
  readonly quorum: number;
  readonly demoRoot: boolean;
};

export type DraftCode =
  | 'PROPOSAL_CLASSES'
  | 'PROPOSAL_FUND'
  | 'PROPOSAL_CANDIDATES'
  | 'PROPOSAL_SCOPE'
  | 'TEXT_EMPTY';

/** The parameters as the definition lists them: name and value as texts, sorted by name. */
export const parameterList = (parameters: RuleParameters): Definition['profile']['parameters'] =>
  Object.entries(parameters)
    .map(([name, value]) => ({ name, value: String(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

function checkProposal(draft: ProposalDraft, at: string): Result<Proposal, Refusal<DraftCode>> {
  const election = draft.form === 'election';
  const { classes, candidates, seats, fund, scope } = draft;
  if (
    new Set(classes).size !== classes.length ||
    (election && (classes.length !== 1 || classes[0] !== 'M3'))
  ) {
    return refuse('PROPOSAL_CLASSES', `${at}.classes`);
  }
  const isUsable = fund.every(
    ({ capFen, units }) => capFen !== '0' && (units.kind === 'community') === (units.members.length === 0),
  );
  if (!isUsable) return refuse('PROPOSAL_FUND', `${at}.fund`);
  if (fund.length > 0 && (election || !classes.includes('M5'))) return refuse('PROPOSAL_FUND', `${at}.fund`);
  const ids = new Set(candidates.map((candidate) => candidate.id));
  if (election ? seats < 1 || ids.size !== candidates.length || ids.size < 2 : candidates.length > 0) {
    return refuse('PROPOSAL_CANDIDATES', `${at}.candidates`);
  }
  if ((scope.kind === 'community') !== (scope.members.length === 0))
    return refuse('PROPOSAL_SCOPE', `${at}.scope`);
  if (draft.text.trim() === '') return refuse('TEXT_EMPTY', `${at}.text`);
  const options = election ? candidates.map(({ id, text }) => ({ id, text })) : MOTION_OPTIONS;
  const max = election ? Math.min(seats, options.length) : 1;
  return ok({
    proposal: draft.proposal,
    title: draft.title,
    textHash: textHash(draft.text),
    classes: [...classes],
    basis: draft.basis?.trim() || statuteWords(classes),
    scope,
    mode: 'open',
    form: draft.form,
    options: [...options],
    seats: election ? seats : 0,
    min: 1,
    max,
    sealLength: sealLengthOf({ options: [...options], max }),
    fund: [...fund],
  });
}

/** The definition as it will be noticed; the refusal names the proposal at fault. */
export function noticedDefinition(
  draft: MeetingDraft,
  { profile, parameters, rulesHash }: DraftingRules,
  facts: DeploymentFacts,
): Result<Definition, Refusal<DraftCode>> {
  if (draft.noticeText.trim() === '') return refuse('TEXT_EMPTY', 'noticeText');
  const proposals: Proposal[] = [];
  for (const [index, proposal] of draft.proposals.entries()) {
    const checked = checkProposal(proposal, `proposals[${index}]`);
    if (!checked.ok) return checked;
    proposals.push(checked.value);
  }
  const { meeting, community, communityName, convener, convenerRole, title, publishedOn, boxHolder } = draft;
  const none = toBase64Url(new Uint8Array(32));
  return ok(
    asNoticed({
      v: 1,
      kind: 'meeting',
      suite: 'INT-1',
      meeting,
      community,
      communityName,
      convener,
      convenerRole,
      title,
      profile: {
        id: profile.id,
        version: profile.version,
        hash: toBase64Url(profileHash(profile, parameters)),
        parameters: parameterList(parameters),
        rulesHash,
      },
      notice: { textHash: textHash(draft.noticeText), publishedOn, questionsHash: '' },
      window: { opens: showInstant(draft.opensAt), closes: showInstant(draft.closesAt) },
      proposals,
      rollRoot: none,
      rollSize: 0,
      ...facts,
      origins: [...facts.origins],
      witnesses: [...facts.witnesses],
      keys: { ballot: none, ack: none, certificate: none },
      boxKey: none,
      boxHolder,
    }),
  );
}

/** The definition that opens: the noticed one with roll, keys and box. */
export const openedDefinition = (
  noticed: Definition,
  roll: { readonly root: string; readonly size: number },
  keys: Definition['keys'],
  boxKey: string,
): Definition => ({ ...noticed, rollRoot: roll.root, rollSize: roll.size, keys, boxKey });

/** A parameter of a definition as it is meant: number, boolean or text. */
export function parameterOf(definition: Definition, name: keyof RuleParameters): string {
  const found = definition.profile.parameters.find((parameter) => parameter.name === name);
  return present(found, `parameter ${name}`).value;
}
