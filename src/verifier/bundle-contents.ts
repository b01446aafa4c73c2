/** Every record of a bundle, parsed by its closed schema: attacker-controlled bytes enter the verifier here (SPEC 9.1). */
import { fromUtf8 } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { h256Text } from '../crypto/frame.ts';
import type {
  ActionLine,
  BallotLine,
  BindingLine,
  Box,
  CastLine,
  CorrectionLine,
  CredentialLine,
  DeliveryLine,
  DesignationLine,
  FormerTallyLine,
  FreezeLine,
  FundLine,
  LetterLine,
  MandateEndLine,
  MandateLine,
  MergeLine,
  ObjectionLine,
  OfficerLine,
  PaperLine,
  PersonLine,
  PromiseLine,
  ReissueLine,
  RequisitionLine,
  RevocationLine,
  RulesLine,
  TopUpsLine,
} from '../record/bundle-lines.ts';
import {
  actionLineForm,
  ballotLineForm,
  bindingLineForm,
  boxForm,
  castLineForm,
  certificateFileForm,
  correctionLineForm,
  credentialLineForm,
  deliveryLineForm,
  designationLineForm,
  eachLine,
  endsItsLines,
  formerTallyLineForm,
  freezeLineForm,
  fundLineForm,
  letterLineForm,
  mandateEndLineForm,
  mandateLineForm,
  mergeLineForm,
  objectionLineForm,
  officerLineForm,
  paperLineForm,
  personLineForm,
  promiseLineForm,
  reissueLineForm,
  requisitionLineForm,
  revocationLineForm,
  rulesLineForm,
  topUpsLineForm,
} from '../record/bundle-lines.ts';
import type { RollOpening } from '../record/identity.ts';
import { rollOpeningForm } from '../record/identity.ts';
import type { Manifest } from '../record/manifest.ts';
import type { Definition } from '../record/meeting.ts';
import { definitionForm, meetingHash } from '../record/meeting.ts';
import type { RollLeaf } from '../record/roll.ts';
import { rollLeafForm } from '../record/roll.ts';
import type { RecordForm, RecordRefusal } from '../record/schema.ts';
import type { ParticipationList, TallyRecord } from '../record/tally-record.ts';
import { participationForm, tallyRecordForm } from '../record/tally-record.ts';
import type { Folder } from './bundle-folder.ts';
import type { Words } from './check-catalogue.ts';
import type { Notebook } from './notebook.ts';
import type { Profile } from './profile-form.ts';
import { profileForm } from './profile-form.ts';

/** A record with its exact bytes and where it stands, such as `casts.jsonl:12`. */
export type Read<T> = { readonly where: string; readonly bytes: Uint8Array; readonly value: T };
export type Lines<T> = readonly Read<T>[];

/** What a bundle holds; a file that is absent or malformed is undefined, and `whyNot` says which. */
export type Contents = {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly meetingHash: string | undefined;
  readonly definition: Read<Definition> | undefined;
  readonly profile: Read<Profile> | undefined;
  readonly profileHash: string | undefined;
  readonly roll: Lines<RollLeaf> | undefined;
  readonly openings: Lines<RollOpening> | undefined;
  readonly corrections: Lines<CorrectionLine> | undefined;
  readonly persons: Lines<PersonLine> | undefined;
  readonly officers: Lines<OfficerLine> | undefined;
  readonly actions: Lines<ActionLine> | undefined;
  readonly letters: Lines<LetterLine> | undefined;
  readonly reissues: Lines<ReissueLine> | undefined;
  readonly credentials: Lines<CredentialLine> | undefined;
  readonly bindings: Lines<BindingLine> | undefined;
  readonly revocations: Lines<RevocationLine> | undefined;
  readonly freezes: Lines<FreezeLine> | undefined;
  readonly merges: Lines<MergeLine> | undefined;
  readonly mandates: Lines<MandateLine> | undefined;
  readonly topUps: Lines<TopUpsLine> | undefined;
  readonly mandateEnds: Lines<MandateEndLine> | undefined;
  readonly designations: Lines<DesignationLine> | undefined;
  readonly ballots: Lines<BallotLine> | undefined;
  readonly casts: Lines<CastLine> | undefined;
  readonly promises: Lines<PromiseLine> | undefined;
  readonly papers: Lines<PaperLine> | undefined;
  readonly rules: Lines<RulesLine> | undefined;
  readonly deliveries: Lines<DeliveryLine> | undefined;
  readonly requisitions: Lines<RequisitionLine> | undefined;
  readonly objections: Lines<ObjectionLine> | undefined;
  readonly formerTallies: Lines<FormerTallyLine> | undefined;
  readonly fund: Lines<FundLine> | undefined;
  readonly box: Read<Box> | undefined;
  readonly tally: Read<TallyRecord> | undefined;
  readonly participation: Read<ParticipationList> | undefined;
  readonly certificate: Read<{ readonly token: string }> | undefined;
  readonly journal: string | undefined;
  /** Texts of notice and proposals, by the file's name. */
  readonly notices: ReadonlyMap<string, string>;
  /** Why a check that needs these files cannot be made. */
  readonly whyNot: (...paths: readonly string[]) => Words;
};

/** So many malformed lines of one file are listed; reading stops there. */
const MAX_FAULTS = 100;

/** Readers of single records and of files of lines; what does not parse is noted, and its file is `broken`. */
function readersOf(files: Folder['files'], notebook: Notebook, broken: Set<string>) {
  const take = <T>(path: string, parsed: Result<T, RecordRefusal>, where: string): T | undefined => {
    if (parsed.ok) return parsed.value;
    broken.add(path);
    noteRefusal(notebook, where, parsed.refusal);
    return undefined;
  };
  const record = <T>(path: string, form: RecordForm<T>): Read<T> | undefined => {
    const bytes = files.get(path);
    if (bytes === undefined) return undefined;
    const value = take(path, form.parse(bytes), path);
    return value === undefined ? undefined : { where: path, bytes, value };
  };
  const lines = <T>(path: string, form: RecordForm<T>): Lines<T> | undefined => {
    const bytes = files.get(path);
    if (bytes === undefined) return undefined;
    if (!endsItsLines(bytes)) {
      broken.add(path);
      notebook.finding('JCS-01', path, 'every line ends in a line feed', 'the last one does not');
      return undefined;
    }
    const read: Read<T>[] = [];
    let [at, faults] = [0, 0];
    for (const line of eachLine(bytes)) {
      at += 1;
      const where = `${path}:${at}`;
      const value = take(path, form.parse(line), where);
      if (value !== undefined) read.push({ where, bytes: line, value });
      else faults += 1;
      // The file is unread already, and a file of nothing but faults would fill the memory with them.
      if (faults === MAX_FAULTS) return undefined;
    }
    return broken.has(path) ? undefined : read;
  };
  return { record, lines };
}

/** Reads all files of a bundle; KIND-01 and JCS-01 collect what does not parse. */
export function readContents(folder: Folder, manifest: Manifest, notebook: Notebook): Contents {
  const { files } = folder;
  const broken = new Set<string>();
  notebook.made('KIND-01', 'JCS-01');
  const { record, lines } = readersOf(files, notebook, broken);
  const definition = record('meeting.json', definitionForm);
  const profile = record('profile.json', profileForm);
  const journal = files.get('fund.journal');
  return {
    manifest,
    files,
    definition,
    meetingHash: definition === undefined ? undefined : meetingHash(definition.bytes),
    profile,
    profileHash: profile === undefined ? undefined : h256Text('profile', profile.bytes),
    roll: lines('roll.jsonl', rollLeafForm),
    openings: lines('holders.jsonl', rollOpeningForm),
    corrections: lines('corrections.jsonl', correctionLineForm),
    persons: lines('persons.jsonl', personLineForm),
    officers: lines('officers.jsonl', officerLineForm),
    actions: lines('actions.jsonl', actionLineForm),
    letters: lines('letters.jsonl', letterLineForm),
    reissues: lines('reissues.jsonl', reissueLineForm),
    credentials: lines('credentials.jsonl', credentialLineForm),
    bindings: lines('bindings.jsonl', bindingLineForm),
    revocations: lines('revocations.jsonl', revocationLineForm),
    freezes: lines('freezes.jsonl', freezeLineForm),
    merges: lines('merges.jsonl', mergeLineForm),
    mandates: lines('mandates.jsonl', mandateLineForm),
    topUps: lines('top-ups.jsonl', topUpsLineForm),
    mandateEnds: lines('mandate-revocations.jsonl', mandateEndLineForm),
    designations: lines('designations.jsonl', designationLineForm),
    ballots: lines('ballots.jsonl', ballotLineForm),
    casts: lines('casts.jsonl', castLineForm),
    promises: lines('promises.jsonl', promiseLineForm),
    papers: lines('paper.jsonl', paperLineForm),
    rules: lines('rules.jsonl', rulesLineForm),
    deliveries: lines('deliveries.jsonl', deliveryLineForm),
    requisitions: lines('requisitions.jsonl', requisitionLineForm),
    objections: lines('objections.jsonl', objectionLineForm),
    formerTallies: lines('former-tallies.jsonl', formerTallyLineForm),
    fund: lines('fund.jsonl', fundLineForm),
    box: record('box.json', boxForm),
    tally: record('tally.json', tallyRecordForm),
    participation: record('participation.json', participationForm),
    certificate: record('certificate.json', certificateFileForm),
    journal: journal === undefined ? undefined : fromUtf8(journal),
    notices: readNotices(files),
    whyNot: (...paths) => whyNot(paths, files, broken, manifest),
  };
}

/** A record that is not in its one spelling is JCS-01; one with a wrong kind, member or value is KIND-01. */
export function noteRefusal(notebook: Notebook, where: string, refusal: RecordRefusal): void {
  const member = refusal.where ?? 'record';
  if (refusal.code === 'RECORD_NOT_CANONICAL') {
    notebook.finding('JCS-01', where, 'canonical JSON (RFC 8785)', `${member} is written otherwise`);
  } else if (refusal.code === 'RECORD_TOO_LARGE') {
    notebook.finding('KIND-01', where, 'within the largest size', `${member} is larger`);
  } else {
    notebook.finding('KIND-01', `${where} ${member}`, String(refusal.facts?.['wanted'] ?? ''), 'otherwise');
  }
}

function readNotices(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, string> {
  const notices = new Map<string, string>();
  for (const [path, bytes] of files) {
    const name = /^notice\/([A-Za-z0-9_-]+)\.txt$/.exec(path)?.[1];
    const body = name === undefined ? undefined : fromUtf8(bytes);
    if (name !== undefined && body !== undefined) notices.set(name, body);
  }
  return notices;
}

function whyNot(
  paths: readonly string[],
  files: ReadonlyMap<string, Uint8Array>,
  broken: ReadonlySet<string>,
  manifest: Manifest,
): Words {
  const unreadable = paths.filter((path) => broken.has(path));
  if (unreadable.length > 0) {
    const list = unreadable.join(', ');
    return { zh: `${list} 无法读取`, en: `${list} cannot be read` };
  }
  const list = paths.filter((path) => !files.has(path)).join(', ') || paths.join(', ');
  return manifest.audience === 'public'
    ? { zh: `公开包不含 ${list}`, en: `the public bundle does not hold ${list}` }
    : { zh: `包内没有 ${list}`, en: `the bundle does not hold ${list}` };
}
