// The random moments of a run come from one seed, which is printed, so that a failing run can be run again.
import { randomBytes } from 'node:crypto';
import type { Seeded } from '../../src/cli/demo/seeded.ts';
import { seeded } from '../../src/cli/demo/seeded.ts';

/** The seed of a test: OWNERS_VOTE_SEED, or a new one. */
export function newSeed(name: string): { readonly seed: string; readonly draw: Seeded } {
  const seed = process.env['OWNERS_VOTE_SEED'] ?? randomBytes(6).toString('hex');
  process.stdout.write(`crash/${name}: OWNERS_VOTE_SEED=${seed}\n`);
  return { seed, draw: seeded(`${seed}/${name}`) };
}

/** How often each thing is killed: OWNERS_VOTE_KILLS, or 20. */
export const killCount = (): number => Number(process.env['OWNERS_VOTE_KILLS'] ?? '20');

/** Prints what a run has seen, in one line. */
export function report(name: string, seed: string, facts: Readonly<Record<string, number | string>>): void {
  const words = Object.entries(facts).map(([key, value]) => `${key} ${value}`);
  process.stdout.write(`crash/${name} ${seed}: ${words.join(', ')}\n`);
}
