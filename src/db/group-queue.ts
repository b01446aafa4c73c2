/**
 * Gathers items that come in one by one into groups that are worked on together, so that one COMMIT serves many
 * (docs/decisions/group-commit.md). The queue is bounded and knows nothing of what it carries.
 */

/** How a queue gathers. */
export type GroupLimits<T> = {
  /** Most items in a group that starts now. */
  readonly most: () => number;
  /**
   * How long an item waits for company, in ms; only a full group starts earlier. Also behind a group at work: one that would start
   * the moment the other ends is small, and small groups are what a rush is lost to.
   */
  readonly waitMs: number;
  /** Most items waiting or being worked on; further ones are turned away. */
  readonly bound: number;
  /** Groups that may be worked on at once; the second fills the pauses of the first. */
  readonly atOnce: number;
  /** Two items of one key never share a group: the later one sees what the earlier one left. */
  readonly keyOf?: (item: T) => string;
};

export type GroupQueue<T, R> = {
  /** What the work says of this item, once its group is done; undefined where the queue is full. */
  readonly add: (item: T) => Promise<R> | undefined;
  /** Items waiting or being worked on. */
  readonly size: () => number;
};

type Waiting<T, R> = {
  readonly item: T;
  /** On the monotonic clock, in ms. */
  readonly cameAt: number;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
};

/** Takes the next group off `waiting`, in order, leaving behind what shares a key with it. */
function takeGroup<T, R>(
  waiting: Waiting<T, R>[],
  { most: mostNow, keyOf }: GroupLimits<T>,
): Waiting<T, R>[] {
  const most = mostNow();
  if (keyOf === undefined) return waiting.splice(0, most);
  const group: Waiting<T, R>[] = [];
  const left: Waiting<T, R>[] = [];
  const keys = new Set<string>();
  for (const each of waiting.splice(0)) {
    const key = keyOf(each.item);
    if (group.length === most || keys.has(key)) left.push(each);
    else group.push(each);
    keys.add(key);
  }
  waiting.push(...left);
  return group;
}

/**
 * A queue in front of `work`, which answers for each item of its group, in order. A thrown error
 * is thrown to every item of the group.
 */
export function groupQueue<T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  limits: GroupLimits<T>,
): GroupQueue<T, R> {
  const waiting: Waiting<T, R>[] = [];
  let working = 0;
  let groups = 0;
  let timer: NodeJS.Timeout | undefined;
  let isSoon = false;

  async function run(): Promise<void> {
    timer = undefined;
    const group = takeGroup(waiting, limits);
    groups += 1;
    working += group.length;
    if (waiting.length >= limits.most()) schedule();
    try {
      const results = await work(group.map(({ item }) => item));
      group.forEach(({ resolve, reject }, at) => {
        const result = results[at];
        if (result === undefined) reject(new Error('the work answers for every item'));
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    groups -= 1;
    working -= group.length;
    if (waiting.length > 0) schedule();
  }

  /** Runs a group at once where it is full, otherwise when its first item has waited; never later than it was to run already. */
  function schedule(): void {
    const isFull = waiting.length >= limits.most();
    if (groups >= limits.atOnce || (timer !== undefined && (!isFull || isSoon))) return;
    clearTimeout(timer);
    isSoon = isFull;
    const waited = performance.now() - (waiting[0]?.cameAt ?? 0);
    timer = setTimeout(() => void run(), isFull ? 0 : Math.max(0, limits.waitMs - waited));
  }

  return {
    size: () => waiting.length + working,
    add(item) {
      if (waiting.length + working >= limits.bound) return undefined;
      return new Promise<R>((resolve, reject) => {
        waiting.push({ item, cameAt: performance.now(), resolve, reject });
        schedule();
      });
    },
  };
}
