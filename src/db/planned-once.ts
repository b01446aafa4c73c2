/**
 * Statements that a server parses and plans once for each connection (docs/decisions/group-commit.md). Only for those of the cast
 * path and of the fund's entries: their texts never vary, and their look-ups are written so that the first plan is also the last word,
 * whatever the tables grow to.
 */
import { sql } from 'kysely';

const MARK = '/* planned once */';

/** Begins such a statement: sql`${PLANNED_ONCE} select …`. */
export const PLANNED_ONCE = sql.raw<never>(MARK);

const names = new Map<string, string>();

/** The name under which a server keeps a statement, or undefined for one that it is not to keep. */
export function plannedName(text: string): string | undefined {
  if (!text.trimStart().startsWith(MARK)) return undefined;
  const known = names.get(text) ?? `planned_${names.size}`;
  names.set(text, known);
  return known;
}

/** Begins the house's transactions. */
export const BEGIN = `${MARK} start transaction isolation level read committed`;

/** Whether such a statement only reads and locks, so that nothing stands if it ran outside its transaction. */
export const isLookUp = (text: string): boolean => text.trimStart().startsWith(`${MARK} select`);
