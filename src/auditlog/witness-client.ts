/** Asks witnesses to cosign a checkpoint (C2SP tlog-witness); what they answer comes from outside (SPEC 7.4). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { parseLogNumber } from '../record/log-text.ts';
import type { NoteKey } from '../record/note.ts';
import {
  isLineOf,
  parseNote,
  parseSignatures,
  parseVkey,
  printSignature,
  verifyNote,
} from '../record/note.ts';
import { printWitnessRequest, WITNESS_SIZE_TYPE } from '../record/witness-request.ts';
import type { Witness } from './log-deps.ts';

/** A verified cosignature: its line with the line feed, and its time in seconds since 1970. */
export type Cosignature = { readonly line: string; readonly atSeconds: number };

/**
 * Why a witness did not cosign. WITNESS_SAW_A_FORK is an incident: the witness holds another history than ours.
 * WITNESS_ANSWER_WRONG is an answer that is not in the protocol or does not verify. WITNESS_MOVED_ON is none of these: it has
 * cosigned a larger checkpoint of ours already.
 */
export type WitnessRefusal = Refusal<
  | 'WITNESS_KEY_UNUSABLE'
  | 'WITNESS_UNREACHABLE'
  | 'WITNESS_BUSY'
  | 'WITNESS_REFUSED'
  | 'WITNESS_SAW_A_FORK'
  | 'WITNESS_ANSWER_WRONG'
  | 'WITNESS_MOVED_ON'
>;

/**
 * What is to be cosigned: the signed checkpoint of `size`, and proofs to it from older sizes. `newestSize` is asked where a
 * witness is ahead of `size`: the size of our newest checkpoint by then. `nowSeconds` is the time here, since 1970.
 */
export type CosignWish = {
  readonly note: string;
  readonly size: number;
  readonly nowSeconds: number;
  readonly proofFrom: (oldSize: number) => Promise<readonly Uint8Array[]>;
  readonly newestSize: () => Promise<number>;
};

/** For one answer, and for the whole conversation with its conflicts: the beat waits for it. */
const ANSWER_MS = 1_000;
const CONVERSATION_MS = 2_000;
/** How far the clock of a witness may be ahead of ours; a time further on would pass for fresh for that long. */
const MAX_AHEAD_S = 300;
const MAX_ANSWER_BYTES = 65_536;
/** The witness may move between two of our requests, but not for ever. */
const MAX_CONFLICTS = 3;

type Answer = { readonly status: number; readonly type: string; readonly body: string };

async function post(url: string, body: string, whole: AbortSignal): Promise<Answer | undefined> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.any([whole, AbortSignal.timeout(ANSWER_MS)]),
    });
    const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    return { status: response.status, type, body: await readLimited(response) };
  } catch {
    return undefined;
  }
}

/** The body as text; an answer without end is cut by an error, which counts as no answer. */
async function readLimited(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new RangeError('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The lines of the answer that verify under the witness's own key, with a time that has come. */
function cosignaturesIn(
  answer: string,
  { note, nowSeconds }: CosignWish,
  key: NoteKey,
): Result<readonly Cosignature[], WitnessRefusal> {
  const [signed, lines] = [parseNote(note), parseSignatures(answer)];
  if (!signed.ok || !lines.ok) return refuse('WITNESS_ANSWER_WRONG');
  const found: Cosignature[] = [];
  for (const signature of lines.value.filter((line) => isLineOf(line, key))) {
    const verified = verifyNote({ text: signed.value.text, signatures: [signature] }, [key]);
    if (!verified.ok) return refuse('WITNESS_ANSWER_WRONG');
    for (const { atSeconds } of verified.value) {
      if (atSeconds !== undefined && atSeconds <= nowSeconds + MAX_AHEAD_S)
        found.push({ line: printSignature(signature), atSeconds });
    }
  }
  return found.length > 0 ? ok(found) : refuse('WITNESS_ANSWER_WRONG');
}

/** What a status other than 200 and a conflict with a size means. */
function refusalOf(status: number, witness: string): { ok: false; refusal: WitnessRefusal } {
  if (status === 409 || status === 422) return refuse('WITNESS_SAW_A_FORK', witness, { status });
  if (status === 429 || status >= 500) return refuse('WITNESS_BUSY', witness, { status });
  return refuse('WITNESS_REFUSED', witness, { status });
}

/** Asks one witness; `lastSize` is the largest size that it is known to have cosigned, 0 where unknown. */
export async function askWitness(
  witness: Witness,
  wish: CosignWish,
  lastSize: number,
): Promise<Result<readonly Cosignature[], WitnessRefusal>> {
  const key = parseVkey(witness.vkey);
  if (!key.ok || key.value.type !== 4) return refuse('WITNESS_KEY_UNUSABLE', witness.name);
  const whole = AbortSignal.timeout(CONVERSATION_MS);
  let oldSize = Math.min(lastSize, wish.size);
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const proof = await wish.proofFrom(oldSize);
    const answer = await post(witness.url, printWitnessRequest({ oldSize, proof, note: wish.note }), whole);
    if (answer === undefined) return refuse('WITNESS_UNREACHABLE', witness.name);
    if (answer.status === 200) {
      const lines = cosignaturesIn(answer.body, wish, key.value);
      return lines.ok ? lines : refuse(lines.refusal.code, witness.name);
    }
    if (answer.status !== 409 || answer.type !== WITNESS_SIZE_TYPE) {
      return refusalOf(answer.status, witness.name);
    }
    const told = parseLogNumber(answer.body.replace(/\n$/, ''));
    if (told === undefined) return refuse('WITNESS_ANSWER_WRONG', witness.name);
    if (told > wish.size) {
      // A witness that is ahead of our newest checkpoint saw entries that this log does not have.
      const isOurs = told <= (await wish.newestSize());
      return refuse(isOurs ? 'WITNESS_MOVED_ON' : 'WITNESS_SAW_A_FORK', witness.name, { cosigned: told });
    }
    oldSize = told;
  }
  return refuse('WITNESS_BUSY', witness.name);
}
