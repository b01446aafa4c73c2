// A whole meeting with real cryptography, from the root to the payment, and the bundle that an auditor gets. `Forge` lets a
// test be a dishonest operator at any step: what follows is built upon the forgery, so that no hash gives it away by chance.
// The numbers of the result and of the shares are worked out by hand in story-tally.ts and story-book.ts; nothing of the
// verifier computes them. Each story-*.ts file tells one part.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CN_2021, defaultParameters, profileHash } from '../../src/assembly/domain/profile.ts';
import { compareText, toBase64Url } from '../../src/base/bytes.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { manifestForm } from '../../src/record/manifest.ts';
import type { Definition } from '../../src/record/meeting.ts';
import type { Trust } from '../../src/record/trust.ts';
import { trustForm } from '../../src/record/trust.ts';
import { bundleFiles } from './bundle-files.ts';
import type { Forge, World } from './forge.ts';
import { appointOfficers, beginStory } from './story.ts';
import { giveAgentLetter, withAgent } from './story-agents.ts';
import { applyBefore, applyForRoof } from './story-application.ts';
import { bindKeys, revokeKeys } from './story-bindings.ts';
import { openBook, payFromBook } from './story-book.ts';
import { castVotes } from './story-casts.ts';
import { certifyResult } from './story-certificate.ts';
import { correctRoll, noCorrections } from './story-corrections.ts';
import { putDeliveries } from './story-deliveries.ts';
import { coOwnersOf, designate } from './story-designations.ts';
import { repairLift } from './story-emergency.ts';
import { freezeVotes } from './story-freezes.ts';
import { ORIGIN } from './story-log.ts';
import { endMandates, giveMandates } from './story-mandates.ts';
import { conveneMeeting } from './story-meeting.ts';
import { mergePersons } from './story-merges.ts';
import { publishOctober, publishWinter } from './story-month.ts';
import { importOwners } from './story-owners.ts';
import { refundHome } from './story-refund.ts';
import { answerOnes, demandMeeting } from './story-requisitions.ts';
import { earnFromLifts } from './story-revenue.ts';
import { countVotes } from './story-tally.ts';
import { callForTopUps } from './story-top-up.ts';
import { receiveUnknown } from './story-unknown.ts';
import { recountAfterVoid } from './story-voids.ts';

export type { Ballots, Forge, World } from './forge.ts';

/** A bundle in memory, with what lies outside it. */
export type Built = {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly trust: Trust;
  readonly world: World;
  readonly definition: Definition;
  /** Log index of each cast, in order. */
  readonly castIndexes: readonly number[];
  readonly receipt: (index: number) => string;
};

/** Tells the whole story, with the lies of a Forge, and gives its bundle. */
export function buildBundle(forge: Forge = {}): Built {
  const story = beginStory(forge);
  const { world, rootKeys } = story;
  const { log, meeting } = world;
  appointOfficers(story);
  const imported = withAgent(story, importOwners(story));
  const early = freezeVotes(story, imported, 'keys');
  const merged = mergePersons(story, imported, 'keys');
  const { owners, keys } = bindKeys(story, imported);
  const book = openBook(story, owners);
  receiveUnknown(story, book);
  const applied = applyBefore(story, book);
  const convened = conveneMeeting(story, owners);
  const deliveries = [putDeliveries(story, convened, 'opening')];
  const corrections = noCorrections();
  correctRoll(story, owners, convened, corrections, 'open');
  if (forge.keys?.revokedEarly === true) revokeKeys(story, owners, keys);
  const opening = freezeVotes(story, owners, 'open');
  const merging = mergePersons(story, owners, 'open');
  const mandates = giveMandates(story, owners);
  const agent = giveAgentLetter(story, owners);
  const designations = designate(story, owners);
  const requisitions = demandMeeting(story, owners);
  const casts = castVotes(story, owners, convened, mandates.ids);
  endMandates(story, owners, mandates);
  const freezes = [...early, ...opening, ...freezeVotes(story, owners, 'casts')];
  if (forge.keys?.revokedEarly !== true) revokeKeys(story, owners, keys);
  correctRoll(story, owners, convened, corrections, 'casts');
  deliveries.push(putDeliveries(story, convened, 'close'));
  const counted = countVotes(story, owners, convened, casts, {
    ...corrections,
    listed: [...corrections.listed],
  });
  correctRoll(story, owners, convened, corrections, 'counted');
  const late = mergePersons(story, owners, 'counted');
  const recounted = recountAfterVoid(story, convened, casts, counted);
  const inForce = recounted?.counted ?? counted;
  const certified = certifyResult(story, convened, casts, inForce);
  publishOctober(story, book);
  payFromBook(story, book, convened);
  refundHome(story, book);
  repairLift(story, book, owners);
  publishWinter(story, book);
  applyForRoof(story, book, convened, applied);
  earnFromLifts(story, book, convened);
  const topUps = callForTopUps(story, book, convened);
  answerOnes(story, requisitions, true);
  const files = bundleFiles({
    story,
    owners,
    keys,
    freezes,
    merges: [...merged, ...merging, ...late],
    mandates,
    agent,
    designations,
    requisitions: requisitions.lines,
    topUps,
    book,
    convened,
    deliveries,
    corrections,
    counted: inForce,
    recounted,
    certified,
  });
  forge.files?.(files);
  addManifest(files, meeting, 'auditor');
  forge.folder?.(files);
  const trust: Trust = {
    v: 1,
    kind: 'trust',
    origin: ORIGIN,
    roots: [...rootKeys],
    threshold: 2,
    logVkey: log.vkey,
    witnesses: [...log.witnesses],
    quorum: 2,
    demo: false,
    profiles: [
      {
        id: CN_2021.id,
        hash: toBase64Url(
          profileHash(CN_2021, { ...defaultParameters(CN_2021), letterRevote: true, ...coOwnersOf(forge) }),
        ),
      },
    ],
  };
  return {
    files,
    trust,
    world,
    definition: convened.definition,
    castIndexes: casts.castIndexes,
    receipt: log.receipt,
  };
}

/** Makes the manifest over the files as they are. */
export function addManifest(
  files: Map<string, Uint8Array>,
  meeting: string,
  audience: 'auditor' | 'public',
): void {
  files.delete('manifest.json');
  const listed = [...files]
    .map(([path, bytes]) => ({ path, sha256: toBase64Url(sha256(bytes)) }))
    .sort((a, b) => compareText(a.path, b.path));
  files.set('manifest.json', manifestForm.bytes({ v: 1, kind: 'bundle', meeting, audience, files: listed }));
}

/** The bundle that anybody may have: no person, no statement, no sealed byte (SPEC 9.1). */
export function publicBundle(built: Built): Built {
  const files = new Map(built.files);
  for (const path of [
    'holders.jsonl',
    'persons.jsonl',
    'letters.jsonl',
    'credentials.jsonl',
    'bindings.jsonl',
    'revocations.jsonl',
    'freezes.jsonl',
    'mandates.jsonl',
    'merges.jsonl',
    'designations.jsonl',
    'reissues.jsonl',
    'requisitions.jsonl',
    'top-ups.jsonl',
    'mandate-revocations.jsonl',
    'ballots.jsonl',
    'casts.jsonl',
    'paper.jsonl',
    'corrections.jsonl',
    'box.json',
    'objections.jsonl',
    'deliveries.jsonl',
  ]) {
    files.delete(path);
  }
  addManifest(files, built.world.meeting, 'public');
  return { ...built, files };
}

/** Writes a bundle and its trust file into a temporary folder; `remove` takes both away. */
export function writeBundle(built: Built) {
  const root = mkdtempSync(join(tmpdir(), 'owners-vote-verify-'));
  const folder = join(root, 'bundle');
  for (const [path, bytes] of built.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const trust = join(root, 'trust.json');
  writeFileSync(trust, trustForm.bytes(built.trust));
  return { root, folder, trust, remove: () => rmSync(root, { recursive: true, force: true }) };
}
