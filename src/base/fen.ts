/** Money as exact integers of fen (0.01 yuan); SPEC 1.5. */
import type { Refusal, Result } from './result.ts';
import { ok, refuse } from './result.ts';

const YUAN = /^(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?$/;

/** Fen of a text in yuan with at most two decimals, such as `1234.50`; signs are refused. */
export function parseYuan(text: string): Result<bigint, Refusal<'AMOUNT_MALFORMED'>> {
  const match = YUAN.exec(text);
  if (match === null) return refuse('AMOUNT_MALFORMED', undefined, { text });
  return ok(BigInt(match[1] as string) * 100n + BigInt((match[2] ?? '').padEnd(2, '0')));
}

/** Text in yuan with two decimals, with a sign where negative. */
export function showYuan(amountFen: bigint): string {
  const size = amountFen < 0n ? -amountFen : amountFen;
  return `${amountFen < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

/** Σ of amounts. */
export function sumFen(amounts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}
