// Goal: of statements that were sent together the error that explains the others is thrown, after all of them were answered. Method: promises
// that settle in orders of every kind, then a real connection whose first statement fails.
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { sentTogether } from '../../src/db/sent-together.ts';
import { inTransaction, sqlStateOf } from '../../src/db/transaction.ts';
import { freshDatabase } from '../support/database.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const failure = (code: string) => Object.assign(new Error(code), { code });
const after = <T>(ms: number, value: T | Error): Promise<T> =>
  new Promise((resolve, reject) => {
    setTimeout(() => (value instanceof Error ? reject(value) : resolve(value)), ms);
  });

it('gives the results in their order', async () => {
  expect(await sentTogether([after(5, 'a'), after(1, 2), after(3, undefined)])).toEqual(['a', 2, undefined]);
});

it.each([
  ['the first of two', ['55P03', '23505'], '55P03'],
  ['the one that is no echo', ['25P02', '55P03', '25P02'], '55P03'],
  ['an echo, where there is nothing else', ['25P02', '25P02'], '25P02'],
])('throws %s, whichever comes first', async (_what, codes, expected) => {
  for (const turn of [1, -1]) {
    const statements = codes.map((code, at) => after(10 + turn * at * 2, failure(code)));
    const error = await sentTogether(statements).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(sqlStateOf(error)).toBe(expected);
  }
});

it('waits for all before it throws', async () => {
  const settled: string[] = [];
  const late = after(20, 'late').then((each) => settled.push(each));
  await expect(sentTogether([after(1, failure('23505')), late])).rejects.toThrow('23505');
  expect(settled).toEqual(['late']);
});

it('names the statement that failed on a connection that is used already', async () => {
  const divide = (by: number) =>
    inTransaction(fresh.db, async (tx) =>
      sentTogether([
        // A wrapper's rejection takes some turns longer than a bare one.
        (async () => (await (async () => sql`select 1 / ${by}::int as n`.execute(tx))()).rows)(),
        sql`select 1 as n`.execute(tx),
      ]),
    );
  for (let time = 0; time < 3; time += 1) await divide(1);
  const error = await divide(0).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(sqlStateOf(error)).toBe('22012');
});
