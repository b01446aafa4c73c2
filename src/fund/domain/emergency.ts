/** What an emergency lays on whom: the units of its scope by the register in force, and what people call each danger (SPEC 8.3; 165 §24). */
import type { EmergencyCategory } from '../../record/emergency.ts';
import type { Scope } from '../../record/meeting.ts';
import { SPECIAL_KINDS } from '../../record/roll.ts';
import type { Weight } from './allocation.ts';

/** A unit as the register has it; area in dm². */
export type RegisteredUnit = {
  readonly unit: string;
  readonly building: string;
  readonly kind: string;
  readonly areaDm2: bigint;
};

/**
 * The units that bear the cost; undefined where a member of the scope names none of them or stands there twice, or nobody bears anything. Parking and storage
 * bear nothing, as in a meeting under the default rules.
 */
export function bearersIn(units: readonly RegisteredUnit[], scope: Scope): readonly Weight[] | undefined {
  const keyOf = ({ unit, building }: RegisteredUnit): string =>
    scope.kind === 'buildings' ? building : unit;
  const isWhole = scope.kind === 'community';
  if (isWhole !== (scope.members.length === 0)) return undefined;
  const members = new Set(scope.members);
  if (members.size !== scope.members.length) return undefined;
  const bearing = units.filter(
    (one) => !SPECIAL_KINDS.includes(one.kind) && one.areaDm2 > 0n && (isWhole || members.has(keyOf(one))),
  );
  const found = new Set(bearing.map(keyOf));
  if (bearing.length === 0 || scope.members.some((member) => !found.has(member))) return undefined;
  return bearing.map(({ unit, areaDm2 }) => ({ unit, weight: areaDm2 }));
}

export const CATEGORY_WORDS: Readonly<Record<EmergencyCategory, string>> = {
  lift: '电梯故障',
  fire: '消防设施故障',
  leak: '屋面、外墙渗漏',
  facade: '外墙脱落',
  collapse: '墙体、道路塌陷',
  water: '供水、水泵故障',
  drains: '排水堵塞、爆裂',
  other: '其他危及人身、房屋安全的情形',
};

/** What an emergency is called wherever a resolution has the title of its proposal. */
export const emergencyTitle = (category: EmergencyCategory): string =>
  `紧急维修：${CATEGORY_WORDS[category]}`;
