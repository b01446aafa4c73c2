/** Who signed which entry, and by what right: the chain from the roots to every action (SPEC 2). */
import { fromBase64Url, toBase32, toBase64Url } from '../base/bytes.ts';
import { verify } from '../crypto/ed25519.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Action, Role } from '../record/action.ts';
import { actionForm, actionHash } from '../record/action.ts';
import { checkAssertion } from '../record/assertion.ts';
import type { ActionLine } from '../record/bundle-lines.ts';
import type { Entry, EntryOf } from '../record/entry.ts';
import { subjectOf } from '../record/entry.ts';
import type { PublicKey } from '../record/signature.ts';
import { evidenceHash } from '../record/signature.ts';
import { actionRuleOf, satisfies } from '../record/two-officers.ts';
import type { Lines, Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import { communityOf, isByOwner, isOurs, meetingOf } from './entry-scope.ts';
import { daysOf } from './time-brackets.ts';
import type { Verification } from './verification.ts';

/** An officer's action with its signature, as `actions.jsonl` holds it. */
export type SignedAction = {
  readonly where: string;
  readonly evidence: string;
  readonly bytes: Uint8Array;
  readonly action: Action;
  readonly line: ActionLine;
};

/** One signature of an entry. `identity` and `key` are undefined where no appointment supports it. */
export type Signer = {
  readonly signed: SignedAction;
  readonly identity: string | undefined;
  /** The public key under which the signature verifies. */
  readonly key: string | undefined;
  /** Appointed, verified, and over this very entry. */
  readonly isValid: boolean;
};

/** The signers of each entry that names evidence, by log index. */
export type Signers = ReadonlyMap<number, readonly Signer[]>;

export type Appointment = {
  readonly index: number;
  readonly entry: EntryOf<'officer.appointed'>;
  /** Index of the removal, or of the later appointment that took its place. */
  removedAt: number | undefined;
  isReplaced: boolean;
};

/** What the log says about its officers. */
export type Officers = {
  readonly root: EntryOf<'root.declared'> | undefined;
  readonly appointments: readonly Appointment[];
  readonly signers: Signers;
  readonly actions: readonly SignedAction[];
};

/** A root key acts as this officer (SPEC 2.3). */
const rootOfficer = (rootKey: Uint8Array): string => toBase32(sha256(rootKey).slice(0, 16));

/** The actions of a bundle; one that does not parse is KIND-01 or JCS-01. */
export function readActions(lines: Lines<ActionLine>, { notebook }: Verification): readonly SignedAction[] {
  const found: SignedAction[] = [];
  for (const { where, value: line } of lines as readonly Read<ActionLine>[]) {
    const bytes = fromBase64Url(line.action) ?? new Uint8Array();
    const parsed = actionForm.parse(bytes);
    if (parsed.ok) {
      found.push({ where, evidence: evidenceHash(line.signature), bytes, action: parsed.value, line });
    } else noteRefusal(notebook, where, parsed.refusal);
  }
  return found;
}

/** Walks the log in order, so that every action is judged by the appointments that were in force (OFF-01, ACT-01, ACT-02). */
export function walkOfficers(the: Verification, actions: readonly SignedAction[]): Officers {
  const { log, definition, notebook } = the;
  const byEvidence = new Map(actions.map((signed) => [signed.evidence, signed]));
  const first = log.entries[0]?.entry;
  const root = first?.kind === 'root.declared' ? first : undefined;
  const appointments: Appointment[] = [];
  const signers = new Map<number, readonly Signer[]>();
  for (const { index, entry } of log.entries) {
    if (entry === undefined || isByOwner(entry) || entry.evidence.length === 0) continue;
    if (!isOurs(entry, definition.community, definition.meeting)) continue;
    const found: Signer[] = [];
    for (const evidence of entry.evidence) {
      const signed = byEvidence.get(evidence);
      if (signed === undefined) {
        notebook.finding(
          'ACT-01',
          `log ${index} ${entry.kind}`,
          `an action with evidence ${evidence}`,
          'none',
        );
      } else found.push(judge(the, root, appointments, index, entry, signed));
    }
    signers.set(index, found);
    if (found.length === entry.evidence.length) apply(the, root, appointments, index, entry, found);
  }
  return { root, appointments, signers, actions };
}

/** Appoints or removes where the entry is authorised (SPEC 2.2). */
function apply(
  the: Verification,
  root: EntryOf<'root.declared'> | undefined,
  appointments: Appointment[],
  index: number,
  entry: Entry,
  found: readonly Signer[],
): void {
  if (entry.kind !== 'officer.appointed' && entry.kind !== 'officer.removed') return;
  const where = `log ${index} ${entry.kind}`;
  const roles = found.map(({ signed }) => signed.action.role);
  const isSigned = found.every(({ isValid }) => isValid) && isAppointment(entry, roles, root?.threshold ?? 1);
  if (!the.notebook.holds('OFF-01', where, isSigned, 'signed by those who may', roles.join(' + '))) return;
  if (entry.kind === 'officer.appointed' && !mayFollow(the, appointments, where, entry)) return;
  for (const appointment of appointments) {
    const isNamed =
      appointment.entry.officer === entry.officer && appointment.entry.community === entry.community;
    if (!isNamed || appointment.removedAt !== undefined) continue;
    appointment.removedAt = index;
    appointment.isReplaced = entry.kind === 'officer.appointed';
  }
  if (entry.kind === 'officer.appointed') {
    appointments.push({ index, entry, removedAt: undefined, isReplaced: false });
  }
}

/**
 * Whether an appointment is of somebody new, or follows the one that its officer has: the same identity, role and community,
 * nobody who was removed, and no key that has ended (SPEC 2.2).
 */
function mayFollow(
  { notebook }: Verification,
  appointments: readonly Appointment[],
  where: string,
  entry: EntryOf<'officer.appointed'>,
): boolean {
  const former = appointments.filter((one) => one.entry.officer === entry.officer);
  const current = former.find(({ removedAt }) => removedAt === undefined);
  if (former.length === 0) return true;
  if (current === undefined) {
    notebook.finding('OFF-01', where, 'an officer who is in office', `${entry.officer} was removed`);
    return false;
  }
  const office = ({ identity, role, community }: EntryOf<'officer.appointed'>): string =>
    [identity, role, community].join(' ');
  const live = new Set(current.entry.keys.map(({ key }) => key.publicKey));
  const ended = former
    .flatMap((one) => one.entry.keys.map(({ key }) => key.publicKey))
    .filter((key) => !live.has(key));
  const returning = entry.keys.map(({ key }) => key.publicKey).filter((key) => ended.includes(key));
  return [
    notebook.same('OFF-01', `${where} office`, office(current.entry), office(entry)),
    notebook.holds('OFF-01', where, returning.length === 0, 'no key that has ended', returning.join(', ')),
  ].every((holds) => holds);
}

/** Regulator and street office are appointed by the roots alone (SPEC 2.2). */
function isAppointment(
  entry: EntryOf<'officer.appointed'> | EntryOf<'officer.removed'>,
  roles: readonly Role[],
  threshold: number,
): boolean {
  const rule = actionRuleOf(entry.kind);
  if (rule === undefined || !satisfies(rule, roles, threshold)) return false;
  const isHigh = entry.kind === 'officer.appointed' && ['regulator', 'street', 'root'].includes(entry.role);
  return !isHigh || roles.every((role) => role === 'root');
}

type Right = { readonly identity: string; readonly keys: readonly PublicKey[] };

/** The keys by which an officer may sign an entry at this index, or undefined where he is not appointed. */
function rightOf(
  the: Verification,
  root: EntryOf<'root.declared'> | undefined,
  appointments: readonly Appointment[],
  index: number,
  entry: Entry,
  action: Action,
): Right | undefined {
  if (action.role === 'root') {
    const publicKey = (root?.roots ?? []).find(
      (key) => rootOfficer(fromBase64Url(key) ?? new Uint8Array()) === action.officer,
    );
    if (publicKey === undefined) return undefined;
    return { identity: action.officer, keys: [{ v: 1, alg: 'Ed25519', publicKey, webauthnId: '' }] };
  }
  const { first } = daysOf(the.brackets, index);
  const inForce = appointments.filter(
    ({ entry: appointed, removedAt }) =>
      appointed.officer === action.officer &&
      appointed.role === action.role &&
      ['', communityOf(entry)].includes(appointed.community) &&
      (removedAt === undefined || removedAt > index) &&
      (first === undefined || first <= appointed.until),
  );
  const [appointed] = inForce;
  if (appointed === undefined) return undefined;
  return {
    identity: appointed.entry.identity,
    keys: inForce.flatMap(({ entry: { keys } }) => keys.map(({ key }) => key)),
  };
}

function judge(
  the: Verification,
  root: EntryOf<'root.declared'> | undefined,
  appointments: readonly Appointment[],
  index: number,
  entry: Entry,
  signed: SignedAction,
): Signer {
  const { notebook } = the;
  const { action, where, bytes, line } = signed;
  const right = rightOf(the, root, appointments, index, entry, action);
  if (right === undefined) {
    const expected = `an appointment as ${action.role} in force at log ${index}`;
    notebook.finding('OFF-01', where, expected, `officer ${action.officer} has none`);
  }
  const hash = actionHash(bytes);
  const origins = root?.origins ?? [];
  const key = right?.keys.find((candidate) => isSignedBy(candidate, hash, line, root?.rpId ?? '', origins));
  if (right !== undefined) {
    notebook.holds('ACT-02', where, key !== undefined, 'a valid signature by the officer', 'none verifies');
  }
  // Root keys act for no community and no meeting (SPEC 2.3).
  const [community, meeting] = action.role === 'root' ? ['', ''] : [communityOf(entry), meetingOf(entry)];
  const isOver = [
    notebook.same('ACT-02', `${where} action`, entry.kind, action.action),
    notebook.same('ACT-02', `${where} subject`, subjectOf(entry), action.subject),
    notebook.same('ACT-02', `${where} community`, community, action.community),
    notebook.same('ACT-02', `${where} meeting`, meeting, action.meeting),
  ].every((holds) => holds);
  return { signed, identity: right?.identity, key: key?.publicKey, isValid: key !== undefined && isOver };
}

function isSignedBy(
  key: PublicKey,
  hash: Uint8Array,
  { signature }: ActionLine,
  rpId: string,
  origins: readonly string[],
): boolean {
  if (signature.alg !== key.alg) return false;
  const publicKey = fromBase64Url(key.publicKey) ?? new Uint8Array();
  if (signature.alg === 'Ed25519') {
    return verify(publicKey, hash, fromBase64Url(signature.signature) ?? new Uint8Array());
  }
  const credentialId = fromBase64Url(key.webauthnId) ?? new Uint8Array();
  return checkAssertion(signature, { challenge: hash, rpId, origins, coseKey: publicKey, credentialId }).ok;
}

/** Hash by which an action is recognised however often it is signed. */
export const actionIdentity = (signed: SignedAction): string => toBase64Url(actionHash(signed.bytes));
