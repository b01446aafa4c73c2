// Goal: src/launch.mjs works from any folder and through any link, builds only when something changed, and never corrupts dist/.
// Method: the real launcher and configurations in a tiny package with the real tools, run as a child process.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

const real = packageRoot();
let box: string;
let root: string;

beforeAll(() => {
  box = mkdtempSync(join(tmpdir(), 'owners-vote-launch-'));
  root = join(box, 'checkout');
  mkdirSync(join(root, 'src/cli'), { recursive: true });
  mkdirSync(join(root, 'src/web/vote'), { recursive: true });
  mkdirSync(join(root, 'src/crypto'), { recursive: true });
  for (const name of ['package.json', 'schema.sql', 'src/launch.mjs', 'src/build.mjs', 'vite.config.ts'])
    cpSync(join(real, name), join(root, name));
  for (const name of ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.web.json'])
    cpSync(join(real, name), join(root, name));
  symlinkSync(join(real, 'node_modules'), join(root, 'node_modules'), 'dir');
  say('one');
  writeFileSync(join(root, 'src/crypto/where.ts'), "export const where: string = 'node';\n");
  writeFileSync(join(root, 'src/crypto/where.page.ts'), "export const where: string = 'page twin';\n");
  writeFileSync(
    join(root, 'src/web/vote/main.tsx'),
    "import { where } from '../../crypto/where.ts';\ndocument.title = where;\n",
  );
});
afterAll(() => rmSync(box, { recursive: true, force: true }));

/** Makes the program answer `word` and its arguments. */
function say(word: string): void {
  writeFileSync(
    join(root, 'src/cli/main.ts'),
    `import { where } from '../crypto/where.ts';
export async function run(argv: string[]): Promise<number> {
  process.stdout.write([${JSON.stringify(word)}, where, ...argv].join(' '));
  return argv.length;
}
`,
  );
}

type Outcome = { readonly code: number; readonly out: string; readonly err: string };

const launched = (
  args: readonly string[],
  file = join(root, 'src/launch.mjs'),
  cwd = tmpdir(),
): Promise<Outcome> =>
  new Promise((resolve) => {
    const child: ChildProcess = execFile(process.execPath, [file, ...args], { cwd }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

const leftovers = (): string[] =>
  readdirSync(join(root, 'dist')).filter((name) => name.startsWith('.') && name !== '.stamp');

describe('the launcher', () => {
  it('builds at the first start, says so in one line on stderr, and passes arguments and exit code', async () => {
    expect(await launched(['a', 'b'])).toEqual({
      code: 2,
      out: 'one node a b',
      err: '正在构建 Building owners-vote …\n',
    });
    expect(leftovers()).toEqual([]);
  });

  it('builds the pages with the page twins of crypto, and a manifest', () => {
    const assets = readdirSync(join(root, 'dist/web/assets'));
    expect(assets.some((name) => /^vote-[\w-]+\.js$/.test(name))).toBe(true);
    expect(readdirSync(join(root, 'dist/web/.vite'))).toContain('manifest.json');
  });

  it('says nothing when nothing changed, even where times did', async () => {
    utimesSync(join(root, 'schema.sql'), new Date(), new Date());
    expect(await launched([])).toEqual({ code: 0, out: 'one node', err: '' });
  });

  it('works through a symbolic link', async () => {
    const link = join(box, 'owners-vote');
    symlinkSync(join(root, 'src/launch.mjs'), link);
    expect(await launched(['x'], link, '/')).toMatchObject({ code: 1, out: 'one node x' });
  });

  it('builds once when many start at the same time after a change, and each runs the new program', async () => {
    say('two');
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => launched([])));
    expect(outcomes.map(({ out }) => out)).toEqual(['two node', 'two node', 'two node', 'two node']);
    expect(outcomes.filter(({ err }) => err !== '')).toHaveLength(1);
    expect(leftovers()).toEqual([]);
  });

  it('takes over from a launcher that was killed in the middle of its build', async () => {
    say('three');
    const child = spawn(process.execPath, [join(root, 'src/launch.mjs')], { stdio: 'ignore' });
    while (!readdirSync(join(root, 'dist')).includes('.lock'))
      await new Promise((wait) => setTimeout(wait, 10));
    child.kill('SIGKILL');
    await new Promise((ended) => child.on('exit', ended));
    expect(await launched([])).toMatchObject({ code: 0, out: 'three node' });
    // The killed launcher's tsc may still have been writing its folder; the lock is gone, and the next build sweeps.
    expect(leftovers()).not.toContain('.lock');
  });

  it('says in a sentence that a build failed, and exits 70', async () => {
    writeFileSync(join(root, 'src/cli/main.ts'), 'export const run = (;\n');
    const { code, out, err } = await launched([]);
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(err).toMatch(/构建失败 The build failed: src\/cli\/main\.ts/);
    expect(leftovers()).toEqual([]);
  });

  it('runs what was built where the build tools are not installed', async () => {
    rmSync(join(root, 'node_modules'));
    expect(await launched([])).toMatchObject({ code: 0, out: 'three node', err: '' });
  });

  it('asks for npm ci where there is neither', async () => {
    rmSync(join(root, 'dist'), { recursive: true });
    expect(await launched([])).toMatchObject({ code: 70, err: expect.stringContaining('npm ci') });
  });
});
