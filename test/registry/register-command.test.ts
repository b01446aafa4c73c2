// Goal: `register check` answers with the contract of DESIGN §6 and §7: exit codes, JSON members, a report
// for people. Method: real files in a temporary folder, the command's own entry, a fixed clock.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { registerCommand } from '../../src/cli/register.ts';
import { csvText, IDS } from './register-file.ts';

const NOON = Date.UTC(2026, 10, 24, 4);
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'register-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(...argv: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await registerCommand(
    argv,
    {
      stdout: (text) => {
        written.stdout += text;
      },
      stderr: (text) => {
        written.stderr += text;
      },
    },
    () => NOON,
  );
  return { code, ...written };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const bad = csvText({}, { 房号: '102', 业主姓名: '李小四', 身份证号: '442000199001011234', 联系电话: '1' });

describe('register check', () => {
  it('a good file exits 0 and says what it holds', async () => {
    const { code, stdout, stderr } = await run(
      'check',
      file('good.csv', generateCommunity({ units: 20, seed: 's' }).csv),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/房屋 20 套/);
    expect(stdout).toContain('结论：可以导入。');
    expect(stdout).toContain('【提示】REG-H104');
  });

  it('a file with a fault exits 1 and names row and column, masked', async () => {
    const { code, stdout } = await run('check', file('bad.csv', bad));
    expect(code).toBe(1);
    expect(stdout).toContain('【阻断】REG-C311');
    expect(stdout).toContain('第 3 行 G 列 「身份证号」：4420************34');
    expect(stdout).toContain('【请确认】REG-C320');
    expect(stdout).toContain('结论：不能导入。');
    expect(stdout).not.toContain('442000199001011234');
    expect(stdout).not.toContain('李小四');
  });

  it('--json has exactly the agreed members', async () => {
    const { code, stdout } = await run('check', '--json', file('bad2.csv', bad));
    const parsed = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(Object.keys(parsed)).toEqual(['accepted', 'findings', 'summary']);
    expect(parsed.accepted).toBe(false);
    expect(parsed.summary).toEqual({ units: 1, heads: 1, persons: 1, areaDm2: '8888' });
    expect(parsed.findings[1]).toEqual({
      code: 'REG-C311',
      level: 'error',
      sheet: null,
      row: 3,
      column: 'G',
      header: '身份证号',
      value: '4420************34',
      message: '证件号码校验不通过，或位数不对',
      hint: '请对照证件核对',
    });
  });

  it('warnings alone exit 0', async () => {
    const { code, stdout } = await run('check', file('warn.csv', csvText({ 联系电话: '1' })), '--json');
    expect([code, JSON.parse(stdout).accepted]).toEqual([0, true]);
  });

  it('many places are cut in the report and whole in the JSON', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ 房号: `${at}`, 联系电话: '1' }));
    const path = file('many.csv', csvText(...rows));
    expect((await run('check', path)).stdout).toContain('还有 10 处');
    expect(JSON.parse((await run('check', path, '--json')).stdout).findings).toHaveLength(30);
  });

  it('an id born tomorrow in Shanghai is refused by the clock that was given', async () => {
    const path = file('dates.csv', csvText({ 登记日期: '2026-11-25', 身份证号: IDS[0] }));
    expect((await run('check', path)).stdout).toContain('REG-C341');
  });

  it('a file above the limit is refused without being read', async () => {
    const path = file('large.csv', 'x');
    truncateSync(path, 40 * 1024 * 1024 * 1024);
    const { code, stdout } = await run('check', path);
    expect(code).toBe(1);
    expect(stdout).toContain('REG-F001');
    expect(stdout).toContain('整个文件');
  });

  it('what cannot be read exits 65, on the error stream', async () => {
    for (const path of [join(folder, 'absent.csv'), folder]) {
      const { code, stdout, stderr } = await run('check', path, '--json');
      expect([code, stdout]).toEqual([65, '']);
      expect(stderr).toContain(path);
    }
  });

  it.each([
    [[]],
    [['check']],
    [['import', 'x.csv']],
    [['check', 'a', 'b']],
    [['check', '--xml']],
    [['check', 'a', '--xml']],
  ])('the arguments %j are a mistake of usage', async (argv) => {
    const { code, stdout, stderr } = await run(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('register check FILE');
  });
});
