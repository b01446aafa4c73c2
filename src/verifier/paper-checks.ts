/** PAPER-01: every accepted paper obeys the rules that the server should have kept; who signed its entry, ACT-01 and ACT-03 judge (SPEC 6.4). */
import { mandateFault } from '../record/mandate.ts';
import type { Designations } from './designation-checks.ts';
import { NOBODY, votersAt } from './designation-checks.ts';
import type { Mandates } from './mandate-checks.ts';
import type { PaperStatement } from './paper-statements.ts';
import type { Roll } from './roll-checks.ts';
import { areaIn } from './roll-checks.ts';
import { daysOf } from './time-brackets.ts';
import type { Verification } from './verification.ts';

/** Makes the check. */
export function checkPapers(
  the: Verification,
  roll: Roll | undefined,
  papers: readonly PaperStatement[] | undefined,
  {
    mandates,
    designations,
  }: { readonly mandates: Mandates | undefined; readonly designations: Designations },
): void {
  const { contents, notebook } = the;
  if (papers === undefined) {
    notebook.cannot('PAPER-01', contents.whyNot('paper.jsonl'));
    return;
  }
  notebook.made('PAPER-01');
  const serials = new Map<string, string>();
  for (const statement of papers) {
    const { where, paper } = statement;
    const other = serials.get(paper.serial);
    notebook.holds(
      'PAPER-01',
      where,
      other === undefined,
      'a serial used once',
      `${paper.serial}, also ${other}`,
    );
    serials.set(paper.serial, where);
    checkOrder(the, statement);
    if (roll === undefined) continue;
    checkScope(the, roll, statement);
    if (roll.openings !== undefined) checkSigner(the, roll, statement, { mandates, designations });
  }
  if (papers.length === 0) return;
  if (roll?.openings === undefined)
    notebook.cannot('PAPER-01', contents.whyNot('roll.jsonl', 'holders.jsonl'));
  if (the.rules === undefined)
    notebook.cannot('PAPER-01', { zh: '规则参数不全', en: 'the parameters are not complete' });
}

/** Answers of proposals of the meeting, in its order, each once. */
function checkOrder({ definition, notebook }: Verification, { where, paper }: PaperStatement): void {
  const order = new Map(definition.proposals.map(({ proposal }, at) => [proposal, at]));
  let before = -1;
  for (const [at, { proposal }] of paper.answers.entries()) {
    const place = order.get(proposal) ?? -1;
    notebook.holds(
      'PAPER-01',
      `${where} answers[${at}]`,
      place > before,
      'a later proposal of the meeting',
      proposal,
    );
    before = Math.max(before, place);
  }
}

/** Answers only where the entitlement has area. */
function checkScope(
  { notebook, rules }: Verification,
  { leaves }: Roll,
  { where, paper, answers }: PaperStatement,
): void {
  const leaf = leaves.get(paper.entitlement);
  notebook.holds('PAPER-01', where, leaf !== undefined, 'an entitlement of the roll', paper.entitlement);
  if (leaf === undefined || rules === undefined) return;
  for (const [at, { proposal }] of answers.entries()) {
    if (proposal === undefined) continue;
    const isInScope = areaIn(leaf, proposal.scope, rules.countSpecialSpaces) > 0n;
    const place = `${where} answers[${at}]`;
    const expected = 'a proposal whose scope holds the entitlement';
    notebook.holds('PAPER-01', place, isInScope, expected, proposal.proposal);
  }
}

/** Signed by a holder, by the designated one where somebody is designated, or by the agent of one who might. */
function checkSigner(
  the: Verification,
  { holdersAt, leaves }: Roll,
  { where, index, paper, answers }: PaperStatement,
  {
    mandates,
    designations,
  }: { readonly mandates: Mandates | undefined; readonly designations: Designations },
): void {
  const { notebook, definition, brackets } = the;
  const opening = holdersAt(paper.entitlement, index);
  const leaf = leaves.get(paper.entitlement);
  if (opening === undefined || leaf === undefined) return;
  const voters = votersAt(the, designations, { index, days: daysOf(brackets, index) }, { leaf, opening });
  const mayVote = (person: string): boolean => voters?.includes(person) ?? true;
  const holderOf = (id: string) => opening.holders.find(({ person }) => person === id);
  if (paper.mandate === '') {
    const isAllowed = holderOf(paper.signer) !== undefined && mayVote(paper.signer);
    const named = voters?.map((one) => (one === NOBODY ? 'nobody, since none is designated' : one)) ?? [];
    const expected =
      voters === undefined ? 'a holder of the entitlement' : `the designated: ${named.join(' or ')}`;
    notebook.holds('PAPER-01', `${where} signer`, isAllowed, expected, paper.signer);
    return;
  }
  // Where the mandates cannot be read, checkMandates has said so.
  if (mandates === undefined) return;
  const held = mandates.get(paper.mandate);
  if (held === undefined) {
    notebook.finding('PAPER-01', where, 'a mandate of mandates.jsonl', paper.mandate);
    return;
  }
  const { given, endedAt } = held;
  const isInForce = held.index < index && (endedAt === undefined || endedAt > index);
  notebook.holds('PAPER-01', where, isInForce, `a mandate in force at log ${index}`, paper.mandate);
  const { first = '' } = daysOf(brackets, index);
  notebook.holds('PAPER-01', where, first <= given.until, `used until ${given.until}`, first);
  const fault = mandateFault(given, {
    meeting: definition.meeting,
    agent: { person: paper.signer, identity: given.to.identity },
    units: leaf.units.map(({ unit }) => unit),
    proposals: answers.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.proposal])),
    principalIdentity: mayVote(given.by.person) ? holderOf(given.by.person)?.identity : undefined,
  });
  notebook.same('PAPER-01', `${where} mandate`, 'within its mandate', fault ?? 'within its mandate');
}
