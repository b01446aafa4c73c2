// A straight log that the product served over HTTP, kept as a folder, and what tests of the outside client do with it: copy, bend, check
// (SPEC 7.1). A failed check has a word of its own, and tests compare these words.
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import express from 'express';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { publishOnce } from '../../src/auditlog/publishing.ts';
import { logRouter } from '../../src/auditlog/routes.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { assert } from '../../src/base/assert.ts';
import { appendNumbered, freshLog, LOG_SEED } from '../support/log.ts';
import { numberedEntry } from '../support/tlog-vectors.ts';
import { copyOf, copyServed, folders, put, take, vkeyOf } from './log-copy.ts';
import type { OutsideAnswer, OutsideCheck } from './run-log-client.ts';
import { checkLogOutside } from './run-log-client.ts';

export const SIZE = 513;
export const OTHER_SEED = new Uint8Array(32).fill(9);
export const vkey = vkeyOf(LOG_SEED);
export const entries = Array.from({ length: SIZE }, (_, i) => numberedEntry(i));

const addressOf = (server: Server): string => {
  const address = server.address();
  assert(typeof address === 'object' && address !== null, 'a port');
  return `http://127.0.0.1:${address.port}`;
};

/** Runs a server on loopback for as long as the work lasts. */
export async function served<T>(server: Server, work: (base: string) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(addressOf(server));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function serveStraight(folder: string): Promise<void> {
  const log = await freshLog();
  try {
    await appendNumbered(log.deps.db, 0, SIZE);
    await sequenceAll(log.deps);
    expect((await publishOnce(log.deps)).ok).toBe(true);
    const app = express().use(logRouter(log.deps));
    await served(createServer(app), (base) => copyServed(`${base}/log`, SIZE, folder));
  } finally {
    await log.close();
  }
}

/** The words of the failed checks, in order. */
export const failedWords = (answer: OutsideAnswer): readonly string[] =>
  [...answer.out.matchAll(/^FAIL (\w+)/gm)].map((match) => match[1] ?? '');

/** Replaces the checkpoint of a copy. */
export const withNote = (note: string | Uint8Array) => (folder: string) => put(folder, 'checkpoint', note);

/** Makes the straight log before the tests of a file, where there is a Python to check it, and removes all copies after each. */
export function straightLog(python: boolean) {
  const kept = folders();
  const bent = folders();
  let straight = '';
  beforeAll(async () => {
    if (!python) return;
    straight = kept.fresh();
    await serveStraight(straight);
  });
  afterEach(() => bent.removeAll());
  afterAll(() => kept.removeAll());
  const copy = (): string => copyOf(straight, bent.fresh());
  return {
    folder: (): string => straight,
    note: (): string => Buffer.from(take(straight, 'checkpoint')).toString(),
    copy,
    empty: bent.fresh,
    /** The words for a copy after a change; a failed check must also be the exit code. */
    wordsAfter: async (
      change: (folder: string) => void,
      more: Partial<OutsideCheck> = {},
    ): Promise<readonly string[]> => {
      const dir = copy();
      change(dir);
      const answer = await checkLogOutside({ dir, vkey, ...more });
      const words = failedWords(answer);
      expect(answer.code, answer.out).toBe(words.length > 0 ? 1 : 0);
      return words;
    },
  };
}
