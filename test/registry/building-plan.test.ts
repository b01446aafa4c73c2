// Goal: a building plan is read in its closed form and nothing else, and a register is held against it (REG-X508). Method: tables
// of plans with the rooms that they mean, real files by the check, by the command and by the import.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCommand } from '../../src/cli/register.ts';
import { MAX_PLAN_CHARS, readBuildingPlan } from '../../src/registry/domain/building-plan.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { importRegister, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';
import { bytesOf, check, csvText, found, SETTINGS } from './register-file.ts';

/** The plan as `building: rooms`. */
const meant = (text: string): readonly string[] => {
  const plan = readBuildingPlan(text);
  if (!plan.ok) throw new Error(plan.refusal.code);
  return [...plan.value.values()].map(({ name, rooms }) => `${name}: ${[...rooms.values()].join(' ')}`);
};

describe('a building plan', () => {
  it.each([
    ['八座: 101-104, 201-202', ['八座: 101 102 103 104 201 202']],
    ['8座:101-302', ['8座: 101 102 201 202 301 302']],
    ['8座：101－102，商铺1；9座/1单元：1、2', ['8座: 101 102 商铺1', '9座/1单元: 1 2']],
    ['1: 0901-1002', ['1: 0901 0902 1001 1002']],
    ['1: 9-11\n2: A101, 101, 101', ['1: 9 10 11', '2: A101 101']],
  ])('%j means %j', (text, rooms) => {
    expect(meant(text)).toEqual(rooms);
  });

  it.each([
    ['', ''],
    [' ;\n ', ''],
    ['八座', '八座'],
    ['八座:', '八座:'],
    ['八座: 104-101', '八座: 104-101'],
    ['八座: 104-201', '八座: 104-201'],
    ['八座: 1-101', '八座: 1-101'],
    ['八座: 0901-10002', '八座: 0901-10002'],
    ['八座: 101; 8栋: 102', '8栋: 102'],
    ['八座: 101: 102', '八座: 101: 102'],
    ['座: 101', '座: 101'],
    ['八座: 101 or 102', '八座: 101 or 102'],
    ['1: 10001-60060; 2: 10001-60060', '1: 10001-60060'],
    ['1: 1'.padEnd(MAX_PLAN_CHARS + 1), `> ${MAX_PLAN_CHARS}`],
  ])('%j is refused at %j', (text, where) => {
    expect(readBuildingPlan(text)).toEqual({
      ok: false,
      refusal: { code: 'BUILDING_PLAN_MALFORMED', where },
    });
  });
});

const ROWS = [
  {},
  { 房号: '102' },
  { 楼栋: '2栋', 单元: '', 房号: '商铺1号' },
  { 楼栋: '3栋', 房号: '9' },
] as const;
const against = (plan: string) =>
  found(check(ROWS, { ...SETTINGS, plan }), 'REG-X508').map(({ level, row, value, message }) => [
    level,
    row,
    value,
    /（(.*)）$/u.exec(message)?.[1],
  ]);

describe('a register', () => {
  it('is as planned under any spelling, by whole buildings or by stairs', () => {
    expect(against('一座: 101-102; 二座: 商铺1; 第3幢/1单元: 9')).toEqual([]);
    expect(found(check(ROWS), 'REG-X508')).toEqual([]);
  });

  it('lacks rooms of the plan, and has rooms outside it (REG-X508)', () => {
    expect(against('一座: 101-303; 2栋: 商铺1, 商铺2')).toEqual([
      ['warning', null, '一座', '缺 103、201、202、203、301、302、303'],
      ['warning', null, '2栋', '缺 商铺2'],
      ['warning', 5, '9', '不在楼栋计划中'],
    ]);
    const [first] = against('一座: 101-1905; 2栋: 商铺1; 3栋: 9');
    expect(first?.[3]).toBe('缺 103、104、105、201、202、203、204、205、301、302 等 93 套');
    expect(against('1栋/2单元: 101-102; 2栋: 商铺1; 3栋: 9').map(([, row]) => row)).toEqual([null, 2, 3]);
  });

  it('is not asked for parking spaces', () => {
    const withPlace = [{ 车位号: 'B1-7', 车位面积: '12.50' }];
    expect(found(check(withPlace, { ...SETTINGS, plan: '1栋: 101' }), 'REG-X508')).toEqual([]);
  });
});

describe('a plan from outside', () => {
  let folder = '';
  let fresh: FreshDatabase;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plan-'));
    fresh = await freshDatabase();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await fresh.close();
  });

  const file = (name: string, content: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const run = async (...argv: readonly string[]) => {
    const said = { stdout: '', stderr: '' };
    const write = (to: keyof typeof said) => (text: string) => {
      said[to] += text;
    };
    const out = { stdout: write('stdout'), stderr: write('stderr') };
    return { code: await registerCommand(argv, out, () => Date.UTC(2026, 10, 24, 4)), ...said };
  };

  it('is a file of the command, and one that does not read is said', async () => {
    const register = file('register.csv', bytesOf(csvText(...ROWS)));
    const plan = file('plan.txt', bytesOf('\ufeff一座: 101-103\n二座: 商铺1\n三座: 9\n'));
    const checked = await run('check', register, '--plan', plan);
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    expect(checked.stdout).toContain('REG-X508 与楼栋计划不符，1 处');
    expect(checked.stdout).toContain('整个文件：一座（缺 103）');
    const wrong = await run('check', register, '--plan', file('wrong.txt', bytesOf('一座: 103-101')));
    expect([wrong.code, wrong.stdout]).toEqual([65, '']);
    expect(wrong.stderr).toContain('一座: 103-101');
    expect((await run('check', register, '--plan', file('gbk.txt', Uint8Array.of(0xd2, 0xbb)))).code).toBe(
      65,
    );
    expect((await run('check', register, '--plan', join(folder, 'none'))).code).toBe(65);
    for (const argv of [['--plan'], ['--plan', plan, 'more'], ['--map', plan]])
      expect((await run('check', register, ...argv)).code).toBe(2);
  });

  it('is a member of the import, which tells and asks for no tick', async () => {
    const the = await newCommunity(fresh, 'plan');
    const request = {
      community: the.community,
      file: registerFile([`1栋,101,88.88,陈大文,${NUMBERS.chen},已交付,,`]),
    };
    const refused = await importRegister(the.deps, the.committee, { ...request, settings: { plan: '1栋' } });
    expect(refused.ok ? '' : refused.refusal.code).toBe('BUILDING_PLAN_MALFORMED');
    const drafted = await importRegister(the.deps, the.committee, {
      ...request,
      settings: { plan: '1栋: 101-102' },
    });
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    expect(drafted.value.findings.map(({ code }) => code)).toContain('REG-X508');
  });
});
