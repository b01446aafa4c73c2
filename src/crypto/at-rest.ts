/**
 * Personal data at rest: AES-256-GCM under a named key, bound to the place where it is kept, and keyed indexes to find it by
 * (SPEC 3.1, DESIGN §5). A value that was moved to another row, column or community does not open.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { assert, InvariantError } from '../base/assert.ts';
import { concat, toHex, u32be, utf8 } from '../base/bytes.ts';
import type { Random } from '../base/clock.ts';

/** A sealing key; `keyId` names it in each sealed value, so that keys can be changed one value after the other. */
export type SealingKey = {
  readonly keyId: Uint8Array;
  readonly cipherKey: Uint8Array;
  readonly nonceKey: Uint8Array;
};

/** A key of the lookup index; `keyId` names it in each index, as with a sealing key. */
export type IndexKey = { readonly keyId: Uint8Array; readonly secret: Uint8Array };

/** The keys of one deployment: the first sealing key seals and every one opens; the first index key indexes and every one finds. */
export type AtRestKeys = {
  readonly sealing: readonly [SealingKey, ...SealingKey[]];
  readonly indexing: readonly [IndexKey, ...IndexKey[]];
};

const FORMAT = Uint8Array.of(1);
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = FORMAT.length + KEY_ID_BYTES;

const derive = (secret: Uint8Array, use: string, size: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `owners-vote/v1/at-rest/${use}`, size));

/** The sealing key of a 32-byte secret. */
export const sealingKey = (secret: Uint8Array): SealingKey => ({
  keyId: derive(secret, 'key-id', KEY_ID_BYTES),
  cipherKey: derive(secret, 'cipher', 32),
  nonceKey: derive(secret, 'nonce', 32),
});

const indexKey = (secret: Uint8Array): IndexKey => ({
  keyId: derive(secret, 'index-key-id', KEY_ID_BYTES),
  secret,
});

/** Whether no two different keys have one id: else a value of one could be taken for a value of the other, and its key be thrown away. */
function areApart(keys: readonly (readonly [keyId: Uint8Array, secret: Uint8Array])[]): boolean {
  const ids = new Map(keys.map(([id, secret]) => [toHex(id), toHex(secret)]));
  return keys.every(([id, secret]) => ids.get(toHex(id)) === toHex(secret));
}

type Secrets = readonly [Uint8Array, ...Uint8Array[]];

/** The keys of 32-byte secrets: of either kind the current one and the others, former ones and one to come. */
export const atRestKeys = (seals: Secrets, index: Uint8Array | Secrets): AtRestKeys => {
  const [seal, ...otherSeals] = seals;
  const [current, ...others] = index instanceof Uint8Array ? [index] : index;
  const sealing = [sealingKey(seal), ...otherSeals.map(sealingKey)] as const;
  const indexing = [indexKey(current), ...others.map(indexKey)] as const;
  assert(areApart(sealing.map((key) => [key.keyId, key.cipherKey])), 'two sealing keys have one id');
  assert(areApart(indexing.map((key) => [key.keyId, key.secret])), 'two index keys have one id');
  return { sealing, indexing };
};

/** The generation of a sealed value or of an index: format and key id, its first five bytes; any value shorter than that is its own. */
export const generationOf = (sealed: Uint8Array): Uint8Array => sealed.subarray(0, HEADER_BYTES);

/** The generation of what a key seals, or indexes. */
export const generationOfKey = (key: Pick<SealingKey, 'keyId'>): Uint8Array => concat(FORMAT, key.keyId);

const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return new Uint8Array(mac.digest());
};

/**
 * Seals `plaintext` for its place, such as `person.name/<community>/<person>`. The nonce also depends on the message, so that
 * a random source that repeats itself never gives one nonce to two messages.
 */
export function sealAtRest(
  keys: AtRestKeys,
  place: string,
  plaintext: Uint8Array,
  random: Random,
): Uint8Array {
  const [key] = keys.sealing;
  const header = concat(FORMAT, key.keyId);
  const associated = concat(header, utf8(place));
  const nonce = hmac(key.nonceKey, random(16), u32be(associated.length), associated, plaintext).subarray(
    0,
    NONCE_BYTES,
  );
  const cipher = createCipheriv('aes-256-gcm', key.cipherKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  const body = concat(cipher.update(plaintext), cipher.final());
  return concat(header, nonce, body, cipher.getAuthTag());
}

/** Opens a sealed value of this very place; throws an InvariantError where it was altered, moved or its key is missing. */
export function openAtRest(keys: AtRestKeys, place: string, sealed: Uint8Array): Uint8Array {
  const header = sealed.subarray(0, HEADER_BYTES);
  const key = keys.sealing.find((each) => toHex(each.keyId) === toHex(header.subarray(FORMAT.length)));
  const isOurs = sealed.length >= HEADER_BYTES + NONCE_BYTES + TAG_BYTES && sealed[0] === FORMAT[0];
  if (key === undefined || !isOurs) throw new InvariantError(`no key opens ${place}`);
  const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.cipherKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(concat(header, utf8(place)));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const body = sealed.subarray(HEADER_BYTES + NONCE_BYTES, sealed.length - TAG_BYTES);
    return concat(decipher.update(body), decipher.final());
  } catch {
    throw new InvariantError(`${place} was altered`);
  }
}

const framed = (text: string): Uint8Array => {
  const bytes = utf8(text);
  return concat(u32be(bytes.length), bytes);
};

const indexUnder = (key: IndexKey, docKind: string, number: string): Uint8Array =>
  concat(generationOfKey(key), hmac(key.secret, framed(docKind), framed(number)));

/**
 * The index that a person is written down under, 37 bytes: the key's generation, then `HMAC-SHA-256(indexKey, frame of kind and
 * normalised number)`. It finds him again and tells nothing without the key (SPEC 3.1).
 */
export const numberIndex = (keys: AtRestKeys, docKind: string, number: string): Uint8Array =>
  indexUnder(keys.indexing[0], docKind, number);

/** Every index under which a number may stand while the key is being changed, the current one first. */
export const numberIndexes = (keys: AtRestKeys, docKind: string, number: string): readonly Uint8Array[] =>
  keys.indexing.map((key) => indexUnder(key, docKind, number));

/** What stands for a network address in one route's count, 32 bytes; a change of the index key begins these counts anew. */
export const addressIndex = (keys: AtRestKeys, route: string, address: string): Uint8Array =>
  hmac(derive(keys.indexing[0].secret, 'address', 32), framed(route), framed(address));

/** The salt of an officer's commitment, 16 bytes: one person has one identity, however often he is appointed (SPEC 2.2). */
export const identitySalt = (secret: Uint8Array, docKind: string, number: string): Uint8Array =>
  hmac(derive(secret, 'officer-identity', 32), framed(docKind), framed(number)).subarray(0, 16);

/** Whether two short secrets are equal, in a time that depends on neither. */
export function sameSecret(a: string, b: string): boolean {
  // Both sides become 32 bytes first, so that not even a length shows.
  const key = utf8('owners-vote/v1/at-rest/compare');
  return timingSafeEqual(hmac(key, utf8(a)), hmac(key, utf8(b)));
}
