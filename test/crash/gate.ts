// Decides when the clients of a crowd may take another cast: so many permits as a test gives, so that a fast machine uses no more casts
// than a slow one, and a kill comes after a count, not after a time (SPEC 6.5).

/** Permits for casts, and waiting for one of them, or for anything else that `wake` is called for. */
export function gate() {
  let permits = 0;
  let isOver = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const each of [...waiting]) each();
  };
  const until = (condition: () => boolean, limitMs?: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = (): void => {
        waiting.delete(look);
        reject(new Error(`waited ${limitMs} ms in vain: ${condition.toString()}`));
      };
      const timer = limitMs === undefined ? undefined : setTimeout(late, limitMs);
      const look = (): void => {
        if (!condition()) return;
        waiting.delete(look);
        clearTimeout(timer);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    wake,
    until,
    isOver: () => isOver,
    /** False when there will be no more. */
    take: async (): Promise<boolean> => {
      await until(() => {
        if (isOver || permits === 0) return isOver;
        permits -= 1;
        return true;
      });
      return !isOver;
    },
    allow: (casts: number): void => {
      permits += casts;
      wake();
    },
    hold: (): void => {
      permits = 0;
    },
    end: (): void => {
      isOver = true;
      wake();
    },
  };
}
