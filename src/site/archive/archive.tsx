/** The archive pack of a meeting: its papers, records and tables in one file, which its manifest's digest names (SPEC 9.5). */
import { profileById, profileBytes } from '../../assembly/domain/profile.ts';
import type { Meeting } from '../../assembly/meetings.ts';
import { readTexts } from '../../assembly/meetings.ts';
import type { BallotDeps } from '../../ballot/ballot-deps.ts';
import { present } from '../../base/assert.ts';
import { compareText, toBase64Url, utf8 } from '../../base/bytes.ts';
import { canonicalBytes } from '../../base/canonical.ts';
import { csvText } from '../../base/csv-text.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { ArchiveManifest } from '../../record/archive.ts';
import { archiveManifestForm, fileDigest } from '../../record/archive.ts';
import { certificateFileForm, formerTallyLineForm, linesFile } from '../../record/bundle-lines.ts';
import { frozenLeaves } from '../../registry/frozen-roll.ts';
import type { Archive, ArchiveFacts, ArchiveRefusal, ArchiveStanding } from '../../tally/archiving.ts';
import { archiveStanding, keepArchive, keptArchive, keptFacts } from '../../tally/archiving.ts';
import { parametersOf } from '../../tally/counting.ts';
import { tallyFiles } from '../../tally/tally-files.ts';
import { ArchiveDocument } from '../../web/public/documents/archive-document.tsx';
import type { DocumentProps } from '../../web/public/documents/document-frame.tsx';
import type { DocumentName } from '../../web/public/documents/document-names.ts';
import { documentsOf } from '../../web/public/documents/document-names.ts';
import { t } from '../../web/public/documents/document-words.ts';
import type { MeetingPageProps } from '../../web/public/meeting-page.tsx';
import type { Assets } from '../assets.ts';
import { deliveryFacts, rollFacts } from '../document-view.ts';
import { meetingView } from '../meeting-view.ts';
import type { DocumentFacts } from '../pages.tsx';
import { documentPage, documentTitle } from '../pages.tsx';
import type { Rows } from './archive-tables.ts';
import {
  channelRows,
  conditionRows,
  deliveryChannelRows,
  deliveryRows,
  resultRows,
  rollRows,
} from './archive-tables.ts';
import { filedDocument, filedStyle } from './filed-document.ts';
import { storedZip } from './stored-zip.ts';

type Files = Map<string, Uint8Array>;

/** The records of the public bundle that are of this meeting alone, byte for byte as it has them (SPEC 9.1). */
async function addRecords(files: Files, { db }: BallotDeps, meeting: Meeting): Promise<void> {
  const { definition } = meeting;
  const profile = present(profileById(definition.profile.id), 'a published profile');
  files.set('data/meeting.json', meeting.definitionBytes);
  files.set('data/profile.json', profileBytes(profile, parametersOf(definition)));
  for (const [hash, body] of await readTexts(db, meeting)) files.set(`data/notice/${hash}.txt`, utf8(body));
  const tally = await tallyFiles(db, meeting.meeting);
  // Leaves are public after the close (SPEC 4.5).
  if (tally === undefined) return;
  const leaves = await frozenLeaves(db, meeting.community, meeting.meeting);
  files.set('data/roll.jsonl', linesFile(leaves.map(({ bytes }) => bytes)));
  files.set('data/tally.json', tally.record);
  files.set('data/participation.json', tally.participation);
  if (tally.former.length > 0)
    files.set(
      'data/former-tallies.jsonl',
      linesFile(tally.former.map((line) => formerTallyLineForm.bytes(line))),
    );
  if (tally.certificate !== '')
    files.set('data/certificate.json', certificateFileForm.bytes({ token: tally.certificate }));
}

function addTables(files: Files, { view }: DocumentProps, { roll, deliveries }: DocumentFacts): void {
  const add = (name: string, rows: Rows) => files.set(`tables/${name}.csv`, utf8(csvText(rows)));
  if (view.result !== undefined) {
    add('result', resultRows(view.result));
    add('conditions', conditionRows(view.result));
    add('channels', channelRows(view.result));
  }
  if (roll !== undefined) {
    add('roll', rollRows(roll));
    files.set('data/roll-sums.json', canonicalBytes({ ...roll }));
  }
  if (deliveries === undefined) return;
  add('deliveries', deliveryRows(deliveries));
  add('delivery-channels', deliveryChannelRows(deliveries));
  files.set('data/delivery-sums.json', canonicalBytes({ ...deliveries }));
}

/** Of a final result the preliminary announcement as well, which was posted while objections could be made. */
function addPages(files: Files, document: DocumentProps, facts: DocumentFacts, style: string): void {
  const { view } = document;
  const add = (file: string, shown: DocumentProps, name: DocumentName) => {
    const page = present(documentPage(shown, name, facts), `the meeting has its ${name}`);
    files.set(`pages/${file}.html`, utf8(filedDocument(documentTitle(view, name), style, page)));
  };
  for (const name of documentsOf(view))
    add(name === 'announcement' ? (view.result?.stage ?? name) : name, document, name);
  const { result } = view;
  if (result?.stage !== 'final') return;
  const first = { ...result, stage: 'preliminary' as const, annulments: [] };
  const before = { ...document, view: { ...view, result: first } };
  add('preliminary', before, 'announcement');
}

function manifestOf(
  files: Files,
  { meeting, community }: Meeting,
  { stage, index, leafHash, proof }: ArchiveStanding,
  origin: string,
): ArchiveManifest {
  return {
    v: 1,
    kind: 'archive',
    community,
    meeting,
    stage,
    origin,
    size: proof.size,
    root: toBase64Url(proof.root),
    index,
    entry: toBase64Url(leafHash),
    files: [...files]
      .map(([path, bytes]) => ({ path, sha256: fileDigest(bytes) }))
      .sort((a, b) => compareText(a.path, b.path)),
  };
}

/** Without annulments that have no place in the log yet: a pack is kept for good, and names places that can be looked up. */
function placedOnly(view: MeetingPageProps): MeetingPageProps {
  const { result } = view;
  if (result === undefined) return view;
  const annulments = result.annulments.filter(({ logIndex }) => logIndex !== undefined);
  return { ...view, result: { ...result, annulments } };
}

/** Makes the pack from what the meeting has now. */
async function makeArchive(
  deps: BallotDeps,
  assets: Assets,
  meeting: Meeting,
  standing: ArchiveStanding,
): Promise<Archive> {
  const address = meetingAddress(deps, meeting.meeting);
  const document: DocumentProps = {
    view: placedOnly(await meetingView(deps, meeting)),
    address,
    isFiled: true,
  };
  const has = documentsOf(document.view);
  const facts: DocumentFacts = {
    roll: has.includes('roll') ? await rollFacts(deps, meeting) : undefined,
    deliveries: has.includes('delivery') ? await deliveryFacts(deps, meeting) : undefined,
  };
  const style = filedStyle(assets);
  const files: Files = new Map();
  await addRecords(files, deps, meeting);
  addTables(files, document, facts);
  addPages(files, document, facts, style);
  files.set('log/checkpoint', utf8(standing.proof.note));
  files.set('log/entry.json', standing.bytes);
  files.set('log/entry.tlog-proof', utf8(standing.proof.text));
  const shown = manifestOf(files, meeting, standing, meeting.definition.origin);
  const manifest = archiveManifestForm.bytes(shown);
  const cover = (
    <ArchiveDocument
      {...document}
      address={`${address}/archive`}
      manifest={shown}
      digest={fileDigest(manifest)}
    />
  );
  const title = `${t('archive')} · ${meeting.title} · ${document.view.communityName}`;
  const pack = storedZip([
    ['cover.html', utf8(filedDocument(title, style, cover))],
    ['manifest.json', manifest],
    ...[...files].sort(([a], [b]) => compareText(a, b)),
  ]);
  return { manifest, pack };
}

/** A pack that changes still is made once a minute at most, whoever asks: it takes the whole roll. */
const FRESH_MS = 60_000;
/** With the facts of its pack, hashed once. */
type Whole = { readonly archive: Archive; readonly facts: ArchiveFacts };
type Made = { readonly at: number; readonly whole: Promise<Whole> };
const provisional = new Map<string, Made>();
/** Packs of meetings that are over while they are made for the first time, by meeting: all who ask meanwhile get the same one. */
const firsts = new Map<string, Promise<Whole>>();

const wholeOf = (archive: Archive): Whole => ({
  archive,
  facts: {
    manifest: archive.manifest,
    pack: { sha256: fileDigest(archive.pack), bytes: archive.pack.length },
  },
});

/** The pack of a preliminary result, by the entry that it stands by; it may be a minute old. */
function provisionalArchive(
  deps: BallotDeps,
  meeting: Meeting,
  { index }: ArchiveStanding,
  make: () => Promise<Archive>,
): Promise<Whole> {
  const key = `${meeting.meeting} ${index}`;
  const now = deps.clock();
  const last = provisional.get(key);
  if (last !== undefined && Math.abs(now - last.at) < FRESH_MS) return last.whole;
  // What is older than that serves nobody any more.
  for (const [other, { at }] of provisional) if (Math.abs(now - at) >= FRESH_MS) provisional.delete(other);
  const whole = make().then(wholeOf);
  provisional.set(key, { at: now, whole });
  whole.catch(() => provisional.delete(key));
  return whole;
}

/** The pack of a meeting that is over, made and kept for the first time. */
function firstArchive(deps: BallotDeps, meeting: Meeting, make: () => Promise<Archive>): Promise<Whole> {
  const running = firsts.get(meeting.meeting);
  if (running !== undefined) return running;
  // Whoever read that none is kept may come after one was.
  const first = async () =>
    wholeOf((await keptArchive(deps.db, meeting)) ?? (await keepArchive(deps, meeting, await make())));
  const whole = first().finally(() => firsts.delete(meeting.meeting));
  firsts.set(meeting.meeting, whole);
  return whole;
}

/** The pack of a meeting of which none is kept. */
async function newArchive(
  deps: BallotDeps,
  assets: Assets,
  meeting: Meeting,
): Promise<Result<Whole, ArchiveRefusal>> {
  const standing = await archiveStanding(deps.db, meeting);
  if (!standing.ok) return standing;
  const make = () => makeArchive(deps, assets, meeting, standing.value);
  return ok(
    standing.value.stage === 'preliminary'
      ? await provisionalArchive(deps, meeting, standing.value, make)
      : await firstArchive(deps, meeting, make),
  );
}

/** The archive pack of a meeting: as it was kept, else made now, and kept from then on where the meeting is over. */
export async function archiveOf(
  deps: BallotDeps,
  assets: Assets,
  meeting: Meeting,
): Promise<Result<Archive, ArchiveRefusal>> {
  const kept = await keptArchive(deps.db, meeting);
  if (kept !== undefined) return ok(kept);
  const made = await newArchive(deps, assets, meeting);
  return made.ok ? ok(made.value.archive) : made;
}

/** What the page of that pack says of it; of one that is kept the pack is not read. */
export async function archiveFactsOf(
  deps: BallotDeps,
  assets: Assets,
  meeting: Meeting,
): Promise<Result<ArchiveFacts, ArchiveRefusal>> {
  const kept = await keptFacts(deps.db, meeting);
  if (kept !== undefined) return ok(kept);
  const made = await newArchive(deps, assets, meeting);
  return made.ok ? ok(made.value.facts) : made;
}

/** Address of a meeting's public page, as papers print it. */
export const meetingAddress = ({ deployment }: BallotDeps, meeting: string): string =>
  `${deployment.origins[0] ?? ''}/meetings/${meeting}`;
