/** The bundle of a meeting: everything that `verify` reads, each file from the feature that owns it (SPEC 9.1). */

import { profileById, profileBytes } from '../assembly/domain/profile.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting, readTexts } from '../assembly/meetings.ts';
import { rulesLines } from '../assembly/own-rules.ts';
import { requisitionLines } from '../assembly/requisition-files.ts';
import { allCheckpoints, latestCheckpoint } from '../auditlog/checkpoints.ts';
import { tileBytes } from '../auditlog/tiles.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { promiseLines, tallyInputs, votingCredentials } from '../ballot/ballot-files.ts';
import { present } from '../base/assert.ts';
import { compareText, toBase64Url, utf8 } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import { fundFiles, namedLater, topUpLines } from '../fund/bundling.ts';
import { bindingLines, revocationLines } from '../identity/binding.ts';
import { credentialLines, letterLines, reissueLines } from '../identity/credentials.ts';
import { designationLines } from '../identity/designations.ts';
import { freezeLines } from '../identity/freezing.ts';
import { mandateEndLines, mandateLines } from '../identity/mandate-uses.ts';
import { mergeLines } from '../identity/merging.ts';
import { deliveryLines } from '../notice/delivery-files.ts';
import { actionLines, officerLines } from '../officers/officer-lines.ts';
import { declaredRoots } from '../officers/root.ts';
import type { LetterLine, PersonLine } from '../record/bundle-lines.ts';
import {
  actionLineForm,
  bindingLineForm,
  certificateFileForm,
  correctionLineForm,
  credentialLineForm,
  deliveryLineForm,
  designationLineForm,
  formerTallyLineForm,
  freezeLineForm,
  letterLineForm,
  linesFile,
  mandateEndLineForm,
  mandateLineForm,
  mergeLineForm,
  objectionLineForm,
  officerLineForm,
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
import { manifestForm } from '../record/manifest.ts';
import type { RecordForm } from '../record/schema.ts';
import { printTilePath, tilesOfSize } from '../record/tile.ts';
import type { Trust } from '../record/trust.ts';
import { trustForm } from '../record/trust.ts';
import { openingsOf } from '../registry/frozen-roll.ts';
import { rollCorrections } from '../registry/roll-corrections.ts';
import { parametersOf } from '../tally/counting.ts';
import type { TallyFiles } from '../tally/tally-files.ts';
import { tallyFiles } from '../tally/tally-files.ts';

/** Path in the bundle → bytes. */
export type BundleFiles = Map<string, Uint8Array>;

export type Audience = Manifest['audience'];
export type BundleRefusal = Refusal<'MEETING_UNKNOWN' | 'RESULT_NOT_YET'>;

const linesOf = <T>(form: RecordForm<T>, lines: readonly T[]): Uint8Array =>
  linesFile(lines.map((line) => form.bytes(line)));

/** All files of a meeting's bundle with their manifest. */
export async function exportBundle(
  deps: BallotDeps,
  meetingId: string,
  audience: Audience,
): Promise<Result<BundleFiles, BundleRefusal>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined) return refuse('MEETING_UNKNOWN');
  const tally = await tallyFiles(deps.db, meetingId);
  if (tally === undefined) return refuse('RESULT_NOT_YET');
  const newest = present(await latestCheckpoint(deps.db), 'a counted meeting has checkpoints');
  const files: BundleFiles = new Map();
  await addDefinition(files, deps, meeting, newest.size);
  await addLog(files, deps, newest);
  await addOfficers(files, deps, meeting);
  await addVotes(files, deps, { meeting, audience, size: newest.size });
  addTally(files, tally, audience);
  await addFund(files, deps, meeting, newest.size);
  files.set(
    'keys.json',
    canonicalBytes({ v: 1, kind: 'keys', logVkey: deps.deployment.logVkey, ...deps.publicKeys }),
  );
  const listed = [...files]
    .map(([path, bytes]) => ({ path, sha256: toBase64Url(sha256(bytes)) }))
    .sort((a, b) => compareText(a.path, b.path));
  files.set(
    'manifest.json',
    manifestForm.bytes({ v: 1, kind: 'bundle', meeting: meetingId, audience, files: listed }),
  );
  return ok(files);
}

async function addDefinition(
  files: BundleFiles,
  deps: BallotDeps,
  meeting: Meeting,
  size: number,
): Promise<void> {
  const { community, definition } = meeting;
  const rules = await rulesLines(deps.db, community, size);
  if (rules.length > 0) files.set('rules.jsonl', linesOf(rulesLineForm, rules));
  const profile = present(profileById(definition.profile.id), 'a published profile');
  files.set('meeting.json', meeting.definitionBytes);
  files.set('profile.json', profileBytes(profile, parametersOf(definition)));
  for (const [hash, body] of await readTexts(deps.db, meeting)) files.set(`notice/${hash}.txt`, utf8(body));
}

async function addLog(
  files: BundleFiles,
  deps: BallotDeps,
  newest: { readonly size: number; readonly note: string },
): Promise<void> {
  files.set('log/checkpoint', utf8(newest.note));
  for (const checkpoint of await allCheckpoints(deps.db)) {
    if (checkpoint.size <= newest.size)
      files.set(`log/checkpoints/${checkpoint.size}`, utf8(checkpoint.note));
  }
  for (const address of tilesOfSize(newest.size)) {
    files.set(`log/${printTilePath(address)}`, present(await tileBytes(deps.db, address), 'tiles stay'));
  }
}

async function addOfficers(files: BundleFiles, deps: BallotDeps, { community }: Meeting): Promise<void> {
  files.set('actions.jsonl', linesOf(actionLineForm, await actionLines(deps.db, community)));
  files.set('officers.jsonl', linesOf(officerLineForm, await officerLines(deps.db, community)));
}

/**
 * Persons with the commitments that the roll and the letters hold, not with today's: a register that is corrected later must
 * not contradict what was frozen.
 */
function personsOf(letters: readonly LetterLine[], openings: readonly RollOpening[]): readonly PersonLine[] {
  const identities = new Map(letters.map(({ item }) => [item.person, item.identity]));
  for (const { holders } of openings)
    for (const { person, identity } of holders) identities.set(person, identity);
  return [...identities]
    .map(([person, identity]) => ({ person, identity }))
    .sort((a, b) => compareText(a.person, b.person));
}

/** The public part has leaves and letters, and nothing that names a person or holds a statement. */
async function addVotes(
  files: BundleFiles,
  deps: BallotDeps,
  {
    meeting,
    audience,
    size,
  }: { readonly meeting: Meeting; readonly audience: Audience; readonly size: number },
): Promise<void> {
  const inputs = await tallyInputs(deps.db, meeting);
  files.set('roll.jsonl', inputs['roll.jsonl']);
  const promises = await promiseLines(deps.db, meeting);
  if (promises.length > 0) files.set('promises.jsonl', linesOf(promiseLineForm, promises));
  if (audience === 'public') return;
  const { community, meeting: id } = meeting;
  for (const [path, bytes] of Object.entries(inputs)) files.set(path, bytes);
  const letters = await letterLines(deps.db, community);
  const openings = await openingsOf(deps.db, community, id);
  files.set('letters.jsonl', linesOf(letterLineForm, letters));
  files.set('reissues.jsonl', linesOf(reissueLineForm, await reissueLines(deps.db, community, size)));
  files.set('holders.jsonl', linesOf(rollOpeningForm, openings));
  const corrections = (await rollCorrections(deps.db, community, id)).map(({ line }) => line);
  files.set('corrections.jsonl', linesOf(correctionLineForm, corrections));
  const held = [...corrections.map(({ opening }) => opening), ...openings];
  files.set('persons.jsonl', linesOf(personLineForm, personsOf(letters, held)));
  const credentials = await credentialLines(deps.db, community, await votingCredentials(deps.db, meeting));
  files.set('credentials.jsonl', linesOf(credentialLineForm, credentials));
  files.set('bindings.jsonl', linesOf(bindingLineForm, await bindingLines(deps, community, size)));
  files.set('deliveries.jsonl', linesOf(deliveryLineForm, await deliveryLines(deps.db, community, id)));
  files.set('freezes.jsonl', linesOf(freezeLineForm, await freezeLines(deps.db, community, size)));
  files.set('merges.jsonl', linesOf(mergeLineForm, await mergeLines(deps.db, community, size)));
  files.set('mandates.jsonl', linesOf(mandateLineForm, await mandateLines(deps.db, community, size)));
  files.set(
    'mandate-revocations.jsonl',
    linesOf(mandateEndLineForm, await mandateEndLines(deps.db, community, size)),
  );
  files.set(
    'designations.jsonl',
    linesOf(designationLineForm, await designationLines(deps.db, community, size)),
  );
  files.set(
    'requisitions.jsonl',
    linesOf(requisitionLineForm, await requisitionLines(deps.db, community, size)),
  );
  files.set('top-ups.jsonl', linesOf(topUpsLineForm, await topUpLines(deps.db, community, size)));
  files.set(
    'revocations.jsonl',
    linesOf(revocationLineForm, await revocationLines(deps.db, community, size)),
  );
}

function addTally(files: BundleFiles, tally: TallyFiles, audience: Audience): void {
  files.set('tally.json', tally.record);
  files.set('participation.json', tally.participation);
  if (tally.former.length > 0) files.set('former-tallies.jsonl', linesOf(formerTallyLineForm, tally.former));
  if (audience === 'auditor') files.set('objections.jsonl', linesOf(objectionLineForm, tally.objections));
  if (tally.certificate !== '')
    files.set('certificate.json', certificateFileForm.bytes({ token: tally.certificate }));
}

async function addFund(
  files: BundleFiles,
  { db }: BallotDeps,
  { community }: Meeting,
  size: number,
): Promise<void> {
  const { lines, journal } = await fundFiles(db, community, () => namedLater(db, community, size));
  files.set('fund.jsonl', linesFile(lines));
  if (journal !== undefined) files.set('fund.journal', utf8(journal));
}

/** What a verifier must be given from outside; a copy for the demo, where outside is beside (SPEC 9.2). */
export async function exportTrust(
  deps: BallotDeps,
  meetingId: string,
): Promise<Result<Uint8Array, BundleRefusal>> {
  const meeting = await readMeeting(deps.db, meetingId);
  const declared = await declaredRoots(deps.db);
  if (meeting === undefined || declared === undefined) return refuse('MEETING_UNKNOWN');
  const { definition } = meeting;
  const trust: Trust = {
    v: 1,
    kind: 'trust',
    origin: deps.deployment.origin,
    roots: declared.roots,
    threshold: declared.threshold,
    logVkey: deps.deployment.logVkey,
    witnesses: [...deps.deployment.witnesses],
    quorum: deps.deployment.quorum,
    demo: declared.demo === 'demo',
    profiles: [{ id: definition.profile.id, hash: definition.profile.hash }],
  };
  return ok(trustForm.bytes(trust));
}
