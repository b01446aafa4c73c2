// Goal: `owners-vote tally` prints one result a line, answers its exit codes, and prints nothing where a line is bad.
// Method: real files in a folder of their own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { tallyCommand } from '../../src/cli/tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'tally-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const out = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
  };
  const code = await tallyCommand(argv, out);
  return { code, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const GOOD = '{"id":"C","m":5,"g":[[1,100,"*","Y"]]}';
const RESULT =
  '{"id":"C","T":[100,1],"P":[100,1],"Y":[100,1],"q":[true,true],"p":[true,true],"result":"ADOPTED"}\n';

describe('owners-vote tally', () => {
  it('prints the golden cases with a line for each alternative', async () => {
    const path = fileURLToPath(new URL('../vectors/tally-cases.jsonl', import.meta.url));
    const { code, stdout, stderr } = await run(path);
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(ids).toHaveLength(27);
    expect(ids.slice(2, 6)).toEqual(['G05', 'G05/1', 'G05/2', 'G06']);
  });

  it('passes over empty lines, a byte order mark and CRLF', async () => {
    const path = file('spaced.jsonl', `\uFEFF${GOOD}\r\n\r\n  \n${GOOD}\n`);
    expect(await run(path, '--json')).toEqual({ code: 0, stdout: RESULT + RESULT, stderr: '' });
  });

  it('an empty file has no results', async () => {
    expect(await run(file('empty.jsonl', ''))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('names line and member of every bad line and prints no result', async () => {
    const path = file('bad.jsonl', `${GOOD}\n\n{"id":"D","m":12,"g":[]}\n${GOOD}\nnonsense\n`);
    const { code, stdout, stderr } = await run(path);
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^第 3 行 line 3: m: .*\[MATTER_UNKNOWN\]$/),
      expect.stringMatching(/^第 5 行 line 5: .*\[LINE_NOT_AN_OBJECT\]$/),
    ]);
  });

  it('refuses an unknown profile and says which are known', async () => {
    const path = file('profile.jsonl', '{"id":"D","m":5,"g":[],"profile":"XX-1"}\n');
    const { code, stderr } = await run(path);
    expect(code).toBe(65);
    expect(stderr).toMatch(/line 1: profile: .*IT-1136-2 \[PROFILE_UNKNOWN\]/);
  });

  it('the name of an unknown member cannot steer the terminal', async () => {
    const path = file('escape.jsonl', '{"id":"D","m":5,"g":[],"\\u001b[2J\\u009b":1}\n');
    const { stderr } = await run(path);
    expect(stderr).toContain('\\u001b[2J?: ');
    expect(stderr.includes('\u001b')).toBe(false);
  });

  it('refuses a file that is not UTF-8', async () => {
    const { code, stderr } = await run(file('latin.jsonl', new Uint8Array([0x7b, 0xff, 0x7d])));
    expect(code).toBe(65);
    expect(stderr).toContain('UTF-8');
  });

  it('help is on standard output, and exit 0', async () => {
    for (const flag of ['--help', '-h']) {
      const { code, stdout, stderr } = await run(flag);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^用法: owners-vote tally FILE\.jsonl/);
    }
  });

  it('no file, two files, an unknown flag and a file that is not there are usage errors', async () => {
    for (const argv of [[], ['a', 'b'], ['--verbose'], [join(folder, 'absent.jsonl')]]) {
      const { code, stdout, stderr } = await run(...argv);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).not.toBe('');
    }
  });
});
