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

/** The keys of one deployment: the first sealing key seals, every one opens. */
export type AtRestKeys = {
  readonly sealing: readonly [SealingKey, ...SealingKey[]];
  readonly index: Uint8Array;
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

/** The keys of 32-byte secrets; `seals` are the current secret and the others that open, former ones and one to come. */
export const atRestKeys = (seals: readonly [Uint8Array, ...Uint8Array[]], index: Uint8Array): AtRestKeys => {
  const [current, ...others] = seals;
  const sealing = [sealingKey(current), ...others.map(sealingKey)] as const;
  const ids = new Map(sealing.map((key) => [toHex(key.keyId), toHex(key.cipherKey)]));
  // Else a value of one could be taken for a value of the other, and its key be thrown away.
  assert(
    sealing.every((key) => ids.get(toHex(key.keyId)) === toHex(key.cipherKey)),
    'two sealing keys have one id',
  );
  return { sealing, index };
};

/** The generation of a sealed value: format and key id, its first five bytes; any value shorter than that is its own. */
export const generationOf = (sealed: Uint8Array): Uint8Array => sealed.subarray(0, HEADER_BYTES);

/** The generation of what a key seals. */
export const generationOfKey = (key: SealingKey): Uint8Array => concat(FORMAT, key.keyId);

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

/** `HMAC-SHA-256(indexKey, frame of kind and normalised number)`: finds a person again, tells nothing without the key (SPEC 3.1). */
export const numberIndex = (keys: AtRestKeys, docKind: string, number: string): Uint8Array =>
  hmac(keys.index, framed(docKind), framed(number));

/** The salt of an officer's commitment, 16 bytes: one person has one identity, however often he is appointed (SPEC 2.2). */
export const identitySalt = (secret: Uint8Array, docKind: string, number: string): Uint8Array =>
  hmac(derive(secret, 'officer-identity', 32), framed(docKind), framed(number)).subarray(0, 16);

/** Whether two short secrets are equal, in a time that depends on neither. */
export function sameSecret(a: string, b: string): boolean {
  // Both sides become 32 bytes first, so that not even a length shows.
  const key = utf8('owners-vote/v1/at-rest/compare');
  return timingSafeEqual(hmac(key, utf8(a)), hmac(key, utf8(b)));
}
