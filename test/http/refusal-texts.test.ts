// Goal: no code leaves the service without a sentence for people. Method: the sources of every feature are read for refusals that
// they make, and each code is looked up; the texts themselves are checked for both languages and a fitting status.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemCodes, problemText } from '../../src/http/problem.ts';
import { packageRoot } from '../../src/package-root.ts';

const FEATURES = [
  'officers',
  'registry',
  'notice',
  'identity',
  'assembly',
  'ballot',
  'tally',
  'fund',
  'http',
  'site',
];

const sources = FEATURES.flatMap((feature) =>
  readdirSync(join(packageRoot(), 'src', feature), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('problem-texts'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') })),
);

/** `refuse('CODE'…)`, `code: 'CODE'` in a refusal, and the codes of constraint maps. */
const MADE = [/\brefuse\(\s*'([A-Z][A-Z0-9_]+)'/g, /_(?:key|pk|fk|check): '([A-Z][A-Z0-9_]+)'/g];

const made = sources.flatMap(({ path, text }) =>
  MADE.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => ({ path, code: match[1] ?? '' }))),
);

describe('a refusal', () => {
  it('is found in the sources, so that this test reads something', () => {
    expect(made.length).toBeGreaterThan(100);
    expect(made.map(({ code }) => code)).toContain('VOTING_CLOSED');
  });

  it('of every feature has a text', () => {
    const known = new Set(problemCodes());
    // The findings of an import are rows of a list with sentences of their own, not problems.
    const silent = made.filter(({ path, code }) => !known.has(code) && !/domain/.test(path));
    expect(silent.map(({ path, code }) => `${code} in ${path.slice(packageRoot().length)}`)).toEqual([]);
  });

  it.each(problemCodes())('%s is told in Chinese and in English under a status of its own class', (code) => {
    const { status, zh, en } = problemText(code);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[A-Z].*\.$/);
  });

  it('with a code that nobody knows is answered without a made-up promise', () => {
    expect(problemText('constructor')).toEqual(problemText('NO_SUCH_CODE'));
    expect(problemText('NO_SUCH_CODE').status).toBe(422);
  });
});
