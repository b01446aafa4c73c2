/** At most two argon2 computations at once: they share libuv's threads with file and signature work (DESIGN §3). */

const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs a computation when its turn comes. */
export async function limitedArgon2<T>(compute: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await compute();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
