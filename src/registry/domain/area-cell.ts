/**
 * Areas of a register as exact dm²: no float is made, nothing is rounded unless the operator chose a rule
 * (DESIGN §7).
 */
import type { FindingCode } from './findings.ts';

/** How areas with more than two decimals are rounded, where the operator decided so. */
export type AreaRounding = 'half-up' | 'down';

/** An area in dm² and what to say about it; without an area the cell is unusable. */
type AreaReading = { readonly areaDm2?: bigint; readonly code?: FindingCode };

const UNIT = /(?:m2|m²|平方米|平米|平方)$/u;
const PLAIN = /^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d*))?$/;
/** How nearly all areas are written. */
const SIMPLE = /^(\d{1,7})(?:\.(\d{1,2}))?$/;
/** Binary noise is smaller than this many decimals: 88.879999999999995 was written as 88.88. */
const NOISE_DECIMALS = 10;
const MAX_DM2 = 2_000_000n;

/** Nearest integer of `value / 10^places`, halves up; `value` is not negative. */
const nearest = (value: bigint, places: number): bigint =>
  (value + 10n ** BigInt(places) / 2n) / 10n ** BigInt(places);

function withinNoise(scaled: bigint, places: number, rounded: bigint): boolean {
  const difference = scaled - rounded * 10n ** BigInt(places);
  const size = difference < 0n ? -difference : difference;
  return places + 2 > NOISE_DECIMALS && size <= 10n ** BigInt(places + 2 - NOISE_DECIMALS);
}

function inRange(areaDm2: bigint, code: FindingCode | undefined): AreaReading {
  if (areaDm2 <= 0n || areaDm2 > MAX_DM2) return { code: 'REG-C303' };
  if (code !== undefined) return { areaDm2, code };
  return areaDm2 < 800n || areaDm2 > 100_000n ? { areaDm2, code: 'REG-C304' } : { areaDm2 };
}

/**
 * Reads an area in m². `rounding` is the operator's choice for more than two decimals; without it they
 * block.
 */
export function readArea(text: string, rounding?: AreaRounding): AreaReading {
  const [, metres, hundredths = ''] = SIMPLE.exec(text) ?? [];
  if (metres !== undefined) return inRange(BigInt(metres + hundredths.padEnd(2, '0')), undefined);
  const folded = text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .replace(/−/g, '-')
    .toLowerCase()
    .replace(UNIT, '');
  const match = PLAIN.exec(folded);
  const [, sign = '', whole = '', decimals = ''] = match ?? [];
  if (match === null || whole + decimals === '') return { code: 'REG-C302' };
  const fraction = decimals.replace(/0+$/, '');
  const places = Math.max(0, fraction.length - 2);
  const scaled = BigInt(whole.replaceAll(',', '') + fraction.padEnd(2, '0'));
  if (sign === '-') return { code: 'REG-C303' };
  const rounded = nearest(scaled, places);
  if (places === 0 || withinNoise(scaled, places, rounded)) return inRange(rounded, undefined);
  if (rounding === undefined) {
    const range = inRange(rounded > 0n ? rounded : 1n, undefined);
    return { code: range.areaDm2 === undefined ? 'REG-C303' : 'REG-C305' };
  }
  return inRange(rounding === 'half-up' ? rounded : scaled / 10n ** BigInt(places), 'REG-C305');
}
