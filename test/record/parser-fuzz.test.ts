// Goal: no parser of the record floor throws or stands still on any input, and each value has one spelling: what is taken prints
// back to the very same text or bytes (SPEC 1.2, 7.1). Method: arbitrary input and bent examples; a list of exports keeps it whole.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toHex, utf8 } from '../../src/base/bytes.ts';
import { packageRoot } from '../../src/package-root.ts';
import { readIdToken } from '../../src/record/id-token.ts';
import { readJwk } from '../../src/record/thumbprint.ts';
import { BYTE_PARSERS, FORGIVING, TEXT_PARSERS } from './fuzz-parsers.ts';
import { anyBytes, anyText, LONG_TEXTS } from './mutations.ts';
import { RECORD_EXAMPLES } from './record-examples.ts';

/** Verifiers, which answer yes or no and print nothing: verifier-fuzz.test.ts shows them forgeries. */
const VERIFIERS = [
  'verifyNote',
  'verifyLogProof',
  'verifyInclusion',
  'verifyConsistency',
  'checkAssertion',
  'cosignersOf',
] as const;

/** Readers of what an identity provider writes, whose spelling is its own: test/verifier/tampered-providers.test.ts bends them. */
const FOREIGN = ['readIdToken', 'readJwk'] as const;

const folder = join(packageRoot(), 'src', 'record');
const exported = (
  await Promise.all(
    readdirSync(folder).map(async (file) =>
      Object.entries((await import(join(folder, file))) as Record<string, unknown>),
    ),
  )
).flat();

/** Whether an export reads what comes from outside. */
const isParser = (name: string, found: unknown): boolean =>
  typeof found === 'function'
    ? /^(parse|split|decode|open|verify|check|read|cosigners)[A-Z]/.test(name) && name !== 'readerOf'
    : typeof found === 'object' && found !== null && 'parse' in found;

describe('the parsers of the record floor', () => {
  it('are all fuzzed', () => {
    const fuzzed = [
      ...Object.keys(RECORD_EXAMPLES),
      'entryForm',
      ...[...TEXT_PARSERS, ...BYTE_PARSERS, FORGIVING].map(({ name }) => name),
      ...VERIFIERS,
      ...FOREIGN,
    ];
    const found = exported.filter(([name, value]) => isParser(name, value)).map(([name]) => name);
    expect(found.length).toBeGreaterThan(50);
    expect(found.sort()).toEqual(fuzzed.sort());
  });

  it('of foreign texts refuse what they cannot read, and never throw', () => {
    const key = present(readJwk({ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }), 'a key by its form');
    fc.assert(
      fc.property(fc.string(), fc.json(), fc.anything(), (text, json, value) => {
        const part = Buffer.from(json).toString('base64url');
        for (const token of [text, `${part}.${part}.AA`, `${part}.${text}`])
          expect(readIdToken({ token, key }, []).ok).toBe(false);
        expect(() => readJwk(value)).not.toThrow();
      }),
    );
  });

  it('would be seen under their usual names', () => {
    expect(isParser('parseX', () => 1)).toBe(true);
    expect(isParser('xForm', { parse: () => 1 })).toBe(true);
    expect(isParser('printX', () => 1)).toBe(false);
  });
});

describe.each(TEXT_PARSERS)('$name', ({ valid, twins = [], reprint }) => {
  it('takes its examples as they are', () => {
    for (const text of valid) expect(reprint(text)).toBe(text);
  });

  it('takes no second spelling', () => {
    for (const text of twins) expect(reprint(text)).toBeUndefined();
    fc.assert(
      fc.property(anyText(valid), (text) => {
        const again = reprint(text);
        if (again !== undefined) expect(again).toBe(text);
      }),
      { numRuns: 1500 },
    );
  });

  it('does not stand still', () => {
    for (const text of LONG_TEXTS) {
      const again = reprint(text);
      expect(again === undefined || again === text).toBe(true);
    }
  });
});

describe.each(BYTE_PARSERS)('$name', ({ valid, reprint }) => {
  it('takes its examples as they are', () => {
    for (const bytes of valid) expect(reprint(bytes)).toEqual(bytes);
  });

  it('takes no second spelling', () => {
    fc.assert(
      fc.property(anyBytes(valid), (bytes) => {
        const again = reprint(bytes);
        if (again !== undefined) expect(toHex(again)).toBe(toHex(bytes));
      }),
      { numRuns: 800 },
    );
  });

  it('does not stand still', () => {
    for (const text of LONG_TEXTS) {
      const bytes = utf8(text);
      const again = reprint(bytes);
      if (again !== undefined) expect(Buffer.compare(again, bytes)).toBe(0);
    }
  });
});

describe(FORGIVING.name, () => {
  const codes = fc.uint8Array({ minLength: 16, maxLength: 16 });

  it('reads what was printed, and whatever else it takes means a code that prints and reads again', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(FORGIVING.parse(FORGIVING.print(code))).toEqual({ ok: true, value: code });
      }),
    );
    fc.assert(
      fc.property(
        codes.chain((code) => anyText([FORGIVING.print(code)])),
        (typed) => {
          const read = FORGIVING.parse(typed);
          if (read.ok) expect(FORGIVING.parse(FORGIVING.print(read.value))).toEqual(read);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('takes no code in which one character is another', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    fc.assert(
      fc.property(codes, fc.nat(26), fc.nat(31), (code, at, put) => {
        const plain = FORGIVING.print(code).replaceAll('-', '');
        const other = alphabet.charAt(put);
        // The check is made modulo 31, so the last two values of the alphabet are alike to it at one place each.
        const isSame = plain.charAt(at) === other;
        const isTwin = Math.abs(alphabet.indexOf(plain.charAt(at)) - put) === 31;
        const read = FORGIVING.parse(plain.slice(0, at) + other + plain.slice(at + 1));
        expect(read.ok && !isSame && !isTwin).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not stand still', () => {
    for (const text of LONG_TEXTS) expect(FORGIVING.parse(text).ok).toBe(false);
  });
});
