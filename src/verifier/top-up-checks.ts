/**
 * FUND-06: a call to top up is named by the log, signed by two officers, decided by a resolution that stands or by a rule of the city, and
 * asks each home for what the book had of it and the scheme makes of it; it is withdrawn once (SPEC 8.6; 165 §17).
 */
import type { FundEntry } from '../record/fund.ts';
import type { TopUpCall } from '../record/top-up.ts';
import { entriesOf } from './entry-scope.ts';
import type { FundRecords, Held } from './fund-records.ts';
import type { Officers } from './officers.ts';
import type { Verification } from './verification.ts';

/** Makes the checks. */
export function checkTopUps(
  the: Verification,
  officers: Officers | undefined,
  { calls, entries }: FundRecords,
): void {
  const { definition, log, notebook } = the;
  const { community } = definition;
  const logged = entriesOf(log, 'topup.called', { community });
  const signed = (where: string, index: number): void => {
    if (officers === undefined) return;
    const valid = (officers.signers.get(index) ?? []).filter(({ isValid }) => isValid);
    notebook.holds('FUND-06', where, valid.length >= 2, "two officers' actions", `${valid.length} valid`);
  };
  const seen = new Set<string>();
  for (const { where, hash, value: call } of calls) {
    const named = logged.filter(({ entry }) => entry.callHash === hash);
    notebook.same('FUND-06', where, '1 topup.called', `${named.length} topup.called`);
    notebook.same('FUND-06', `${where} community`, community, call.community);
    notebook.holds('FUND-06', where, !seen.has(call.call), 'an id used once', call.call);
    seen.add(call.call);
    for (const { index, entry } of named) {
      notebook.same('FUND-06', `${where} call`, entry.call, call.call);
      signed(where, index);
      checkBasis(the, where, index, call);
    }
    checkLines(the, where, call, entries, named[0]?.index);
  }
  const held = new Set(calls.map(({ hash }) => hash));
  for (const { index, entry } of logged)
    notebook.holds('FUND-06', `log ${index}`, held.has(entry.callHash), 'its call in fund.jsonl', 'none');
  const withdrawn = new Set<string>();
  for (const { index, entry } of entriesOf(log, 'topup.withdrawn', { community })) {
    const where = `log ${index} topup.withdrawn`;
    const standing = logged.findLast((one) => one.index < index)?.entry.call ?? 'no call';
    notebook.same('FUND-06', `${where} call in force`, standing, entry.call);
    notebook.holds('FUND-06', where, !withdrawn.has(entry.call), 'withdrawn once', entry.call);
    withdrawn.add(entry.call);
    signed(where, index);
  }
}

/** Exactly one of a resolution that raises the fund and a rule of the city; of other meetings only the log is known. */
function checkBasis(
  { contents, definition, log, notebook }: Verification,
  where: string,
  index: number,
  { meeting, proposal, documentHash }: TopUpCall,
): void {
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
  const { community } = definition;
  const isFinal = entriesOf(log, 'tally.final', { community }).some(
    (one) => one.index < index && one.entry.meeting === meeting,
  );
  notebook.holds('FUND-06', where, isFinal, 'an earlier tally.final', meeting);
  const isAnnulled = entriesOf(log, 'resolution.annulled', { community }).some(
    ({ index: at, entry }) => at < index && entry.meeting === meeting && entry.proposal === proposal,
  );
  notebook.holds('FUND-06', where, !isAnnulled, 'a resolution that stands', proposal);
  if (meeting !== definition.meeting) return;
  const classes = definition.proposals.find((one) => one.proposal === proposal)?.classes ?? [];
  notebook.holds('FUND-06', `${where} class`, classes.includes('M6'), 'M6', classes.join(' ') || 'none');
  if (contents.tally === undefined) return;
  const outcome = contents.tally.value.proposals.find((one) => one.proposal === proposal)?.outcome;
  notebook.same('FUND-06', `${where} outcome`, 'ADOPTED', outcome ?? 'not counted');
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
    const [balance, first] = [balances.get(unit) ?? 0n, BigInt(firstFen)];
    notebook.same('FUND-06', `${where} ${unit} balance`, `${balance} fen`, `${balanceFen} fen`);
    const share = first * BigInt(targetPercent);
    const whole = share / 100n + (share % 100n === 0n ? 0n : 1n);
    const due = 10n * balance < 3n * first ? whole - balance : 0n;
    notebook.same('FUND-06', `${where} ${unit} due`, `${due} fen`, `${dueFen} fen`);
    isAsked ||= due > 0n;
  }
  notebook.holds('FUND-06', where, isAsked, 'a home below 30 %', 'none');
}
