// How a fuzz bends valid input: what readers commonly forgive is put in, and parts are cut, doubled, moved or flipped.
import fc from 'fast-check';
import { utf8 } from '../../src/base/bytes.ts';

/** Small things that some reader takes for nothing, or for something else. */
export const FORGIVEN: readonly string[] = [
  '',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\ufeff',
  '\u2028',
  '\u00a0',
  '\ud800',
  '\udfff',
  'e\u0301',
  '\u00e9',
  '\\u0041',
  '\\/',
  '=',
  '==',
  '+',
  '/',
  '-',
  '_',
  '.',
  ',',
  ':',
  '"',
  '0',
  '-0',
  '1.0',
  '1e0',
  '1E400',
  '9007199254740993',
  'null',
  'true',
  '{}',
  '[]',
  '{"__proto__":1}',
  'A',
  'Z',
  'a',
  '\u2014',
  '\uff10',
  'x000/',
  '.p/256',
  '.p/0',
  '😀',
];

type Step = { readonly how: number; readonly at: number; readonly size: number; readonly what: string };

const steps = fc.array(
  fc.record({
    how: fc.nat(5),
    at: fc.nat(1_000_000),
    size: fc.nat(12),
    what: fc.oneof(fc.constantFrom(...FORGIVEN), fc.string({ unit: 'binary', maxLength: 4 })),
  }),
  { minLength: 1, maxLength: 3 },
);

function bendText(text: string, { how, at, size, what }: Step): string {
  const from = at % (text.length + 1);
  const [head, part, tail] = [text.slice(0, from), text.slice(from, from + size), text.slice(from + size)];
  if (how === 0) return head + what + part + tail;
  if (how === 1) return head + tail;
  if (how === 2) return head + what + tail;
  if (how === 3) return head + part + part + tail;
  if (how === 4) return head + part.toUpperCase() + tail;
  return head + [...part].reverse().join('') + tail;
}

function bendBytes(bytes: Uint8Array, { how, at, size, what }: Step): Uint8Array {
  const from = at % (bytes.length + 1);
  const list = [...bytes];
  if (how === 0) list.splice(from, 0, ...utf8(what));
  else if (how === 1) list.splice(from, size);
  else if (how === 2) list.splice(from, size, ...utf8(what));
  else if (how === 3) list.splice(from, 0, ...list.slice(from, from + size));
  else if (from < list.length) list[from] = how === 4 ? (list[from] ?? 0) ^ (1 << (size % 8)) : size;
  return Uint8Array.from(list);
}

/** Anything at all, or an example bent in one to three places. */
export const anyText = (valid: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...FORGIVEN)).map((parts) => parts.join('')) },
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom(...valid), steps).map(([text, all]) => all.reduce(bendText, text)),
    },
  );

export const anyBytes = (valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...valid), steps)
        .map(([bytes, all]) => all.reduce(bendBytes, bytes)),
    },
  );

/** Long inputs on which a reader that looks twice at everything would stand still. */
export const LONG_TEXTS: readonly string[] = [
  '[',
  '{"a":',
  '"',
  '\\',
  ' ',
  '\n',
  '\n\n',
  '— ',
  '— a AAAAAQI=\n',
  'x001/',
  'tile/',
  'A',
  'AAA=',
  '+',
  '-',
  '.',
  '0',
  '9',
  '\u0000',
  'e\u0301',
  '\ufdfa',
  '\ud800',
  'index 0\n',
].flatMap((part) => [
  part.repeat(Math.ceil(400_000 / part.length)),
  `tile/0/${part.repeat(Math.ceil(60_000 / part.length))}`,
]);
