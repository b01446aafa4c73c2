// Goal: every record and every kind of entry is a closed schema of one spelling (SPEC 1.2). Method: a valid example of each; then, at every
// place within it, a member removed, a member added, a value of another type, a text or number out of form: each must be refused.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import type { Canonical } from '../../src/base/canonical.ts';
import { canonicalText } from '../../src/base/canonical.ts';
import { packageRoot } from '../../src/package-root.ts';
import { ENTRY_KIND_NAMES, entryForm } from '../../src/record/entry.ts';
import type { RecordForm } from '../../src/record/schema.ts';
import { ENTRY_EXAMPLES } from './entry-examples.ts';
import { RECORD_EXAMPLES } from './record-examples.ts';

type Form = RecordForm<unknown>;
type Json = null | string | number | boolean | readonly Json[] | { readonly [name: string]: Json };
type Change = { readonly what: string; readonly value: Json };

const folder = join(packageRoot(), 'src', 'record');
const modules = await Promise.all(
  readdirSync(folder).map(async (file) => (await import(join(folder, file))) as Record<string, unknown>),
);
const forms = new Map(
  modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, found]) =>
      name.endsWith('Form') && typeof found === 'object' ? [[name, found as Form] as const] : [],
    ),
  ),
);

const cases = [
  ...Object.entries(RECORD_EXAMPLES).flatMap(([name, values]) =>
    values.map((value, at) => ({ name: `${name} ${at}`, form: forms.get(name), value: value as Json })),
  ),
  ...Object.entries(ENTRY_EXAMPLES).map(([kind, value]) => ({
    name: `entry ${kind}`,
    form: entryForm as Form,
    value: value as unknown as Json,
  })),
];

const OTHER_TYPES: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  '',
  '\u0000x',
  'x',
  [],
  ['x'],
  {},
  { x: 1 },
];
const typeOf = (value: Json): string =>
  Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
const isMembers = (value: Json): value is { readonly [name: string]: Json } => typeOf(value) === 'object';

/** What could stand in a value's place and is never right there. */
function replacements(value: Json): readonly Change[] {
  const others = OTHER_TYPES.filter((other) => typeOf(other) !== typeOf(value)).map((other) => ({
    what: `is ${JSON.stringify(other)}`,
    value: other,
  }));
  if (typeof value === 'number')
    return [...others, ...[-1, 1.5, 2 ** 53].map((wrong) => ({ what: `is ${wrong}`, value: wrong }))];
  if (typeof value === 'string')
    return [
      ...others,
      { what: 'is not NFC', value: `${value}e\u0301` },
      { what: 'has a lone surrogate', value: `${value}\ud800` },
    ];
  return others;
}

/** Every change of one place of a value. */
function changes(value: Json, at: string): readonly Change[] {
  const own = replacements(value).map(({ what, value: other }) => ({ what: `${at} ${what}`, value: other }));
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return own.concat(
      items.flatMap((item, index) =>
        changes(item, `${at}[${index}]`).map((change) => ({
          ...change,
          value: items.with(index, change.value),
        })),
      ),
    );
  }
  if (!isMembers(value)) return own;
  const names = Object.keys(value);
  const without = names.map((name) => ({
    what: `${at} lacks ${name}`,
    value: Object.fromEntries(Object.entries(value).filter(([each]) => each !== name)),
  }));
  const within = names.flatMap((name) =>
    changes(value[name] as Json, `${at}.${name}`).map((change) => ({
      ...change,
      value: { ...value, [name]: change.value },
    })),
  );
  const more = ['x', 'V', '', '__proto__', 'toString'].map((name) => ({
    what: `${at} also has ${JSON.stringify(name)}`,
    value: JSON.parse(
      JSON.stringify({ ...value, '\u0001': 1 }).replace('"\\u0001"', JSON.stringify(name)),
    ) as Json,
  }));
  return [...own, ...without, ...within, ...more];
}

/** The bytes that a careless sender would write: its members sorted, every value as JSON has it. */
function sortedJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(sortedJson).join(',')}]`;
  if (!isMembers(value)) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sortedJson(member)}`).join(',')}}`;
}

describe('the examples', () => {
  it('are there for every record form and every kind of entry', () => {
    forms.delete('entryForm');
    expect(Object.keys(RECORD_EXAMPLES).sort()).toEqual([...forms.keys()].sort());
    expect(Object.keys(ENTRY_EXAMPLES).sort()).toEqual([...ENTRY_KIND_NAMES].sort());
  });
});

describe.each(cases)('$name', ({ form: found, value }) => {
  const form = found ?? expect.fail('no such form');

  it('is written and read again, byte for byte', () => {
    const bytes = form.bytes(value);
    expect(bytes).toEqual(utf8(canonicalText(value as Canonical)));
    expect(form.parse(bytes)).toEqual({ ok: true, value });
    expect(form.check(value)).toEqual({ ok: true, value });
  });

  it('is refused with any member missing, added or of another type, at any depth', () => {
    const all = changes(value, 'it');
    expect(all.length).toBeGreaterThan(15);
    const taken = all.filter(
      ({ value: other }) => form.check(other).ok || form.parse(utf8(sortedJson(other))).ok,
    );
    expect(taken.map(({ what }) => what)).toEqual([]);
  });

  it('is never written where it would not be read', () => {
    for (const { value: other } of changes(value, 'it').slice(-12)) expect(() => form.bytes(other)).toThrow();
  });

  it('is refused in another spelling', () => {
    const own = canonicalText(value as Canonical);
    for (const text of [
      `${own}\n`,
      ` ${own}`,
      `\ufeff${own}`,
      own.replace('":', '": '),
      JSON.stringify(value, null, 1),
    ])
      expect(form.parse(utf8(text))).toMatchObject({ refusal: { code: 'RECORD_NOT_CANONICAL' } });
  });
});

describe('an entry', () => {
  it('of an unknown kind, or of a kind that every object has, is refused', () => {
    for (const kind of ['cast.spoiled', 'paper.spoiled', 'toString', '__proto__', '', 1, undefined])
      expect(entryForm.check({ ...ENTRY_EXAMPLES['meeting.opened'], kind })).toMatchObject({
        refusal: { code: 'RECORD_MALFORMED', where: 'entry.kind' },
      });
    for (const value of [null, 'x', 1, []])
      expect(entryForm.check(value)).toMatchObject({ refusal: { where: 'entry.kind' } });
  });
});
