/**
 * CAST-02 of designations: each was signed by every other holder's credential in force, or by two officers over a paper; and who is
 * designated for a head at a place of the log (SPEC 3.6).
 */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import type { DesignationLine } from '../record/bundle-lines.ts';
import type { Designation, Head } from '../record/designation.ts';
import {
  designatedBetween,
  designationForm,
  designationHash,
  isDesignationSound,
  needsDesignation,
} from '../record/designation.ts';
import type { RollOpening } from '../record/identity.ts';
import type { RollLeaf } from '../record/roll.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { KnownKeys } from './credential-checks.ts';
import { isAlive } from './credential-lives.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import { keyOf } from './revocation-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

type Recorded = { readonly index: number; readonly given: Designation };
/** Designations in log order; undefined where the bundle cannot say which there are. */
export type Designations = readonly Recorded[] | undefined;

/** Makes the checks of designations themselves. */
export function checkDesignations(the: Verification, keys: KnownKeys | undefined): Designations {
  const { contents, definition, log, notebook } = the;
  const entries = entriesOf(log, 'designation.recorded', { community: definition.community });
  if (entries.length === 0) return [];
  if (contents.designations === undefined || keys === undefined) {
    notebook.cannot('CAST-02', contents.whyNot('designations.jsonl', 'letters.jsonl'));
    return undefined;
  }
  const byHash = new Map(entries.map((one) => [one.entry.designationHash, one]));
  notebook.same(
    'CAST-02',
    'log designation.recorded',
    `${byHash.size} designations`,
    `${entries.length} designations`,
  );
  const recorded: Recorded[] = [];
  const seen = new Set<string>();
  for (const line of contents.designations) {
    const bytes = fromBase64Url(line.value.designation) ?? new Uint8Array();
    const parsed = designationForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, line.where, parsed.refusal);
      continue;
    }
    const placed = byHash.get(toBase64Url(designationHash(bytes)));
    // LOG-01 says that nothing in the log names it.
    if (placed === undefined) continue;
    const given = parsed.value;
    const isNew = !seen.has(given.designation);
    notebook.holds('CAST-02', line.where, isNew, 'each designation once', given.designation);
    seen.add(given.designation);
    checkRecorded(the, keys, { line, given, hash: designationHash(bytes), placed });
    recorded.push({ index: placed.index, given });
  }
  return recorded.sort((a, b) => a.index - b.index);
}

type Judged = {
  readonly line: Read<DesignationLine>;
  readonly given: Designation;
  readonly hash: Uint8Array;
  readonly placed: Placed<'designation.recorded'>;
};

function checkRecorded(the: Verification, keys: KnownKeys, { line, given, hash, placed }: Judged): void {
  const { definition, notebook } = the;
  const { where, value } = line;
  const { entry, index } = placed;
  notebook.same('CAST-02', `${where} community`, definition.community, given.community);
  notebook.holds('CAST-02', where, isDesignationSound(given), 'each person and unit once', 'otherwise');
  const isPaper = entry.signedBy === 'officers';
  const paperOf = (is: boolean): string => (is ? 'a paper' : 'none');
  notebook.same('CAST-02', `${where} scanHash`, paperOf(isPaper), paperOf(given.scanHash !== ''));
  // Whose actions they are, where officers signed, ACT-01 and ACT-03 judge.
  const wanted = isPaper ? 0 : given.by.length;
  notebook.same('CAST-02', `${where} signed`, `${wanted} signatures`, `${value.signed.length} signatures`);
  if (isPaper) return;
  const named = value.signed.map(({ signature }) => evidenceHash(signature));
  notebook.same('CAST-02', `${where} evidence`, entry.evidence.join(' '), named.join(' '));
  for (const [at, party] of given.by.entries()) {
    const place = `${where} signed[${at}]`;
    const { by = '', signature } = value.signed[at] ?? {};
    const holder = keys.holderOf(by);
    const key = keyOf(by, keys.letters, keys.bound);
    if (signature === undefined || holder === undefined || key === undefined) {
      notebook.finding('CAST-02', place, `a signature of ${party.person}`, by === '' ? 'none' : by);
      continue;
    }
    notebook.same('CAST-02', `${place} holder`, party.person, holder.person);
    notebook.same('CAST-02', `${place} identity`, party.identity, holder.identity);
    const isInForce = isAlive(the, keys.lives.get(by), index) && !keys.isFrozen(party.person, index);
    notebook.holds('CAST-02', place, isInForce, `a credential in force, not frozen, at log ${index}`, by);
    const { units } = holder;
    const isNamed = units === undefined || given.units.every((unit) => units.includes(unit));
    notebook.holds('CAST-02', place, isNamed, 'units that the letter of its signer names', 'another unit');
    const isRight = isSignedBy(key, hash, signature, definition);
    notebook.holds('CAST-02', place, isRight, 'signed by that holder', 'the signature does not verify');
  }
}

/** Nobody has this id: whoever must be designated and is not. */
export const NOBODY = '-';

/**
 * Who alone may cast for an entitlement at a log index: one of these ids, of which `NOBODY` is none, or whoever holds where undefined. There are several
 * where a designation ends within the days that the witnesses leave open.
 */
export function votersAt(
  { definition, rules, notebook }: Verification,
  designations: Designations,
  { index, days }: Pick<Statement, 'index' | 'days'>,
  { leaf, opening }: { readonly leaf: RollLeaf; readonly opening: RollOpening },
): readonly string[] | undefined {
  const head: Head = {
    units: leaf.units.map(({ unit }) => unit),
    holders: new Map(opening.holders.map(({ person, identity }) => [person, identity])),
  };
  if (opening.voter !== '') return [opening.voter];
  // Where the designations cannot be read, checkDesignations has said so.
  if (rules?.designatedOnly !== true || !needsDesignation(head) || designations === undefined)
    return undefined;
  const given = designations.flatMap((one) => (one.index < index ? [one.given] : []));
  const voters = [...new Set(designatedBetween(given, days, definition.meeting, head))];
  if (voters.length > 1 && (days.first === undefined || days.last === undefined))
    notebook.remark('CAST-02', UNDATED);
  return voters.map((voter) => voter || NOBODY);
}

const UNDATED = {
  zh: '没有见证人给出投票的日期,指定在当天是否有效无法确定',
  en: 'no witnesses bracket the day of a cast, so that its designation was in force on it is not established',
};
