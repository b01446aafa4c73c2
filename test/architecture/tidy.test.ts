// Goal: the habits of the house that biome and dependency-cruiser cannot see. Method: every kept file is read as text, each ban has a
// sentence that says what to use instead, and each ban is shown a planted offence.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

type File = { readonly path: string; readonly text: string };

const root = packageRoot();

function filesUnder(folder: string, ending: RegExp): readonly File[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

const CODE = /\.(ts|tsx|mjs|cjs|sh)$/;
const source = filesUnder('src', CODE);
const tests = filesUnder('test', CODE);
const words = [...filesUnder('docs', /\.md$/), ...filesUnder('.ci', /./)];
const all = [...source, ...tests, ...words];

type Ban = {
  readonly banned: string;
  readonly instead: string;
  readonly pattern: RegExp;
  readonly where: (path: string) => boolean;
  readonly offence: string;
};

const inSource = (path: string): boolean => path.startsWith('src/');
const isRoof = (path: string): boolean => /^src\/(main\.ts|cli\/|launch\.mjs|build\.mjs)/.test(path);
const isPage = (path: string): boolean => path.startsWith('src/web/');
/** Written in two halves, so that this file does not hold what it bans. */
const split = (left: string, right: string): string => left + right;

const bans: readonly Ban[] = [
  {
    banned: 'Date.now() and new Date()',
    instead: 'a Clock that is passed in',
    // A day that is written out in digits reads no clock.
    pattern: /\bDate\.now\(|\bnew Date\((?!\d)/,
    where: (path) => inSource(path) && !isRoof(path) && !isPage(path),
    offence: 'const now = Date.now();',
  },
  {
    banned: 'parseFloat',
    instead: 'Fen or AreaDm2',
    pattern: /\bparseFloat\(/,
    where: inSource,
    offence: 'parseFloat(text)',
  },
  {
    banned: 'Number() of money and areas where they are counted',
    instead: 'Fen or AreaDm2',
    pattern: /\bNumber\([^)]*(fen|dm2|area|amount)/i,
    where: (path) => /^src\/(fund|tally)\/domain\//.test(path),
    offence: 'Number(row.areaDm2)',
  },
  {
    banned: 'console',
    instead: 'the log that is passed in',
    pattern: /\bconsole\./,
    where: (path) => inSource(path) && !isRoof(path) && !isPage(path),
    offence: 'console.log(1)',
  },
  {
    banned: split('TO', 'DO'),
    instead: 'a sentence in the closing note, or the work itself',
    pattern: new RegExp(`\\b(${split('TO', 'DO')}|${split('FIX', 'ME')}|${split('XX', 'X')})\\b`),
    where: () => true,
    offence: split('// TO', 'DO later'),
  },
  {
    // `runIf` stays: a test of another program's reading runs where that program is, and .ci/run installs it.
    banned: 'a test that is left out or runs alone',
    instead: 'a test that runs, or none',
    pattern: /\b(it|test|describe)\.(only|skip|todo|skipIf)\b/,
    where: (path) => path.startsWith('test/') && !path.startsWith('test/architecture/'),
    offence: split('it.on', "ly('x')"),
  },
  {
    banned: 'a path of one machine',
    instead: 'a path from the package root or a temporary folder',
    pattern: new RegExp(`(^|[\\s'"\`(=])/(${split('wo', 'rk')}|${split('ro', 'ot')}|home/[a-z]+)/`, 'm'),
    where: () => true,
    offence: `cd /${split('wo', 'rk')}/main`,
  },
];

describe('a ban', () => {
  it.each(bans)('on $banned sees an offence', ({ pattern, offence }) => {
    expect(pattern.test(offence)).toBe(true);
  });

  it.each(bans)('on $banned is kept: use $instead', ({ pattern, where }) => {
    const offenders = all
      .filter(({ path }) => where(path))
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
      );
    expect(offenders).toEqual([]);
  });
});

describe('a file', () => {
  it('opens with a comment that says what it decides', () => {
    const silent = [...source, ...tests].filter(
      ({ text }) => !/^(#!.*\n)?(\/\*\*|\/\/|#) ?\S|^\/\*\*\n/.test(text),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('has at most 400 lines, a test that goes through a long table at most 800', () => {
    const limitOf = (path: string): number => (path.startsWith('test/') ? 800 : 400);
    const long = [...source, ...tests].filter(
      ({ path, text }) => text.split('\n').length - 1 > limitOf(path),
    );
    expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`)).toEqual([]);
  });

  it('is named for what it holds', () => {
    const drawer =
      /(^|[/-])(data|info|manager|handler|process|utils?|helpers?|services?)(-|\.)|\/(index|types)\.tsx?$/;
    expect(source.filter(({ path }) => drawer.test(path)).map(({ path }) => path)).toEqual([]);
  });
});

describe('a reference to the specification', () => {
  /** Numbers that open a heading or an item of docs/spec: `## 6.5 Acceptance`, `6.5 One transaction`, `- **6.5** …`. */
  const sections = new Set(
    filesUnder('docs/spec', /\.md$/)
      .flatMap(({ text }) => text.split('\n'))
      .flatMap(
        (line) =>
          /^\s*(?:#+\s+|[-*|]\s+)?\**(?:SPEC |§)?(\d+(?:\.\d+)*)\.?\**(?=[\s.:)|]|$)/.exec(line)?.[1] ?? [],
      ),
  );

  it('names a section that exists in docs/spec', () => {
    const references = [...source, ...tests].flatMap(({ path, text }) =>
      [...text.matchAll(/\bSPEC (\d+(?:\.\d+)*)/g)].map((match) => ({ path, section: match[1] ?? '' })),
    );
    expect(references.length).toBeGreaterThan(20);
    const missing = references.filter(({ section }) => !sections.has(section));
    expect(missing.map(({ path, section }) => `${path}: SPEC ${section}`)).toEqual([]);
  });
});
