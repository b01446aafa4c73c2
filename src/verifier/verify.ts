/** The verifier of SPEC 9: one run over one bundle, no database, no network but `--log`, trust only from outside. */

import { toBase64Url, utf8 } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { MadeIn } from '../record/letter.ts';
import type { Definition } from '../record/meeting.ts';
import type { Trust } from '../record/trust.ts';
import type { Annulled } from './annulment-checks.ts';
import { annulledResolutions, checkAnnulments } from './annulment-checks.ts';
import type { Contents } from './bundle-contents.ts';
import { readContents } from './bundle-contents.ts';
import type { Folder, FolderRefusal } from './bundle-folder.ts';
import { checkManifest, readManifest } from './bundle-folder.ts';
import type { BundledLog } from './bundled-log.ts';
import { readLog } from './bundled-log.ts';
import { checkCasts } from './cast-checks.ts';
import { checkCorrections } from './correction-checks.ts';
import { checkCredentials } from './credential-checks.ts';
import { checkDeliveries } from './delivery-checks.ts';
import { checkDesignations } from './designation-checks.ts';
import { checkEvidence } from './evidence-checks.ts';
import { checkExplanation } from './explanation-checks.ts';
import { checkExtension } from './extension-checks.ts';
import { checkFollowUps } from './follow-up-checks.ts';
import { checkFund } from './fund-checks.ts';
import { lettersFrom } from './late-changes.ts';
import { checkLetters } from './letter-checks.ts';
import type { LogReader } from './live-log.ts';
import { checkLiveLog } from './live-log.ts';
import { checkCommitments, checkHistory, checkInclusion, checkReceipt } from './log-checks.ts';
import { checkMandates } from './mandate-checks.ts';
import { checkMeeting, checkProfile, courseOf } from './meeting-checks.ts';
import { checkMergedOnRoll, readMerges } from './merge-checks.ts';
import type { Check, Notebook } from './notebook.ts';
import { openNotebook } from './notebook.ts';
import { checkOfficers, checkSeen } from './officer-checks.ts';
import type { Officers } from './officers.ts';
import { checkPapers } from './paper-checks.ts';
import { readPapers } from './paper-statements.ts';
import { checkPauses } from './pause-checks.ts';
import { readRules } from './profile-form.ts';
import { checkPromises } from './promise-checks.ts';
import { readPromises } from './promises.ts';
import { checkRequisitions } from './requisition-checks.ts';
import { checkRoll } from './roll-checks.ts';
import { checkRules } from './rules-checks.ts';
import type { ScanReader } from './scan-checks.ts';
import { checkScans } from './scan-checks.ts';
import type { Statement } from './statements.ts';
import { readStatements } from './statements.ts';
import { checkTally } from './tally-checks.ts';
import { timeBrackets, witnessesOf } from './time-brackets.ts';
import { checkTrust } from './trust-check.ts';
import type { Verification } from './verification.ts';
import { checkVoids } from './void-checks.ts';

/** What a user gives besides the bundle. */
export type Given = {
  readonly trust?: Trust;
  /** A checkpoint that the user kept, and the file it came from. */
  readonly checkpoint?: { readonly path: string; readonly note: string };
  /** The bytes of a receipt. */
  readonly receipt?: Uint8Array;
  readonly liveLog?: LogReader;
  /** The opened scans of papers. */
  readonly scans?: ScanReader;
};

/** What to compare with the printed notice where no trust file was given (SPEC 9.2). */
export type Fingerprint = { readonly zh: string; readonly en: string; readonly value: string };

/** The outcome of a run. */
export type Report = {
  readonly meeting: string;
  readonly title: string;
  readonly audience: 'auditor' | 'public';
  readonly isTrustGiven: boolean;
  readonly isDemo: boolean;
  /** The server held the key of the ballot box. */
  readonly isBoxWithServer: boolean;
  /** Where letters were made, as the log says. */
  readonly lettersFrom: MadeIn;
  /** Resolutions that were annulled after the final result. */
  readonly annulled: readonly Annulled[];
  readonly fingerprints: readonly Fingerprint[];
  readonly checks: readonly Check[];
};

/** Runs every check; refused only where there is no readable manifest. */
export async function verifyBundle(folder: Folder, given: Given): Promise<Result<Report, FolderRefusal>> {
  const manifest = readManifest(folder);
  if (!manifest.ok) return manifest;
  const notebook = openNotebook();
  checkManifest(folder, manifest.value, notebook);
  const contents = readContents(folder, manifest.value, notebook);
  const definition = contents.definition?.value;
  const vkey = given.trust?.logVkey ?? definition?.logVkey;
  const log = readLog(folder.files, vkey, notebook);
  if (definition !== undefined && log !== undefined && contents.meetingHash !== undefined) {
    await judge(contents, definition, contents.meetingHash, log, given, notebook);
  } else if (definition === undefined && !folder.files.has('meeting.json')) {
    notebook.finding('LOG-01', 'meeting.json', 'the definition of the meeting', 'no such file');
  }
  return ok({
    meeting: manifest.value.meeting,
    title: definition?.title ?? '',
    audience: manifest.value.audience,
    isTrustGiven: given.trust !== undefined,
    isDemo: given.trust?.demo === true || definition?.demoRoot === true || isDemoLog(log),
    isBoxWithServer: definition?.boxHolder === 'server',
    lettersFrom: log === undefined || definition === undefined ? 'command' : lettersFrom(log, definition),
    annulled: log === undefined || definition === undefined ? [] : annulledResolutions(log, definition),
    fingerprints: fingerprintsOf(definition, log),
    checks: notebook.checks(),
  });
}

const isDemoLog = (log: BundledLog | undefined): boolean => {
  const first = log?.entries[0]?.entry;
  return first?.kind === 'root.declared' && first.demo === 'demo';
};

async function judge(
  contents: Contents,
  definition: Definition,
  meetingHash: string,
  log: BundledLog,
  given: Given,
  notebook: Notebook,
): Promise<void> {
  const { trust } = given;
  const source = trust ?? definition;
  const rules = readRules(definition.profile.parameters);
  const judged = {
    contents,
    definition,
    meetingHash,
    log,
    rules: typeof rules === 'string' ? undefined : rules,
    trust,
    brackets: timeBrackets(log.checkpoints, witnessesOf(source.witnesses), source.quorum),
    notebook,
    logVkey: source.logVkey,
    witnesses: source.witnesses,
    quorum: source.quorum,
  };
  const the: Verification = { ...judged, merges: readMerges(judged) };
  checkTrust(trust, definition, log, notebook);
  const course = courseOf(the);
  const live = await checkLiveLog(the, given.liveLog);
  checkHistory(the, given.checkpoint === undefined ? [] : [given.checkpoint], live);
  checkInclusion(the);
  checkCommitments(the, course);
  const officers = checkOfficers(the);
  checkMeeting(the);
  checkProfile(the);
  checkRules(the, course);
  const roll = checkRoll(the);
  checkMergedOnRoll(the);
  checkCorrections(the, course);
  const promises = readPromises(the);
  const statements = readStatements(the, promises);
  const papers = readPapers(the);
  checkExplanation(the, officers);
  const keys = checkCredentials(the, officers, checkLetters(the, roll, statements), statements);
  checkRequisitions(the, officers, keys);
  const mandates = checkMandates(the, keys);
  const designations = checkDesignations(the, keys);
  checkCasts(the, course, officers, roll, { statements, papers, mandates, designations });
  checkPapers(the, roll, papers, { mandates, designations });
  checkSeenStates(the, officers, statements);
  checkVoids(the, course, statements, papers);
  checkPromises(the, course, promises, statements);
  checkExtension(the, course, roll, statements, papers);
  checkTally(the, course, officers, roll, statements, papers);
  checkFund(the, course, officers, roll);
  checkDeliveries(the, course, officers, roll);
  checkEvidence(the, course);
  checkPauses(the, course);
  checkFollowUps(the);
  checkAnnulments(the);
  checkReceipt(the, given.receipt, statements, papers);
  await checkScans(the, given.scans, papers);
}

function checkSeenStates(
  the: Verification,
  officers: Officers | undefined,
  statements: readonly Statement[] | undefined,
): void {
  const { contents, notebook } = the;
  notebook.made('SEEN-01');
  if (statements === undefined) notebook.cannot('SEEN-01', contents.whyNot('casts.jsonl', 'ballots.jsonl'));
  if (officers === undefined) notebook.cannot('SEEN-01', contents.whyNot('actions.jsonl'));
  const byOfficers = [...(officers?.signers ?? [])].flatMap(([index, signers]) =>
    signers.map(({ signed: { where, action } }) => ({ where, index, size: action.size, root: action.root })),
  );
  const byOwners = (statements ?? []).map(({ where, index, cast: { size, root } }) => ({
    where,
    index,
    size,
    root,
  }));
  checkSeen(the, [...byOfficers, ...byOwners]);
}

/** Root keys, log key and witnesses as the bundle states them, each as SHA-256 in base64url. */
function fingerprintsOf(
  definition: Definition | undefined,
  log: BundledLog | undefined,
): readonly Fingerprint[] {
  const first = log?.entries[0]?.entry;
  const print = (text: string): string => toBase64Url(sha256(utf8(text)));
  const roots = first?.kind === 'root.declared' ? first.roots : [];
  return [
    ...roots.map((root, at) => ({ zh: `根密钥 ${at + 1}`, en: `root key ${at + 1}`, value: print(root) })),
    ...(definition === undefined
      ? []
      : [
          { zh: '日志密钥', en: 'log key', value: print(definition.logVkey) },
          ...definition.witnesses.map((vkey, at) => ({
            zh: `见证人 ${at + 1}`,
            en: `witness ${at + 1}`,
            value: print(vkey),
          })),
        ]),
  ];
}
