// Goal: no record form throws on any bytes, and what it takes it writes back byte for byte (SPEC 1.2). Method: examples bent as text,
// examples whose values were swapped among each other, and every value of theirs in a second spelling that other readers take.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, toHex, utf8 } from '../../src/base/bytes.ts';
import type { Canonical } from '../../src/base/canonical.ts';
import { canonicalBytes, canonicalText } from '../../src/base/canonical.ts';
import { packageRoot } from '../../src/package-root.ts';
import { entryForm } from '../../src/record/entry.ts';
import type { RecordForm } from '../../src/record/schema.ts';
import { ENTRY_EXAMPLES } from './entry-examples.ts';
import { anyText, LONG_TEXTS } from './mutations.ts';
import { RECORD_EXAMPLES } from './record-examples.ts';

type Form = RecordForm<unknown>;
type Json = Canonical;

const folder = join(packageRoot(), 'src', 'record');
const modules = await Promise.all(
  readdirSync(folder).map(async (file) => (await import(join(folder, file))) as Record<string, unknown>),
);
const formOf = (name: string): Form =>
  (modules.find((module) => name in module)?.[name] as Form | undefined) ?? expect.fail(name);

const cases = [
  ...Object.entries(RECORD_EXAMPLES).map(([name, values]) => ({ name, form: formOf(name), values })),
  { name: 'entryForm', form: entryForm as Form, values: Object.values(ENTRY_EXAMPLES) },
].map((each) => ({ ...each, values: each.values as readonly Json[] }));

/** A place within a value, as the steps that lead to it. */
type Place = readonly (string | number)[];

function placesOf(value: Json, from: Place = []): readonly Place[] {
  if (typeof value !== 'object') return [from];
  const within = Object.entries(value) as readonly (readonly [string, Json])[];
  return [from, ...within.flatMap(([step, each]) => placesOf(each, [...from, step]))];
}

const at = (value: Json, place: Place): Json =>
  place.reduce<Json>((each, step) => (each as Record<string, Json>)[step] as Json, value);

function put(value: Json, [step, ...rest]: Place, what: Json): Json {
  if (step === undefined) return what;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, Json>;
  copy[step] = put(copy[step] as Json, rest, what);
  return copy;
}

/** The example with the values of two places changed for each other, or one for something from outside. */
const swapped = (value: Json): fc.Arbitrary<Json> => {
  const places = placesOf(value);
  const place = fc.constantFrom(...places);
  const other = fc.oneof(
    place.map((from) => at(value, from)),
    fc.constantFrom<Json>('', 0, -1, true, [], {}, 'a'.repeat(26), '-1', '0', 'e\u0301'.normalize('NFC')),
  );
  return fc
    .array(fc.tuple(place, other), { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce<Json>(
        (each, [to, what]) =>
          placesOf(each).some((one) => `${one}` === `${to}`) ? put(each, to, what) : each,
        value,
      ),
    );
};

/** Taken or refused, but never thrown; what is taken has these very bytes. */
function isOneSpelling(form: Form, bytes: Uint8Array): boolean {
  const parsed = form.parse(bytes);
  if (!parsed.ok) return parsed.refusal.code.startsWith('RECORD_');
  return toHex(form.bytes(parsed.value)) === toHex(bytes) && form.check(parsed.value).ok;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The spellings of one text that a forgiving reader takes for the same bytes, number, date or name. */
function respellings(text: string): readonly string[] {
  const spelt: string[] = [];
  const isBytes = text.length >= 20 && /^[A-Za-z0-9_-]+$/.test(text);
  if (isBytes && text.length % 4 !== 0) {
    const value = ALPHABET.indexOf(text.slice(-1));
    spelt.push(text.slice(0, -1) + ALPHABET.charAt(value ^ 1));
  }
  if (isBytes) spelt.push(`${text}=`, `${text}==`, `${text}\n`, ` ${text}`);
  if (isBytes && /[-_]/.test(text)) spelt.push(text.replaceAll('-', '+').replaceAll('_', '/'));
  if (/^[a-z2-7]{26}$/.test(text)) {
    spelt.push(text.toUpperCase(), `${text}======`, `${text.slice(0, -1)}${text.endsWith('b') ? 'c' : 'b'}`);
  }
  if (/^[0-9]{1,18}$/.test(text)) {
    spelt.push(`0${text}`, `+${text}`, `${text}.0`, `${text}e0`, ` ${text}`, `-${text === '0' ? text : '0'}`);
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) spelt.push(text.replaceAll('-', ''), `${text}T00:00:00Z`, ` ${text}`);
  if (/^\d{4}-.*Z$/.test(text)) {
    spelt.push(text.replace('Z', '+00:00'), text.replace('Z', 'z'), text.replace('Z', '.000Z'));
    spelt.push(text.replace('T', ' '), text.replace('T', 't'), text.replace(/:\d{2}Z/, ':60Z'));
  }
  return spelt;
}

/** Free texts, which may look like numbers: a room's name, a parameter, which the profile's own form reads, and a provider's own word. */
const FREE = /^units\.\d+\.room$|^profile\.parameters\.\d+\.value$|^providers\.\d+\.docKinds\.\d+\.value$/;

describe.each(cases)('$name', ({ form, values }) => {
  const texts = values.map(canonicalText);

  it('writes back whatever it takes of bent text', () => {
    fc.assert(
      fc.property(anyText(texts), (text) => {
        if (!isOneSpelling(form, utf8(text))) expect.fail(JSON.stringify(text));
      }),
      { numRuns: 150 },
    );
  });

  it('writes back whatever it takes of values in other places', () => {
    let taken = 0;
    const anyValue = fc.oneof(...values.map(swapped));
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = canonicalBytes(value);
        if (form.parse(bytes).ok) taken += 1;
        if (!isOneSpelling(form, bytes)) expect.fail(fromUtf8(bytes) ?? '');
      }),
      { numRuns: 250, examples: values.map((value) => [value]) },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('takes no value of its example in a second spelling', () => {
    const taken = values.flatMap((value) =>
      placesOf(value).flatMap((place) => {
        const text = at(value, place);
        return typeof text !== 'string' || FREE.test(place.join('.'))
          ? []
          : respellings(text)
              .filter((other) => form.check(put(value, place, other)).ok)
              .map((other) => `${place.join('.')}: ${other}`);
      }),
    );
    expect(taken).toEqual([]);
  });
});

describe('every form', () => {
  it('answers long and deep input without standing still', () => {
    const deep = ['[', '{"v":'].map((open) => open.repeat(200_000));
    for (const { form } of cases) {
      for (const text of deep) expect(form.parse(utf8(text)).ok).toBe(false);
    }
    for (const text of LONG_TEXTS) expect(formOf('castForm').parse(utf8(text)).ok).toBe(false);
  });

  it('answers any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.uint8Array({ maxLength: 200 }), ({ form }, bytes) => {
        expect(isOneSpelling(form, bytes)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('answers any JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.json(), ({ form }, text) => {
        expect(isOneSpelling(form, utf8(text))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
