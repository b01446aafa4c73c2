/** A choice, how it is padded and sealed, and when an opened one is malformed (SPEC 6.2). */

import { present } from '../base/assert.ts';
import { concat, fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openSeal, SEAL_OVERHEAD, seal } from '../crypto/sealed-box.ts';
import type { Proposal } from './meeting.ts';
import type { Of, Shape } from './schema.ts';
import { closed, exactly, list, recordForm, text } from './schema.ts';
import { hash, id, nonce } from './shapes.ts';

/** A ballot's hash, or the serial of a paper ballot: told apart by their length. */
const hashOrSerial: Shape<string> = (value, at) =>
  typeof value === 'string' && value.length === 26 ? id(value, at) : hash(value, at);

const choice = closed({
  v: exactly(1),
  meeting: hash,
  entitlement: id,
  /** The ballot's hash, or the serial of a paper ballot. */
  ballot: hashOrSerial,
  proposal: id,
  /** Option ids in order. */
  choice: list(text(20, /^[a-z0-9-]+$/), 60),
  salt: nonce,
});

export type Choice = Of<typeof choice>;
export const choiceForm = recordForm(choice, 'choice', 16_384);

/**
 * What stands in place of options where the officers found the mark on a paper invalid, and the code under which the tally lists it
 * (SPEC 6.4). No definition may offer an option of such a name.
 */
export const INVALID_CHOICES = {
  'invalid-unclear': 'INVALID_UNCLEAR',
  'invalid-both': 'INVALID_BOTH',
  'invalid-unsigned': 'INVALID_UNSIGNED',
  'invalid-altered': 'INVALID_ALTERED',
} as const;
export type InvalidChoice = keyof typeof INVALID_CHOICES;
type InvalidCode = (typeof INVALID_CHOICES)[InvalidChoice];

/** Whether an answer of this code was on a paper that officers found invalid, and not one that nobody can open. */
export const isInvalidCode = (code: string): boolean =>
  (Object.values(INVALID_CHOICES) as readonly string[]).includes(code);

const END = 0x80;

/** Plaintext length of every sealed choice on a proposal: the longest valid choice and one byte more. */
export function sealLengthOf(proposal: Pick<Proposal, 'options' | 'max'>): number {
  const longest = proposal.options
    .map((option) => option.id)
    .sort((a, b) => b.length - a.length)
    .slice(0, proposal.max);
  const bytes = choiceForm.bytes({
    v: 1,
    meeting: toBase64Url(new Uint8Array(32)),
    entitlement: 'a'.repeat(26),
    ballot: toBase64Url(new Uint8Array(32)),
    proposal: 'a'.repeat(26),
    choice: longest,
    salt: toBase64Url(new Uint8Array(16)),
  });
  return bytes.length + 1;
}

/** The plaintext of a choice: its canonical bytes, the end mark, and zeros. */
export function paddedChoice(value: Choice, sealLength: number): Uint8Array {
  const plain = choiceForm.bytes(value);
  return concat(plain, Uint8Array.of(END), new Uint8Array(sealLength - plain.length - 1));
}

/** Seals a choice: `epk ‖ nonce ‖ box`, always `72 + sealLength` bytes. */
export function sealChoice(
  value: Choice,
  sealLength: number,
  boxKey: Uint8Array,
  ephemeralSecret: Uint8Array,
  sealNonce: Uint8Array,
): Uint8Array {
  return seal(paddedChoice(value, sealLength), boxKey, ephemeralSecret, sealNonce);
}

/** Bytes of a sealed choice on this proposal. */
export const sealedSize = (sealLength: number): number => SEAL_OVERHEAD + sealLength;

/** What an opened choice must be equal to. */
export type ChoiceContext = Pick<Choice, 'meeting' | 'entitlement' | 'ballot'> & {
  readonly proposal: Proposal;
};

export type ChoiceRefusal = Refusal<
  'CHOICE_SEALED' | 'CHOICE_PADDING' | 'CHOICE_FORM' | 'CHOICE_CONTEXT' | 'CHOICE_OPTIONS' | InvalidCode
>;

/** Opens a sealed choice; a refusal is an answer that is malformed: it participates without consent. */
export function openChoice(
  sealed: Uint8Array,
  boxSecret: Uint8Array,
  context: ChoiceContext,
): Result<readonly string[], ChoiceRefusal> {
  const { proposal } = context;
  if (sealed.length !== sealedSize(proposal.sealLength)) return refuse('CHOICE_SEALED');
  const padded = openSeal(sealed, boxSecret);
  if (padded === undefined) return refuse('CHOICE_SEALED');
  const end = padded.lastIndexOf(END);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) return refuse('CHOICE_PADDING');
  const parsed = choiceForm.parse(padded.slice(0, end));
  if (!parsed.ok) return refuse('CHOICE_FORM');
  const { meeting, entitlement, ballot, choice: chosen } = parsed.value;
  if (
    meeting !== context.meeting ||
    entitlement !== context.entitlement ||
    ballot !== context.ballot ||
    parsed.value.proposal !== proposal.proposal
  ) {
    return refuse('CHOICE_CONTEXT');
  }
  // Only a paper may say so: an owner's own page has no such choice.
  if (isSerial(context.ballot) && chosen.length === 1 && isInvalidChoice(chosen[0]))
    return refuse(INVALID_CHOICES[chosen[0]]);
  return areOptions(chosen, proposal) ? ok(chosen) : refuse('CHOICE_OPTIONS');
}

const isSerial = (ballot: string): boolean => ballot.length === 26;

const isInvalidChoice = (said: string | undefined): said is InvalidChoice =>
  said !== undefined && Object.hasOwn(INVALID_CHOICES, said);

function areOptions(chosen: readonly string[], { options, min, max }: Proposal): boolean {
  const order = chosen.map((wanted) => options.findIndex((option) => option.id === wanted));
  const ascending = order.every((place, at) => place >= 0 && (at === 0 || place > (order[at - 1] as number)));
  return ascending && chosen.length >= min && chosen.length <= max;
}

/** The ephemeral key of a sealed choice, to compare and to check: 44 characters hold its 32 bytes and one more. */
export const ephemeralKeyOf = (sealed: string): Uint8Array =>
  present(fromBase64Url(sealed.slice(0, 44)), 'checked base64url').subarray(0, 32);
