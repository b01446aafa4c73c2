/**
 * Interest by balance-days of available and held together: the day of a deposit counts, the day of a withdrawal does not. A
 * household whose backdated corrections leave it less than nothing counts as nothing (SPEC 8.3).
 */
import { daysBetween } from '../../base/civil-date.ts';
import type { Weight } from './allocation.ts';

/** What a unit gained (credit) on a value date, in fen; a withdrawal is negative. */
export type DatedGain = { readonly unit: string; readonly valueOn: string; readonly gainFen: bigint };

/** Fen-days of each unit in the period from `since` (empty: from the first fen) up to but not including `until`. */
export function balanceDays(gains: readonly DatedGain[], since: string, until: string): readonly Weight[] {
  const byUnit = new Map<string, bigint>();
  for (const { unit, valueOn, gainFen } of gains) {
    if (valueOn >= until) continue;
    const days = daysBetween(valueOn > since ? valueOn : since, until);
    byUnit.set(unit, (byUnit.get(unit) ?? 0n) + gainFen * BigInt(days));
  }
  return [...byUnit].map(([unit, weight]) => ({ unit, weight: weight > 0n ? weight : 0n }));
}
