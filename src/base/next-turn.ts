/** Lets everybody else have the process, and comes back at once. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
