/** Own rules that the owners adopted come into force by two officers: over a resolution of this system, or over a document (SPEC 5.2). */
import type { Settings } from '../assembly/chosen-rules.ts';
import { settledParameters, usableProfile } from '../assembly/chosen-rules.ts';
import { parameterList } from '../assembly/domain/drafting.ts';
import { fixedParameters, ownRules } from '../assembly/own-rules.ts';
import type { AssemblyRefusalCode } from '../assembly/refusals.ts';
import { insertRules } from '../assembly/store/rules.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { CommunityRules } from '../record/community-rules.ts';
import { communityRulesForm, rulesHash } from '../record/community-rules.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { definitionForm, textHash } from '../record/meeting.ts';
import type { TallyRefusalCode } from './refusals.ts';
import { resolutionOf } from './store.ts';

type RulesRefusal = Refusal<TallyRefusalCode | AssemblyRefusalCode>;

/** Rules as an officer writes them down. */
export type RulesWish = Pick<
  CommunityRules,
  'community' | 'base' | 'text' | 'adoptedOn' | 'meeting' | 'proposal' | 'document'
> & { readonly parameters: Settings };

/** A resolution carries rules where it is final, adopted, of class M1, and nobody annulled it. */
async function isCarried(
  tx: Tx,
  rules: RulesWish | CommunityRules,
): Promise<Result<undefined, RulesRefusal>> {
  const { meeting, proposal, text } = rules;
  const found = await resolutionOf(tx, rules);
  const proposals = found === undefined ? [] : definitionForm.own(found.definition).proposals;
  const carrying = proposals.find((each) => each.proposal === proposal && each.classes.includes('M1'));
  if (meeting === '' || carrying === undefined || found?.outcome !== 'ADOPTED' || found.isAnnulled)
    return refuse('RULES_RESOLUTION', 'proposal');
  // What comes into force is what was voted, word by word.
  return textHash(text.normalize('NFC')) === carrying.textHash ? ok(undefined) : refuse('RULES_TEXT', 'text');
}

async function isAdopted(
  tx: Tx,
  rules: RulesWish | CommunityRules,
): Promise<Result<undefined, RulesRefusal>> {
  const { meeting, proposal, document } = rules;
  const isByResolution = meeting !== '' && proposal !== '';
  if ((meeting === '') !== (proposal === '') || isByResolution === (document !== ''))
    return refuse('RULES_ADOPTION', 'document');
  // A spent decision must not put a later one out of force.
  const former = await ownRules(tx, rules.community);
  if (former !== undefined && rules.adoptedOn < former.rules.adoptedOn)
    return refuse('RULES_OLDER', 'adoptedOn');
  return isByResolution ? isCarried(tx, rules) : ok(undefined);
}

/** Drafts the adoption of own rules for its two officers. */
export function draftRules(
  deps: BallotDeps,
  officer: OfficerSession,
  wish: RulesWish,
): Promise<Result<{ readonly act: string }, RulesRefusal>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, RulesRefusal>> => {
    if (!actsIn(officer, wish.community)) return refuse('COMMUNITY_UNKNOWN');
    if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
    const usable = usableProfile(deps, wish.base);
    if (!usable.ok) return usable;
    const profile = usable.value;
    const settled = settledParameters(profile, wish.parameters);
    if (!settled.ok) return settled;
    const text = wish.text.normalize('NFC');
    if (text.trim() === '') return refuse('TEXT_EMPTY', 'text');
    if (wish.adoptedOn > civilDateAt(deps.clock())) return refuse('RULES_DATE', 'adoptedOn');
    const adopted = await isAdopted(tx, wish);
    if (!adopted.ok) return adopted;
    const { community, base, adoptedOn, meeting, proposal, document } = wish;
    const names = new Set(Object.keys(wish.parameters));
    const record = communityRulesForm.bytes({
      v: 1,
      kind: 'rules',
      community,
      rules: newId(deps.random),
      base,
      version: profile.version,
      parameters: parameterList(settled.value).filter(({ name }) => names.has(name)),
      text,
      adoptedOn,
      meeting,
      proposal,
      document,
    });
    const entry: UnsignedEntry<'rules.adopted'> = {
      v: 1,
      kind: 'rules.adopted',
      community,
      rulesHash: rulesHash(record),
    };
    const details = { record: toBase64Url(record) };
    return ok({ act: await draftAct(tx, deps, { entry, details, draftedBy: officer.officer }) });
  });
}

/** Brings the rules into force in the transaction that wrote their log entry, row `entryId`. */
export async function applyRules(
  tx: Tx,
  deps: BallotDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, RulesRefusal>> {
  const { community, rulesHash: hash } = act.entry as UnsignedEntry<'rules.adopted'>;
  const record = present(fromBase64Url(act.details['record'] ?? ''), 'own bytes');
  assert(rulesHash(record) === hash, 'the act adopts the rules that were signed');
  const rules = communityRulesForm.own(record);
  const adopted = await isAdopted(tx, rules);
  if (!adopted.ok) return adopted;
  const usable = usableProfile(deps, rules.base);
  if (!usable.ok) return usable;
  // The program may have been changed since the draft, and its profile with it.
  const settled = settledParameters(usable.value, fixedParameters(usable.value, rules));
  if (!settled.ok) return settled;
  await insertRules(tx, {
    community_id: community,
    rules_id: rules.rules,
    rules_hash: present(fromBase64Url(hash), 'own hash'),
    meeting_id: rules.meeting === '' ? null : rules.meeting,
    proposal_id: rules.proposal === '' ? null : rules.proposal,
    record,
    entry_id: entryId,
  });
  return ok(undefined);
}
