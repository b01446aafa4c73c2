// Every parser of the record floor that takes a text or bytes from outside, with valid examples and with what it prints of what
// it took, so that a fuzz can ask whether two spellings mean the same (SPEC 1.2, 7.1). Record forms are found, not listed.
import { concat, fromHex, toBase64, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { boxPublicKey, seal } from '../../src/crypto/sealed-box.ts';
import { acknowledgementForm, openAcknowledgement } from '../../src/record/acknowledgement.ts';
import { ballotForm } from '../../src/record/ballot.ts';
import { linesFile, splitLines } from '../../src/record/bundle-lines.ts';
import { parseCheckpoint, printCheckpoint, verifyCheckpoint } from '../../src/record/checkpoint.ts';
import { choiceForm, openChoice, sealChoice } from '../../src/record/choice.ts';
import { coseOfP256, parseCoseKey } from '../../src/record/cose-key.ts';
import { verifyJws } from '../../src/record/jws.ts';
import { parseLetterCode, printLetterCode } from '../../src/record/letter.ts';
import { parseHashLines, parseLogHash, parseLogNumber, printHashLines } from '../../src/record/log-text.ts';
import {
  parseNote,
  parseSignatures,
  parseVkey,
  printNote,
  printSignature,
  printVkey,
} from '../../src/record/note.ts';
import { parseLogProof, printLogProof } from '../../src/record/proof.ts';
import { readScanFileName } from '../../src/record/scan-file.ts';
import {
  decodeBundle,
  encodeBundle,
  parseTilePath,
  printTilePath,
  splitTile,
} from '../../src/record/tile.ts';
import { parseWitnessRequest, printWitnessRequest } from '../../src/record/witness-request.ts';
import { vectors } from '../support/tlog-vectors.ts';
import { token } from '../verifier/story-keys.ts';
import { motion } from './example-values.ts';
import { ack, ballotClaims, choice } from './record-examples.ts';

/** `reprint` gives what the parsed value prints, or undefined where the input is refused. */
export type Parser<Input> = {
  /** The export that is tried. */
  readonly name: string;
  readonly valid: readonly Input[];
  /** Second spellings that chance would seldom make. */
  readonly twins?: readonly Input[];
  readonly reprint: (input: Input) => Input | undefined;
};

const { small } = vectors;
const seed = new Uint8Array(32).fill(1);
const ballotToken = token('owners-vote-ballot+jws', seed, ballotForm.bytes(ballotClaims));
const ackToken = token('owners-vote-ack+jws', seed, acknowledgementForm.bytes(ack));
const hashLine = `${toBase64(new Uint8Array(32).fill(3))}\n`;
/** A note whose text has empty lines and whose signatures are of several keys. */
const note = `${small.checkpointText}\n— unknown.example/log AAAAAQI=\n${small.cosignatureLine.replace(/\n?$/, '\n')}`;

/** Reads lines that each end in a line feed. */
const hashLines = (text: string) =>
  text === '' ? [] : text.endsWith('\n') ? parseHashLines(text.slice(0, -1).split('\n')) : undefined;

export const TEXT_PARSERS: readonly Parser<string>[] = [
  {
    name: 'parseLogNumber',
    valid: ['0', '1', '70000', '9007199254740991'],
    twins: ['00', '01', '+1', '-0', '1.0', '1e0', '0x1', ' 1', '1\n', '9007199254740993'],
    reprint: (text) => parseLogNumber(text)?.toString(),
  },
  {
    name: 'parseLogHash',
    valid: [hashLine.trim()],
    reprint: (text) => {
      const hash = parseLogHash(text);
      return hash && toBase64(hash);
    },
  },
  {
    name: 'parseHashLines',
    valid: ['', hashLine, hashLine.repeat(3)],
    reprint: (text) => {
      const hashes = hashLines(text);
      return hashes && printHashLines(hashes);
    },
  },
  {
    name: 'parseVkey',
    valid: [small.verifierKeyText, small.witnessVerifierKey],
    reprint: (text) => {
      const key = parseVkey(text);
      return key.ok ? printVkey(key.value) : undefined;
    },
  },
  {
    name: 'parseSignatures',
    valid: [small.cosignatureLine.replace(/\n?$/, '\n'), '— a AAAAAQI=\n— b AAAAAQI=\n'],
    reprint: (text) => {
      const lines = parseSignatures(text);
      return lines.ok ? lines.value.map(printSignature).join('') : undefined;
    },
  },
  {
    name: 'parseNote',
    valid: [small.signedCheckpoint, small.cosignedCheckpoint, note, `a\n\nb\n\n— c AAAAAQI=\n`],
    reprint: (text) => {
      const parsed = parseNote(text);
      return parsed.ok ? printNote(parsed.value) : undefined;
    },
  },
  {
    name: 'parseCheckpoint',
    valid: [small.checkpointText],
    reprint: (text) => {
      const checkpoint = parseCheckpoint(text);
      return checkpoint.ok ? printCheckpoint(checkpoint.value) : undefined;
    },
  },
  {
    // Lines of other keys may stand beside the log's, so what must come back is the note's own text.
    name: 'verifyCheckpoint',
    valid: [small.signedCheckpoint, small.cosignedCheckpoint],
    reprint: (text) => {
      const verified = verifyCheckpoint(text, small.verifierKeyText);
      return verified.ok
        ? `${printCheckpoint(verified.value)}${text.slice(text.lastIndexOf('\n\n') + 1)}`
        : undefined;
    },
  },
  {
    name: 'parseLogProof',
    valid: [
      small.tlogProofOfIndex3,
      small.tlogProofOfIndex3.replace('index 3\n', 'extra AAEC\nindex 3\n'),
      'c2sp.org/tlog-proof@v1\nindex 0\n\n',
    ],
    reprint: (text) => {
      const proof = parseLogProof(text);
      return proof.ok ? printLogProof(proof.value) : undefined;
    },
  },
  {
    name: 'parseWitnessRequest',
    valid: [small.addCheckpointFrom3, `old 0\n\n${small.signedCheckpoint}`],
    reprint: (text) => {
      const request = parseWitnessRequest(text);
      return request.ok ? printWitnessRequest(request.value) : undefined;
    },
  },
  {
    name: 'readScanFileName',
    valid: [`${'B'.repeat(43)}.${'C'.repeat(22)}.jpg`, `${'-'.repeat(43)}.${'_'.repeat(22)}.bin`],
    reprint: (text) => {
      const named = readScanFileName(text);
      return named === undefined ? undefined : `${named.hash}.${named.salt}.${named.kind}`;
    },
  },
  {
    name: 'parseTilePath',
    valid: [small.tilePath, small.bundlePath, 'tile/0/x001/067.p/8', 'tile/63/000', 'tile/entries/x012/345'],
    twins: ['tile/0/x000/005', 'tile/0/000.p/256', 'tile/00/000', 'tile/0/000.p/05', 'tile/0/5'],
    reprint: (text) => {
      const address = parseTilePath(text);
      return address.ok ? printTilePath(address.value) : undefined;
    },
  },
  {
    // Ed25519 is deterministic, so the one signer can write the token again.
    name: 'verifyJws',
    valid: [ballotToken],
    reprint: (text) => {
      const verified = verifyJws(text, 'owners-vote-ballot+jws', publicKeyOf(seed), ballotForm);
      return verified.ok
        ? token('owners-vote-ballot+jws', seed, ballotForm.bytes(verified.value))
        : undefined;
    },
  },
  {
    name: 'openAcknowledgement',
    valid: [ackToken],
    reprint: (text) => {
      const opened = openAcknowledgement(text, toBase64Url(publicKeyOf(seed)));
      return opened.ok
        ? token('owners-vote-ack+jws', seed, acknowledgementForm.bytes(opened.value))
        : undefined;
    },
  },
];

/** What people type is forgiven its case, its hyphens and its look-alikes on purpose (SPEC 3.2), so it has many spellings. */
export const FORGIVING = { name: 'parseLetterCode', parse: parseLetterCode, print: printLetterCode } as const;

const boxSecret = new Uint8Array(32).fill(5);
const boxKey = boxPublicKey(boxSecret);
const [ephemeral, sealNonce] = [new Uint8Array(32).fill(6), new Uint8Array(24).fill(7)];
const honestPlain = concat(
  choiceForm.bytes(choice),
  Uint8Array.of(0x80),
  new Uint8Array(motion.sealLength - choiceForm.bytes(choice).length - 1),
);

/** Seals any plaintext as a dishonest page could, opens it, and seals again what was read. */
function resealed(plain: Uint8Array): Uint8Array | undefined {
  const { meeting, entitlement, ballot } = choice;
  const opened = openChoice(seal(plain, boxKey, ephemeral, sealNonce), boxSecret, {
    meeting,
    entitlement,
    ballot,
    proposal: motion,
  });
  if (!opened.ok) return undefined;
  const read = choiceForm.parse(plain.slice(0, plain.lastIndexOf(0x80)));
  if (!read.ok) return undefined;
  const again = { ...choice, choice: opened.value, salt: read.value.salt };
  const sealed = sealChoice(again, motion.sealLength, boxKey, ephemeral, sealNonce);
  const isSame = toBase64Url(sealed) === toBase64Url(seal(plain, boxKey, ephemeral, sealNonce));
  return isSame ? plain : new Uint8Array();
}

const coseHead = fromHex('a4010103272006215820') ?? new Uint8Array();

export const BYTE_PARSERS: readonly Parser<Uint8Array>[] = [
  {
    name: 'splitLines',
    valid: [new Uint8Array(), utf8('a\n'), utf8('{"a":1}\n\n{}\n')],
    reprint: (bytes) => {
      const lines = splitLines(bytes);
      return lines && linesFile(lines);
    },
  },
  {
    name: 'splitTile',
    valid: [new Uint8Array(32), new Uint8Array(96).fill(1)],
    reprint: (bytes) => {
      const hashes = splitTile(bytes, Math.ceil(bytes.length / 32));
      return hashes && concat(...hashes);
    },
  },
  {
    name: 'decodeBundle',
    valid: [new Uint8Array(), fromHex(small.bundle) ?? new Uint8Array(), encodeBundle([new Uint8Array()])],
    reprint: (bytes) => {
      for (const width of [0, 1, 2, 3, 4, 5, 6, 256]) {
        const entries = decodeBundle(bytes, width);
        if (entries.ok) return encodeBundle(entries.value);
      }
      return undefined;
    },
  },
  {
    name: 'parseCoseKey',
    valid: [coseOfP256(new Uint8Array(64).fill(9)), concat(coseHead, new Uint8Array(32).fill(2))],
    reprint: (bytes) => {
      const key = parseCoseKey(bytes);
      if (!key.ok) return undefined;
      return key.value.alg === 'ES256' ? coseOfP256(key.value.point) : concat(coseHead, key.value.publicKey);
    },
  },
  { name: 'openChoice', valid: [honestPlain], reprint: resealed },
];
