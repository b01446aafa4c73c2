/** Commitments to persons: public records name hashes that only a salt opens (SPEC 1.6, 3.1, 4.1). */

import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, list, recordForm, text } from './schema.ts';
import { hash, id, label, nonce } from './shapes.ts';

const identityOpening = closed({
  docKind: text(40, /^[a-z-]+$/),
  number: text(40),
  name: label,
});

/** Document and name of a person, the private bytes under `identity`. */
export type IdentityOpening = Of<typeof identityOpening>;

/** Kinds of documents that a register knows; `other` means that a person has to look at it. */
export const DOCUMENT_KINDS = [
  'resident-id',
  'residence-permit',
  'foreign-permanent-card',
  'credit-code',
  'passport',
  'hk-macau-permit',
  'taiwan-permit',
  'officer-card',
  'other',
] as const;

/** A document's number as it is compared: NFKC, upper case, without spaces, hyphens and invisible marks. */
export const foldNumber = (number: string): string =>
  /^[0-9A-Z]*$/.test(number)
    ? number
    : number
        .normalize('NFKC')
        .replace(/[\s\p{Cf}\p{Pd}]/gu, '')
        .toUpperCase();

const salted = (salt: string): Uint8Array => present(fromBase64Url(salt), 'checked base64url');

/** `H256("identity", salt, JCS{docKind, number, name})`. */
export const identityHash = (salt: string, opening: IdentityOpening): string =>
  h256Text('identity', salted(salt), canonicalBytes(opening));

const holder = closed({ person: id, identity: hash });
export type Holder = Of<typeof holder>;

/** `H256("holders", salt, JCS[{person, identity} …])`. */
export const holdersHash = (salt: string, holders: readonly Holder[]): string =>
  h256Text('holders', salted(salt), canonicalBytes(holders));

/** `H256("voter", salt, person | "")`. */
export const voterHash = (salt: string, person: string): string => h256Text('voter', salted(salt), person);

/** The shape of a roll opening, for the lines that hold one. */
export const rollOpening = closed({
  entitlement: id,
  holdersSalt: nonce,
  holders: list(holder, 200, 1),
  voterSalt: nonce,
  /** The one who is designated to vote, or empty where any holder may (SPEC 3.6). */
  voter: text(26),
});

/** What opens the two commitments of a roll leaf; for its owner and for named auditors only. */
export type RollOpening = Of<typeof rollOpening>;
export const rollOpeningForm = recordForm(rollOpening, 'roll opening');
