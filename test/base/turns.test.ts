// Goal: long work keeps its order and lets others have the process in between. Method: an own turn of the event loop beside it.
import { describe, expect, it } from 'vitest';
import { mapInTurns } from '../../src/base/turns.ts';

describe('long work in turns', () => {
  it('makes something of every item, in order', async () => {
    const items = Array.from({ length: 100 }, (_, at) => at);
    expect(await mapInTurns(items, (item, at) => [item, at])).toEqual(items.map((item) => [item, item]));
    expect(await mapInTurns([], () => 1)).toEqual([]);
  });

  it('lets others in before it is done', async () => {
    const done: number[] = [];
    let seen = -1;
    setImmediate(() => {
      seen = done.length;
    });
    await mapInTurns(Array.from({ length: 100 }), (_, at) => done.push(at));
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(20);
  });

  it('ends with what an item throws', async () => {
    const work = mapInTurns([1, 2, 3], (item) => {
      if (item === 2) throw new Error('the second');
      return item;
    });
    await expect(work).rejects.toThrow('the second');
  });
});
