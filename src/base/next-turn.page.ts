/** The page twin of `next-turn.ts`: a page has no `setImmediate`, and shows its progress between two turns. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });
