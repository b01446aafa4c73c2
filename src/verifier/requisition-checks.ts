/**
 * REQ-01: who joined a requisition signed it by a credential in force, the count that reached a fifth is of the register in force and
 * of those who had joined, what was answered had reached it, and each answer was by whose turn it was (SPEC 5.4). LOG-01 of their lines stands here as well.
 */

import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import type { RequisitionLine } from '../record/bundle-lines.ts';
import type { EntryOf } from '../record/entry.ts';
import type { RequisitionAnswer, RequisitionCount, Support } from '../record/requisition.ts';
import {
  isAnswerSound,
  reachesFifth,
  requisitionAnswerForm,
  requisitionAnswerHash,
  requisitionCountForm,
  requisitionCountHash,
  requisitionForm,
  requisitionHash,
  supportForm,
  supportHash,
  supportSumsOf,
} from '../record/requisition.ts';
import type { RecordForm } from '../record/schema.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { Words } from './check-catalogue.ts';
import type { KnownKeys } from './credential-checks.ts';
import { isAlive } from './credential-lives.ts';
import { entriesOf } from './entry-scope.ts';
import { compare } from './explained-lines.ts';
import type { Officers } from './officers.ts';
import { checkRegister } from './requisition-register.ts';
import type { PlacedAnswer } from './requisition-times.ts';
import { answererAt, checkTurn, lateWords, openAfter } from './requisition-times.ts';
import { keyOf } from './revocation-checks.ts';
import type { Verification } from './verification.ts';

const PATH = 'requisitions.jsonl';
const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

const HASHES = {
  requisition: requisitionHash,
  support: (bytes: Uint8Array) => toBase64Url(supportHash(bytes)),
  'requisition-count': requisitionCountHash,
  'requisition-answer': requisitionAnswerHash,
} as const;

type AnyEntry = EntryOf<
  'requisition.filed' | 'requisition.supported' | 'requisition.reached' | 'requisition.answered'
>;
type PlacedEntry = { readonly index: number; readonly entry: AnyEntry };

function hashOf(entry: AnyEntry): string {
  if (entry.kind === 'requisition.filed') return entry.requisitionHash;
  if (entry.kind === 'requisition.supported') return entry.supportHash;
  return entry.kind === 'requisition.reached' ? entry.countHash : entry.answerHash;
}

/** The entries about requisitions of the community, in the order of the log. */
function entriesAbout({ definition, log }: Verification): readonly PlacedEntry[] {
  const filter = { community: definition.community };
  return [
    ...entriesOf(log, 'requisition.filed', filter),
    ...entriesOf(log, 'requisition.supported', filter),
    ...entriesOf(log, 'requisition.reached', filter),
    ...entriesOf(log, 'requisition.answered', filter),
  ].sort((a, b) => a.index - b.index);
}

const lineHash = ({ value: { kind, record } }: Read<RequisitionLine>): string =>
  HASHES[kind](bytesOf(record));

/** LOG-01: the file's lines are those that the entries name. */
export function explainRequisitions(the: Verification): void {
  compare(
    the,
    PATH,
    entriesAbout(the).map(({ index, entry }) => ({ index, hash: hashOf(entry) })),
    the.contents.requisitions?.map((line) => ({ where: line.where, hash: lineHash(line) })),
  );
}

/** How a requisition stands while its entries are replayed. */
type Standing = {
  readonly hash: string;
  readonly joined: Set<string>;
  /** Hashes of the records that were entered: whoever left is not joined again by what he signed before. */
  readonly entered: Set<string>;
  /** Where it reached its fifth first. */
  reachedIndex: number | undefined;
  /** What its count could not be compared with. */
  remark: Words | undefined;
  readonly answers: PlacedAnswer[];
};

/** Makes the check, entry by entry. */
export function checkRequisitions(
  the: Verification,
  officers: Officers | undefined,
  keys: KnownKeys | undefined,
): void {
  const { contents, notebook } = the;
  const entries = entriesAbout(the);
  if (contents.requisitions === undefined || officers === undefined || keys === undefined) {
    if (entries.length > 0)
      notebook.cannot('REQ-01', contents.whyNot(PATH, 'actions.jsonl', 'letters.jsonl'));
    return;
  }
  notebook.made('REQ-01');
  const lines = new Map(contents.requisitions.map((line) => [lineHash(line), line]));
  const standings = new Map<string, Standing>();
  for (const { index, entry } of entries) {
    const line = lines.get(hashOf(entry));
    // LOG-01 says that no line has it.
    if (line === undefined) continue;
    if (entry.kind === 'requisition.filed') file(the, standings, line, index, entry);
    else {
      const standing = standings.get(entry.requisition);
      const isFiled = notebook.holds(
        'REQ-01',
        `log ${index}`,
        standing !== undefined && isOpenTo(standing, entry),
        'a requisition that waits for its answer',
        entry.requisition,
      );
      if (standing === undefined || !isFiled) continue;
      if (entry.kind === 'requisition.supported') support(the, keys, standing, line, index, entry);
      else if (entry.kind === 'requisition.reached') reach(the, standing, line, index, entry);
      else answer(the, officers, standing, line, index, entry);
    }
  }
  const all = [...standings.values()];
  const words = all.flatMap(({ remark, reachedIndex, answers }) => [
    ...(remark === undefined ? [] : [remark]),
    ...lateWords(the, reachedIndex, answers),
  ]);
  if (words.length > 0) notebook.remark('REQ-01', joined(words));
}

/** Joining ends with the first answer; after it only the street office may have a word. */
const isOpenTo = ({ answers }: Standing, { kind }: AnyEntry): boolean =>
  kind === 'requisition.answered' ? openAfter(answers) !== '' : answers.length === 0;

/** A check has one remark: each thing once. */
const joined = (words: readonly Words[]): Words => ({
  zh: [...new Set(words.map(({ zh }) => zh))].join('；'),
  en: [...new Set(words.map(({ en }) => en))].join('; '),
});

/** The record of a line; undefined where it does not parse, which is said. */
function recordOf<T extends { readonly community: string; readonly requisition: string }>(
  { definition, notebook }: Verification,
  { where, value }: Read<RequisitionLine>,
  form: RecordForm<T>,
  entry: AnyEntry,
): T | undefined {
  const parsed = form.parse(bytesOf(value.record));
  if (!parsed.ok) {
    noteRefusal(notebook, where, parsed.refusal);
    return undefined;
  }
  notebook.same('REQ-01', `${where} community`, definition.community, parsed.value.community);
  notebook.same('REQ-01', `${where} requisition`, entry.requisition, parsed.value.requisition);
  return parsed.value;
}

function file(
  the: Verification,
  standings: Map<string, Standing>,
  line: Read<RequisitionLine>,
  index: number,
  entry: EntryOf<'requisition.filed'>,
): void {
  const isNew = !standings.has(entry.requisition);
  the.notebook.holds('REQ-01', `log ${index}`, isNew, 'each requisition filed once', entry.requisition);
  if (recordOf(the, line, requisitionForm, entry) === undefined || !isNew) return;
  const hash = entry.requisitionHash;
  standings.set(entry.requisition, {
    hash,
    joined: new Set(),
    entered: new Set(),
    reachedIndex: undefined,
    remark: undefined,
    answers: [],
  });
}

function support(
  the: Verification,
  keys: KnownKeys,
  standing: Standing,
  line: Read<RequisitionLine>,
  index: number,
  entry: EntryOf<'requisition.supported'>,
): void {
  const { definition, notebook } = the;
  const { where, value } = line;
  const given: Support | undefined = recordOf(the, line, supportForm, entry);
  if (given === undefined) return;
  const { person, stands } = given;
  notebook.same('REQ-01', `${where} requisitionHash`, standing.hash, given.requisitionHash);
  const [signature] = value.evidence;
  const named = signature === undefined ? '' : evidenceHash(signature);
  notebook.same('REQ-01', `${where} evidence`, entry.evidence.join(' '), named);
  const holder = keys.holderOf(value.by);
  notebook.same('REQ-01', `${where} person`, person, holder?.person ?? `nobody by ${value.by}`);
  const isInForce = isAlive(the, keys.lives.get(value.by), index) && !keys.isFrozen(person, index);
  notebook.holds('REQ-01', where, isInForce, `a credential in force, not frozen, at log ${index}`, value.by);
  const key = keyOf(value.by, keys.letters, keys.bound);
  const hash = supportHash(bytesOf(value.record));
  const isSigned =
    key !== undefined && signature !== undefined && isSignedBy(key, hash, signature, definition);
  notebook.holds('REQ-01', where, isSigned, 'signed by that owner', 'the signature does not verify');
  const isNew = !standing.entered.has(entry.supportHash);
  notebook.holds('REQ-01', where, isNew, 'each record once', entry.supportHash);
  standing.entered.add(entry.supportHash);
  const wanted = standing.joined.has(person) ? 'left' : 'joined';
  notebook.same('REQ-01', `${where} stands`, wanted, stands);
  if (stands === 'joined') standing.joined.add(person);
  else standing.joined.delete(person);
}

function reach(
  the: Verification,
  standing: Standing,
  line: Read<RequisitionLine>,
  index: number,
  entry: EntryOf<'requisition.reached'>,
): void {
  const { notebook } = the;
  const { where } = line;
  notebook.holds('REQ-01', `log ${index}`, standing.reachedIndex === undefined, 'reached once', 'again');
  standing.reachedIndex ??= index;
  const count: RequisitionCount | undefined = recordOf(the, line, requisitionCountForm, entry);
  if (count === undefined) return;
  const sums = supportSumsOf(count);
  const shown = [sums.heads, sums.areaDm2, sums.totalHeads, sums.totalAreaDm2].join(' ');
  const stated = [entry.heads, entry.areaDm2, entry.totalHeads, entry.totalAreaDm2].join(' ');
  notebook.same('REQ-01', `log ${index} sums`, shown, stated);
  notebook.holds('REQ-01', `log ${index}`, reachesFifth(sums), 'a fifth of heads and of area', shown);
  notebook.same('REQ-01', `${where} register`, entry.register, count.register);
  standing.remark = checkRegister(the, where, index, count);
  const named = count.heads.flatMap(({ supporters }) => supporters);
  for (const person of new Set(named))
    notebook.holds('REQ-01', where, standing.joined.has(person), 'supporters who had joined', person);
}

function answer(
  the: Verification,
  officers: Officers,
  standing: Standing,
  line: Read<RequisitionLine>,
  index: number,
  entry: EntryOf<'requisition.answered'>,
): void {
  const { notebook } = the;
  notebook.holds(
    'REQ-01',
    `log ${index}`,
    standing.reachedIndex !== undefined,
    'an answer to what reached a fifth',
    'before it',
  );
  const given: RequisitionAnswer | undefined = recordOf(the, line, requisitionAnswerForm, entry);
  const placed = { index, by: answererAt(officers, index), answer: given?.answer ?? 'convened' } as const;
  checkTurn(the, officers, standing.reachedIndex, standing.answers, placed);
  standing.answers.push(placed);
  if (given === undefined) return;
  const isSound = isAnswerSound(given);
  notebook.holds('REQ-01', line.where, isSound, 'a meeting exactly where one is convened', given.answer);
  checkConvened(the, standing, line, given);
}

/** A meeting whose notice stands before the fifth was convened for something else. */
function checkConvened(
  { definition, log, notebook }: Verification,
  { reachedIndex }: Standing,
  { where }: Read<RequisitionLine>,
  { meeting }: RequisitionAnswer,
): void {
  if (meeting === '' || reachedIndex === undefined) return;
  const noticed = entriesOf(log, 'meeting.noticed', { community: definition.community, meeting })[0];
  if (noticed === undefined) return;
  notebook.holds(
    'REQ-01',
    where,
    noticed.index > reachedIndex,
    `a meeting noticed after log ${reachedIndex}`,
    `${meeting}, noticed at log ${noticed.index}`,
  );
}
