/** Signed notes and verifier keys of C2SP signed-note: Ed25519 notes (0x01) and cosignatures (0x04) (SPEC 7.1). */
import { concat, fromBase64, sameBytes, toBase64, toHex, utf8 } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { verify } from '../crypto/ed25519.ts';
import { sha256 } from '../crypto/sha256.ts';

/** What a key signs: 1 the text of a note, 4 a text with the time of its cosigning. */
export type NoteKeyType = 1 | 4;

/** A verifier key. */
export type NoteKey = {
  readonly name: string;
  readonly type: NoteKeyType;
  /** 32 bytes of Ed25519. */
  readonly publicKey: Uint8Array;
  /** 4 bytes that, with the name, pick this key. */
  readonly keyId: Uint8Array;
};

/** One signature line: the bytes behind the key id are unchecked. */
export type NoteSignature = {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
};

/** A note: `text` ends in a line feed and is what the signatures cover. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** More signature lines than any log needs are refused before they are verified. */
export const MAX_NOTE_SIGNATURES = 64;

/** Longest note, in UTF-16 units; the limit of other implementations in bytes. */
export const MAX_NOTE_LENGTH = 1_000_000;

const KEY_NAME = /^[^\s+\p{Cc}\p{Cs}]{1,200}$/u;
const CONTROLS = /[^\P{Cc}\n]|\p{Surrogate}/u;
const VKEY = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/;
const LINE = /^— (\S+) (\S+)$/u;

/** Whether a text may name a key: not empty, no space, no plus sign. */
export const isKeyName = (name: string): boolean => KEY_NAME.test(name);

/** A verifier key from its parts; throws where the name cannot be one. */
export function noteKey(name: string, type: NoteKeyType, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new RangeError(`not a key name: ${JSON.stringify(name)}`);
  const keyId = sha256(utf8(`${name}\n`), Uint8Array.of(type), publicKey).slice(0, 4);
  return { name, type, publicKey, keyId };
}

/** The text of a verifier key: `name+<key id in hex>+base64(type || public key)`. */
export const printVkey = (key: NoteKey): string =>
  `${key.name}+${toHex(key.keyId)}+${toBase64(concat(Uint8Array.of(key.type), key.publicKey))}`;

export type VkeyRefusal = Refusal<'VKEY_MALFORMED' | 'VKEY_UNSUPPORTED' | 'VKEY_KEY_ID'>;

/** The verifier key of its text, which may hold `+` in its last part. */
export function parseVkey(text: string): Result<NoteKey, VkeyRefusal> {
  const [, name = '', keyId, keyText = ''] = VKEY.exec(text) ?? [];
  const bytes = fromBase64(keyText);
  if (bytes === undefined || !isKeyName(name)) return refuse('VKEY_MALFORMED');
  const type = bytes[0];
  if ((type !== 1 && type !== 4) || bytes.length !== 33) return refuse('VKEY_UNSUPPORTED');
  const key = noteKey(name, type, bytes.slice(1));
  return toHex(key.keyId) === keyId ? ok(key) : refuse('VKEY_KEY_ID');
}

/** A signature line, with its line feed. */
export const printSignature = (line: NoteSignature): string =>
  `— ${line.name} ${toBase64(concat(line.keyId, line.signature))}\n`;

/** The whole note. */
export const printNote = (note: Note): string =>
  `${note.text}\n${note.signatures.map(printSignature).join('')}`;

export type NoteRefusal = Refusal<
  'NOTE_MALFORMED' | 'NOTE_TOO_LARGE' | 'NOTE_SIGNATURE_WRONG' | 'NOTE_KEY_UNKNOWN'
>;

/** The signature of a line without its line feed, or undefined where it is not one. */
function parseSignature(line: string): NoteSignature | undefined {
  const [, name = '', coded = ''] = LINE.exec(line) ?? [];
  const bytes = fromBase64(coded);
  if (bytes === undefined || bytes.length < 5 || !isKeyName(name)) return undefined;
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Signature lines, each ended by a line feed; at least one. */
export function parseSignatures(text: string): Result<readonly NoteSignature[], NoteRefusal> {
  if (text.length > MAX_NOTE_LENGTH) return refuse('NOTE_TOO_LARGE');
  if (!text.endsWith('\n')) return refuse('NOTE_MALFORMED');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > MAX_NOTE_SIGNATURES) return refuse('NOTE_TOO_LARGE');
  const signatures = lines.map(parseSignature);
  return signatures.every((signature) => signature !== undefined) ? ok(signatures) : refuse('NOTE_MALFORMED');
}

/** The parts of a note, which comes from outside; its signatures are not yet verified. */
export function parseNote(note: string): Result<Note, NoteRefusal> {
  if (note.length > MAX_NOTE_LENGTH) return refuse('NOTE_TOO_LARGE');
  // The last empty line separates, so a text may hold empty lines itself.
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || CONTROLS.test(note)) return refuse('NOTE_MALFORMED');
  const signatures = parseSignatures(note.slice(end + 2));
  return signatures.ok ? ok({ text: note.slice(0, end + 1), signatures: signatures.value }) : signatures;
}

/** What a cosignature of a time in seconds since 1970 covers. */
export const cosignedText = (text: string, atSeconds: number): string =>
  `cosignature/v1\ntime ${atSeconds}\n${text}`;

/** A verified signature: its key, and for a cosignature its time in seconds since 1970. */
export type VerifiedSignature = { readonly key: NoteKey; readonly atSeconds?: number };

/** The signature verified under the key that its line names, or undefined. */
function verifyUnder(key: NoteKey, text: string, signature: Uint8Array): VerifiedSignature | undefined {
  if (key.type === 1) return verify(key.publicKey, utf8(text), signature) ? { key } : undefined;
  if (signature.length !== 72) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  const atSeconds = Number(time);
  const isTime = Number.isSafeInteger(atSeconds);
  return isTime && verify(key.publicKey, utf8(cosignedText(text, atSeconds)), signature.subarray(8))
    ? { key, atSeconds }
    : undefined;
}

/** Whether a line is of this key, by name and key id. */
export const isLineOf = (line: NoteSignature, key: NoteKey): boolean =>
  line.name === key.name && sameBytes(line.keyId, key.keyId);

/**
 * The signatures of known keys. Lines of unknown keys are ignored; one wrong line of a known key refuses the
 * note, and so does the absence of any known key.
 */
export function verifyNote(
  note: Note,
  keys: readonly NoteKey[],
): Result<readonly VerifiedSignature[], NoteRefusal> {
  const verified: VerifiedSignature[] = [];
  for (const line of note.signatures) {
    const key = keys.find((candidate) => isLineOf(line, candidate));
    if (key === undefined) continue;
    const signature = verifyUnder(key, note.text, line.signature);
    if (signature === undefined) return refuse('NOTE_SIGNATURE_WRONG', key.name);
    verified.push(signature);
  }
  return verified.length > 0 ? ok(verified) : refuse('NOTE_KEY_UNKNOWN');
}
