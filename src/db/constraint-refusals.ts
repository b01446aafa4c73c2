/** Constraint names of schema.sql as refusal codes: each feature brings its own map, and what is not in it stays an error. */
import type { Refusal } from '../base/result.ts';

/** Constraint, unique index or trigger name → the code of a refusal. */
export type ConstraintCodes<C extends string> = Readonly<Record<string, C>>;

/** Integrity violations (class 23) and our own triggers (OV001); every other database error is a broken promise or a tie. */
const isViolation = (code: unknown): boolean =>
  typeof code === 'string' && (code.startsWith('23') || code === 'OV001');

/** The refusal that a violated constraint means, or undefined: then the caller rethrows `error`. */
export function refusalOfConstraint<C extends string>(
  error: unknown,
  codes: ConstraintCodes<C>,
): Refusal<C> | undefined {
  if (!(error instanceof Error) || !('code' in error) || !isViolation(error.code)) return undefined;
  if (!('constraint' in error) || typeof error.constraint !== 'string') return undefined;
  const code = Object.hasOwn(codes, error.constraint) ? codes[error.constraint] : undefined;
  return code === undefined ? undefined : { code };
}
