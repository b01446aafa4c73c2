/** The lines of a bundle's files, and the hash over the files that a tally reads (SPEC 8.2, 9.1). */
import { toBase64Url } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { sha256 } from '../crypto/sha256.ts';
import { idTokenEvidence } from './id-token.ts';
import { rollOpening } from './identity.ts';
import { letterItem } from './letter.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm, text } from './schema.ts';
import { hash, id, idOrNone, label, someBytes } from './shapes.ts';
import { signatureShape } from './signature.ts';

const LARGE = 48 * 1024 * 1024;

const actionLine = closed({ action: someBytes(4096), signature: signatureShape });
export type ActionLine = Of<typeof actionLine>;
/** `actions.jsonl`: an officer's action and his signature over its hash. */
export const actionLineForm = recordForm(actionLine, 'actions line');

const castLine = closed({ cast: someBytes(1024 * 1024), signature: signatureShape });
export type CastLine = Of<typeof castLine>;
/** `casts.jsonl`: a statement and its signature, in log order. */
export const castLineForm = recordForm(castLine, 'casts line', LARGE);

const promiseLine = closed({ acknowledgement: text(8192) });
export type PromiseLine = Of<typeof promiseLine>;
/** `promises.jsonl`: the acknowledgement behind each restored cast, in log order. */
export const promiseLineForm = recordForm(promiseLine, 'promises line', 16 * 1024);

const paperLine = closed({ paper: someBytes(1024 * 1024) });
export type PaperLine = Of<typeof paperLine>;
/** `paper.jsonl`: the papers that two officers entered, in log order; their actions stand in `actions.jsonl`. */
export const paperLineForm = recordForm(paperLine, 'paper line', LARGE);

const ballotLine = closed({ token: text(8192) });
export type BallotLine = Of<typeof ballotLine>;
/** `ballots.jsonl`: the ballots that casts name, sorted by their hash. */
export const ballotLineForm = recordForm(ballotLine, 'ballots line');

const letterLine = closed({ batch: id, item: letterItem });
export type LetterLine = Of<typeof letterLine>;
/** `letters.jsonl`: the items of each batch, in the order of its root. */
export const letterLineForm = recordForm(letterLine, 'letters line', LARGE);

const reissueLine = closed({ reissue: someBytes(4096) });
export type ReissueLine = Of<typeof reissueLine>;
/** `reissues.jsonl`: why letters were reissued, in log order. */
export const reissueLineForm = recordForm(reissueLine, 'reissues line', 8192);

const credentialLine = closed({
  credential: id,
  person: id,
  identity: hash,
  kind: oneOf('letter', 'passkey', 'device'),
  alg: oneOf('Ed25519', 'webauthn'),
  publicKey: someBytes(1024),
  webauthnId: someBytes(1023),
});
export type CredentialLine = Of<typeof credentialLine>;
/** `credentials.jsonl`: the credentials under which casts were made. */
export const credentialLineForm = recordForm(credentialLine, 'credentials line');

const bindingLine = closed({
  /** The letter that vouched; none where two officers did, whose actions stand in `actions.jsonl`, or a provider. */
  letter: idOrNone,
  /** The ID token that vouched, if one did. */
  provider: list(idTokenEvidence, 1),
  binding: someBytes(4096),
  /** Of the letter, if there is one, then of the new key. */
  evidence: list(signatureShape, 2, 1),
});
export type BindingLine = Of<typeof bindingLine>;
/** `bindings.jsonl`: every binding of the community, in log order. */
export const bindingLineForm = recordForm(bindingLine, 'bindings line');

const revocationLine = closed({
  /** The credential that signed: the revoked one, or a letter of its person; none where two officers did. */
  by: idOrNone,
  revocation: someBytes(4096),
  evidence: list(signatureShape, 1),
});
export type RevocationLine = Of<typeof revocationLine>;
/** `revocations.jsonl`: every revocation of a credential, in log order. */
export const revocationLineForm = recordForm(revocationLine, 'revocations line');

const correctionLine = closed({
  correction: someBytes(4096),
  /** The canonical bytes of the leaf that took the old one's place, and what opens it. */
  leaf: someBytes(8 * 1024 * 1024),
  opening: rollOpening,
});
export type CorrectionLine = Of<typeof correctionLine>;
/** `corrections.jsonl`: every correction of the meeting's roll, in log order. */
export const correctionLineForm = recordForm(correctionLine, 'corrections line', LARGE);

const mandateLine = closed({
  mandate: someBytes(700_000),
  /** The principal's credential that signed; none where two officers did, whose actions stand in `actions.jsonl`. */
  by: idOrNone,
  evidence: list(signatureShape, 1),
});
export type MandateLine = Of<typeof mandateLine>;
/** `mandates.jsonl`: every mandate of the community, in log order. */
export const mandateLineForm = recordForm(mandateLine, 'mandates line', LARGE);

const mandateEndLine = closed({ mandate: id, by: idOrNone, evidence: list(signatureShape, 1) });
export type MandateEndLine = Of<typeof mandateEndLine>;
/** `mandate-revocations.jsonl`: every revocation of a mandate, in log order. */
export const mandateEndLineForm = recordForm(mandateEndLine, 'mandate revocations line');

const designationLine = closed({
  designation: someBytes(700_000),
  /** Of every other holder, in the record's order; none where two officers signed, whose actions stand in `actions.jsonl`. */
  signed: list(closed({ by: id, signature: signatureShape }), 199),
});
export type DesignationLine = Of<typeof designationLine>;
/** `designations.jsonl`: every designation of the community that was recorded, in log order. */
export const designationLineForm = recordForm(designationLine, 'designations line', LARGE);

const freezeLine = closed({
  /** The credential of the person that signed. */
  by: id,
  freeze: someBytes(4096),
  signature: signatureShape,
});
export type FreezeLine = Of<typeof freezeLine>;
/** `freezes.jsonl`: every freeze of an owner's vote, in log order. */
export const freezeLineForm = recordForm(freezeLine, 'freezes line');

const mergeLine = closed({ merge: someBytes(4096) });
export type MergeLine = Of<typeof mergeLine>;
/** `merges.jsonl`: every merge of persons of the community, in log order. */
export const mergeLineForm = recordForm(mergeLine, 'merges line', 8192);

const rulesLine = closed({ rules: someBytes(256 * 1024) });
export type RulesLine = Of<typeof rulesLine>;
/** `rules.jsonl`: the own rules that the community adopted, in log order. */
export const rulesLineForm = recordForm(rulesLine, 'rules line', LARGE);

const deliveryLine = closed({ delivery: someBytes(32 * 1024 * 1024) });
export type DeliveryLine = Of<typeof deliveryLine>;
/** `deliveries.jsonl`: the delivery register as it stood at the opening and at the close, in log order. */
export const deliveryLineForm = recordForm(deliveryLine, 'deliveries line', LARGE);

/** Of one requisition or more, in log order; who signed a support stands beside it. */
const requisitionLine = closed({
  kind: oneOf('requisition', 'support', 'requisition-count', 'requisition-answer'),
  record: someBytes(32 * 1024 * 1024),
  by: idOrNone,
  evidence: list(signatureShape, 1),
});
export type RequisitionLine = Of<typeof requisitionLine>;
/** `requisitions.jsonl`: what owners demanded, who joined, the counts and the answers, in log order. */
export const requisitionLineForm = recordForm(requisitionLine, 'requisitions line', LARGE);

const personLine = closed({ person: id, identity: hash });
export type PersonLine = Of<typeof personLine>;
/** `persons.jsonl`: persons and the commitments to their documents. */
export const personLineForm = recordForm(personLine, 'persons line');

const officerLine = closed({ officer: id, name: label });
export type OfficerLine = Of<typeof officerLine>;
/** `officers.jsonl`: names for the report; keys and roles stand in the log. */
export const officerLineForm = recordForm(officerLine, 'officers line');

const objectionLine = closed({ objection: someBytes(65_535), decision: someBytes(65_535) });
export type ObjectionLine = Of<typeof objectionLine>;
/** `objections.jsonl`: an objection and its decision, empty while undecided. */
export const objectionLineForm = recordForm(objectionLine, 'objections line', LARGE);

const formerTallyLine = closed({
  tally: someBytes(8 * 1024 * 1024),
  participation: someBytes(16 * 1024 * 1024),
});
export type FormerTallyLine = Of<typeof formerTallyLine>;
/** `former-tallies.jsonl`: what was published before a recount (SPEC 8.2). */
export const formerTallyLineForm = recordForm(formerTallyLine, 'former tallies line', LARGE);

const fundLine = closed({
  kind: oneOf(
    'authorisation',
    'refund',
    'emergency',
    'application',
    'application-answer',
    'fund-entry',
    'fund-month',
    'revenue-entry',
    'revenue-period',
  ),
  record: someBytes(32 * 1024 * 1024),
});
export type FundLine = Of<typeof fundLine>;
/** `fund.jsonl`: authorisations, refunds, emergencies, applications and their answers, the entries of the book in order of `seq`, its published months, then the public-revenue book. */
export const fundLineForm = recordForm(fundLine, 'fund line', LARGE);

const topUpsLine = closed({ record: someBytes(4 * 1024 * 1024) });
export type TopUpsLine = Of<typeof topUpsLine>;
/** `top-ups.jsonl`: the calls to top up, in log order; who is in arrears is not for everybody. */
export const topUpsLineForm = recordForm(topUpsLine, 'top-ups line', LARGE);

const box = closed({ v: exactly(1), kind: oneOf('box'), meeting: id, secret: hash });
export type Box = Of<typeof box>;
/** `box.json`: the released key of the ballot box. */
export const boxForm = recordForm(box, 'box');

const certificateFile = closed({ token: text(100_000) });
/** `certificate.json`: the result certificate. */
export const certificateFileForm = recordForm(certificateFile, 'certificate file', LARGE);

const LF = 10;

/** The bytes of a file of lines: each line's bytes and a line feed. */
export function linesFile(lines: readonly Uint8Array[]): Uint8Array {
  // In a loop: a file of a large community has more lines than a call may have arguments.
  const file = new Uint8Array(lines.reduce((size, line) => size + line.length + 1, 0));
  let at = 0;
  for (const line of lines) {
    file.set(line, at);
    at += line.length + 1;
    file[at - 1] = LF;
  }
  return file;
}

/** Whether the last line of a file of lines ends, as all others do. */
export const endsItsLines = (file: Uint8Array): boolean => file.length === 0 || file.at(-1) === LF;

/** The lines of such a file one by one, so that whoever stops early holds no more than he has seen. */
export function* eachLine(file: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (let at = file.indexOf(LF); at >= 0; at = file.indexOf(LF, start)) {
    yield file.subarray(start, at);
    start = at + 1;
  }
}

/** The lines of such a file, or undefined where the last one does not end. */
export const splitLines = (file: Uint8Array): readonly Uint8Array[] | undefined =>
  endsItsLines(file) ? [...eachLine(file)] : undefined;

/** Files that a tally reads, in the order of `inputsHash`. */
export const TALLY_INPUTS = [
  'meeting.json',
  'roll.jsonl',
  'ballots.jsonl',
  'casts.jsonl',
  'paper.jsonl',
  'box.json',
] as const;
export type TallyInputs = Readonly<Record<(typeof TALLY_INPUTS)[number], Uint8Array>>;

/** SHA-256 over the manifest lines of the tally's inputs (SPEC 8.2). */
export const inputsHash = (files: TallyInputs): string =>
  toBase64Url(
    sha256(canonicalBytes(TALLY_INPUTS.map((path) => ({ path, sha256: toBase64Url(sha256(files[path])) })))),
  );
