// Goal: the log never signs a second history, whatever happens to its database, and a crash at any point heals.
// Method: the guard of one database beside another one (what a restored backup is), commits that fail before or
// after they took effect, and publishers side by side.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  allCheckpoints,
  checkpointAt,
  hasCheckpoint,
  latestCheckpoint,
} from '../../src/auditlog/checkpoints.ts';
import { guardForm, guardOf } from '../../src/auditlog/domain/guard.ts';
import { readIfPresent, replaceFile } from '../../src/auditlog/durable-file.ts';
import { readGuard } from '../../src/auditlog/guarding.ts';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import {
  consistencyOf,
  inclusionOf,
  newestCheckpointCovering,
  receiptOf,
} from '../../src/auditlog/proving.ts';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { connect } from '../../src/db/connect.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import { verifyCheckpoint } from '../../src/record/checkpoint.ts';
import { EMPTY_ROOT, rootOfHashes, verifyConsistency, verifyInclusion } from '../../src/record/merkle.ts';
import { verifyLogProof } from '../../src/record/proof.ts';
import type { FreshLog } from '../support/log.ts';
import { appendNumbered, freshLog } from '../support/log.ts';
import { numberedEntry, numberedLeaves } from '../support/tlog-vectors.ts';
import type { CutOutcome } from './cutting-proxy.ts';
import { cuttingDatabase } from './cutting-proxy.ts';

let log: FreshLog;
beforeEach(async () => {
  log = await freshLog();
});
afterEach(async () => log.close());

const grow = async (deps: LogDeps, from: number, below: number): Promise<void> => {
  await appendNumbered(deps.db, from, below);
  await sequenceAll(deps);
};

async function publish(deps: LogDeps) {
  const published = await publishOnce(deps);
  if (!published.ok) throw new Error(published.refusal.code);
  return published.value;
}

const codeOf = async (deps: LogDeps): Promise<string> => {
  const published = await publishOnce(deps);
  return published.ok ? 'published' : published.refusal.code;
};

/** What the database and the guard hold, to show that a refusal changed neither. */
const kept = async (deps: LogDeps) => ({
  sizes: (await allCheckpoints(deps.db)).map((checkpoint) => checkpoint.size),
  guard: Buffer.from(readIfPresent(deps.guardPath) ?? []).toString(),
});

describe('the publisher', () => {
  it('signs the empty log first, then each new size, and an unchanged one not again', async () => {
    expect(await latestCheckpoint(log.deps.db)).toBeUndefined();
    expect((await publish(log.deps)).size).toBe(0);
    await grow(log.deps, 0, 5);
    const five = await publish(log.deps);
    expect(five).toMatchObject({ size: 5, cosigners: [], hasQuorum: true, alarms: [] });
    expect(five.root).toEqual(rootOfHashes(numberedLeaves(5)));
    log.time.advance(1000);
    expect((await publish(log.deps)).note).toBe(five.note);
    await grow(log.deps, 5, 300);
    await publish(log.deps);
    expect((await allCheckpoints(log.deps.db)).map((checkpoint) => checkpoint.size)).toEqual([0, 5, 300]);
    expect(await checkpointAt(log.deps.db, 5)).toMatchObject({ size: 5, note: five.note });
    expect(await checkpointAt(log.deps.db, 6)).toBeUndefined();
    const latest = present(await latestCheckpoint(log.deps.db), 'published');
    expect(verifyCheckpoint(latest.note, logVkey(log.deps))).toMatchObject({ value: { size: 300 } });
  });

  it('keeps the guard for its owner only, equal to what it signed last', async () => {
    await grow(log.deps, 0, 3);
    const { size, root } = await publish(log.deps);
    expect(readGuard(log.deps.guardPath)).toEqual({
      ok: true,
      value: guardOf({ origin: log.deps.origin, size, root }),
    });
    if (process.platform !== 'win32') expect(statSync(log.deps.guardPath).mode & 0o777).toBe(0o600);
  });

  it('knows which size and root it signed', async () => {
    await grow(log.deps, 0, 3);
    const { root } = await publish(log.deps);
    expect(await hasCheckpoint(log.deps.db, 3, toBase64Url(root))).toBe(true);
    expect(await hasCheckpoint(log.deps.db, 3, toBase64Url(EMPTY_ROOT))).toBe(false);
    expect(await hasCheckpoint(log.deps.db, 2, toBase64Url(root))).toBe(false);
    expect(await hasCheckpoint(log.deps.db, 0, toBase64Url(EMPTY_ROOT))).toBe(true);
    expect(await hasCheckpoint(log.deps.db, 0, toBase64Url(root))).toBe(false);
    expect(await hasCheckpoint(log.deps.db, 3, 'no hash!')).toBe(false);
  });

  it('is one at a time; the others are told', async () => {
    await grow(log.deps, 0, 3);
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(log.deps)));
    expect(codes).toContain('published');
    expect(codes.every((code) => code === 'published' || code === 'LOG_PUBLISHER_BUSY')).toBe(true);
    expect((await kept(log.deps)).sizes).toEqual([3]);
  });
});

describe('the guard', () => {
  beforeEach(async () => {
    await grow(log.deps, 0, 5);
    await publish(log.deps);
  });

  /** Another database beside the guard of the first. */
  async function besideGuard(
    prepare: (deps: LogDeps) => Promise<void>,
    check: (deps: LogDeps) => Promise<void>,
  ): Promise<void> {
    const restored = await freshLog();
    try {
      await prepare(restored.deps);
      const deps = { ...restored.deps, guardPath: log.deps.guardPath };
      const before = await kept(deps);
      await check(deps);
      expect(await kept(deps)).toEqual(before);
    } finally {
      await restored.close();
    }
  }

  it('refuses a database that was rolled back, with and without checkpoints of its own', async () => {
    await besideGuard(
      async (deps) => {
        await grow(deps, 0, 3);
        await publish(deps);
      },
      async (deps) => expect(await codeOf(deps)).toBe('LOG_GUARD_ROLLED_BACK'),
    );
    await besideGuard(
      (deps) => grow(deps, 0, 4),
      async (deps) => expect(await codeOf(deps)).toBe('LOG_GUARD_ROLLED_BACK'),
    );
  });

  it('refuses an empty database', async () => {
    await besideGuard(
      async () => undefined,
      async (deps) => expect(await codeOf(deps)).toBe('LOG_GUARD_ROLLED_BACK'),
    );
  });

  it('refuses a database with another history, also a longer one', async () => {
    for (const below of [6, 9]) {
      await besideGuard(
        (deps) => grow(deps, 1, below),
        async (deps) => expect(await codeOf(deps)).toBe('LOG_GUARD_FORKED'),
      );
    }
  });

  it('accepts a restored database that continues it', async () => {
    await besideGuard(
      (deps) => grow(deps, 0, 5),
      async () => undefined,
    );
    const restored = await freshLog();
    try {
      await grow(restored.deps, 0, 8);
      expect(await codeOf({ ...restored.deps, guardPath: log.deps.guardPath })).toBe('published');
    } finally {
      await restored.close();
    }
  });

  it('refuses where tiles are missing', async () => {
    await sql`alter table log_tile disable trigger user`.execute(log.fresh.owner);
    await sql`delete from log_tile`.execute(log.fresh.owner);
    expect(await codeOf(log.deps)).toBe('LOG_GUARD_FORKED');
  });

  it('refuses another origin and another key', async () => {
    await grow(log.deps, 5, 6);
    const before = await kept(log.deps);
    expect(await codeOf({ ...log.deps, origin: 'other.example/log' })).toBe('LOG_GUARD_FOREIGN');
    expect(await codeOf({ ...log.deps, logSeed: new Uint8Array(32).fill(8) })).toBe('LOG_GUARD_FOREIGN');
    expect(await kept(log.deps)).toEqual(before);
  });

  it('refuses where it is gone, damaged, or unreadable', async () => {
    const gone = { ...log.deps, guardPath: `${log.deps.guardPath}.elsewhere` };
    expect(await codeOf(gone)).toBe('LOG_GUARD_MISSING');
    expect(readIfPresent(gone.guardPath)).toBeUndefined();
    const whole = readFileSync(log.deps.guardPath, 'utf8');
    for (const content of ['', whole.slice(0, -1), whole.replace('"size":5', '"size":"5"')]) {
      writeFileSync(log.deps.guardPath, content);
      expect(await codeOf(log.deps)).toBe('LOG_GUARD_UNREADABLE');
      expect(readFileSync(log.deps.guardPath, 'utf8')).toBe(content);
    }
    await expect(codeOf({ ...log.deps, guardPath: log.folder })).rejects.toThrow('EISDIR');
  });

  it('signs nothing that it cannot keep', async () => {
    const nowhere = await freshLog();
    try {
      await grow(nowhere.deps, 0, 2);
      const deps = { ...nowhere.deps, guardPath: `${nowhere.folder}/none/guard.json` };
      await expect(codeOf(deps)).rejects.toThrow('ENOENT');
      expect((await kept(deps)).sizes).toEqual([]);
    } finally {
      await nowhere.close();
    }
  });
});

describe('a crash while publishing', () => {
  /** Publishes over a connection that breaks at its commit: before the server hears it, or before its answer. */
  async function publishAndCrash(outcome: CutOutcome): Promise<void> {
    const wire = await cuttingDatabase(log.fresh.appUrl);
    const db = connect(wire.url, { maxConnections: 1 });
    wire.cutNext('commit\0', outcome);
    await expect(publishOnce({ ...log.deps, db })).rejects.toThrow(CommitUnknownError);
    await db.destroy();
    await wire.close();
  }

  it.each(['done', 'lost'] as const)(
    'with a commit that was %s is continued at the same size',
    async (outcome) => {
      await grow(log.deps, 0, 5);
      await publishAndCrash(outcome);
      expect(await kept(log.deps)).toMatchObject({ sizes: outcome === 'done' ? [5] : [] });
      expect(readGuard(log.deps.guardPath)).toMatchObject({ value: { size: 5 } });
      expect((await publish(log.deps)).root).toEqual(rootOfHashes(numberedLeaves(5)));
      expect((await kept(log.deps)).sizes).toEqual([5]);
    },
  );

  it('after which the log grew signs the larger size', async () => {
    await grow(log.deps, 0, 5);
    await publishAndCrash('lost');
    await grow(log.deps, 5, 7);
    await publish(log.deps);
    expect((await kept(log.deps)).sizes).toEqual([7]);
  });

  it('in the middle of writing the guard leaves the old one', async () => {
    const path = `${log.folder}/some.json`;
    const old = guardForm.bytes(guardOf({ origin: 'o', size: 0, root: EMPTY_ROOT }));
    replaceFile(path, old);
    // What a crash before the rename leaves behind.
    writeFileSync(`${path}.new`, 'hal');
    expect(readIfPresent(path)).toEqual(old);
    replaceFile(path, new Uint8Array([1]));
    expect(readIfPresent(path)).toEqual(new Uint8Array([1]));
  });
});

describe('the proofs', () => {
  it('of an entry are a receipt under the newest checkpoint, once one covers it', async () => {
    const trust = { logVkey: logVkey(log.deps), witnesses: [], quorum: 0 };
    const [first] = await appendNumbered(log.deps.db, 0, 3);
    const id = present(first, 'three rows');
    const code = async (entry: bigint): Promise<string> => {
      const receipt = await receiptOf(log.deps, entry);
      return receipt.ok ? 'receipt' : receipt.refusal.code;
    };
    expect(await code(999n)).toBe('ENTRY_UNKNOWN');
    expect(await code(id)).toBe('ENTRY_NOT_COVERED');
    await sequenceAll(log.deps);
    expect(await code(id)).toBe('ENTRY_NOT_COVERED');
    await publish(log.deps);
    await grow(log.deps, 3, 400);
    const old = await receiptOf(log.deps, id);
    expect(old).toMatchObject({ value: { index: 0, size: 3, hasQuorum: true } });
    await publish(log.deps);
    const receipt = await receiptOf(log.deps, id);
    if (!receipt.ok) throw new Error(receipt.refusal.code);
    expect(receipt.value).toMatchObject({ index: 0, size: 400, bytes: numberedEntry(0) });
    expect(verifyLogProof(receipt.value.bytes, receipt.value.text, trust)).toMatchObject({
      ok: true,
      value: { index: 0, checkpoint: { size: 400 } },
    });
    expect(verifyLogProof(numberedEntry(1), receipt.value.text, trust)).toMatchObject({ ok: false });
  });

  it('are given for published sizes only, at every older size', async () => {
    await grow(log.deps, 0, 5);
    await publish(log.deps);
    await grow(log.deps, 5, 300);
    expect((await consistencyOf(log.deps.db, 5, 300)).ok).toBe(false);
    await publish(log.deps);
    const rootOf = (size: number) => rootOfHashes(numberedLeaves(size));
    for (const size of [0, 1, 5, 77, 256, 299, 300]) {
      const proof = await consistencyOf(log.deps.db, size, 300);
      if (!proof.ok) throw new Error(proof.refusal.code);
      expect(verifyConsistency(size, 300, rootOf(size), rootOf(300), proof.value)).toBe(true);
    }
    const old = await inclusionOf(log.deps.db, 4, 5);
    if (!old.ok) throw new Error(old.refusal.code);
    expect(verifyInclusion(present(numberedLeaves(5)[4], 'five'), 4, 5, rootOf(5), old.value)).toBe(true);
    expect((await inclusionOf(log.deps.db, 5, 5)).ok).toBe(false);
    expect((await inclusionOf(log.deps.db, 4, 6)).ok).toBe(false);
    expect((await consistencyOf(log.deps.db, 301, 300)).ok).toBe(false);
    expect(await newestCheckpointCovering(log.deps, 300)).toBeUndefined();
  });
});
