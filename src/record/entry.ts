/** The entries of the log: one closed schema for each kind, no person, no choice, no clock time (SPEC 1.6, 7.1, 7.2). */

import { canonicalBytes } from '../base/canonical.ts';
import { roleShape, subjectHash } from './action.ts';
import { evidence, inCommunity, inMeeting, kind, v } from './entry-parts.ts';
import { fundShapes } from './fund-entry-shapes.ts';
import { MADE_IN } from './letter.ts';
import { MAX_PROVIDERS, providerShape } from './provider.ts';
import { MAX_REISSUED } from './reissue.ts';
import type { Of, Shape } from './schema.ts';
import { closed, integer, list, oneOf, recordForm, text, variants } from './schema.ts';
import { civilDate, civilDateOrNone, decimal, hash, id, idOrNone, instant, webOrigin } from './shapes.ts';
import { publicKeyShape } from './signature.ts';

/** A step of a follow-up: to be done, done, or given up; a plan may be put off by another plan. */
export const STEP_STATES = ['planned', 'done', 'dropped'] as const;
export type StepState = (typeof STEP_STATES)[number];

/** An RFC 6962 root over the chosen leaf hashes among the first `size` entries of the log, in index order (SPEC 6.8). */
const commitment = closed({
  size: integer(0, Number.MAX_SAFE_INTEGER),
  count: integer(0, Number.MAX_SAFE_INTEGER),
  root: hash,
});
/** By whom an entry is signed that an owner or two officers may make (SPEC 3.4, 3.6). */
const signedBy = oneOf('owner', 'officers');
/** Why a statement is void (SPEC 6.7). */
export const VOID_REASONS = [
  'CLAIMED_BY_OWNER',
  'FORGED_PAPER',
  'NO_MANDATE',
  'SERVER_FAULT',
  'COURT',
] as const;
export type VoidReason = (typeof VOID_REASONS)[number];

const shapes = {
  'root.declared': closed({
    v,
    kind: kind('root.declared'),
    origin: text(200),
    rpId: text(200),
    origins: list(webOrigin, 10, 1),
    roots: list(hash, 16, 1),
    threshold: integer(1, 16),
    demo: oneOf('demo', 'real'),
    evidence,
  }),
  'officer.appointed': closed({
    v,
    kind: kind('officer.appointed'),
    officer: id,
    identity: hash,
    role: roleShape,
    community: idOrNone,
    keys: list(closed({ credential: id, key: publicKeyShape }), 8, 1),
    until: civilDate,
    evidence,
  }),
  'officer.removed': closed({ v, kind: kind('officer.removed'), officer: id, community: idOrNone, evidence }),
  'register.imported': closed({
    ...inCommunity,
    kind: kind('register.imported'),
    register: id,
    fileHash: hash,
    units: integer(1, 100_000),
    heads: integer(1, 100_000),
    persons: integer(1, 200_000),
    areaDm2: decimal,
    evidence,
  }),
  'letters.issued': closed({
    ...inCommunity,
    kind: kind('letters.issued'),
    batch: id,
    count: integer(1, 200_000),
    root: hash,
    until: civilDateOrNone,
    madeIn: oneOf(...MADE_IN),
    evidence,
  }),
  'letters.reissued': closed({
    ...inCommunity,
    kind: kind('letters.reissued'),
    batch: id,
    count: integer(1, MAX_REISSUED),
    root: hash,
    until: civilDateOrNone,
    reissueHash: hash,
    madeIn: oneOf(...MADE_IN),
    evidence,
  }),
  'letters.revoked': closed({ ...inCommunity, kind: kind('letters.revoked'), letter: id, evidence }),
  /** All providers of the community from here on; none takes them all back. */
  'providers.declared': closed({
    ...inCommunity,
    kind: kind('providers.declared'),
    declaration: id,
    providers: list(providerShape, MAX_PROVIDERS),
    evidence,
  }),
  'credential.bound': closed({
    ...inCommunity,
    kind: kind('credential.bound'),
    bindHash: hash,
    signedBy,
    evidence,
  }),
  'credential.revoked': closed({
    ...inCommunity,
    kind: kind('credential.revoked'),
    revocationHash: hash,
    signedBy,
    evidence,
  }),
  'voting.frozen': closed({ ...inCommunity, kind: kind('voting.frozen'), freezeHash: hash, evidence }),
  'voting.unfrozen': closed({ ...inCommunity, kind: kind('voting.unfrozen'), freezeHash: hash, evidence }),
  /** From here on the two are one person; the second entry undoes the merge whose hash it names. */
  'persons.merged': closed({ ...inCommunity, kind: kind('persons.merged'), mergeHash: hash, evidence }),
  'persons.separated': closed({ ...inCommunity, kind: kind('persons.separated'), mergeHash: hash, evidence }),
  'mandate.granted': closed({
    ...inCommunity,
    kind: kind('mandate.granted'),
    mandateHash: hash,
    signedBy,
    evidence,
  }),
  'mandate.revoked': closed({
    ...inCommunity,
    kind: kind('mandate.revoked'),
    mandateHash: hash,
    signedBy,
    evidence,
  }),
  'designation.recorded': closed({
    ...inCommunity,
    kind: kind('designation.recorded'),
    designationHash: hash,
    signedBy,
    evidence: list(hash, 199),
  }),
  'roll.frozen': closed({
    ...inMeeting,
    kind: kind('roll.frozen'),
    root: hash,
    size: integer(1, 1_000_000),
    totals: list(closed({ proposal: id, areaDm2: decimal, heads: integer(0, 1_000_000) }), 40, 1),
    evidence,
  }),
  'roll.corrected': closed({
    ...inMeeting,
    kind: kind('roll.corrected'),
    entitlement: id,
    /** Place of the entitlement's leaf under the frozen root. */
    index: integer(0, 1_000_000),
    /** Leaf hashes: of the leaf in force, and of the one that takes its place (SPEC 4.4). */
    oldLeaf: hash,
    newLeaf: hash,
    correctionHash: hash,
    evidence,
  }),
  /** The rules of a meeting noticed after it follow these (SPEC 5.2). */
  'rules.adopted': closed({ ...inCommunity, kind: kind('rules.adopted'), rulesHash: hash, evidence }),
  'meeting.noticed': closed({
    ...inMeeting,
    kind: kind('meeting.noticed'),
    noticeHash: hash,
    opens: instant,
    evidence,
  }),
  'meeting.opened': closed({ ...inMeeting, kind: kind('meeting.opened'), meetingHash: hash, evidence }),
  'meeting.extended': closed({ ...inMeeting, kind: kind('meeting.extended'), closes: instant, evidence }),
  /** From here to its resumption nobody votes; `pause` tells two pauses for one reason apart (SPEC 5). */
  'meeting.paused': closed({
    ...inMeeting,
    kind: kind('meeting.paused'),
    pause: id,
    reasonHash: hash,
    evidence,
  }),
  'meeting.resumed': closed({
    ...inMeeting,
    kind: kind('meeting.resumed'),
    pause: id,
    closes: instant,
    evidence,
  }),
  'meeting.closed': closed({
    ...inMeeting,
    kind: kind('meeting.closed'),
    votes: commitment,
    controls: commitment,
    evidence,
  }),
  'meeting.cancelled': closed({ ...inMeeting, kind: kind('meeting.cancelled'), reasonHash: hash, evidence }),
  'cast.accepted': closed({
    v,
    kind: kind('cast.accepted'),
    meeting: id,
    entitlement: id,
    seq: integer(1, 1000),
    castHash: hash,
    evidence,
  }),
  /** A cast whose promise the log had not kept; it continues its chain like any other (SPEC 6.12). */
  'cast.restored': closed({
    ...inMeeting,
    kind: kind('cast.restored'),
    entitlement: id,
    seq: integer(1, 1000),
    castHash: hash,
    promiseHash: hash,
    evidence,
  }),
  'paper.accepted': closed({
    ...inMeeting,
    kind: kind('paper.accepted'),
    entitlement: id,
    seq: integer(1, 1000),
    paperHash: hash,
    evidence,
  }),
  /** The next item of a chain: the statement that stood, `voids`, counts no more (SPEC 6.7). */
  'cast.voided': closed({
    ...inMeeting,
    kind: kind('cast.voided'),
    entitlement: id,
    seq: integer(1, 1000),
    prev: hash,
    voids: hash,
    reason: oneOf(...VOID_REASONS),
    objection: id,
    evidence,
  }),
  'box.released': closed({ ...inMeeting, kind: kind('box.released'), secretHash: hash, evidence }),
  /** The delivery register of the meeting as it stood at the opening, and again at the close (SPEC 5.1). */
  'delivery.recorded': closed({
    ...inMeeting,
    kind: kind('delivery.recorded'),
    deliveryHash: hash,
    evidence,
  }),
  'tally.preliminary': closed({
    ...inMeeting,
    kind: kind('tally.preliminary'),
    recordHash: hash,
    participationHash: hash,
    evidence,
  }),
  'objection.filed': closed({
    ...inMeeting,
    kind: kind('objection.filed'),
    objection: id,
    objectionHash: hash,
    evidence,
  }),
  'objection.decided': closed({
    ...inMeeting,
    kind: kind('objection.decided'),
    objection: id,
    decisionHash: hash,
    evidence,
  }),
  'tally.final': closed({
    ...inMeeting,
    kind: kind('tally.final'),
    recordHash: hash,
    votes: commitment,
    controls: commitment,
    inputsHash: hash,
    evidence,
  }),
  /** What follows from an adopted resolution: a step by its id, planned, done or dropped; the text is public (SPEC 8.2). */
  'followup.recorded': closed({
    ...inMeeting,
    kind: kind('followup.recorded'),
    proposal: id,
    step: id,
    state: oneOf(...STEP_STATES),
    dueOn: civilDate,
    textHash: hash,
    evidence,
  }),
  ...fundShapes,
  /** Owners demand a meeting; what they demand stands under its hash, and nobody is named (SPEC 5.4). */
  'requisition.filed': closed({
    ...inCommunity,
    kind: kind('requisition.filed'),
    requisition: id,
    requisitionHash: hash,
    evidence,
  }),
  /** An owner joins it or leaves it. */
  'requisition.supported': closed({
    ...inCommunity,
    kind: kind('requisition.supported'),
    requisition: id,
    supportHash: hash,
    evidence,
  }),
  /** A fifth of the heads and of the area stands behind it by the register in force. */
  'requisition.reached': closed({
    ...inCommunity,
    kind: kind('requisition.reached'),
    requisition: id,
    register: id,
    heads: integer(1, 1_000_000),
    areaDm2: decimal,
    totalHeads: integer(1, 1_000_000),
    totalAreaDm2: decimal,
    countHash: hash,
    evidence,
  }),
  'requisition.answered': closed({
    ...inCommunity,
    kind: kind('requisition.answered'),
    requisition: id,
    answerHash: hash,
    evidence,
  }),
  'assets.published': closed({
    v,
    kind: kind('assets.published'),
    files: list(closed({ path: text(200), sha256: hash }), 200, 1),
    evidence,
  }),
} as const;

export type EntryKind = keyof typeof shapes;
export type EntryOf<K extends EntryKind> = Of<(typeof shapes)[K]>;
export type Entry = { [K in EntryKind]: EntryOf<K> }[EntryKind];
/** An entry before its evidence is known: what officers sign. */
export type UnsignedEntry<K extends EntryKind = EntryKind> = K extends EntryKind
  ? Omit<EntryOf<K>, 'evidence'>
  : never;

/** All kinds that this version writes and reads. */
export const ENTRY_KIND_NAMES = Object.keys(shapes) as readonly EntryKind[];

/** Reader and writer of every entry; an unknown kind is refused. */
export const entryForm = recordForm<Entry>(variants('kind', shapes) as Shape<Entry>, 'entry');

/** The canonical bytes of an entry without `evidence`, which its officers sign (SPEC 2.3). */
export function unsignedBytes(entry: UnsignedEntry | Entry): Uint8Array {
  const { evidence: _, ...unsigned } = entry as Entry;
  return canonicalBytes(unsigned);
}

/** `H256("subject", entry without evidence)`. */
export const subjectOf = (entry: UnsignedEntry | Entry): string => subjectHash(unsignedBytes(entry));

/** The entry with its evidence; throws where it does not fit its schema. */
export const withEvidence = (entry: UnsignedEntry, hashes: readonly string[]): Entry =>
  ({ ...entry, evidence: [...hashes] }) as unknown as Entry;
