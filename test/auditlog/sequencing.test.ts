// Goal: an entry is in the log exactly when its transaction committed, once, in the order of its locks.
// Method: real transactions side by side, and the tree recomputed from the entries.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commitmentOver,
  indexOfEntry,
  listEntries,
  logSize,
  waitingCount,
} from '../../src/auditlog/entries.ts';
import { appendEntry } from '../../src/auditlog/logbook.ts';
import { sequenceAll, sequenceOnce } from '../../src/auditlog/sequencing.ts';
import { storedRoot } from '../../src/auditlog/tree.ts';
import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import { edgesOf, growTiles, tilesOfSize } from '../../src/record/tile.ts';
import type { FreshLog } from '../support/log.ts';
import { appendNumbered, freshLog, newEntry } from '../support/log.ts';
import { numberedEntry, numberedLeaves, treeOf } from '../support/tlog-vectors.ts';

let log: FreshLog;
beforeAll(async () => {
  log = await freshLog();
});
afterAll(async () => log.close());

const texts = async (from: number): Promise<string[]> =>
  (await listEntries(log.deps.db, { from })).map((entry) => Buffer.from(entry.bytes).toString());

describe('an entry', () => {
  it('of a transaction that rolled back leaves nothing', async () => {
    const failing = inTransaction(log.deps.db, async (tx) => {
      await appendEntry(tx, newEntry(utf8('never')));
      throw new RangeError('the vote was refused');
    });
    await expect(failing).rejects.toThrow('the vote was refused');
    expect(await waitingCount(log.deps.db)).toBe(0);
    expect((await sequenceOnce(log.deps)).added).toBe(0);
  });

  it('has its leaf hash at once and its index after the sequencer', async () => {
    const bytes = utf8('first');
    const { entryId, leafHash: leaf } = await inTransaction(log.deps.db, (tx) =>
      appendEntry(tx, { ...newEntry(bytes), kind: 'cast.accepted', community: 'c'.repeat(25), meeting: 'm' }),
    );
    expect(leaf).toEqual(leafHash(bytes));
    expect(await indexOfEntry(log.deps.db, entryId)).toBeUndefined();
    expect(await waitingCount(log.deps.db)).toBe(1);
    expect(await sequenceOnce(log.deps)).toEqual({ size: 1, root: leaf, added: 1 });
    expect(await indexOfEntry(log.deps.db, entryId)).toBe(0);
    expect(await indexOfEntry(log.deps.db, 999_999n)).toBeUndefined();
    expect(await sequenceOnce(log.deps)).toEqual({ size: 1, root: leaf, added: 0 });
  });

  it('above 65,535 bytes is not taken', async () => {
    const append = (size: number) =>
      inTransaction(log.deps.db, async (tx) => {
        await appendEntry(tx, newEntry(new Uint8Array(size)));
        throw new RangeError('not kept');
      });
    await expect(append(65_536)).rejects.toThrow('65,535');
    await expect(append(65_535)).rejects.toThrow('not kept');
  });

  it('that commits late is numbered late, though its id is smaller', async () => {
    const start = await logSize(log.deps.db);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let drawn = (): void => undefined;
    const hasId = new Promise<void>((resolve) => {
      drawn = resolve;
    });
    const slow = inTransaction(log.deps.db, async (tx) => {
      await appendEntry(tx, newEntry(utf8('slow')));
      drawn();
      await held;
    });
    await hasId;
    await inTransaction(log.deps.db, (tx) => appendEntry(tx, newEntry(utf8('quick'))));
    expect((await sequenceOnce(log.deps)).added).toBe(1);
    release();
    await slow;
    expect((await sequenceOnce(log.deps)).added).toBe(1);
    expect(await texts(start)).toEqual(['quick', 'slow']);
  });
});

describe('20 entries at once under 2 sequencers', () => {
  it('have contiguous indexes, each once, in the order of their ids', async () => {
    const start = await logSize(log.deps.db);
    const appending = Array.from({ length: 20 }, (_, i) =>
      inTransaction(log.deps.db, (tx) => appendEntry(tx, newEntry(utf8(`rush ${i}`)))),
    );
    const sequencing = Array.from({ length: 8 }, () => sequenceOnce(log.deps));
    const [appended] = await Promise.all([Promise.all(appending), Promise.all(sequencing)]);
    await Promise.all([sequenceOnce(log.deps), sequenceOnce(log.deps)]);
    const entries = await listEntries(log.deps.db, { from: start });
    expect(entries.map((entry) => entry.index)).toEqual(Array.from({ length: 20 }, (_, i) => start + i));
    expect(new Set(entries.map((entry) => entry.entryId))).toEqual(
      new Set(appended.map((row) => row.entryId)),
    );
    expect(await logSize(log.deps.db)).toBe(start + 20);
  });

  it('that take one lock in turn are numbered in the order of the lock', async () => {
    const start = await logSize(log.deps.db);
    const order: string[] = [];
    const inTurn = Array.from({ length: 20 }, (_, i) =>
      inTransaction(log.deps.db, async (tx) => {
        await sql`select pg_advisory_xact_lock(4711)`.execute(tx);
        await appendEntry(tx, newEntry(utf8(`turn ${i}`)));
        order.push(`turn ${i}`);
      }),
    );
    const sequencing = Array.from({ length: 5 }, () => sequenceOnce(log.deps));
    await Promise.all([...inTurn, ...sequencing]);
    await sequenceAll(log.deps);
    expect(await texts(start)).toEqual(order);
  });
});

describe('the tiles', () => {
  it('after runs of any size are those of the tree at once', async () => {
    const own = await freshLog();
    try {
      let size = 0;
      for (const count of [1, 1, 253, 1, 1, 300, 0, 212, 700]) {
        await appendNumbered(own.deps.db, size, size + count);
        size += count;
        const run = await sequenceOnce(own.deps);
        expect(run).toEqual({ size, root: rootOfHashes(numberedLeaves(size)), added: count });
        expect(await storedRoot(own.deps.db, size)).toEqual(run.root);
      }
      const whole = treeOf(numberedLeaves(size));
      const rows = await own.deps.db.selectFrom('log_tile').selectAll().execute();
      for (const { level, n, hashes } of rows) expect(hashes).toEqual(whole(level, Number(n)));
      expect(rows).toHaveLength(tilesOfSize(size).filter((address) => address.kind === 'hashes').length);
      for (const at of [0, 1, 255, 256, 257, 700]) {
        expect(await storedRoot(own.deps.db, at)).toEqual(rootOfHashes(numberedLeaves(at)));
      }
    } finally {
      await own.close();
    }
  });

  it('are all asked for at the right edge', () => {
    expect(edgesOf(0)).toEqual([]);
    expect(edgesOf(256)).toEqual([{ level: 1, n: 0 }]);
    expect(edgesOf(65_536)).toEqual([{ level: 2, n: 0 }]);
    expect(edgesOf(70_000)).toEqual([
      { level: 0, n: 273 },
      { level: 1, n: 1 },
      { level: 2, n: 0 },
    ]);
    expect(growTiles(5, [], () => new Uint8Array(0))).toEqual([]);
  });
});

describe('a backlog above one run', () => {
  it('is worked off in several, in order', async () => {
    const own = await freshLog();
    try {
      await sql`insert into log_entry (data, kind)
        select convert_to('entry ' || i, 'UTF8'), 'fund.entry' from generate_series(0, 12499) i order by i`.execute(
        own.deps.db,
      );
      expect((await sequenceOnce(own.deps)).added).toBe(10_000);
      const rest = await sequenceAll(own.deps);
      expect(rest.added).toBe(2_500);
      expect(rest.root).toEqual(rootOfHashes(numberedLeaves(12_500)));
      const [last] = await listEntries(own.deps.db, { from: 12_499 });
      expect(last?.bytes).toEqual(numberedEntry(12_499));
    } finally {
      await own.close();
    }
  });
});

describe('the look-ups', () => {
  it('find entries by meeting, community, kind and range, in index order', async () => {
    const own = await freshLog();
    try {
      const [here, there] = ['a'.repeat(26), 'b'.repeat(26)];
      const rows: [string, string, string | undefined, string | undefined][] = [
        ['0', 'root.declared', undefined, undefined],
        ['1', 'meeting.opened', here, 'm1'],
        ['2', 'cast.accepted', here, 'm1'],
        ['3', 'cast.accepted', there, 'm2'],
        ['4', 'paper.accepted', here, 'm1'],
        ['5', 'register.imported', here, undefined],
      ];
      await inTransaction(own.deps.db, async (tx) => {
        for (const [bytes, kind, community, meeting] of rows) {
          await appendEntry(tx, { bytes: utf8(bytes), kind, community, meeting });
        }
      });
      await sequenceAll(own.deps);
      const found = async (filter: Parameters<typeof listEntries>[1]): Promise<string> =>
        (await listEntries(own.deps.db, filter)).map((entry) => Buffer.from(entry.bytes).toString()).join('');
      expect(await found({})).toBe('012345');
      expect(await found({ meeting: 'm1' })).toBe('124');
      expect(await found({ meeting: 'm1', kinds: ['cast.accepted', 'paper.accepted'] })).toBe('24');
      expect(await found({ community: here })).toBe('1245');
      expect(await found({ community: '' })).toBe('0');
      expect(await found({ from: 2, below: 4 })).toBe('23');
      const casts = await listEntries(own.deps.db, { kinds: ['cast.accepted'] });
      expect(commitmentOver(casts)).toEqual({
        count: 2,
        root: rootOfHashes([leafHash(utf8('2')), leafHash(utf8('3'))]),
      });
      expect(present(casts[0], 'two casts')).toMatchObject({ index: 2, community: here, meeting: 'm1' });
    } finally {
      await own.close();
    }
  });
});
