/**
 * FUND-02 and FUND-03 of emergencies: each is named by the log, signed by two officers, where the last declaration before it allows it,
 * by the register in force then, with shares that are computed again and are those of its scope; it is annulled once, by two (SPEC 8.3).
 */

import type { Emergency } from '../record/emergency.ts';
import { scopeIsBorne } from '../record/emergency.ts';
import { allocate } from './allocation.ts';
import { entriesOf } from './entry-scope.ts';
import type { FundRecords, Held } from './fund-records.ts';
import { checkTwoOfficers } from './money-decisions.ts';
import type { Officers } from './officers.ts';
import type { Verification } from './verification.ts';

/** Makes the checks. */
export function checkEmergencies(
  the: Verification,
  officers: Officers | undefined,
  { emergencies }: FundRecords,
): void {
  const { definition, log, notebook } = the;
  const { community } = definition;
  const logged = entriesOf(log, 'emergency.authorised', { community });
  const declared = entriesOf(log, 'emergencies.declared', { community });
  const registers = entriesOf(log, 'register.imported', { community });
  const signed = (where: string, index: number): void =>
    checkTwoOfficers(the, officers, 'FUND-02', where, index);
  for (const { index } of declared) signed(`log ${index} emergencies.declared`, index);
  for (const { where, hash, value: emergency } of emergencies) {
    const named = logged.filter(({ entry }) => entry.emergencyHash === hash);
    notebook.same('FUND-02', where, '1 emergency.authorised', `${named.length} emergency.authorised`);
    notebook.same('FUND-02', `${where} community`, community, emergency.community);
    for (const { index, entry } of named) {
      notebook.same('FUND-02', `${where} authorisation`, entry.authorisation, emergency.authorisation);
      signed(where, index);
      const rule = declared.findLast((one) => one.index < index)?.entry.emergencies ?? 'never declared';
      notebook.same('FUND-02', `${where} emergencies`, 'allowed', rule);
      const register = registers.findLast((one) => one.index < index)?.entry.register ?? 'none';
      notebook.same('FUND-03', `${where} register`, register, emergency.register);
    }
    const isBorne = scopeIsBorne(emergency);
    notebook.holds('FUND-03', `${where} units`, isBorne, 'the scope that its shares bear', 'another');
    checkShares(the, where, emergency);
  }
  const held = new Set(emergencies.map(({ hash }) => hash));
  for (const { index, entry } of logged) {
    const isHeld = held.has(entry.emergencyHash);
    notebook.holds('FUND-02', `log ${index}`, isHeld, 'its emergency in fund.jsonl', 'none');
  }
  const annulled = new Set<string>();
  for (const { index, entry } of entriesOf(log, 'emergency.annulled', { community })) {
    const { authorisation } = entry;
    const where = `log ${index} emergency.annulled`;
    const isEarlier = logged.some((one) => one.index < index && one.entry.authorisation === authorisation);
    notebook.holds('FUND-02', where, isEarlier, 'an earlier emergency.authorised', authorisation);
    notebook.holds('FUND-02', where, !annulled.has(authorisation), 'annulled once', authorisation);
    signed(where, index);
    annulled.add(authorisation);
  }
}

/** Areas are those that the officers signed; what each unit bears of the cap follows from them. */
function checkShares({ notebook }: Verification, where: string, { capFen, shares }: Emergency): void {
  const bearers = shares.map(({ unit, areaDm2 }) => ({ unit, areaDm2: BigInt(areaDm2) }));
  const units = new Set(shares.map(({ unit }) => unit));
  notebook.same('FUND-03', `${where} shares, each unit once`, `${shares.length}`, `${units.size}`);
  const isBorne = bearers.some(({ areaDm2 }) => areaDm2 > 0n);
  notebook.holds('FUND-03', `${where} shares`, isBorne, 'units with an area', 'none');
  const borne = isBorne ? allocate(BigInt(capFen), bearers) : new Map();
  for (const { unit, amountFen, remainder } of shares) {
    const share = borne.get(unit);
    const expected = `${share?.amountFen} fen, remainder ${share?.remainder}`;
    notebook.same('FUND-03', `${where} ${unit}`, expected, `${amountFen} fen, remainder ${remainder}`);
  }
}

/** FUND-02: an authorisation's id stands under one record, so that no entry of the book has two masters. */
export function checkIds(
  { notebook }: Verification,
  opened: readonly Held<{ readonly authorisation: string }>[],
): void {
  const seen = new Set<string>();
  for (const { where, value } of opened) {
    const { authorisation } = value;
    notebook.holds('FUND-02', where, !seen.has(authorisation), 'an authorisation of its own', authorisation);
    seen.add(authorisation);
  }
}
