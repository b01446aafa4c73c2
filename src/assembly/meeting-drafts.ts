/** What a convener writes becomes a draft, under rules that he may choose; nothing of it is public yet (SPEC 5, 5.2). */
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { definitionForm } from '../record/meeting.ts';
import { unknownInScope } from '../registry/units.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { RuleWish } from './chosen-rules.ts';
import { chosenRules } from './chosen-rules.ts';
import type { MeetingDraft } from './domain/drafting.ts';
import { noticedDefinition } from './domain/drafting.ts';
import { checkTimetable } from './domain/timetable.ts';
import type { AssemblyRefusalCode } from './refusals.ts';
import { insertMeeting } from './store.ts';

type DraftRefusal = Refusal<AssemblyRefusalCode>;

const CONVENERS: readonly string[] = ['committee', 'street'];

/** What the convener writes; ids are added here. */
export type MeetingWish = Omit<MeetingDraft, 'meeting' | 'convenerRole' | 'proposals'> &
  RuleWish & {
    readonly proposals: readonly Omit<MeetingDraft['proposals'][number], 'proposal'>[];
  };

/** Whether the register has every building and unit that a proposal names: of a misspelt one nobody would have a vote. */
async function scopesKnown(
  { db }: AssemblyDeps,
  { community, proposals }: MeetingWish,
): Promise<Result<undefined, DraftRefusal>> {
  for (const [at, { scope, fund }] of proposals.entries()) {
    for (const each of [scope, ...fund.map(({ units }) => units)]) {
      const [unknown] = await unknownInScope(db, community, each);
      if (unknown !== undefined) return refuse('SCOPE_UNKNOWN', `proposals[${at}].scope`, { unknown });
    }
  }
  return ok(undefined);
}

/** Drafts a meeting; nothing is public yet. */
export async function draftMeeting(
  deps: AssemblyDeps,
  officer: OfficerSession,
  wish: MeetingWish,
): Promise<Result<{ readonly meeting: string }, DraftRefusal>> {
  if (!actsIn(officer, wish.community) || !CONVENERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  const rules = await chosenRules(deps, wish);
  if (!rules.ok) return rules;
  const timetable = checkTimetable(wish, rules.value.parameters, deps.clock(), deps.calendar);
  if (!timetable.ok) return timetable;
  const meeting = newId(deps.random);
  const draft: MeetingDraft = {
    ...wish,
    meeting,
    convenerRole: officer.role as MeetingDraft['convenerRole'],
    proposals: wish.proposals.map((proposal) => ({ ...proposal, proposal: newId(deps.random) })),
  };
  const definition = noticedDefinition(draft, rules.value, deps.deployment);
  if (!definition.ok) return definition;
  const known = await scopesKnown(deps, wish);
  if (!known.ok) return known;
  const texts = [
    { hash: definition.value.notice.textHash, body: wish.noticeText },
    ...definition.value.proposals.map((proposal, at) => ({
      hash: proposal.textHash,
      body: draft.proposals[at]?.text ?? '',
    })),
  ].map(({ hash, body }) => ({ text_hash: present(fromBase64Url(hash), 'own hash'), body }));
  const row = {
    community_id: wish.community,
    meeting_id: meeting,
    title: wish.title,
    state: 'draft',
    definition: definitionForm.bytes(definition.value),
    opens_at_ms: BigInt(wish.opensAt),
    closes_at_ms: BigInt(wish.closesAt),
    drafted_by: officer.officer,
    created_at_ms: BigInt(deps.clock()),
  };
  await inTransaction(deps.db, (tx) => insertMeeting(tx, row, texts));
  return ok({ meeting });
}
