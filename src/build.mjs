// Builds dist/ from src/: the programs file by file (with types checked by tsc under `npm run build`), vite for the pages. Each build goes to a folder of its own inside dist/ and is moved
// into place under a lock, so that launchers that start at once neither corrupt it nor do the work twice.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A build that failed, with the sentence for the user. */
export class BuildError extends Error {}

const INPUTS = /^(schema\.sql|package\.json|tsconfig.*\.json|vite\.config\.ts)$/;
const PAGES = ['vote', 'public', 'console'];
/** Pages of the console that are built alone, each by the mode of its name. */
const ALONE = ['letters', 'fund'];
const LOCK_WAIT_MS = 300_000;

const mainOf = (root) => join(root, 'dist/src/cli/main.js');
const stampOf = (root) => join(root, 'dist/.stamp');

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** SHA-256 over the paths and contents of all that goes into a build: copies and checkouts change times, not this. */
function fingerprint(root) {
  const top = readdirSync(root).filter((name) => INPUTS.test(name));
  const files = [...top.map((name) => join(root, name)), ...filesUnder(join(root, 'src'))];
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const isFresh = (root, print) => textOf(stampOf(root)) === print && existsSync(mainOf(root));

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** A lock is dead when its process is, or when it stayed empty: its maker was killed between creating and writing. */
function isDead(lock) {
  const text = textOf(lock);
  if (text === undefined) return false;
  if (text !== '') return !isAlive(Number(text));
  return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 5_000;
}

async function takeLock(lock) {
  for (let waited = 0; waited < LOCK_WAIT_MS; waited += 100) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isDead(lock)) {
      const aside = `${lock}.dead-${process.pid}`;
      try {
        renameSync(lock, aside);
        // Somebody may have replaced it meanwhile: a living lock goes back.
        if (isDead(aside)) rmSync(aside);
        else renameSync(aside, lock);
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new BuildError('another build has held dist/.lock for five minutes');
}

function run(root, tool, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new BuildError(said.trim().split('\n').slice(0, 20).join('\n') || `${tool} ended with ${code}`),
        );
    });
  });
}

/** Moves the folders of a finished build into dist/; without a stamp, a crash in between only means building again. */
function install(root, draft, print) {
  rmSync(stampOf(root), { force: true });
  const old = join(root, `dist/.old-${process.pid}`);
  mkdirSync(old, { recursive: true });
  for (const name of ['src', 'web']) {
    const place = join(root, 'dist', name);
    if (existsSync(place)) renameSync(place, join(old, name));
    if (existsSync(join(draft, name))) renameSync(join(draft, name), place);
  }
  writeFileSync(stampOf(root), print);
  rmSync(old, { recursive: true, force: true });
}

function removeLeftovers(root) {
  for (const name of readdirSync(join(root, 'dist')))
    if (/^\.(building|old)-\d+$/.test(name))
      rmSync(join(root, 'dist', name), { recursive: true, force: true });
}

/** Where a program's file goes, or undefined for the pages' own entries and twins, which vite builds. */
function emitted(path) {
  if (!/\.tsx?$/.test(path) || /\.page\.ts$/.test(path) || /^web\/[a-z/]+\/main\.tsx$/.test(path))
    return undefined;
  return path.replace(/\.tsx?$/, '.js');
}

/** Each file for itself, types untold: 387 files in 0.14 s, where tsc needs 9 s of processor time before the first start. */
async function transpileAll(root, out) {
  const { transformWithOxc } = await import('vite');
  const options = {
    target: 'es2023',
    sourcemap: true,
    jsx: { runtime: 'automatic', importSource: 'preact' },
    typescript: { rewriteImportExtensions: 'rewrite', onlyRemoveTypeImports: true },
  };
  for (const name of readdirSync(join(root, 'src'), { recursive: true })) {
    const path = name.replaceAll('\\', '/');
    const target = emitted(path);
    if (target === undefined) continue;
    const file = join(root, 'src', path);
    const { code, map } = await transformWithOxc(readFileSync(file, 'utf8'), file, options).catch((error) => {
      const [, reason = error.message] = error.message.split('\n');
      throw new BuildError(`src/${path}: ${reason.trim()}`);
    });
    const comment = Buffer.from(JSON.stringify(map)).toString('base64');
    mkdirSync(dirname(join(out, target)), { recursive: true });
    writeFileSync(
      join(out, target),
      `${code}\n//# sourceMappingURL=data:application/json;base64,${comment}\n`,
    );
  }
}

/** The pages, and then those of letters and of the fund beside them (docs/decisions/letters-in-the-page.md, fund-in-the-console.md). */
async function buildPages(root, tool, out) {
  const build = ['build', '--outDir', out, '--logLevel', 'warn'];
  await run(root, tool, build);
  for (const page of ALONE)
    if (existsSync(join(root, 'src/web/console', page, 'main.tsx')))
      await run(root, tool, [...build, '--mode', page]);
}

/** Builds when dist/ is not what src/ says. `check` lets tsc check types too; `say` gets one line before the work begins. */
export async function buildWhenStale(root, { say, check = false, force = false }) {
  const tools = ['typescript/bin/tsc', 'vite/bin/vite.js'];
  const canBuild = tools.every((tool) => existsSync(join(root, 'node_modules', tool)));
  // An installation without development tools runs what was built for it.
  if (!canBuild && existsSync(mainOf(root))) return;
  if (!canBuild) throw new BuildError('the build tools are missing: run npm ci first');
  if (!force && isFresh(root, fingerprint(root))) return;
  mkdirSync(join(root, 'dist'), { recursive: true });
  const lock = join(root, 'dist/.lock');
  await takeLock(lock);
  const draft = join(root, `dist/.building-${process.pid}`);
  try {
    const print = fingerprint(root);
    if (!force && isFresh(root, print)) return;
    say();
    removeLeftovers(root);
    const jobs = [
      check
        ? run(root, tools[0], ['-p', 'tsconfig.build.json', '--outDir', draft])
        : transpileAll(root, join(draft, 'src')),
    ];
    if (PAGES.some((page) => existsSync(join(root, 'src/web', page, 'main.tsx'))))
      jobs.push(buildPages(root, tools[1], join(draft, 'web')));
    const ended = await Promise.allSettled(jobs);
    const failed = ended.find((job) => job.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    install(root, draft, print);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(lock, { force: true });
  }
}

// `npm run build`: everything anew, with types checked.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  buildWhenStale(root, { say: () => undefined, check: true, force: true }).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 70;
  });
}
