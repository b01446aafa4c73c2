// Goal: `register check --annotated` and `register template` write workbooks that the command itself reads, and overwrite nothing. Method: real
// files in a temporary folder, the command's own entry.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCommand } from '../../src/cli/register.ts';
import { csvText } from './register-file.ts';

let folder = '';
let input = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'annotated-'));
  input = join(folder, 'register.csv');
  writeFileSync(input, csvText({ 身份证号: '442000199001011234' }));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(...argv: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const out = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
  };
  const code = await registerCommand(argv, out, () => Date.UTC(2026, 10, 24, 4));
  return { code, stdout, stderr };
}

describe('register check --annotated', () => {
  it('writes the annotated workbook beside the report, for its owner only', async () => {
    const path = join(folder, 'out.xlsx');
    expect((await run('check', input, '--annotated', path)).code).toBe(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = await run('check', path, '--json');
    expect(again.code).toBe(1);
    const codes = JSON.parse(again.stdout).findings.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(['REG-H104', 'REG-C311']);
  });

  it('overwrites nothing', async () => {
    const before = readFileSync(input);
    const { code, stderr } = await run('check', '--json', '--annotated', input, input);
    expect([code, stderr.includes('not written')]).toEqual([65, true]);
    expect(readFileSync(input)).toEqual(before);
  });

  it('says so where there is nothing to annotate', async () => {
    const broken = join(folder, 'broken.xlsx');
    writeFileSync(broken, 'PK\u0003\u0004');
    const { code, stderr } = await run('check', broken, '--annotated', join(folder, 'none.xlsx'));
    expect([code, stderr.includes('annotated')]).toEqual([65, true]);
  });

  it.each([
    [['check', 'a', '--annotated']],
    [['check', 'a', '--annotated', '--json', '--plan']],
    [['check', 'a', '--annotated', 'b', '--annotated', 'c']],
    [['template']],
    [['template', 'a', 'b']],
  ])('%j is a mistake of usage', async (argv) => {
    expect((await run(...argv)).code).toBe(2);
  });
});

describe('register template', () => {
  it('writes a register without units, once', async () => {
    const path = join(folder, 'template.xlsx');
    expect((await run('template', path)).code).toBe(0);
    expect((await run('template', path)).code).toBe(65);
    const { code, stdout } = await run('check', path);
    expect([code, stdout.includes('REG-H106')]).toEqual([1, true]);
  });
});
