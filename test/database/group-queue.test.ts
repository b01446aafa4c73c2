// Goal: the queue loses nothing, keeps its order and its bounds, and an error reaches whom it concerns. Method: random schedules
// through the real queue; the work records its groups.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupQueue } from '../../src/db/group-queue.ts';

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a group queue', () => {
  it('answers every item once, in groups of at most the limit, in the order of coming', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        async (pauses, most) => {
          const groups: number[][] = [];
          const queue = groupQueue(
            async (items: readonly number[]) => {
              groups.push([...items]);
              await soon(1);
              return items.map((item) => item * 2);
            },
            { most: () => most, waitMs: 1, bound: 1000, atOnce: 1 },
          );
          const answers = await Promise.all(
            pauses.map(async (pause, at) => {
              if (pause === 3) await soon(1);
              return queue.add(at);
            }),
          );
          expect(answers).toEqual(pauses.map((_, at) => at * 2));
          expect(groups.every((group) => group.length > 0 && group.length <= most)).toBe(true);
          expect(groups.flat().sort((a, b) => a - b)).toEqual(pauses.map((_, at) => at));
          expect(queue.size()).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('never puts two items of one key into a group, and keeps their order', async () => {
    const groups: string[][] = [];
    const queue = groupQueue(
      async (items: readonly string[]) => {
        groups.push([...items]);
        return items;
      },
      { most: () => 10, waitMs: 0, bound: 100, atOnce: 1, keyOf: (item) => item.slice(0, 1) },
    );
    await Promise.all(['a1', 'b1', 'a2', 'a3', 'b2', 'c1'].map((item) => queue.add(item)));
    expect(groups).toEqual([['a1', 'b1', 'c1'], ['a2', 'b2'], ['a3']]);
  });

  it('turns away what exceeds its bound, and takes it again afterwards', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const queue = groupQueue(
      async (items: readonly number[]) => {
        await gate;
        return items;
      },
      { most: () => 2, waitMs: 0, bound: 5, atOnce: 1 },
    );
    const taken = [1, 2, 3, 4, 5].map((item) => queue.add(item));
    await soon(5);
    expect(taken.every((each) => each !== undefined)).toBe(true);
    expect(queue.add(6)).toBeUndefined();
    finish();
    expect(await Promise.all(taken)).toEqual([1, 2, 3, 4, 5]);
    expect(await queue.add(6)).toBe(6);
  });

  it('works on as many groups at once as it may, and no more', async () => {
    let [now, most] = [0, 0];
    const queue = groupQueue(
      async (items: readonly number[]) => {
        now += 1;
        most = Math.max(most, now);
        await soon(3);
        now -= 1;
        return items;
      },
      { most: () => 2, waitMs: 0, bound: 100, atOnce: 2 },
    );
    const items = Array.from({ length: 20 }, (_, at) => at);
    const answering = items.map(async (item) => {
      await soon(item % 5);
      return queue.add(item);
    });
    expect(await Promise.all(answering)).toEqual(items);
    expect(most).toBe(2);
  });

  it('throws an error of the work to its group only, and goes on', async () => {
    const queue = groupQueue(
      async (items: readonly number[]) => {
        if (items.includes(1)) throw new Error('broken');
        return items;
      },
      { most: () => 2, waitMs: 0, bound: 10, atOnce: 1 },
    );
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map((item) => queue.add(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('waits for company no longer than it says, and not at all when the group is full', async () => {
    const sizes: number[] = [];
    const queue = groupQueue(
      async (items: readonly number[]) => {
        sizes.push(items.length);
        return items;
      },
      { most: () => 3, waitMs: 10_000, bound: 10, atOnce: 1 },
    );
    await Promise.all([1, 2, 3].map((item) => queue.add(item)));
    expect(sizes).toEqual([3]);
  });
});
