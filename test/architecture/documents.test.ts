// Goal: the documents stay true. Method: what docs/ claims is read from its tables and compared with the sources, both ways; each
// reader is first shown a planted text in which it must find the lie.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CN_2021_SETTINGS } from '../../src/assembly/domain/profile-cn-2021.ts';
import { packageRoot } from '../../src/package-root.ts';
import type { EntryKind } from '../../src/record/entry.ts';
import { ENTRY_KIND_NAMES } from '../../src/record/entry.ts';
import { ACTION_RULES, FUND_ACTION_RULES } from '../../src/record/two-officers.ts';
import { CHECKS } from '../../src/verifier/check-catalogue.ts';
import {
  bannedIn,
  citedArticles,
  citedSections,
  codeSpans,
  declaredKinds,
  declaredRecords,
  definedSections,
  identifiersOf,
  relativeLinks,
  sqlIdentifiersOf,
  tableRows,
} from './document-reader.ts';

type File = { readonly path: string; readonly text: string };

const root = packageRoot();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function filesUnder(folder: string, ending: RegExp, recursive = true): readonly File[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .map((path) => ({ path, text: read(path) }));
}

const source = filesUnder('src', /\.tsx?$/);
/** This test and its reader hold planted lies. */
const tests = filesUnder('test', /\.tsx?$/).filter(
  ({ path }) => !path.startsWith('test/architecture/document'),
);
const documents = [
  ...filesUnder('docs', /\.md$/),
  ...filesUnder('.', /\.md$/, false),
  { path: 'keys/README.md', text: read('keys/README.md') },
];
const spec = filesUnder('docs/spec', /\.md$/);
const records = read('docs/spec/00-records.md');
const sql = { path: 'schema.sql', text: read('schema.sql') };

const byName = (a: string, b: string): number => (a < b ? -1 : 1);
const sorted = (names: Iterable<string>): readonly string[] => [...names].sort(byName);

type Row = {
  readonly name: string;
  readonly cells: readonly string[];
  readonly members: readonly string[];
  readonly status: string;
};

function rowsOf(first: string, statusColumn: number): readonly Row[] {
  return tableRows(records, ([header]) => header === first).map((cells) => ({
    name: codeSpans(cells[0] ?? '')[0] ?? '',
    cells,
    members: codeSpans(cells[1] ?? ''),
    status: cells[statusColumn] ?? '',
  }));
}

const kindRows = rowsOf('kind', 4);
const recordRows = rowsOf('record', 5);
const now = (rows: readonly Row[]): readonly Row[] => rows.filter(({ status }) => status === 'now');

// What both files spread stands in a third.
const parts = read('src/record/entry-parts.ts');
const kinds = [
  ...declaredKinds('entry.ts', parts + read('src/record/entry.ts')),
  ...declaredKinds('fund-entry-shapes.ts', parts + read('src/record/fund-entry-shapes.ts'), 'fundShapes'),
];
const forms = source.flatMap(({ path, text }) => declaredRecords(path, text));
const checks = new Set(
  tableRows(read('docs/spec/09-bundle-and-verifier.md'), ([id]) => id === 'id').map(
    ([id = '']) => codeSpans(id)[0] ?? '',
  ),
);
const sections = new Set(spec.flatMap(({ text }) => definedSections(text)));

describe('the table of log kinds', () => {
  it('marks as present exactly the kinds that the code writes', () => {
    expect(sorted(now(kindRows).map(({ name }) => name))).toEqual(sorted(ENTRY_KIND_NAMES));
    expect(sorted(kinds.map(({ name }) => name))).toEqual(sorted(ENTRY_KIND_NAMES));
  });

  it('has each kind once, with a status', () => {
    expect(new Set(kindRows.map(({ name }) => name)).size).toBe(kindRows.length);
    const odd = [...kindRows, ...recordRows].filter(({ status }) => !/^(now|later|reserved)$/.test(status));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('names the members of each kind', () => {
    const common = ['v', 'kind', 'evidence'];
    const claimed = Object.fromEntries(
      now(kindRows).map(({ name, members }) => [name, sorted([...common, ...members])]),
    );
    expect(claimed).toEqual(Object.fromEntries(kinds.map((kind) => [kind.name, sorted(kind.members ?? [])])));
  });

  it('names the officers that SPEC 2.4 demands of each kind', () => {
    const alternatives = (roles: readonly (readonly string[])[]): readonly string[] =>
      sorted(roles.map((each) => sorted(each).join(' + ')));
    const claimed = now(kindRows).map(({ name, cells }) => [
      name,
      alternatives(
        codeSpans(cells[2] ?? '')
          .filter((span) => !span.includes('.'))
          .map((span) => span.split(' + ')),
      ),
    ]);
    const ruleOf = (name: EntryKind) =>
      name === 'fund.entry' ? FUND_ACTION_RULES['pay'] : ACTION_RULES[name];
    const held = ENTRY_KIND_NAMES.map((name) => [name, alternatives(ruleOf(name) ?? [])]);
    expect(Object.fromEntries(claimed)).toEqual(Object.fromEntries(held));
  });

  it('knows every kind that a chapter names', () => {
    const known = new Set(kindRows.map(({ name }) => name));
    const rooms = new Set([...known].map((name) => name.split('.')[0]));
    const unknown = spec.flatMap(({ path, text }) =>
      codeSpans(text)
        .flatMap((span) => span.match(/^[a-z]+\.[a-z]+(?=$| \{)/) ?? [])
        .filter((name) => rooms.has(name.split('.')[0]) && !/\.(jsonl?|journal)$/.test(name))
        .filter((name) => !known.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the table of records', () => {
  it('marks as present exactly the records that the code reads', () => {
    expect(sorted(now(recordRows).map(({ name }) => name))).toEqual(sorted(forms.map(({ name }) => name)));
  });

  it('names the members of each record', () => {
    const open = forms.filter(({ members }) => members === undefined).map(({ name }) => name);
    expect(sorted(open)).toEqual(['entry', 'signature']);
    const rows = new Map(recordRows.map((row) => [row.name, row]));
    for (const { name, members } of forms) {
      if (members !== undefined) expect([name, rows.get(name)?.members]).toEqual([name, members]);
    }
  });

  it('is followed by a table of the forms of each record, with the same members', () => {
    const tables = new Map<string, string[]>();
    for (const { text } of spec) {
      for (const { name } of forms) {
        const rows = tableRows(text, ([header]) => header === `\`${name}\` member`);
        if (rows.length > 0)
          tables.set(name, [
            ...(tables.get(name) ?? []),
            ...rows.map(([cell = '']) => codeSpans(cell)[0] ?? ''),
          ]);
      }
    }
    for (const { name, members } of forms) {
      if (members !== undefined) expect([name, tables.get(name)]).toEqual([name, members]);
    }
  });

  it('names sections and checks that exist', () => {
    const missing = recordRows.map(({ cells }) => cells[6] ?? '').filter((section) => !sections.has(section));
    expect(missing).toEqual([]);
    // What no bundle has is checked by tools of others, and the row says by which.
    const isChecked = (cell = '') => checks.has(cell.split(' ')[0] ?? '') || /^outside: `\w+`/.test(cell);
    const silent = [
      ...kindRows.filter(({ cells }) => !isChecked(cells[3])),
      ...recordRows.filter(({ cells }) => !isChecked(cells[4])),
    ];
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

describe('the checks of SPEC 9.3', () => {
  it('are those of the verifier, in the same groups and order', () => {
    const claimed = tableRows(read('docs/spec/09-bundle-and-verifier.md'), ([id]) => id === 'id').map(
      ([id = '', group]) => `${codeSpans(id)[0]} ${group}`,
    );
    expect(claimed).toEqual(CHECKS.map(({ id, group }) => `${id} ${group}`));
  });

  it('are the only ones that documents name', () => {
    const named = documents.flatMap(({ path, text }) =>
      (text.match(/\b(?!UTF-)[A-Z]{3,6}-\d\d\b/g) ?? []).map((id) => ({ path, id })),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ id }) => !checks.has(id))).toEqual([]);
  });
});

describe('a citation', () => {
  it('of the specification names a section that exists', () => {
    const cited = [...source, ...tests, ...documents, sql].flatMap(({ path, text }) =>
      citedSections(text).map((section) => ({ path, section })),
    );
    expect(cited.length).toBeGreaterThan(50);
    expect(cited.filter(({ section }) => !sections.has(section))).toEqual([]);
  });

  it('of the Civil Code names an article of the law map', () => {
    const mapped = new Set(
      tableRows(read('docs/law-map.md'), ([header]) => header === 'article').flatMap(([article = '']) =>
        citedArticles(article),
      ),
    );
    const cited = [...source, ...tests, ...documents, sql].flatMap(({ path, text }) =>
      citedArticles(text).map((article) => ({ path, article })),
    );
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.filter(({ article }) => !mapped.has(article))).toEqual([]);
  });
});

describe('the law map', () => {
  const rows = tableRows(read('docs/law-map.md'), (header) => header[3] === 'certainty');
  const spans = rows.flatMap(([, , where = '']) => codeSpans(where));

  it('places every setting of the profile, and no other', () => {
    const settings = rows
      .flatMap(([, , where = '']) => [...where.matchAll(/settings? ((?:`\w+`(?:, | and )?)+)/g)])
      .flatMap((match) => codeSpans(match[1] ?? ''));
    expect(sorted(new Set(settings))).toEqual(sorted(Object.keys(CN_2021_SETTINGS)));
  });

  it('names files that exist, and says of each row how certain it is', () => {
    const gone = spans.filter((span) => span.startsWith('src/') && !existsSync(join(root, span)));
    expect(gone).toEqual([]);
    const odd = rows.filter(([, , , certainty = '']) => !/\b[VWKI]\b/.test(certainty));
    expect(odd).toEqual([]);
  });
});

describe('the glossary', () => {
  const terms = tableRows(read('docs/glossary.md'), (header) => header[3] === 'banned').flatMap(
    ([, , , banned = '']) => codeSpans(banned),
  );

  it('bans synonyms that no identifier of the code uses', () => {
    expect(terms.length).toBeGreaterThan(100);
    const used = [
      ...source.flatMap(({ path, text }) =>
        [...identifiersOf(path, text), path].map((name) => ({ path, name })),
      ),
      ...[...sqlIdentifiersOf(sql.text)].map((name) => ({ path: sql.path, name })),
    ];
    // Looked at once, however many files use it.
    const placeOf = new Map(used.map(({ path, name }) => [name, path]));
    const offenders = [...placeOf].flatMap(([name, path]) =>
      bannedIn(name, terms).map((term) => `${path}: ${name} (${term})`),
    );
    expect(offenders).toEqual([]);
  });

  it('does not ban a word that it gives as the code', () => {
    const codes = tableRows(read('docs/glossary.md'), (header) => header[3] === 'banned').flatMap(
      ([, , code = '']) => codeSpans(code),
    );
    expect(codes.flatMap((code) => bannedIn(code, terms))).toEqual([]);
  });
});

describe('a link in a document', () => {
  it('leads to a file', () => {
    const links = documents.flatMap(({ path, text }) =>
      relativeLinks(text).map((target) => ({ path, target })),
    );
    expect(links.length).toBeGreaterThan(10);
    const broken = links.filter(({ path, target }) => !existsSync(join(root, dirname(path), target)));
    expect(broken).toEqual([]);
  });
});

describe('the readers', () => {
  it('find a record and a kind with their members, also behind spreads and names', () => {
    const text = `const base = { v, community: id };
      const shapes = { 'a.b': closed({ ...base, kind: k, hash }) } as const;
      const thing = closed({ v, one: hash });
      export const thingForm = recordForm(thing, 'thing', 9);
      export const manyForm = recordForm<M>(variants('kind', shapes) as Shape<M>, 'many');`;
    expect(declaredKinds('x.ts', text)).toEqual([
      { name: 'a.b', members: ['v', 'community', 'kind', 'hash'] },
    ]);
    expect(declaredRecords('x.ts', text)).toEqual([
      { name: 'thing', members: ['v', 'one'] },
      { name: 'many', members: undefined },
    ]);
  });

  it('read the rows of the wanted table only', () => {
    const text = '| a | b |\n| --- | --- |\n| 1 | x \\| y |\n\n| c | d |\n| --- | --- |\n| 2 | z |\n';
    expect(tableRows(text, ([header]) => header === 'a')).toEqual([['1', 'x \\| y']]);
    expect(tableRows(text, ([header]) => header === 'c')).toEqual([['2', 'z']]);
  });

  it('find every section of a citation, also over a line break of a comment', () => {
    expect(citedSections('(SPEC 6.5, 99.1) SPEC 4.1–4.9 and SPEC 5.')).toEqual([
      '6.5',
      '99.1',
      '4.1',
      '4.9',
      '5',
    ]);
    expect(citedSections('/** as SPEC\n * 12.7 says, 16 bytes */')).toEqual(['12.7']);
    expect(definedSections('# 6 Ballot\n\n**6.5 Acceptance.** as in 6.6\n**6.7** x')).toEqual([
      '6',
      '6.5',
      '6.7',
    ]);
  });

  it('find every article of a citation', () => {
    expect(citedArticles('Civil Code\n * §278 and §1259; Civil Code §271–273')).toEqual([
      278, 1259, 271, 272, 273,
    ]);
    expect(citedArticles('《民法典》第278条第2款、第9999条')).toEqual([278, 9999]);
  });

  it('find a banned synonym in any spelling, and only as whole words', () => {
    const terms = ['vote record', 'house', 'sth'];
    expect(bannedIn('lastVoteRecords', terms)).toEqual(['vote record']);
    expect(bannedIn('vote_record_id', terms)).toEqual(['vote record']);
    expect(bannedIn('HOUSE_LIMIT', terms)).toEqual(['house']);
    expect(bannedIn('householdCount', terms)).toEqual([]);
    expect(bannedIn('recordVote', terms)).toEqual([]);
    expect([...identifiersOf('x.ts', '// house\nconst a = "house"; b.houseOf(c);')]).toContain('houseOf');
    expect([...sqlIdentifiersOf("create table bill -- house\n('estate')")]).toEqual([
      'create',
      'table',
      'bill',
    ]);
  });

  it('find relative links and leave out the others', () => {
    expect(relativeLinks('[a](b.md#c) [d](https://e) [f](#g) `[h](i.md)` ![j](../k.png)')).toEqual([
      'b.md',
      '../k.png',
    ]);
  });
});
