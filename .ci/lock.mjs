// `npm run lock`: renews package-lock.json so that `npm ci` works on every platform and with every registry. npm leaves two things
// in the lock that bind it to the registry it was made with: download addresses, and the absence of optional platform packages
// that this registry does not serve (then `npm ci` fails elsewhere, and here too). docs/decisions/dependencies.md tells more.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, 'package-lock.json');

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const CPUS = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32', 'arm'];

/** What a platform package's name says: `@oxc-parser/binding-linux-arm64-musl` → linux, arm64, musl. */
export function platformOf(name) {
  const words = name.replace('windows', 'win32').split(/[-/]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = CPUS.find((one) => words.includes(one));
  if (cpu === undefined || (os === undefined && cpu !== 'wasm32')) return undefined;
  const libc =
    os !== 'linux'
      ? undefined
      : words.some((word) => word.startsWith('musl'))
        ? 'musl'
        : words.includes('gnu')
          ? 'glibc'
          : undefined;
  return {
    ...(os === undefined ? {} : { os: [os] }),
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
  };
}

/** Where the lock has the package `name` as seen from `path`, or undefined. */
export function placeOf(packages, path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const place = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (from === '') return undefined;
    if (!from.includes('/node_modules/')) from = '';
  }
}

/** The lock without addresses and with an entry for every optional platform package. Names that say no platform are listed. */
export function completed(lock) {
  const packages = Object.fromEntries(
    Object.entries(lock.packages).map(([path, { resolved: _, ...entry }]) => [path, entry]),
  );
  const unknown = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (placeOf(packages, path, name) !== undefined) continue;
      const platform = platformOf(name);
      if (platform === undefined || !/^\d/.test(version)) unknown.push(`${name}@${version}`);
      else
        packages[`node_modules/${name}`] = {
          version,
          ...(entry.dev === true ? { dev: true } : {}),
          optional: true,
          ...platform,
        };
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { lock: { ...lock, packages: sorted }, unknown };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const npm = spawnSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  const { lock, unknown } = completed(JSON.parse(readFileSync(file, 'utf8')));
  if (unknown.length > 0) {
    process.stderr.write(
      `no platform can be read from these names, add them by hand: ${unknown.join(', ')}\n`,
    );
    process.exit(1);
  }
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
