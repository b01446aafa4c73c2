/** The roll of a meeting: one leaf for each entitlement, an RFC 6962 root over them (SPEC 4.1–4.3). */

import { parseDecimal } from '../base/area.ts';
import { present } from '../base/assert.ts';
import { compareText } from '../base/bytes.ts';
import type { Scope } from './meeting.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm } from './schema.ts';
import { decimal, hash, id, label, labelOrNone } from './shapes.ts';

export const UNIT_KINDS = ['dwelling', 'shop', 'office', 'parking', 'storage', 'other'] as const;
/** Kinds that carry no vote unless the profile counts special spaces (DESIGN §7). */
export const SPECIAL_KINDS: readonly string[] = ['parking', 'storage'];

const rollUnit = closed({
  unit: id,
  building: label,
  stair: labelOrNone,
  room: label,
  kind: oneOf(...UNIT_KINDS),
  areaDm2: decimal,
  areaSource: oneOf('register', 'survey', 'contract'),
});

const rollLeaf = closed({
  v: exactly(1),
  kind: oneOf('roll'),
  meeting: id,
  entitlement: id,
  /** Why these units are one head. */
  basis: oneOf('owner-set', 'developer-stock'),
  units: list(rollUnit, 20_000, 1),
  holders: hash,
  voter: hash,
});

export type RollUnit = Of<typeof rollUnit>;
export type RollLeaf = Of<typeof rollLeaf>;
/** The developer's leaf holds hundreds of units, so a leaf may be larger than a log entry. */
export const rollLeafForm = recordForm(rollLeaf, 'roll leaf', 8 * 1024 * 1024);

/** Order of the leaves under the root. */
export const byEntitlement = (a: { entitlement: string }, b: { entitlement: string }): number =>
  compareText(a.entitlement, b.entitlement);

/** Whether a unit stands in a scope and carries weight there (SPEC 4.3). */
export function isInScope(unit: RollUnit, scope: Scope, countSpecialSpaces: boolean): boolean {
  if (!countSpecialSpaces && SPECIAL_KINDS.includes(unit.kind)) return false;
  if (scope.kind === 'community') return true;
  return scope.members.includes(scope.kind === 'buildings' ? unit.building : unit.unit);
}

/** area(e) in dm² and heads(e) for a scope; heads is 1 exactly where the area is positive (SPEC 4.3). */
export function weightOf(
  leaf: RollLeaf,
  scope: Scope,
  countSpecialSpaces: boolean,
): { readonly areaDm2: bigint; readonly heads: 0 | 1 } {
  let areaDm2 = 0n;
  for (const unit of leaf.units) {
    if (isInScope(unit, scope, countSpecialSpaces))
      areaDm2 += present(parseDecimal(unit.areaDm2), 'checked decimal');
  }
  return { areaDm2, heads: areaDm2 > 0n ? 1 : 0 };
}
