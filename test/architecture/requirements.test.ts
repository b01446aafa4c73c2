// Goal: docs/security-requirements.md claims only what a test holds. Method: each file and name of its table is looked up in the
// sources of the tests; the reader is first shown a planted lie.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { tableRows } from './document-reader.ts';

const root = packageRoot();
const page = readFileSync(join(root, 'docs/security-requirements.md'), 'utf8');

type Claim = { readonly file: string; readonly name: string };

/** `file`: `name`, as often as a cell has it. */
const claimsIn = (cell: string): readonly Claim[] =>
  [...cell.matchAll(/`(test\/[^`]+)`: `([^`]+)`/g)].map(([, file = '', name = '']) => ({ file, name }));

/** Claims without a test of that name in that file. */
const unheld = (claims: readonly Claim[]): readonly Claim[] =>
  claims.filter(({ file, name }) => {
    const path = join(root, file);
    return !existsSync(path) || !readFileSync(path, 'utf8').includes(`'${name}'`);
  });

const rows = tableRows(page, ([id]) => id === 'id');

describe('the security requirements', () => {
  it('are R1 to R19, each held by a test or owed in words', () => {
    expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 19 }, (_, at) => `R${at + 1}`));
    for (const [id, , held = '', owed = ''] of rows) {
      expect([id, claimsIn(held).length > 0 || owed.length > 20]).toEqual([id, true]);
    }
  });

  it('name tests that exist', () => {
    expect(unheld(rows.flatMap(([, , held = '']) => claimsIn(held)))).toEqual([]);
  });

  it('would be caught naming one that does not', () => {
    const planted = claimsIn('`test/attack/refused-casts.test.ts`: `no such test`; `test/none.test.ts`: `x`');
    expect(unheld(planted)).toHaveLength(2);
  });
});
