// Goal: `owners-vote tally` prints one result a line, answers its exit codes, and prints nothing where a line is bad.
// Method: real files in a folder of their own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { tallyCommand } from '../../src/cli/tally.ts';
import { whatIfProfiles } from '../../src/tally/domain/what-if.ts';

const folder = mkdtempSync(join(tmpdir(), 'tally-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: readonly string[]) => runWith('', ...argv);

async function runWith(stdin: string, ...argv: readonly string[]) {
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
  const code = await tallyCommand(argv, out, Readable.from([stdin]));
  return { code, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const GOOD = '{"id":"C","m":5,"g":[[1,100,"*","Y"]]}';
const OTHER = GOOD.replace('"C"', '"D"');
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
    const path = file('spaced.jsonl', `\uFEFF${GOOD}\r\n\r\n  \n${OTHER}\n`);
    const stdout = RESULT + RESULT.replace('"C"', '"D"');
    expect(await run(path, '--json')).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('reads standard input where the file is -', async () => {
    expect(await runWith(GOOD, '-')).toEqual({ code: 0, stdout: RESULT, stderr: '' });
  });

  it('takes a name twice: the results come in the order of the lines', async () => {
    const path = file('twice.jsonl', `${GOOD}\n${OTHER}\n${GOOD}\n`);
    const stdout = RESULT + RESULT.replace('"C"', '"D"') + RESULT;
    expect(await run(path)).toEqual({ code: 0, stdout, stderr: '' });
  });

  it.each([
    [
      '{"id":"D","m":5,"g":[],"opt":{"silent":"maybe"}}',
      'it takes: "none", "NONE", "follow", "FOLLOW_MAJORITY"',
    ],
    ['{"id":"D","m":5,"g":[],"opt":{"silence":1}}', 'taken here: special, countSpecialSpaces, silent'],
    ['{"id":"D","profile":"KR-38","g":[],"opt":{}}', 'opt: .*taken: id, note, profile, exp, g, m '],
    ['{"id":"D","profile":"KR-38","g":[[1,1,"*","-","P"]]}', 'no kind P; it has: – none'],
    ['{"id":"D","m":5,"g":[[1,"007","*","Y"]]}', 'at most 60 digits without a leading zero'],
    ['{"id":"D" "m":5}', 'not JSON at character 11'],
    ['{"id":"D","seats":1,"candidates":["A"],"g":[[1,1,"*","Y"]]}', 'array of candidates'],
    [
      '{"id":"D","seats":1,"candidates":["A"],"g":[[1,1,"o\\u202e",["A"]],[1,1,"o\\u202e","-"]]}',
      'one vote in all rows: o\\\\u202e ',
    ],
  ])('of %s says %s', async (line, sentence) => {
    const { code, stderr } = await run(file('reason.jsonl', line));
    expect(code).toBe(65);
    expect(stderr).toMatch(new RegExp(sentence));
  });

  it('an empty file has no results', async () => {
    expect(await run(file('empty.jsonl', ''))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('names line and member of every bad line and prints no result', async () => {
    const path = file(
      'bad.jsonl',
      `${GOOD}\n\n{"id":"D","m":12,"g":[]}\n{"id":"E","m":5,"g":[]}\nnonsense\n`,
    );
    const { code, stdout, stderr } = await run(path);
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^第 3 行 line 3: m: .*\[MATTER_UNKNOWN\]$/),
      expect.stringMatching(/^第 5 行 line 5: .*\[LINE_NOT_JSON\]$/),
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
    expect(stderr).toContain('\\u001b[2J\\u009b: ');
    expect(stderr.includes('\u001b')).toBe(false);
  });

  it('names with marks that steer or turn the text come out escaped, and are the same JSON', async () => {
    const id = 'C\u202e\u009b\u{e0001}';
    const { stdout } = await run(file('marks.jsonl', JSON.stringify({ id, m: 5, g: [] })));
    expect(stdout).toContain('"C\\u202e\\u009b\\udb40\\udc01"');
    expect((JSON.parse(stdout) as { id: string }).id).toBe(id);
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

  it('help names every profile, and what an election takes', async () => {
    const { stdout } = await run('--help');
    for (const word of [...whatIfProfiles(), 'candidates', 'objecting', '200,000'])
      expect(stdout).toContain(word);
  });

  it.each([
    ['a file is needed', []],
    ['one file only: a b', ['a', 'b']],
    ['unknown option: --verbose', ['--verbose', 'a']],
    ['cannot read the file: ', [join(folder, 'absent.jsonl')]],
  ])('a wrong call says first: %s', async (reason, argv) => {
    const { code, stdout, stderr } = await run(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toContain(reason);
    expect(stderr.split('\n').length).toBeLessThan(5);
  });
});
