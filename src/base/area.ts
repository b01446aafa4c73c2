/** Areas as exact integers of dm² (0.01 m²); SPEC 1.5. Never a float, never rounded. */
import type { Refusal, Result } from './result.ts';
import { ok, refuse } from './result.ts';

const METRES = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?$/;
const DECIMAL = /^(0|[1-9][0-9]{0,17})$/;

/** Area in dm² of a text in m² with at most two decimals, such as `98.76`. */
export function parseSquareMetres(text: string): Result<bigint, Refusal<'AREA_MALFORMED'>> {
  const match = METRES.exec(text);
  if (match === null) return refuse('AREA_MALFORMED', undefined, { text });
  return ok(BigInt(match[1] as string) * 100n + BigInt((match[2] ?? '').padEnd(2, '0')));
}

/** Text in m² with two decimals. */
export function showSquareMetres(areaDm2: bigint): string {
  return `${areaDm2 / 100n}.${String(areaDm2 % 100n).padStart(2, '0')}`;
}

/** Non-negative integer of a plain decimal text without leading zero, or undefined. */
export const parseDecimal = (text: string): bigint | undefined =>
  DECIMAL.test(text) ? BigInt(text) : undefined;

/** Σ of areas. */
export const sumAreas = (areas: Iterable<bigint>): bigint => {
  let sum = 0n;
  for (const area of areas) sum += area;
  return sum;
};
