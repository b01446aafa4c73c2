// Goal: the file of the command line, started itself as `node dist/src/cli/main.js` is, runs the command and answers its exit code, and
// does nothing where it is only imported. Method: a child process on the source, from another folder.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

const main = join(packageRoot(), 'src/cli/main.ts');
const loader = import.meta.resolve('tsx');

const started = (...argv: readonly string[]) =>
  new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', loader, ...argv],
      { cwd: tmpdir() },
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
  });

it('runs the command, with its exit code', async () => {
  expect(await started(main, '--version')).toEqual({ code: 0, out: '0.1.0\n', err: '' });
  const { code, out, err } = await started(main, 'tally', '--odd');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('--odd');
}, 240_000);

it('does nothing where it is imported', async () => {
  const script = `import(${JSON.stringify(main)}).then(({ run }) => process.stdout.write(typeof run))`;
  expect(await started('--eval', script)).toEqual({ code: 0, out: 'function', err: '' });
}, 240_000);
