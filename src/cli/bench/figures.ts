/** Figures of a bench and how they are printed: each with the limit that was measured beside it in the same run (DESIGN §6). */

/** `limit` and `ratio` are null where a figure has no limit of its own. */
export type Figure = {
  readonly name: string;
  readonly rate: number;
  readonly unit: string;
  readonly limit: number | null;
  readonly ratio: number | null;
};

/** A figure beside its limit. */
export const against = (name: string, rate: number, unit: string, limit: number): Figure => ({
  name,
  rate,
  unit,
  limit,
  ratio: rate / limit,
});

/** A figure that stands alone. */
export const alone = (name: string, rate: number, unit: string): Figure => ({
  name,
  rate,
  unit,
  limit: null,
  ratio: null,
});

/** The middle of three or more measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const short = (value: number): string =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);

/** One line a figure, aligned. */
export function showFigures(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return figures
    .map(({ name, rate, unit, limit, ratio }) => {
      const beside =
        limit === null || ratio === null ? '' : `  limit ${short(limit)}  ratio ${ratio.toFixed(2)}`;
      return `  ${name.padEnd(width)}  ${short(rate).padStart(9)} ${unit}${beside}\n`;
    })
    .join('');
}
