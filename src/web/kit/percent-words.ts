/** Shares as people read them; never rounded up, so that 66.666 % is never shown as the two thirds that it misses (DESIGN §3 "documents"). */

/** `part` of `total` in per cent with two decimals, cut off; a dash where there is no total. */
export function percentWords(part: bigint, total: bigint): string {
  if (total <= 0n) return '—';
  const hundredths = (part * 10_000n) / total;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}%`;
}
