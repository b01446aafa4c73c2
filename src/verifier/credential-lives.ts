/** From which entry to which a credential is in force, and until which date, as the log says (SPEC 3.2, 3.4, 6.6). */
import { entriesOf } from './entry-scope.ts';
import type { IssuedLetter } from './letter-checks.ts';
import { daysOf } from './time-brackets.ts';
import type { Verification } from './verification.ts';

/** Log indexes; `until` is a civil date or empty. */
export type CredentialLife = {
  readonly from: number;
  readonly endedAt?: number;
  readonly until: string;
};

/** Ends a life, unless it ended before. */
export function endLife(lives: Map<string, CredentialLife>, credential: string, index: number): void {
  const life = lives.get(credential);
  if (life !== undefined) lives.set(credential, { ...life, endedAt: Math.min(index, life.endedAt ?? index) });
}

/** Whether a life covers an index; its date is over where a quorum says that the day after had begun before the entry. */
export function isAlive(
  { brackets }: Verification,
  life: CredentialLife | undefined,
  index: number,
): boolean {
  if (life === undefined || life.from >= index) return false;
  if (life.endedAt !== undefined && life.endedAt <= index) return false;
  const { first } = daysOf(brackets, index);
  return life.until === '' || first === undefined || first <= life.until;
}

/** Letters live from their batch until they are revoked or replaced. */
export function livesOfLetters(
  { definition, log }: Verification,
  letters: ReadonlyMap<string, IssuedLetter>,
): Map<string, CredentialLife> {
  const lives = new Map<string, CredentialLife>();
  for (const [letter, { batch }] of letters)
    if (batch !== undefined) lives.set(letter, { from: batch.index, until: batch.entry.until });
  for (const { item, batch } of letters.values())
    if (item.replaces !== '' && batch !== undefined) endLife(lives, item.replaces, batch.index);
  for (const { index, entry } of entriesOf(log, 'letters.revoked', { community: definition.community }))
    endLife(lives, entry.letter, index);
  return lives;
}
