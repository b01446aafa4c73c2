/** MEET-02 of a community's own rules: a meeting follows those that were last adopted before its notice, or none (SPEC 5.2). */
import { fromBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { CommunityRules } from '../record/community-rules.ts';
import { communityRulesForm, rulesHash } from '../record/community-rules.ts';
import { textHash } from '../record/meeting.ts';
import { noteRefusal } from './bundle-contents.ts';
import { entriesOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import type { Verification } from './verification.ts';

/** The records of `rules.jsonl` by hash; LOG-01 says which entry or line stands alone. */
function rulesByHash({ contents, notebook }: Verification): ReadonlyMap<string, CommunityRules> {
  const found = new Map<string, CommunityRules>();
  for (const { where, value } of contents.rules ?? []) {
    const bytes = fromBase64Url(value.rules) ?? new Uint8Array();
    const parsed = communityRulesForm.parse(bytes);
    if (parsed.ok) found.set(rulesHash(bytes), parsed.value);
    else noteRefusal(notebook, where, parsed.refusal);
  }
  return found;
}

/** Makes the check; a community without own rules passes where its meeting names none. */
export function checkRules(the: Verification, course: Course): void {
  const { definition, log, notebook } = the;
  const { profile, community } = definition;
  const byHash = rulesByHash(the);
  const adopted = entriesOf(log, 'rules.adopted', { community });
  let former: CommunityRules | undefined;
  for (const { index, entry } of adopted) {
    const rules = byHash.get(entry.rulesHash);
    if (rules === undefined) continue;
    const where = `log ${index} rules.adopted`;
    checkRecord(the, where, index, rules);
    const least = former === undefined || isAnnulled(the, former, index) ? '' : former.adoptedOn;
    notebook.holds(
      'MEET-02',
      `${where} adoptedOn`,
      rules.adoptedOn >= least,
      `${least} or later`,
      rules.adoptedOn,
    );
    former = rules;
  }
  const before = course.noticed ?? Number.POSITIVE_INFINITY;
  const last = adopted
    .filter(({ index }) => index < before)
    .filter(({ entry }) => !isAnnulled(the, byHash.get(entry.rulesHash), before))
    .at(-1);
  const wanted = last?.entry.rulesHash ?? '';
  notebook.same('MEET-02', 'meeting.json profile.rulesHash', wanted, profile.rulesHash);
  const rules = byHash.get(wanted);
  const silenceRule = profile.parameters.find(({ name }) => name === 'silenceRule')?.value;
  const isAdopted = rules?.parameters.some(({ name }) => name === 'silenceRule') === true;
  if (silenceRule !== undefined && silenceRule !== 'NONE' && (wanted === '' || rules !== undefined))
    notebook.holds('MEET-02', 'meeting.json silenceRule', isAdopted, 'own rules that say so', silenceRule);
  if (rules === undefined) return;
  notebook.same('MEET-02', 'meeting.json profile.id', rules.base, profile.id);
  const stated = new Map(profile.parameters.map(({ name, value }) => [name, value]));
  for (const { name, value } of rules.parameters)
    notebook.same('MEET-02', `meeting.json ${name} (own rules)`, value, stated.get(name) ?? 'absent');
}

/** Whether the resolution behind some rules was annulled before an index. */
const isAnnulled = ({ log }: Verification, rules: CommunityRules | undefined, before: number): boolean =>
  rules !== undefined &&
  rules.meeting !== '' &&
  entriesOf(log, 'resolution.annulled', { meeting: rules.meeting }).some(
    ({ index, entry }) => index < before && entry.proposal === rules.proposal,
  );

/** Of this community, each parameter once, adopted by either a resolution of the log or a document, and not before its day. */
function checkRecord(the: Verification, where: string, index: number, rules: CommunityRules): void {
  const { definition, log, notebook, brackets, contents } = the;
  notebook.same('MEET-02', `${where} community`, definition.community, rules.community);
  const names = rules.parameters.map(({ name }) => name);
  const isOrdered = names.every((name, at) => at === 0 || name > (names[at - 1] ?? ''));
  notebook.holds('MEET-02', where, isOrdered, 'parameters by name, each once', names.join(', '));
  const covered = brackets.coveredAt(index);
  if (covered !== undefined) {
    const day = civilDateAt(covered);
    notebook.holds(
      'MEET-02',
      `${where} adoptedOn`,
      rules.adoptedOn <= day,
      `${day} or earlier`,
      rules.adoptedOn,
    );
  }
  const isByResolution = rules.meeting !== '' && rules.proposal !== '';
  const isOne =
    (rules.meeting === '') === (rules.proposal === '') && isByResolution !== (rules.document !== '');
  notebook.holds('MEET-02', where, isOne, 'a resolution or a document', 'neither or both');
  if (!isByResolution) return;
  const finals = entriesOf(log, 'tally.final', { community: definition.community, meeting: rules.meeting });
  const isFinal = finals.some((final) => final.index < index);
  notebook.holds('MEET-02', where, isFinal, 'a final result before it', 'none');
  const isInForce = !isAnnulled(the, rules, index);
  notebook.holds('MEET-02', where, isInForce, 'a resolution in force', 'an annulled one');
  if (rules.meeting !== definition.meeting) return;
  const proposal = definition.proposals.find((each) => each.proposal === rules.proposal);
  const isOfClass = proposal?.classes.includes('M1') === true;
  notebook.holds('MEET-02', where, isOfClass, 'a proposal of class M1', rules.proposal);
  notebook.same('MEET-02', `${where} text`, proposal?.textHash ?? 'none', textHash(rules.text));
  const outcome = contents.tally?.value.proposals.find((each) => each.proposal === rules.proposal)?.outcome;
  if (contents.tally !== undefined)
    notebook.same('MEET-02', `${where} outcome`, 'ADOPTED', outcome ?? 'none');
}
