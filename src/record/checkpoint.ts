/** Checkpoints: origin, size and root of the log, signed by it and cosigned by witnesses (SPEC 7.1, 7.4). */
import { concat, sameBytes, toBase64, u64be, utf8 } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { publicKeyOf, sign } from '../crypto/ed25519.ts';
import { parseLogHash, parseLogNumber } from './log-text.ts';
import { EMPTY_ROOT } from './merkle.ts';
import type { NoteKey, NoteSignature } from './note.ts';
import {
  cosignedText,
  isKeyName,
  isLineOf,
  noteKey,
  parseNote,
  parseVkey,
  printNote,
  verifyNote,
} from './note.ts';

/** The state of a log: `root` is the 32-byte root of its first `size` entries. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

/** A witness as a trust policy names it; `vkey` is a C2SP verifier key of type 0x04. */
export type WitnessKey = { readonly name: string; readonly vkey: string };

/** A witness's claim that it saw a checkpoint, at a time in whole seconds since 1970. */
export type Cosigner = { readonly name: string; readonly at: number };

export type CheckpointRefusal = Refusal<
  | 'CHECKPOINT_MALFORMED'
  | 'CHECKPOINT_KEY'
  | 'CHECKPOINT_ORIGIN'
  | 'CHECKPOINT_SIGNATURE'
  | 'CHECKPOINT_UNSIGNED'
>;

/** The signed text of a checkpoint; three lines, never an extension line. */
export const printCheckpoint = (checkpoint: Checkpoint): string =>
  `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;

/** The checkpoint of its text; extension lines are refused, since implementations sign them differently. */
export function parseCheckpoint(text: string): Result<Checkpoint, Refusal<'CHECKPOINT_MALFORMED'>> {
  const [origin = '', sizeText = '', rootText = '', ...rest] = text.split('\n');
  const [size, root] = [parseLogNumber(sizeText), parseLogHash(rootText)];
  const isWhole = rest.length === 1 && rest[0] === '' && isKeyName(origin);
  if (!isWhole || size === undefined || root === undefined) return refuse('CHECKPOINT_MALFORMED');
  if (size === 0 && !sameBytes(root, EMPTY_ROOT)) return refuse('CHECKPOINT_MALFORMED', 'root');
  return ok({ origin, size, root });
}

/** The log's verifier key; its name is the origin. */
export const logKey = (origin: string, seed: Uint8Array): NoteKey => noteKey(origin, 1, publicKeyOf(seed));

/** The signed checkpoint: a note with the log's one signature. */
export function signCheckpoint(checkpoint: Checkpoint, seed: Uint8Array): string {
  const text = printCheckpoint(checkpoint);
  const { name, keyId } = logKey(checkpoint.origin, seed);
  return printNote({ text, signatures: [{ name, keyId, signature: sign(seed, utf8(text)) }] });
}

/** The verifier key of a witness. */
export const witnessKey = (name: string, seed: Uint8Array): NoteKey => noteKey(name, 4, publicKeyOf(seed));

/** A witness's cosignature of a checkpoint's text at a time in seconds since 1970. */
export function cosign(name: string, seed: Uint8Array, text: string, atSeconds: number): NoteSignature {
  const signature = concat(u64be(BigInt(atSeconds)), sign(seed, utf8(cosignedText(text, atSeconds))));
  return { name, keyId: witnessKey(name, seed).keyId, signature };
}

/** The checkpoint of a note that the log itself signed; `vkey` is the log's verifier key, from outside the note. */
export function verifyCheckpoint(note: string, vkey: string): Result<Checkpoint, CheckpointRefusal> {
  const key = parseVkey(vkey);
  if (!key.ok || key.value.type !== 1) return refuse('CHECKPOINT_KEY');
  const parsed = parseNote(note);
  if (!parsed.ok) return refuse('CHECKPOINT_MALFORMED');
  const checkpoint = parseCheckpoint(parsed.value.text);
  if (!checkpoint.ok) return checkpoint;
  if (checkpoint.value.origin !== key.value.name) return refuse('CHECKPOINT_ORIGIN');
  const verified = verifyNote(parsed.value, [key.value]);
  if (verified.ok) return checkpoint;
  const isUnsigned = verified.refusal.code === 'NOTE_KEY_UNKNOWN';
  return refuse(isUnsigned ? 'CHECKPOINT_UNSIGNED' : 'CHECKPOINT_SIGNATURE');
}

/**
 * The witnesses whose cosignature of a note verifies, each once with its earliest time, in the policy's order.
 * Wrong lines count for nothing. Whether the log signed the note is `verifyCheckpoint`'s question.
 */
export function cosignersOf(note: string, witnesses: readonly WitnessKey[]): readonly Cosigner[] {
  const parsed = parseNote(note);
  if (!parsed.ok) return [];
  const found = new Map<string, Cosigner>();
  for (const witness of witnesses) {
    const key = parseVkey(witness.vkey);
    // A key that the policy lists twice is still one witness.
    if (!key.ok || key.value.type !== 4 || found.has(witness.vkey)) continue;
    const times: number[] = [];
    for (const line of parsed.value.signatures) {
      if (!isLineOf(line, key.value)) continue;
      const verified = verifyNote({ text: parsed.value.text, signatures: [line] }, [key.value]);
      if (!verified.ok) continue;
      times.push(...verified.value.map(({ atSeconds }) => atSeconds).filter((at) => at !== undefined));
    }
    if (times.length > 0) found.set(witness.vkey, { name: witness.name, at: Math.min(...times) });
  }
  return [...found.values()];
}

/** The note with further signature lines behind those that it has; lines that it has already are left out. */
export function addSignatures(note: string, lines: readonly string[]): string {
  const present = new Set(note.split('\n'));
  return note + lines.filter((line) => !present.has(line.replace(/\n$/, ''))).join('');
}
