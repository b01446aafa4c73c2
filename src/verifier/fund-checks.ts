/** FUND-01 to FUND-06: only a passed resolution opens the fund, for its amount, its payee and its units (SPEC 8.3). */

import { parseDecimal } from '../base/area.ts';
import type { Authorisation, FundEntry } from '../record/fund.ts';
import type { Proposal } from '../record/meeting.ts';
import { FUND_ACTION_RULES } from '../record/two-officers.ts';
import type { Bearer } from './allocation.ts';
import { allocate } from './allocation.ts';
import { checkApplications } from './application-checks.ts';
import { checkClaimed } from './claim-checks.ts';
import { readClosings } from './closing-checks.ts';
import { checkEmergencies, checkIds } from './emergency-checks.ts';
import { entriesOf } from './entry-scope.ts';
import type { FundRecords, Held, Opening } from './fund-records.ts';
import { readFund } from './fund-records.ts';
import { checkJournal } from './journal-checks.ts';
import { openBook } from './ledger-replay.ts';
import type { Course } from './meeting-checks.ts';
import { checkTwoOfficers } from './money-decisions.ts';
import { checkMonths } from './month-checks.ts';
import type { Officers } from './officers.ts';
import { checkRefunds } from './refund-checks.ts';
import { checkRevenue } from './revenue-checks.ts';
import type { Roll } from './roll-checks.ts';
import { carriesWeight } from './roll-checks.ts';
import { checkTopUps } from './top-up-checks.ts';
import type { Verification } from './verification.ts';

const NO_MONEY = { zh: '本会议不涉及维修资金', en: 'nothing about money in this meeting' } as const;

const FUND_CHECKS = ['FUND-01', 'FUND-02', 'FUND-03', 'FUND-04', 'FUND-05'] as const;
/** Entries whose records stand in `fund.jsonl`, also of a community that keeps no book. */
const FUND_KINDS = [
  'fund.entry',
  'fund.authorised',
  'emergency.authorised',
  'application.filed',
  'revenue.received',
] as const;

/** Makes the checks of the fund. */
export function checkFund(
  the: Verification,
  course: Course,
  officers: Officers | undefined,
  roll: Roll | undefined,
): void {
  const { contents, definition, log, notebook } = the;
  const filter = { community: definition.community };
  const isLogged = FUND_KINDS.some((kind) => entriesOf(log, kind, filter).length > 0);
  const isAsked = definition.proposals.some(({ fund }) => fund.length > 0);
  if (contents.fund === undefined) {
    const why = isLogged || contents.files.has('fund.jsonl') ? contents.whyNot('fund.jsonl') : NO_MONEY;
    for (const id of FUND_CHECKS) notebook.cannot(id, why);
    checkTopUps(the, officers, roll, []);
    if (isAsked) checkExactlyOne(the, course, []);
    return;
  }
  notebook.made(...FUND_CHECKS);
  const records = readFund(the);
  checkBook(the, records);
  for (const one of records.authorisations) checkAuthorisation(the, course, roll, one);
  checkExactlyOne(the, course, records.authorisations);
  checkRefunds(the, officers, records);
  checkEmergencies(the, officers, records);
  checkApplications(the, records);
  checkRevenue(the, officers, records);
  checkTopUps(the, officers, roll, records.entries);
  checkMonths(the, records);
  const balances = replay(the, officers, records);
  checkJournal(the, records, balances);
  checkClaimed(the, roll, records);
}

/** FUND-01: seq 1, 2, 3 … in log and file, one book, each entry the one that the log names. */
function checkBook({ definition, log, notebook }: Verification, { entries }: FundRecords): void {
  const logged = entriesOf(log, 'fund.entry', { community: definition.community });
  notebook.same('FUND-01', 'fund.jsonl', `${logged.length} entries`, `${entries.length} entries`);
  const book = logged[0]?.entry.book;
  for (const [at, { index, entry }] of logged.entries()) {
    const where = `log ${index} fund.entry`;
    notebook.same('FUND-01', `${where} seq`, String(at + 1), String(entry.seq));
    notebook.same('FUND-01', `${where} book`, book ?? '', entry.book);
    const held = entries[at];
    if (held === undefined) continue;
    notebook.same('FUND-01', `${held.where} hash`, entry.hash, held.hash);
    notebook.same('FUND-01', `${held.where} seq`, String(entry.seq), String(held.value.seq));
    notebook.same('FUND-01', `${held.where} kind`, entry.entryKind, held.value.entryKind);
    notebook.same('FUND-01', `${held.where} community`, definition.community, held.value.community);
  }
}

/** FUND-02: the authorisation says what the resolution decided. FUND-03: its shares are recomputed. */
function checkAuthorisation(
  the: Verification,
  course: Course,
  roll: Roll | undefined,
  { where, hash, value: authorisation }: Held<Authorisation>,
): void {
  const { contents, definition, log, notebook } = the;
  const logged = entriesOf(log, 'fund.authorised', { community: definition.community }).filter(
    ({ entry }) => entry.authorisationHash === hash,
  );
  notebook.same('FUND-02', where, '1 fund.authorised', `${logged.length} fund.authorised`);
  notebook.same('FUND-02', `${where} community`, definition.community, authorisation.community);
  for (const { entry } of logged) {
    notebook.same('FUND-02', `${where} authorisation`, entry.authorisation, authorisation.authorisation);
    notebook.same('FUND-02', `${where} meeting`, entry.meeting, authorisation.meeting);
  }
  if (authorisation.meeting !== definition.meeting) {
    const [zh, en] = [
      '其他会议的授权只核对日志',
      'of authorisations of other meetings only the log entry was checked',
    ];
    notebook.remark('FUND-02', { zh, en });
    return;
  }
  const proposal = definition.proposals.find((one) => one.proposal === authorisation.proposal);
  const [use] = proposal?.fund ?? [];
  if (proposal === undefined || use === undefined) {
    notebook.finding('FUND-02', where, 'a proposal that asks for money', authorisation.proposal);
    return;
  }
  for (const { index } of logged) {
    const isAfter = course.final !== undefined && index > course.final;
    notebook.holds('FUND-02', where, isAfter, 'after tally.final', `log ${index}`);
  }
  const tally = contents.tally?.value.proposals.find((one) => one.proposal === proposal.proposal);
  if (contents.tally === undefined) notebook.cannot('FUND-02', contents.whyNot('tally.json'));
  else notebook.same('FUND-02', `${where} outcome`, 'ADOPTED', tally?.outcome ?? 'not counted');
  notebook.same('FUND-02', `${where} capFen`, use.capFen, authorisation.capFen);
  notebook.same('FUND-02', `${where} payee`, use.payee, authorisation.payee);
  notebook.same('FUND-02', `${where} payeeAccount`, use.payeeAccount, authorisation.payeeAccount);
  notebook.same('FUND-02', `${where} purpose`, use.purpose, authorisation.purpose);
  if (roll !== undefined && the.rules !== undefined) {
    checkShares(the, where, authorisation, bearersOf(roll, use.units, the.rules.countSpecialSpaces));
  } else notebook.cannot('FUND-03', contents.whyNot('roll.jsonl'));
}

type CostScope = Proposal['fund'][number]['units'];

function bearersOf(roll: Roll, scope: CostScope, countSpecialSpaces: boolean): readonly Bearer[] {
  const members = new Set(scope.members);
  const bearers: Bearer[] = [];
  for (const leaf of roll.leaves.values()) {
    for (const unit of leaf.units) {
      if (!carriesWeight(unit, scope, members, countSpecialSpaces)) continue;
      bearers.push({ unit: unit.unit, areaDm2: parseDecimal(unit.areaDm2) ?? 0n });
    }
  }
  return bearers;
}

function checkShares(
  { notebook }: Verification,
  where: string,
  authorisation: Authorisation,
  bearers: readonly Bearer[],
): void {
  const shares = bearers.length === 0 ? new Map() : allocate(BigInt(authorisation.capFen), bearers);
  const [units, stated] = [`${shares.size} units`, new Set(authorisation.shares.map(({ unit }) => unit))];
  notebook.same('FUND-03', `${where} shares`, units, `${authorisation.shares.length} units`);
  notebook.same('FUND-03', `${where} shares, each unit once`, units, `${stated.size} units`);
  for (const { unit, areaDm2, amountFen, remainder } of authorisation.shares) {
    const share = shares.get(unit);
    const expected =
      share === undefined
        ? 'no share'
        : `${share.areaDm2} dm², ${share.amountFen} fen, remainder ${share.remainder}`;
    const found = `${areaDm2} dm², ${amountFen} fen, remainder ${remainder}`;
    notebook.same('FUND-03', `${where} ${unit}`, expected, found);
  }
}

/** FUND-02: each adopted proposal with money has exactly one authorisation once the result is final. */
function checkExactlyOne(
  { contents, definition, notebook }: Verification,
  course: Course,
  authorisations: readonly Held<Authorisation>[],
): void {
  if (course.final === undefined || contents.tally === undefined) return;
  const outcomes = new Map(contents.tally.value.proposals.map((one) => [one.proposal, one.outcome]));
  for (const { proposal, fund } of definition.proposals) {
    const isDue = fund.length > 0 && outcomes.get(proposal) === 'ADOPTED';
    const count = authorisations.filter(({ value }) => value.proposal === proposal).length;
    const expected = `${isDue ? 1 : 0} authorisations`;
    notebook.same('FUND-02', `proposal ${proposal}`, expected, `${count} authorisations`);
  }
}

/** What an annulled resolution or emergency does not open any more. */
const STOPPED: ReadonlySet<FundEntry['entryKind']> = new Set([
  'hold',
  'accrue',
  'pay',
  'claim',
  'claim_settled',
]);

const resolutionOf = ({
  meeting,
  proposal,
}: {
  readonly meeting: string;
  readonly proposal: string;
}): string => `${meeting} ${proposal}`;

/** The place in the log of each authorisation, by the hash of its record. */
function authorisedIn({ definition, log }: Verification): ReadonlyMap<string, number> {
  const filter = { community: definition.community };
  return new Map([
    ...entriesOf(log, 'fund.authorised', filter).map(
      ({ index, entry }) => [entry.authorisationHash, index] as const,
    ),
    ...entriesOf(log, 'refund.authorised', filter).map(
      ({ index, entry }) => [entry.refundHash, index] as const,
    ),
    ...entriesOf(log, 'emergency.authorised', filter).map(
      ({ index, entry }) => [entry.emergencyHash, index] as const,
    ),
  ]);
}

/** The first place in the log that annuls each resolution, by meeting and proposal, and each emergency, by its id. */
function annulledIn({ definition, log }: Verification): ReadonlyMap<string, number> {
  const filter = { community: definition.community };
  const annulledAt = new Map<string, number>();
  for (const { index, entry } of entriesOf(log, 'resolution.annulled', filter)) {
    const resolution = resolutionOf(entry);
    annulledAt.set(resolution, annulledAt.get(resolution) ?? index);
  }
  for (const { index, entry } of entriesOf(log, 'emergency.annulled', filter)) {
    const { authorisation } = entry;
    annulledAt.set(authorisation, annulledAt.get(authorisation) ?? index);
  }
  return annulledAt;
}

/** Replays the book in log order; an entry counts only under an authorisation that the log holds before it. */
function replay(
  the: Verification,
  officers: Officers | undefined,
  { authorisations, refunds, emergencies, entries }: FundRecords,
): ReadonlyMap<string, bigint> {
  const { definition, log, notebook } = the;
  const filter = { community: definition.community };
  const indexOf = new Map(
    entriesOf(log, 'fund.entry', filter).map(({ index, entry }) => [entry.hash, index]),
  );
  const authorisedAt = authorisedIn(the);
  const annulledAt = annulledIn(the);
  const opened: readonly Held<Opening>[] = [...authorisations, ...refunds, ...emergencies];
  checkIds(the, opened);
  const byId = new Map(opened.map((one) => [one.value.authorisation, one]));
  const stateOf = (id: string) => {
    const one = byId.get(id);
    return one === undefined ? undefined : { one, since: authorisedAt.get(one.hash) };
  };
  const annulmentOf = (id: string): number | undefined => {
    const value = byId.get(id)?.value;
    if (value?.kind === 'emergency') return annulledAt.get(id);
    return value?.kind === 'authorisation' ? annulledAt.get(resolutionOf(value)) : undefined;
  };
  const closings = readClosings(the, officers, stateOf, annulmentOf);
  const book = openBook();
  const works = [...authorisations, ...emergencies];
  /** What was authorised before this one and is open at this index; only claims ask for it. */
  const openBefore = (since: number | undefined, index: number) =>
    works
      .filter(({ hash, value }) => {
        const from = authorisedAt.get(hash);
        const isBefore = from !== undefined && since !== undefined && from < since;
        return isBefore && !closings.hasEnded(value.authorisation, index);
      })
      .map(({ value }) => value);
  for (const [at, { where, hash, value: entry }] of entries.entries()) {
    const index = indexOf.get(hash) ?? -1;
    const authorisation = byId.get(entry.authorisation);
    const since = authorisation === undefined ? undefined : authorisedAt.get(authorisation.hash);
    closings.before({ where, index, entry }, book.left);
    const isBefore = since !== undefined && since < index;
    const around = {
      openBefore: entry.entryKind.startsWith('claim') ? openBefore(since, index) : [],
      next: entries[at + 1]?.value,
    };
    const granted = isBefore ? authorisation?.value : undefined;
    for (const { rule, expected, found } of book.apply(entry, granted, around)) {
      notebook.finding(rule, `${where} ${entry.entryKind}`, expected, found);
    }
    const annulled = annulmentOf(entry.authorisation);
    if (annulled !== undefined && annulled < index && STOPPED.has(entry.entryKind))
      notebook.finding('FUND-02', where, `no ${entry.entryKind} after log ${annulled}`, `log ${index}`);
    if (entry.entryKind in FUND_ACTION_RULES) checkTwoOfficers(the, officers, 'FUND-02', where, index);
  }
  closings.before(undefined, book.left);
  return book.balances();
}
