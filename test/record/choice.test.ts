// Goal: what an owner sealed is what the count opens, and every other plaintext is malformed with its reason (SPEC 6.2). Method: sealed by the page's
// code, or by hand where a hostile page is meant.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, toBase64Url, toHex, utf8 } from '../../src/base/bytes.ts';
import { canonicalText } from '../../src/base/canonical.ts';
import { boxPublicKey, seal } from '../../src/crypto/sealed-box.ts';
import type { Choice, ChoiceContext } from '../../src/record/choice.ts';
import {
  choiceForm,
  ephemeralKeyOf,
  openChoice,
  sealChoice,
  sealedSize,
  sealLengthOf,
} from '../../src/record/choice.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import { bytesOf, idOf, motion } from './example-values.ts';
import { choice } from './record-examples.ts';

const [secret, once, nonce] = [
  new Uint8Array(32).fill(1),
  new Uint8Array(32).fill(2),
  new Uint8Array(24).fill(3),
];
const boxKey = boxPublicKey(secret);
const proposal: Proposal = { ...motion, sealLength: sealLengthOf(motion) };
const context: ChoiceContext = {
  meeting: choice.meeting,
  entitlement: choice.entitlement,
  ballot: choice.ballot,
  proposal,
};
const election: Proposal = {
  ...motion,
  form: 'election',
  options: ['a', 'bb', 'candidate-three', 'd'].map((each) => ({ id: each, text: each })),
  min: 1,
  max: 2,
  sealLength: 0,
};

const sealedBytes = (padded: Uint8Array): Uint8Array => seal(padded, boxKey, once, nonce);
/** A plaintext that is padded as it should be, whatever it holds. */
function padded(plain: Uint8Array, size = proposal.sealLength): Uint8Array {
  return concat(plain, Uint8Array.of(0x80), new Uint8Array(size - plain.length - 1));
}
const opened = (sealed: Uint8Array, within: ChoiceContext = context): unknown => {
  const found = openChoice(sealed, secret, within);
  return found.ok ? found.value : found.refusal.code;
};
const chosen = (change: Partial<Choice>): Uint8Array => choiceForm.bytes({ ...choice, ...change });

describe('a sealed choice', () => {
  it('opens to the options that were chosen, in bytes that do not tell how many', () => {
    const place = { ...election, sealLength: sealLengthOf(election) };
    const subset = fc.subarray(
      place.options.map((option) => option.id),
      { minLength: 1, maxLength: 2 },
    );
    fc.assert(
      fc.property(subset, (options) => {
        const sealed = sealChoice({ ...choice, choice: options }, place.sealLength, boxKey, once, nonce);
        expect(sealed.length).toBe(sealedSize(place.sealLength));
        expect(opened(sealed, { ...context, proposal: place })).toEqual(options);
        expect(ephemeralKeyOf(toBase64Url(sealed))).toEqual(boxPublicKey(once));
      }),
      { numRuns: 12 },
    );
  });

  it('is as long as the longest valid choice and one byte more', () => {
    const longest = chosen({ choice: ['candidate-three', 'bb'] });
    expect(sealLengthOf(election)).toBe(longest.length + 1);
    expect(
      opened(sealedBytes(padded(longest, longest.length + 1)), {
        ...context,
        proposal: { ...election, sealLength: longest.length + 1 },
      }),
    ).toBe('CHOICE_OPTIONS');
    expect(() =>
      sealChoice({ ...choice, choice: ['against', 'for'] }, proposal.sealLength, boxKey, once, nonce),
    ).toThrow(RangeError);
  });

  it('has another ciphertext for every nonce and salt', () => {
    const at = (salt: string, byte: number) =>
      toHex(
        sealChoice({ ...choice, salt }, proposal.sealLength, boxKey, once, new Uint8Array(24).fill(byte)),
      );
    expect(new Set([at(bytesOf(16, 1), 1), at(bytesOf(16, 2), 1), at(bytesOf(16, 1), 2)]).size).toBe(3);
  });
});

describe('an answer', () => {
  const good = sealedBytes(padded(chosen({})));

  it('that opens counts', () => expect(opened(good)).toEqual(['for']));

  it.each([
    ['one byte short', good.subarray(1)],
    ['one byte long', concat(good, Uint8Array.of(0))],
    ['altered', Uint8Array.from(good, (byte, at) => (at === 80 ? byte ^ 1 : byte))],
    ['sealed to another key', seal(padded(chosen({})), boxPublicKey(once), once, nonce)],
    ['empty', new Uint8Array()],
  ])('that is %s does not open', (_, sealed) => expect(opened(sealed)).toBe('CHOICE_SEALED'));

  it('whose padding is not 0x80 and zeros is malformed', () => {
    const plain = chosen({});
    const size = proposal.sealLength;
    const rest = size - plain.length - 1;
    for (const wrong of [
      new Uint8Array(size),
      concat(plain, new Uint8Array(size - plain.length)),
      concat(plain, Uint8Array.of(0x80), new Uint8Array(rest).fill(1)),
      concat(plain, Uint8Array.of(0x80), new Uint8Array(rest - 1), Uint8Array.of(1)),
    ])
      expect(opened(sealedBytes(wrong))).toBe('CHOICE_PADDING');
  });

  it('whose padding begins twice is malformed, for only the last 0x80 ends the text', () => {
    expect(opened(sealedBytes(padded(concat(chosen({}), Uint8Array.of(0x80)))))).toBe('CHOICE_FORM');
  });

  it.each([
    ['another spelling', `${canonicalText(choice)} `],
    ['a further member', canonicalText({ ...choice, choice: [], x: 1 })],
    ['a member less', '{"v":1}'],
    ['no text', ''],
    ['an option in capitals', canonicalText({ ...choice, choice: ['FOR'] })],
  ])('with %s is malformed', (_, text) => {
    expect(opened(sealedBytes(padded(utf8(text))))).toBe('CHOICE_FORM');
  });

  it.each([
    ['meeting', { meeting: bytesOf(32, 77) }],
    ['entitlement', { entitlement: idOf(77) }],
    ['ballot', { ballot: bytesOf(32, 77) }],
    ['proposal', { proposal: idOf(77) }],
  ])('made for another %s is malformed, so that a copied answer never counts', (_, change) => {
    expect(opened(sealedBytes(padded(chosen(change))))).toBe('CHOICE_CONTEXT');
  });

  it('names options of the proposal, in its order, each once, between min and max', () => {
    const within = { ...election, min: 2, max: 3, sealLength: 420 };
    const verdict = (options: readonly string[]) =>
      opened(sealedBytes(padded(chosen({ choice: options }), 420)), { ...context, proposal: within });
    expect(verdict(['a', 'd'])).toEqual(['a', 'd']);
    expect(verdict(['a', 'bb', 'd'])).toEqual(['a', 'bb', 'd']);
    for (const wrong of [
      [],
      ['a'],
      ['d', 'a'],
      ['a', 'a'],
      ['a', 'e'],
      ['e', 'a'],
      ['a', 'bb', 'candidate-three', 'd'],
    ])
      expect(verdict(wrong)).toBe('CHOICE_OPTIONS');
  });
});
