/** Broken promises of our own: an InvariantError is never an answer to a caller, it aborts and is logged. */

/** Thrown when the program contradicts itself; never caught except at the rim. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws an InvariantError unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The value, or an InvariantError where it is absent. */
export function present<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new InvariantError(message);
  return value;
}

/** The end of a switch over a closed union. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`);
}
