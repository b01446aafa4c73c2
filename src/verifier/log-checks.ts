/** LOG-02, LOG-05, LOG-06 and RCPT-01: what the log committed to, and what others kept of it (SPEC 6.8, 7). */
import { fromBase64, fromBase64Url, fromUtf8, sameBytes, toBase64, toBase64Url } from '../base/bytes.ts';
import { verifyCheckpoint } from '../record/checkpoint.ts';
import type { EntryOf } from '../record/entry.ts';
import { rootOfHashes, verifyInclusion } from '../record/merkle.ts';
import { parseLogProof, verifyLogProof } from '../record/proof.ts';
import type { LoggedEntry } from './bundled-log.ts';
import { entriesOf, isControl, isVote, meetingOf } from './entry-scope.ts';
import type { HistoryTree } from './history-tree.ts';
import type { Course } from './meeting-checks.ts';
import type { PaperStatement } from './paper-statements.ts';
import { countedOf } from './paper-statements.ts';
import type { Statement } from './statements.ts';
import { witnessesOf } from './time-brackets.ts';
import type { Verification } from './verification.ts';

type Commitment = EntryOf<'meeting.closed'>['votes'];

/** LOG-02: the two commitments of close and final result, made again; no vote after the close (SPEC 6.8). */
export function checkCommitments(the: Verification, course: Course): void {
  const { definition, log, notebook } = the;
  const filter = { meeting: definition.meeting };
  const [closings, finals] = [
    entriesOf(log, 'meeting.closed', filter),
    entriesOf(log, 'tally.final', filter),
  ];
  if (closings.length === 0) {
    if (finals.length > 0) notebook.finding('LOG-02', 'log', 'meeting.closed before tally.final', 'none');
    notebook.cannot('LOG-02', { zh: '会议尚未截止', en: 'the meeting is not closed yet' });
    return;
  }
  notebook.made('LOG-02');
  notebook.same('LOG-02', 'log', '1 meeting.closed', `${closings.length} meeting.closed`);
  for (const { index, entry } of [...closings, ...finals]) {
    const where = `log ${index} ${entry.kind}`;
    const votes = (one: LoggedEntry): boolean =>
      one.entry !== undefined && isVote(one.entry) && meetingOf(one.entry) === definition.meeting;
    const controls = (one: LoggedEntry): boolean =>
      one.entry !== undefined && isControl(one.entry, definition.community);
    checkCommitment(the, `${where} votes`, index, entry.votes, votes);
    checkCommitment(the, `${where} controls`, index, entry.controls, controls);
  }
  const size = closings[0]?.entry.votes.size ?? 0;
  for (const { index, entry } of [
    ...entriesOf(log, 'cast.accepted', filter),
    ...entriesOf(log, 'paper.accepted', filter),
  ]) {
    notebook.holds(
      'LOG-02',
      `log ${index} ${entry.kind}`,
      index < size,
      `before log ${size}`,
      `log ${index}`,
    );
  }
  const final = finals[0]?.index;
  if (final !== undefined && course.closed !== undefined) {
    notebook.holds('LOG-02', `log ${final}`, final > course.closed, 'after meeting.closed', `log ${final}`);
  }
}

function checkCommitment(
  { log, notebook }: Verification,
  where: string,
  index: number,
  stated: Commitment,
  isMember: (one: LoggedEntry) => boolean,
): void {
  notebook.holds('LOG-02', `${where} size`, stated.size <= index, `at most ${index}`, String(stated.size));
  const leaves = log.entries.slice(0, stated.size).filter(isMember);
  notebook.same('LOG-02', `${where} count`, String(leaves.length), String(stated.count));
  const root = toBase64Url(rootOfHashes(leaves.map(({ leaf }) => leaf)));
  notebook.same('LOG-02', `${where} root`, root, stated.root);
}

/** LOG-06: each entry of the meeting is proved under the checkpoint by the bundle's own hash tiles. */
export function checkInclusion({ definition, log, notebook }: Verification): void {
  const { tileTree, checkpoint } = log;
  if (tileTree === undefined) {
    notebook.cannot('LOG-06', { zh: '瓦片不全', en: 'hash tiles are missing' });
    return;
  }
  notebook.made('LOG-06');
  for (const { index, leaf, entry } of log.entries) {
    if (entry === undefined || meetingOf(entry) !== definition.meeting) continue;
    const isIn = verifyInclusion(leaf, index, checkpoint.size, checkpoint.root, tileTree.proofOf(index));
    notebook.holds(
      'LOG-06',
      `log ${index} ${entry.kind}`,
      isIn,
      'included in the checkpoint',
      'not included',
    );
  }
}

/** LOG-05: every checkpoint at hand is signed and is a state of this log; `live` is the longer tree of `--log`. */
export function checkHistory(
  { log, notebook, logVkey }: Verification,
  users: readonly { readonly path: string; readonly note: string }[],
  live: HistoryTree | undefined,
): void {
  notebook.made('LOG-05');
  const tree = live ?? log.tree;
  for (const { path, note } of [...log.checkpoints, ...users]) {
    const verified = verifyCheckpoint(note, logVkey);
    if (!verified.ok) {
      notebook.finding('LOG-05', path, 'a checkpoint that the log signed', verified.refusal.code);
      continue;
    }
    const { size, root } = verified.value;
    if (size > tree.size) {
      const [zh, en] = [
        `${path} 的日志比包内的长，须用 --log 比较`,
        `${path} is of a longer log than the bundle's: compare it with --log`,
      ];
      notebook.cannot('LOG-05', { zh, en });
    } else notebook.same('LOG-05', `${path} root at ${size}`, toBase64(tree.rootAt(size)), toBase64(root));
  }
}

/** A receipt as it was given: the proof's text, and the entry's bytes where the file holds them. */
type Receipt = { readonly entry: Uint8Array | undefined; readonly proof: string };

/** A tlog-proof as it is, or JSON `{entry, proof}` with the entry in base64 or base64url. */
function readReceipt(file: Uint8Array): Receipt | undefined {
  const text = fromUtf8(file);
  if (text === undefined) return undefined;
  if (!text.trimStart().startsWith('{')) return { entry: undefined, proof: text };
  try {
    const { entry, proof } = JSON.parse(text) as { readonly entry?: unknown; readonly proof?: unknown };
    if (typeof entry !== 'string' || typeof proof !== 'string') return undefined;
    const bytes = fromBase64Url(entry) ?? fromBase64(entry);
    return bytes === undefined ? undefined : { entry: bytes, proof };
  } catch {
    return undefined;
  }
}

/** RCPT-01: the user's receipt proves an entry of this log, under a checkpoint of this history. */
export function checkReceipt(
  the: Verification,
  file: Uint8Array | undefined,
  statements: readonly Statement[] | undefined,
  papers: readonly PaperStatement[] | undefined,
): void {
  const { log, notebook, logVkey, witnesses, quorum } = the;
  if (file === undefined) {
    notebook.cannot('RCPT-01', { zh: '未提供回执（--receipt）', en: 'no receipt was given (--receipt)' });
    return;
  }
  notebook.made('RCPT-01');
  const receipt = readReceipt(file);
  const parsed = receipt === undefined ? undefined : parseLogProof(receipt.proof);
  if (receipt === undefined || parsed?.ok !== true) {
    notebook.finding('RCPT-01', 'receipt', 'a tlog-proof, or JSON {entry, proof}', 'malformed');
    return;
  }
  const { index } = parsed.value;
  const logged = log.entries[index];
  const bytes = receipt.entry ?? logged?.bytes;
  if (bytes === undefined) {
    notebook.finding('RCPT-01', 'receipt', `an index below ${log.entries.length}`, String(index));
    return;
  }
  const trust = { logVkey, witnesses: witnessesOf(witnesses), quorum };
  const proven = verifyLogProof(bytes, receipt.proof, trust);
  if (!proven.ok) {
    notebook.finding('RCPT-01', 'receipt', 'a valid proof', proven.refusal.code);
    return;
  }
  const isSame = logged !== undefined && sameBytes(logged.bytes, bytes);
  notebook.holds('RCPT-01', 'receipt', isSame, `entry ${index} of this log`, 'another entry');
  const { size, root } = proven.value.checkpoint;
  if (size <= log.tree.size) {
    notebook.same('RCPT-01', `receipt root at ${size}`, toBase64(log.tree.rootAt(size)), toBase64(root));
  }
  notebook.remark('RCPT-01', whatItIs(the, index, statements, papers));
}

/** Whether the entry of a receipt is the statement that counts. */
function whatItIs(
  the: Verification,
  index: number,
  statements: readonly Statement[] | undefined,
  papers: readonly PaperStatement[] | undefined,
) {
  const statement = [...(statements ?? []), ...(papers ?? [])].find((one) => one.index === index);
  if (statement === undefined) return { zh: `日志第 ${index} 条`, en: `entry ${index} of the log` };
  const { entry } = statement;
  const hash = entry.kind === 'paper.accepted' ? entry.paperHash : entry.castHash;
  const { definition, log } = the;
  const voids = entriesOf(log, 'cast.voided', { meeting: definition.meeting });
  if (voids.some((each) => each.entry.voids === hash))
    return { zh: `日志第 ${index} 条：此表决已作废`, en: `entry ${index}: this cast was voided` };
  const isCounted = countedOf(the, statements ?? [], papers ?? []).get(entry.entitlement)?.index === index;
  return isCounted
    ? { zh: `日志第 ${index} 条：此表决已计入`, en: `entry ${index}: this cast is counted` }
    : { zh: `日志第 ${index} 条：此表决已被后来的表决取代`, en: `entry ${index}: a later cast replaced it` };
}
