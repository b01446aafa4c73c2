/** Waiting for statements of one connection that were sent together: which of their errors is the reason (docs/decisions/group-commit.md). */
import { sqlStateOf } from './transaction.ts';

/** Each statement after the one that failed is answered so, whatever it was; its answer may be seen first. */
const TRANSACTION_ABORTED = '25P02';

/**
 * The results of statements that were sent together, in their order. Waits for all of them, so that none is under way when the
 * transaction ends; then throws the first error in the order of sending that is not just the echo of another one.
 */
export async function sentTogether<T extends readonly unknown[] | []>(
  statements: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const outcomes = await Promise.allSettled(statements);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome] : []));
  const cause = reasons.find(({ reason }) => sqlStateOf(reason) !== TRANSACTION_ABORTED) ?? reasons[0];
  if (cause !== undefined) throw cause.reason;
  return Promise.all(statements);
}
