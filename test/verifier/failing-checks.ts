// What a forged bundle fails: the ids of the checks, in the order of the report.
import type { CheckId } from '../../src/verifier/check-catalogue.ts';
import type { Check } from '../../src/verifier/notebook.ts';
import type { Given, Report } from '../../src/verifier/verify.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { Built, Forge } from './bundle-builder.ts';
import { buildBundle } from './bundle-builder.ts';

/** The report on a bundle under its trust file, unless `given` says otherwise. */
export async function reportOf(built: Built, given: Given = { trust: built.trust }): Promise<Report> {
  const report = await verifyBundle({ files: built.files, irregular: [] }, given);
  if (!report.ok) throw new Error(report.refusal.code);
  return report.value;
}

/** All checks of it. */
export const checksOf = async (built: Built, given?: Given): Promise<readonly Check[]> =>
  (await reportOf(built, given)).checks;

export async function failuresOf(built: Built, given?: Given): Promise<readonly CheckId[]> {
  const checks = await checksOf(built, given);
  return checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
}

/** The checks that fail when this lie is told. */
export const failing = (forge: Forge): Promise<readonly CheckId[]> => failuresOf(buildBundle(forge));

/** Changes one byte of a file. */
export function flipByte(files: Map<string, Uint8Array>, path: string, at: number): void {
  const bytes = Uint8Array.from(files.get(path) ?? []);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  files.set(path, bytes);
}

/** Drops or reorders lines of a file. */
export function editLines(
  files: Map<string, Uint8Array>,
  path: string,
  edit: (lines: readonly string[]) => readonly string[],
): void {
  const text = new TextDecoder().decode(files.get(path));
  const lines = edit(text.split('\n').slice(0, -1));
  files.set(path, new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')));
}
