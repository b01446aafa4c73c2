// Types of count.mjs for its test.
type Sum = { passed: number; failed: number };

/** Passed and failed of one report. */
export function countsOf(report: object): Sum;
/** A line for each failure of one report. */
export function failuresOf(report: object): string[];
/** Sum over reports, what failed, and what could not be read. */
export function sumOf(files: readonly string[], read: (file: string) => string): Sum & { problems: string[] };
