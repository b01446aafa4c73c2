// Goal: an upload waits within its limits, survives the death of a process, ends without leaving anything, and tells how it was
// understood without naming anybody. Method: the real shells, job queue and database; the rows are read afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok, refuse } from '../../src/base/result.ts';
import { claimJob, completeJob } from '../../src/db/jobs.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { checkImport } from '../../src/registry/import-checking.ts';
import { draftImport } from '../../src/registry/import-drafting.ts';
import {
  CHECK_IMPORT,
  END_IMPORT,
  endOldImport,
  IMPORT_LIFE_MS,
  listImports,
  readImport,
  submitImport,
  withdrawImport,
} from '../../src/registry/imports.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, checkFile, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const good = registerFile([`1栋,101,88.88,陈大文,${NUMBERS.chen},已交付,13800138000,中山市石岐街道1号`]);
const bad = registerFile([`1栋,101,abc,陈大文,${NUMBERS.chen},已交付,,`]);

const submitted = async (the: TestCommunity, file = good, officer = the.committee) => {
  const { community } = the;
  const sent = await submitImport(the.deps, officer, { community, file });
  if (!sent.ok) throw new Error(sent.refusal.code);
  return { community, importId: sent.value.importId };
};
const refusal = async (the: TestCommunity, officer = the.committee): Promise<string> => {
  const sent = await submitImport(the.deps, officer, { community: the.community, file: good });
  return sent.ok ? '' : sent.refusal.code;
};
const rowOf = ({ importId }: { readonly importId: string }) =>
  fresh.db
    .selectFrom('register_import')
    .selectAll()
    .where('import_id', '=', importId)
    .executeTakeFirstOrThrow();
const stateOf = async (
  the: TestCommunity,
  place: { readonly community: string; readonly importId: string },
) => {
  const read = await readImport(the.deps, the.committee, place);
  return read.ok ? read.value.state : read.refusal.code;
};
/** Ends what other cases left in the queue. */
const emptyQueue = async (): Promise<void> => {
  await fresh.db
    .updateTable('register_import')
    .set({ state: 'withdrawn', file: null, draft: null, outcome: null })
    .where('state', 'in', ['waiting', 'checking'])
    .execute();
};

describe('the queue of uploads', () => {
  it('is limited for an officer, for a community and in all, and tells the place in it', async () => {
    await emptyQueue();
    const the = await newCommunity(fresh, 'limits');
    const first = await submitted(the);
    const second = await submitImport(the.deps, the.committee, { community: the.community, file: good });
    expect(second.ok && second.value.ahead).toBe(1);
    expect(await refusal(the)).toBe('IMPORTS_OF_OFFICER');
    for (let more = 0; more < 2; more += 1) await submitted(the, good, the.street);
    const city = {
      ...the.street,
      officer: (await newCommunity(fresh, 'city')).street.officer,
      community: '',
    };
    expect(await refusal(the, city)).toBe('IMPORTS_OF_COMMUNITY');
    for (let more = 0; more < 8; more += 1) {
      const other = await newCommunity(fresh, `limits ${more}`);
      for (let of = 0; of < 2; of += 1) await submitted(other);
    }
    expect(await refusal(await newCommunity(fresh, 'limits of all'))).toBe('IMPORT_QUEUE_FULL');
    // Whoever is through makes place.
    await checkImport(the.deps, first, 1);
    expect(await refusal(await newCommunity(fresh, 'limits of all again'))).toBe('');
    await emptyQueue();
  });

  it('keeps one file of an officer that is not drafted: the next erases it', async () => {
    await emptyQueue();
    const the = await newCommunity(fresh, 'replaced');
    const first = await checkFile(the.deps, the.committee, { community: the.community, file: bad });
    const second = await submitted(the);
    if (!first.ok) throw new Error('not taken');
    expect(first.value.state).toBe('refused');
    expect(await rowOf(first.value)).toMatchObject({ state: 'withdrawn', file: null, outcome: null });
    const listed = await listImports(the.deps, the.street, the.community);
    expect(listed.ok && listed.value.map(({ state }) => state).sort()).toEqual(['waiting', 'withdrawn']);
    expect(await stateOf(the, second)).toBe('waiting');
  });
});

describe('an import', () => {
  it('is taken up by another process where one died over it, and given up after three', async () => {
    await emptyQueue();
    const the = await newCommunity(fresh, 'taken over');
    const { deps } = the;
    const place = await submitted(the);
    const died = {
      ...deps,
      fileChecks: { ...deps.fileChecks, check: () => Promise.reject(new Error('died')) },
    };
    await expect(checkImport(died, place, 1)).rejects.toThrow('died');
    expect(await stateOf(the, place)).toBe('checking');
    const busy = { ...deps, fileChecks: { ...deps.fileChecks, check: async () => refuse('SERVICE_BUSY') } };
    expect(await checkImport(busy, place, 2)).toBe('busy');
    expect(await checkImport(deps, place, 3)).toBe('done');
    expect(await stateOf(the, place)).toBe('checked');
    // The same job once more changes nothing.
    expect(await checkImport(deps, place, 4)).toBe('done');
    const next = await submitted(the);
    await expect(checkImport(died, next, 3)).rejects.toThrow('died');
    expect(await checkImport(deps, next, 4)).toBe('done');
    expect(await rowOf(next)).toMatchObject({ state: 'failed', file: null, draft: null });
  });

  it('has a job for its check at once and one for its end after a week', async () => {
    await emptyQueue();
    const the = await newCommunity(fresh, 'jobs');
    const { deps, time } = the;
    for (;;) {
      const left = await claimJob(fresh.db, [CHECK_IMPORT], time.clock());
      if (left === undefined) break;
      await inTransaction(fresh.db, (tx) => completeJob(tx, left, time.clock()));
    }
    const place = await submitted(the);
    const payload = { community: place.community, import: place.importId };
    expect(await claimJob(fresh.db, [CHECK_IMPORT], time.clock())).toMatchObject({ payload });
    const ends = await fresh.db
      .selectFrom('job')
      .select('run_at_ms')
      .where('kind', '=', END_IMPORT)
      .where('payload', '=', JSON.stringify(payload))
      .execute();
    expect(ends).toEqual([{ run_at_ms: BigInt(time.clock() + IMPORT_LIFE_MS) }]);
    await checkImport(deps, place, 1);
    await endOldImport(deps, place);
    expect(await rowOf(place)).toMatchObject({ state: 'withdrawn', file: null, draft: null, outcome: null });
  });

  it('that is withdrawn during its check stays withdrawn, and leaves nothing', async () => {
    await emptyQueue();
    const the = await newCommunity(fresh, 'withdrawn');
    const { deps } = the;
    const place = await submitted(the);
    const slow = {
      ...deps,
      fileChecks: {
        ...deps.fileChecks,
        check: async (...asked: Parameters<typeof deps.fileChecks.check>) => {
          expect(await withdrawImport(deps, the.street, place)).toEqual(ok(undefined));
          return deps.fileChecks.check(...asked);
        },
      },
    };
    expect(await checkImport(slow, place, 1)).toBe('done');
    expect(await rowOf(place)).toMatchObject({ state: 'withdrawn', file: null, draft: null, outcome: null });
    expect(await draftImport(deps, the.committee, place, [])).toMatchObject({
      refusal: { code: 'IMPORT_ENDED' },
    });
  });

  it('becomes in force with its register, and cannot be drafted before its check or twice', async () => {
    await emptyQueue();
    const the = await newCommunity(fresh, 'whole');
    const early = await submitted(the);
    expect(await draftImport(the.deps, the.committee, early, [])).toMatchObject({
      refusal: { code: 'IMPORT_NOT_CHECKED' },
    });
    const register = await bringIntoForce(the, good);
    const place = { community: the.community, importId: register };
    expect(await stateOf(the, place)).toBe('in-force');
    expect(await draftImport(the.deps, the.committee, place, [])).toMatchObject({
      refusal: { code: 'IMPORT_ENDED' },
    });
    expect(await rowOf(place)).toMatchObject({ file: null, draft: null });
  });

  it('tells columns, first rows and buildings, and masks every person', async () => {
    await emptyQueue();
    const the = await newCommunity(fresh, 'view');
    const file = registerFile([
      `1栋,101,88.88,陈大文,${NUMBERS.chen},已交付,13800138000,中山市石岐街道1号`,
      `一座,102,90.00,李小明,${NUMBERS.li},已交付,,`,
      `2栋,101,100.50,王五,${NUMBERS.wang},已交付,,`,
    ]);
    const checked = await checkFile(the.deps, the.committee, { community: the.community, file });
    if (!checked.ok) throw new Error(checked.refusal.code);
    const { outcome, wantsTick } = checked.value;
    expect(wantsTick).toEqual(['REG-X505']);
    expect(outcome?.view?.buildings).toEqual([
      { key: '1', names: ['1栋', '一座'], units: 2, areaDm2: '17888' },
      { key: '2', names: ['2栋'], units: 1, areaDm2: '10050' },
    ]);
    expect(outcome?.view?.columns.map(({ header, field }) => `${header}>${field}`)).toEqual([
      '楼栋>楼栋',
      '房号>房号',
      '建筑面积>建筑面积',
      '业主姓名>业主',
      '证件号码>身份证',
      '房屋状态>房屋状态',
      '手机>手机',
      '通讯地址>通讯地址',
    ]);
    expect(outcome?.view?.preview[0]?.cells.slice(0, 4)).toEqual(['1栋', '101', '88.88', '陈*']);
    const told = JSON.stringify(outcome, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(told).not.toMatch(/大文|小明|王五|石岐|\d{11}/u);
    const settings = { buildingsApart: ['1'] };
    const apart = await checkFile(the.deps, the.committee, { community: the.community, file, settings });
    expect(apart.ok && apart.value.outcome?.view?.buildings.map(({ names }) => names)).toEqual([
      ['1栋'],
      ['一座'],
      ['2栋'],
    ]);
  });
});
