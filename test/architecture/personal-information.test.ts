// Goal: whatever is kept about people stands in docs/personal-information.md: each column of the database and each file of a bundle is
// classified once. Method: the document's tables against the columns of a real database and the files that exporter and verifier name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEALED_TABLES } from '../../src/jobs/resealing.ts';
import { packageRoot } from '../../src/package-root.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeSpans, tableRows } from './document-reader.ts';

const read = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8');
const page = read('docs/personal-information.md');

const personalRows = (text: string) =>
  tableRows(text, ([, second = '']) => second.includes('columns'))
    .filter((cells) => cells.length === 7)
    .map(([what = '', columns = '', , , , protection = '']) => ({
      what,
      columns: codeSpans(columns),
      protection,
    }));
const plainColumns = (text: string): readonly string[] =>
  tableRows(
    text,
    ([first = '', second = '']) => first.includes('table') && second.includes('columns'),
  ).flatMap(([table = '', columns = '']) =>
    codeSpans(columns).map((column) => `${codeSpans(table)[0]}.${column}`),
  );

/** What is wrong with a page, for the columns that there are. */
function faultsOf(text: string, columns: readonly string[]): readonly string[] {
  const listed = [...personalRows(text).flatMap((row) => row.columns), ...plainColumns(text)];
  const count = (name: string) => listed.filter((each) => each === name).length;
  return [
    ...columns.filter((name) => count(name) === 0).map((name) => `unclassified ${name}`),
    ...[...new Set(listed)].filter((name) => count(name) > 1).map((name) => `twice ${name}`),
    ...listed.filter((name) => !columns.includes(name)).map((name) => `gone ${name}`),
  ];
}

let fresh: FreshDatabase;
let columns: readonly string[];
beforeAll(async () => {
  fresh = await freshDatabase();
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' order by 1`.execute(fresh.owner);
  columns = rows.map(({ name }) => name);
});
afterAll(async () => fresh.close());

describe('the page on personal information', () => {
  it('classifies each column of the database once, and none that is gone', () => {
    expect(columns.length).toBeGreaterThan(400);
    expect(faultsOf(page, columns)).toEqual([]);
  });

  it('is caught when a column is missing, doubled or gone', () => {
    const doubled = page.replace('`job` | `id`', '`job` | `id` `id`');
    expect(faultsOf(doubled, [...columns, 'person.shoe_size'])).toEqual([
      'unclassified person.shoe_size',
      'twice job.id',
    ]);
    expect(
      faultsOf(
        page,
        columns.filter((name) => name !== 'person.sealed_name'),
      ),
    ).toEqual(['gone person.sealed_name']);
  });

  it('has every sealed column among the personal ones, and says that it is sealed', () => {
    const rows = personalRows(page);
    for (const { table, columns: sealed } of SEALED_TABLES)
      for (const column of sealed) {
        const row = rows.find((each) => each.columns.includes(`${table}.${column}`));
        expect([`${table}.${column}`, row?.protection]).toEqual([
          `${table}.${column}`,
          expect.stringContaining('sealed'),
        ]);
      }
  });

  it('fills each cell of each row', () => {
    const wide = tableRows(page, (header) => header.length > 1);
    expect(wide.filter((cells) => cells.some((cell) => cell === ''))).toEqual([]);
  });

  it('classifies each file of a bundle once', () => {
    const listed = tableRows(page, ([first = '']) => first.includes('file'))
      .filter((cells) => cells.length === 3)
      .flatMap(([files = '']) => codeSpans(files));
    const named = [
      ...read('src/verifier/bundle-contents.ts').matchAll(/(?:record|lines)\('([^']+)'/g),
      ...read('src/bundle/exporting.ts').matchAll(/files\.set\(\s*'([^'/]+)'/g),
    ].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(30);
    expect([...listed].sort()).toEqual([...new Set(named)].sort());
  });
});
