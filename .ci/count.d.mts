// Types of count.mjs for its test.
type Sum = { passed: number; failed: number };

/** Passed and failed of one report. */
export function countsOf(report: object): Sum;
/** Sum over reports, and what could not be read. */
export function sumOf(files: readonly string[], read: (file: string) => string): Sum & { problems: string[] };
