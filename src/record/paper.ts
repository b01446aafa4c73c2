/** A paper: a ballot on paper as two officers keyed it, apart and to the same bytes (SPEC 6.4). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { frame, h256 } from '../crypto/frame.ts';
import { seal } from '../crypto/sealed-box.ts';
import { sha256 } from '../crypto/sha256.ts';
import { sha512 } from '../crypto/sha512.ts';
import type { Choice, InvalidChoice } from './choice.ts';
import { paddedChoice } from './choice.ts';
import type { Proposal } from './meeting.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm } from './schema.ts';
import { hash, id, idOrNone, nonce, someBytes } from './shapes.ts';

const paper = closed({
  v: exactly(1),
  kind: oneOf('paper'),
  /** `meetingHash` of the opened definition. */
  meeting: hash,
  entitlement: id,
  /** The person who signed the paper: a holder, or the agent of the mandate. */
  signer: id,
  mandate: idOrNone,
  seq: integer(1, 1000),
  /** Hash of the former item of the chain; zeros for the first. */
  prev: hash,
  /** Printed on the paper; used once. */
  serial: id,
  /** `H256("scan", salt, file)` of the picture of the paper. */
  scanHash: hash,
  nonce,
  /** In the definition's order, only where the entitlement has area. */
  answers: list(closed({ proposal: id, sealed: someBytes(20_000) }), 40, 1),
});

export type Paper = Of<typeof paper>;
/** 40 answers of the longest kind fit, as in a cast. */
export const paperForm = recordForm(paper, 'paper', 1024 * 1024);

/** `H256("paper", bytes)`: what the entry names that two officers sign. */
export const paperHash = (bytes: Uint8Array): Uint8Array => h256('paper', bytes);

/** Bytes of the code that the first officer's page draws; it stays with the form and is never sent. */
export const PAPER_CODE_BYTES = 16;

/** 16 bytes for one use, from the code: `salt` of a scan, `nonce` of the statement, or a proposal's id for the salt of its choice. */
export const paperSalt = (code: Uint8Array, use: string): string =>
  toBase64Url(sha256(frame('paper-salt', code, use)).subarray(0, 16));

/** What one officer read off a paper. */
export type Keyed = Omit<Paper, 'v' | 'kind' | 'nonce' | 'answers'> & {
  /** In the definition's order: option ids, or one reserved word where the mark is invalid. */
  readonly marks: readonly {
    readonly proposal: Proposal;
    readonly choice: readonly string[] | readonly [InvalidChoice];
  }[];
};

/**
 * The bytes of a paper: everything random comes from the code, so that whoever keys the same gets the same bytes, and who does not have the
 * code cannot try choices. `boxKey` is the meeting's, 32 bytes.
 */
export function paperBytes({ marks, ...read }: Keyed, code: Uint8Array, boxKey: Uint8Array): Uint8Array {
  const { meeting, entitlement, serial } = read;
  const answers = marks.map(({ proposal, choice }) => {
    const salt = paperSalt(code, proposal.proposal);
    const said: Choice = {
      v: 1,
      meeting,
      entitlement,
      ballot: serial,
      proposal: proposal.proposal,
      choice: [...choice],
      salt,
    };
    const plaintext = paddedChoice(said, proposal.sealLength);
    const drawn = sha512(frame('paper-seal', code, plaintext));
    const sealed = seal(plaintext, boxKey, drawn.subarray(0, 32), drawn.subarray(32, 56));
    return { proposal: proposal.proposal, sealed: toBase64Url(sealed) };
  });
  return paperForm.bytes({ v: 1, kind: 'paper', ...read, nonce: paperSalt(code, 'nonce'), answers });
}

/** `H256("scan", salt, file)`; the salt comes from the code. */
export const paperScanHash = (code: Uint8Array, file: Uint8Array): string =>
  toBase64Url(h256('scan', fromBase64Url(paperSalt(code, 'scan')) ?? new Uint8Array(), file));
