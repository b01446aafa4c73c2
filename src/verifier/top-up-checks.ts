/**
 * FUND-06: a call to top up is named by the log, signed by two officers, decided by a resolution that stands or by a rule of the city, and
 * asks each home for what the book had of it and the scheme makes of it; it is withdrawn once (SPEC 8.6; 165 §17).
 */

import { fromBase64Url } from '../base/bytes.ts';
import { addDays } from '../base/civil-date.ts';
import type { FundEntry } from '../record/fund.ts';
import type { TopUpCall } from '../record/top-up.ts';
import { topUpCallForm, topUpCallHash } from '../record/top-up.ts';
import { noteRefusal } from './bundle-contents.ts';
import { entriesOf } from './entry-scope.ts';
import type { Held } from './fund-records.ts';
import { checkResolution, checkTwoOfficers, isAnnulledBefore } from './money-decisions.ts';
import type { Officers } from './officers.ts';
import type { Roll } from './roll-checks.ts';
import { daysOf } from './time-brackets.ts';
import type { Verification } from './verification.ts';

const NO_CALLS = { zh: '没有续交通知', en: 'no call to top up' } as const;

/** Reads the lines; one that is no call is noted and left out. */
function readCalls({ contents, notebook }: Verification): readonly Held<TopUpCall>[] {
  return (contents.topUps ?? []).flatMap(({ where, value }) => {
    const bytes = fromBase64Url(value.record) ?? new Uint8Array();
    const parsed = topUpCallForm.parse(bytes);
    if (!parsed.ok) noteRefusal(notebook, where, parsed.refusal);
    return parsed.ok ? [{ where, hash: topUpCallHash(bytes), value: parsed.value }] : [];
  });
}

/** Makes the checks, over the entries of the book. */
export function checkTopUps(
  the: Verification,
  officers: Officers | undefined,
  roll: Roll | undefined,
  entries: readonly Held<FundEntry>[],
): void {
  const { contents, definition, log, notebook } = the;
  const { community } = definition;
  const logged = entriesOf(log, 'topup.called', { community });
  if (contents.topUps === undefined || (logged.length === 0 && contents.fund === undefined)) {
    notebook.cannot('FUND-06', logged.length === 0 ? NO_CALLS : contents.whyNot('top-ups.jsonl'));
    return;
  }
  notebook.made('FUND-06');
  const calls = readCalls(the);
  const signed = (where: string, index: number): void =>
    checkTwoOfficers(the, officers, 'FUND-06', where, index);
  const seen = new Set<string>();
  for (const { where, hash, value: call } of calls) {
    const named = logged.filter(({ entry }) => entry.callHash === hash);
    notebook.same('FUND-06', where, '1 topup.called', `${named.length} topup.called`);
    notebook.same('FUND-06', `${where} community`, community, call.community);
    notebook.holds('FUND-06', where, !seen.has(call.call), 'an id used once', call.call);
    seen.add(call.call);
    for (const { index, entry } of named) {
      notebook.same('FUND-06', `${where} call`, entry.call, call.call);
      const ground = call.meeting === '' ? 'rule' : 'resolution';
      notebook.same('FUND-06', `${where} ground`, ground, entry.ground);
      const former = logged.findLast((one) => one.index < index)?.entry.call ?? '';
      notebook.same('FUND-06', `${where} former`, former, call.former);
      signed(where, index);
      checkBasis(the, where, index, call);
      checkDue(the, where, index, call);
    }
    checkScope(the, where, roll, call);
    checkLines(the, where, call, entries, named[0]?.index);
  }
  const held = new Set(calls.map(({ hash }) => hash));
  for (const { index, entry } of logged)
    notebook.holds('FUND-06', `log ${index}`, held.has(entry.callHash), 'its call in top-ups.jsonl', 'none');
  const withdrawn = new Set<string>();
  for (const { index, entry } of entriesOf(log, 'topup.withdrawn', { community })) {
    const where = `log ${index} topup.withdrawn`;
    const standing = logged.findLast((one) => one.index < index)?.entry.call ?? 'no call';
    notebook.same('FUND-06', `${where} call in force`, standing, entry.call);
    notebook.holds('FUND-06', where, !withdrawn.has(entry.call), 'withdrawn once', entry.call);
    withdrawn.add(entry.call);
    const of = calls.find(({ value }) => value.call === entry.call)?.value;
    const isAnnulled = of !== undefined && isAnnulledBefore(the, of, index);
    notebook.holds('FUND-06', where, !isAnnulled, 'a call in force', 'its resolution was annulled');
    signed(where, index);
  }
}

/** Homes outside the scope of this meeting's resolution were asked by nobody; where a home is, its roll says. */
function checkScope(
  { definition, notebook }: Verification,
  where: string,
  roll: Roll | undefined,
  { meeting, proposal, units }: TopUpCall,
): void {
  if (meeting !== definition.meeting) return;
  const scope = definition.proposals.find((one) => one.proposal === proposal)?.scope;
  if (scope === undefined || scope.kind === 'community') return;
  const members = new Set(scope.members);
  const buildings = new Map(
    [...(roll?.leaves.values() ?? [])].flatMap((leaf) =>
      leaf.units.map(({ unit, building }) => [unit, building] as const),
    ),
  );
  for (const { unit } of units) {
    const place = scope.kind === 'units' ? unit : (buildings.get(unit) ?? '');
    notebook.holds(
      'FUND-06',
      `${where} ${unit} scope`,
      members.has(place),
      [...members].join(' '),
      place || unit,
    );
  }
}

/** Exactly one of a resolution that raises the fund and a rule of the city; of other meetings only the log is known. */
function checkBasis(the: Verification, where: string, index: number, call: TopUpCall): void {
  const { definition, notebook } = the;
  const { meeting, proposal, documentHash } = call;
  const isByRule = documentHash !== '' && meeting === '' && proposal === '';
  const isByVote = documentHash === '' && meeting !== '' && proposal !== '';
  notebook.holds(
    'FUND-06',
    `${where} basis`,
    isByRule !== isByVote,
    'a resolution or a rule',
    'both, or none',
  );
  if (!isByVote) return;
  checkResolution(the, 'FUND-06', where, index, call);
  if (meeting !== definition.meeting) return;
  const classes = definition.proposals.find((one) => one.proposal === proposal)?.classes ?? [];
  notebook.holds('FUND-06', `${where} class`, classes.includes('M6'), 'M6', classes.join(' ') || 'none');
}

/** A call that is due in years asks for nothing. */
const LONGEST_DAYS = 366;

/** The last day lies after the day on which the call came into force, and within a year of it; judged where a quorum bounds that day. */
function checkDue(
  { brackets, notebook }: Verification,
  where: string,
  index: number,
  { dueOn }: TopUpCall,
): void {
  const { first, last } = daysOf(brackets, index);
  if (first !== undefined)
    notebook.holds('FUND-06', `${where} dueOn`, dueOn > first, `a day after ${first}`, dueOn);
  if (last === undefined) return;
  const latest = addDays(last, LONGEST_DAYS);
  notebook.holds('FUND-06', `${where} dueOn`, dueOn <= latest, `${latest} or before`, dueOn);
}

/** What each unit had after an entry of the book, available and held. */
function balancesAfter(entries: readonly Held<FundEntry>[], seq: number): ReadonlyMap<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const { value } of entries) {
    if (value.seq > seq) continue;
    for (const { accountKind, unit, amountFen } of value.postings)
      if (accountKind === 'unit_available' || accountKind === 'unit_held')
        balances.set(unit, (balances.get(unit) ?? 0n) - BigInt(amountFen));
  }
  return balances;
}

/** Each unit once, with its balance, and the least whole fen that bring it back to the target where less than 30 % is left. */
function checkLines(
  { definition, log, notebook }: Verification,
  where: string,
  { seq, targetPercent, units }: TopUpCall,
  entries: readonly Held<FundEntry>[],
  index: number | undefined,
): void {
  const booked = entriesOf(log, 'fund.entry', { community: definition.community });
  const isBooked = booked.some((one) => one.entry.seq === seq && (index === undefined || one.index < index));
  notebook.holds('FUND-06', `${where} seq`, isBooked, 'an earlier entry of the book', String(seq));
  const balances = balancesAfter(entries, seq);
  let last = '';
  let isAsked = false;
  for (const { unit, firstFen, balanceFen, dueFen } of units) {
    notebook.holds('FUND-06', `${where} units`, unit > last, 'each once, in the order of their ids', unit);
    last = unit;
    const [known, first] = [balances.get(unit), BigInt(firstFen)];
    notebook.holds('FUND-06', `${where} ${unit}`, known !== undefined, 'a home that the book knows', unit);
    const balance = known ?? 0n;
    notebook.same('FUND-06', `${where} ${unit} balance`, `${balance} fen`, `${balanceFen} fen`);
    const share = first * BigInt(targetPercent);
    const whole = share / 100n + (share % 100n === 0n ? 0n : 1n);
    const due = 10n * balance < 3n * first ? whole - balance : 0n;
    notebook.same('FUND-06', `${where} ${unit} due`, `${due} fen`, `${dueFen} fen`);
    isAsked ||= due > 0n;
  }
  notebook.holds('FUND-06', where, isAsked, 'a home below 30 %', 'none');
}
