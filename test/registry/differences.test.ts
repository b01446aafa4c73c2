// Goal: what a new register changes is found exactly, and said with masked names. Method: each code by a real file against a
// register in force; laws of the comparison on drawn registers, against a plain recount.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { readAct } from '../../src/officers/acts.ts';
import { compareWithForce } from '../../src/registry/comparing.ts';
import type { ComparedRegister, ComparedUnit } from '../../src/registry/domain/differences.ts';
import { differencesOf } from '../../src/registry/domain/differences.ts';
import type { Finding } from '../../src/registry/domain/findings.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { draftImport } from '../../src/registry/import-drafting.ts';
import { applyImport } from '../../src/registry/importing.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { FileRequest, TestCommunity } from '../support/registry.ts';
import {
  bringIntoForce,
  checkFile,
  importRegister,
  NUMBERS,
  newCommunity,
  registerFile,
} from '../support/registry.ts';
import { waitingSessions } from '../support/waiting-sessions.ts';
import { oneSheet, sheetXml } from './workbook-file.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const row = (
  building: number,
  room: number,
  area = '88.88',
  name = '陈大文',
  number: string = NUMBERS.chen,
) => `${building}栋,${room},${area},${name},${number},已交付,,`;
/** Forty units, so that one or two changed are no more than 5 %. */
const FORTY = Array.from({ length: 40 }, (_, at) => row(1 + Math.floor(at / 20), 101 + (at % 20)));
const changed = (...lines: readonly (readonly [at: number, line: string])[]): Uint8Array => {
  const given = new Map(lines);
  return registerFile(FORTY.map((line, at) => given.get(at) ?? line).filter((line) => line !== ''));
};

const withForty = async (seed: string): Promise<TestCommunity> => {
  const the = await newCommunity(fresh, seed);
  await bringIntoForce(the, registerFile(FORTY));
  return the;
};

const checked = async (the: TestCommunity, file: Uint8Array) => {
  const check = await checkFile(the.deps, the.committee, { community: the.community, file });
  if (!check.ok) throw new Error(check.refusal.code);
  const { findings, outcome } = check.value;
  return { differing: findings.filter(({ code }) => code.startsWith('REG-D')), counts: outcome?.differences };
};
const shownOf = ({ code, row: at, value, message }: Finding) => [
  code,
  at,
  value,
  /（(.*)）$/u.exec(message)?.[1],
];
const codeOf = (result: Result<unknown, Refusal>): string => (result.ok ? '' : result.refusal.code);

describe('a register against the one in force', () => {
  it('has no differences before the first, and none from itself, under other spellings and as a workbook too', async () => {
    const the = await newCommunity(fresh, 'none');
    expect((await checked(the, registerFile(FORTY))).counts).toBeUndefined();
    await bringIntoForce(the, registerFile(FORTY));
    const same = await checked(the, registerFile(FORTY.map((line) => line.replace('1栋', '一座'))));
    expect(same.differing).toEqual([]);
    expect(Object.values(same.counts ?? {})).toEqual([40, 0, 0, 0, 0, 0, 0]);
    const header = '楼栋,房号,建筑面积,业主姓名,证件号码,房屋状态,手机,通讯地址';
    const cells = [header, ...FORTY.slice(1)].map((line) => line.split(','));
    const sheeted = await checked(the, oneSheet(sheetXml(cells)));
    expect(sheeted.differing.map(shownOf)).toEqual([['REG-D601', null, '1栋 101', undefined]]);
    expect(sheeted.differing[0]?.sheet).not.toBeNull();
  });

  it('leaves the units of a building that is kept apart from its likes what they were', async () => {
    const the = await withForty('apart');
    const unitOf = async (room: string) =>
      (
        await fresh.db
          .selectFrom('unit')
          .select(['unit_id', 'building'])
          .where('community_id', '=', the.community)
          .where('room', '=', room)
          .execute()
      ).filter(({ building }) => building !== '2栋');
    const [before] = await unitOf('101');
    const file = registerFile([...FORTY, '一座,101,88.88,李小明,440524188001010014,已交付,,']);
    const request = { community: the.community, file, settings: { buildingsApart: ['1'] }, confirmed: true };
    const drafted = await importRegister(the.deps, the.committee, request);
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    expect(drafted.value.differences).toMatchObject({ unitsBefore: 40, appeared: 1, disappeared: 0 });
    await signBy(the.deps, drafted.value.act, [the.committee, the.street]);
    expect((await executeAct(the.deps, drafted.value.act, applyImport)).ok).toBe(true);
    const now = await unitOf('101');
    expect(now).toContainEqual(before);
    expect(now.map(({ building }) => building).sort()).toEqual(['1栋', '一座']);
    const again = await checkFile(the.deps, the.committee, request);
    expect(again.ok && again.value.outcome?.differences).toMatchObject({ appeared: 0, disappeared: 0 });
  });

  it('names a unit that disappears, which wants a tick (REG-D601)', async () => {
    const the = await withForty('gone');
    const file = changed([39, '']);
    const { differing, counts } = await checked(the, file);
    expect(differing.map(shownOf)).toEqual([['REG-D601', null, '2栋 120', undefined]]);
    expect(counts).toMatchObject({ unitsBefore: 40, appeared: 0, disappeared: 1 });
    const request = { community: the.community, file };
    expect(codeOf(await importRegister(the.deps, the.committee, request))).toBe('REGISTER_UNCONFIRMED');
    const ticked = await importRegister(the.deps, the.committee, { ...request, confirmed: true });
    expect(ticked.ok && ticked.value.differences).toEqual(counts);
  });

  it('states an area before and after, exactly, without a tick (REG-D602)', async () => {
    const the = await withForty('area');
    const file = changed([0, row(1, 101, '88.89')]);
    const { differing, counts } = await checked(the, file);
    expect(differing.map(shownOf)).toEqual([['REG-D602', 2, '1栋 101', '原 88.88 ㎡，新 88.89 ㎡']]);
    expect(counts).toMatchObject({ areaChanged: 1, ownersChanged: 0 });
    expect(codeOf(await importRegister(the.deps, the.committee, { community: the.community, file }))).toBe(
      '',
    );
  });

  it('masks owners that change, and tells a person under a new name (REG-D603)', async () => {
    const the = await withForty('owners');
    const sold = await checked(the, changed([5, row(1, 106, '88.88', '李小明', NUMBERS.li)]));
    expect(sold.differing.map(shownOf)).toEqual([['REG-D603', 7, '1栋 106', '原 陈*，新 李*']]);
    expect(sold.counts).toMatchObject({ ownersChanged: 1, personsAppeared: 1, personsDisappeared: 0 });
    expect(JSON.stringify(sold.differing)).not.toMatch(/大文|小明|\d{12}/u);
    await bringIntoForce(the, changed([5, row(1, 106, '88.88', '李小明', NUMBERS.li)]));
    const renamed = await checked(the, changed([5, row(1, 106, '88.88', '李明', NUMBERS.li)]));
    expect(renamed.differing.map(shownOf)).toEqual([['REG-D603', 7, '1栋 106', '同一证件改了姓名 李*']]);
  });

  it('wants a tick where more than 5 % change, not at 5 % (REG-D604)', async () => {
    const the = await withForty('many');
    const resized = (at: number) => [at, row(1, 101 + at, '90.00')] as const;
    const two = changed(resized(0), resized(1));
    const three = changed(resized(0), resized(1), resized(2));
    expect((await checked(the, two)).differing.map(({ code }) => code)).toEqual(['REG-D602', 'REG-D602']);
    const { differing } = await checked(the, three);
    expect(shownOf(differing[0] as Finding)).toEqual(['REG-D604', null, null, '3 处，现有房屋 40 套']);
    const request = { community: the.community, file: three };
    expect(codeOf(await importRegister(the.deps, the.committee, request))).toBe('REGISTER_UNCONFIRMED');
    expect(codeOf(await importRegister(the.deps, the.committee, { ...request, confirmed: true }))).toBe('');
  });

  it('is not compared with the register of another community', async () => {
    const [the, other] = [await withForty('one of two'), await newCommunity(fresh, 'two of two')];
    const { register } = await checkRegisterFile(changed(), { today: '2026-01-01' });
    if (register === undefined) throw new Error('refused');
    expect(await compareWithForce(the.deps, other.community, register, {})).toBeUndefined();
  });
});

describe('what the officers sign', () => {
  it('shows them the numbers of differences and the register that they are against', async () => {
    const the = await newCommunity(fresh, 'details');
    const against = await bringIntoForce(the, registerFile(FORTY));
    const request: FileRequest = { community: the.community, file: changed([39, '']), confirmed: true };
    const drafted = await importRegister(the.deps, the.committee, request);
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    const details: unknown = JSON.parse((await readAct(the.deps, drafted.value.act))?.act.details ?? '{}');
    expect(details).toMatchObject({ against, unitsBefore: '40', disappeared: '1', areaChanged: '0' });
  });

  it('is refused where a register came into force after the draft was compared', async () => {
    const the = await withForty('superseded');
    const { deps, community, committee, street } = the;
    const drafted = await importRegister(deps, committee, {
      community,
      file: changed([0, row(1, 101, '90.00')]),
    });
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    await signBy(deps, drafted.value.act, [committee, street]);
    const later = await bringIntoForce(the, changed([1, row(1, 102, '91.00')]));
    expect(codeOf(await executeAct(deps, drafted.value.act, applyImport))).toBe('REGISTER_SUPERSEDED');
    const { register_id: inForce } = await fresh.db
      .selectFrom('community')
      .select('register_id')
      .where('community_id', '=', community)
      .executeTakeFirstOrThrow();
    expect(inForce).toBe(later);
  });

  it('is not drafted where a register comes into force during the comparison', async () => {
    const the = await withForty('during');
    const { deps, community, committee } = the;
    const file = changed([0, row(1, 101, '90.00')]);
    const check = await checkFile(deps, committee, { community, file });
    if (!check.ok) throw new Error(check.refusal.code);
    // The draft waits at the community's lock, after its comparison; there another register passes it.
    let comesIn: Promise<unknown> = Promise.resolve();
    const holding = fresh.db.transaction().execute(async (tx) => {
      await tx
        .selectFrom('community')
        .selectAll()
        .where('community_id', '=', community)
        .forUpdate()
        .execute();
      comesIn = draftImport(deps, committee, { community, importId: check.value.importId }, []);
      await waitForLock();
      const another = await tx
        .selectFrom('register')
        .selectAll()
        .where('community_id', '=', community)
        .execute();
      const copied = {
        ...(another[0] as (typeof another)[number]),
        register_id: newId(deps.random),
        draft: null,
      };
      await tx.insertInto('register').values(copied).execute();
      await tx
        .updateTable('community')
        .set({ register_id: copied.register_id })
        .where('community_id', '=', community)
        .execute();
    });
    await holding;
    expect(codeOf((await comesIn) as Result<unknown, Refusal>)).toBe('REGISTER_SUPERSEDED');
  });
});

/** Until some transaction waits for another one's lock. */
async function waitForLock(): Promise<void> {
  for (;;) {
    if ((await waitingSessions(fresh.owner)) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const owners = ['a', 'b', 'c', 'd'];
const unit = fc.record({
  key: fc.integer({ min: 0, max: 30 }).map(String),
  areaDm2: fc.bigInt(1n, 4n),
  owners: fc.uniqueArray(fc.constantFrom(...owners), { maxLength: 3 }),
});
const register: fc.Arbitrary<ComparedRegister> = fc
  .tuple(
    fc.uniqueArray(unit, { selector: ({ key }) => key, maxLength: 30 }),
    fc.array(fc.constantFrom('王一', '李二'), { minLength: 4, maxLength: 4 }),
  )
  .map(([units, names]) => ({
    units: units.map((each): ComparedUnit => ({ ...each, building: each.key, stair: '', room: '1' })),
    names: new Map(owners.map((owner, at) => [owner, names[at] ?? ''])),
  }));
const sizeOf = (found: readonly Finding[], code: string): number =>
  found.filter((each) => each.code === code).length;

describe('differences', () => {
  it('of a register with itself are none', () => {
    fc.assert(
      fc.property(register, (one) => {
        const { counts, findings } = differencesOf(one, one);
        expect(findings).toEqual([]);
        expect({ ...counts, unitsBefore: 0 }).toEqual(
          differencesOf({ ...one, units: [] }, { ...one, units: [] }).counts,
        );
      }),
    );
  });

  it('swap with the registers', () => {
    fc.assert(
      fc.property(register, register, (one, two) => {
        const [there, back] = [differencesOf(one, two).counts, differencesOf(two, one).counts];
        expect([back.appeared, back.disappeared]).toEqual([there.disappeared, there.appeared]);
        expect([back.areaChanged, back.ownersChanged]).toEqual([there.areaChanged, there.ownersChanged]);
        expect(back.personsAppeared).toBe(there.personsDisappeared);
      }),
    );
  });

  it('agree with a plain recount', () => {
    fc.assert(
      fc.property(register, register, (one, two) => {
        const { counts, findings } = differencesOf(one, two);
        const at = (from: ComparedRegister, key: string) => from.units.find((each) => each.key === key);
        const said = (from: ComparedRegister, key: string): string =>
          JSON.stringify(
            (at(from, key)?.owners ?? []).map((owner) => `${owner}${from.names.get(owner)}`).sort(),
          );
        let [gone, come, areas, held, touched] = [0, 0, 0, 0, 0];
        for (let n = 0; n <= 30; n += 1) {
          const [was, is] = [at(one, String(n)), at(two, String(n))];
          if (was !== undefined && is === undefined) gone += 1;
          if (was === undefined && is !== undefined) come += 1;
          if (was === undefined || is === undefined) continue;
          const [resized, sold] = [was.areaDm2 !== is.areaDm2, said(one, was.key) !== said(two, is.key)];
          areas += Number(resized);
          held += Number(sold);
          touched += Number(resized || sold);
        }
        const { disappeared, appeared, areaChanged, ownersChanged } = counts;
        expect([disappeared, appeared, areaChanged, ownersChanged]).toEqual([gone, come, areas, held]);
        expect(['REG-D601', 'REG-D602', 'REG-D603'].map((code) => sizeOf(findings, code))).toEqual([
          gone,
          areas,
          held,
        ]);
        const isMany = (gone + come + touched) / one.units.length > 0.05;
        expect(sizeOf(findings, 'REG-D604')).toBe(isMany ? 1 : 0);
      }),
    );
  });
});
