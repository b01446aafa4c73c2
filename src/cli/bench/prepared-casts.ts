/**
 * Makes what a bench casts: a community with letters, open meetings, issued ballots and signed casts as request bodies. Everything
 * is what the service would be given, but that the sealed answers hold random bytes under a valid key: nothing opens them here.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Meeting } from '../../assembly/meetings.ts';
import { readMeeting } from '../../assembly/meetings.ts';
import { latestCheckpoint } from '../../auditlog/checkpoints.ts';
import { logVkey } from '../../auditlog/publishing.ts';
import type { BallotDeps } from '../../ballot/ballot-deps.ts';
import type { IssuedBallots } from '../../ballot/issuing.ts';
import { issuePapers } from '../../ballot/issuing.ts';
import { present } from '../../base/assert.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { sign } from '../../crypto/ed25519.ts';
import type { LetterCode } from '../../identity/domain/letter-making.ts';
import type { Service } from '../../main.ts';
import { startService } from '../../main.ts';
import { ballotHash } from '../../record/ballot.ts';
import { CHAIN_START, castForm, castHash } from '../../record/cast.ts';
import { sealedSize } from '../../record/choice.ts';
import { letterSeed } from '../../record/letter.ts';
import type { Proposal } from '../../record/meeting.ts';
import { EMPTY_ROOT } from '../../record/merkle.ts';
import { generateCommunity } from '../demo/community.ts';
import type { DemoClock } from '../demo/demo-deployment.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../demo/founding.ts';
import type { MeetingBody } from '../demo/meeting-texts.ts';
import { convene, roofCapFen } from '../demo/story.ts';
import { systemRandom } from '../opening.ts';
import type { BenchDeployment } from './deployment.ts';

/** A file with one request body a line, all for one meeting. */
export type CastFile = { readonly meeting: string; readonly path: string; readonly casts: number };

const WINDOW_MS = 86_400_000;
/** Not every unit has a vote of its own: parking spaces have none, and one owner's units are one head. */
const UNITS_A_CAST = 1.6;
const MAX_UNITS = 20_000;
const ISSUED_AT_ONCE = 8;

export type Founded = {
  readonly service: Service;
  readonly codes: readonly LetterCode[];
  readonly openMeeting: () => Promise<Opened>;
};

/** More proposals than the demo's two, and a clock that can be moved past the close. */
type FoundedWish = { readonly proposals?: number; readonly clock?: DemoClock };

type Opened = { readonly meeting: Meeting; readonly boxSecret: Uint8Array };

/** The demo's two proposals, or the second of them so many times. */
const asMany =
  (proposals: number | undefined) =>
  (body: MeetingBody): MeetingBody => {
    const [first, second] = body.proposals;
    if (proposals === undefined || first === undefined || second === undefined) return body;
    const repeated = Array.from({ length: proposals }, (_, at) => ({
      ...second,
      title: `${second.title} ${at + 1}`,
    }));
    return { ...body, proposals: repeated };
  };

/** A service with a community of so many units whose owners have their letters; the caller closes the service. */
export async function found(place: BenchDeployment, units: number, wish: FoundedWish = {}): Promise<Founded> {
  const { config, appUrl, keys } = place;
  const started = await startService({
    config,
    appUrl,
    keys,
    clock: wish.clock ?? Date.now,
    random: systemRandom,
    beatMs: 200,
    realTime: wish.clock === undefined,
  });
  if (!started.ok) throw new Error(`the service does not start: ${started.refusal.code}`);
  try {
    return await foundOn(started.value, place, units, wish);
  } catch (error) {
    await started.value.close();
    throw error;
  }
}

async function foundOn(
  service: Service,
  place: BenchDeployment,
  units: number,
  { proposals, clock = Object.assign(() => Date.now(), { moveTo: () => undefined }) }: FoundedWish,
): Promise<Founded> {
  const { config, root } = place;
  const world = {
    origin: config.origin,
    logVkey: logVkey(service.deps.log),
    clock,
    random: systemRandom,
    beatNow: service.beatNow,
  };
  const generated = generateCommunity({ units, seed: 'bench' });
  const founded = await foundCommunity(world, service.deps, service.url, root, generated.name);
  const { community, officers } = founded;
  await importFile(world, officers, community, generated.csv);
  const codes = await issueDemoLetters(world, officers.registrar, community, generated.csv, systemRandom);
  const demo = { service, world, root, clock, close: service.close };
  const options = {
    profile: 'DEMO-CN-2021',
    noticeDays: 0,
    windowMs: WINDOW_MS,
    capFen: roofCapFen(generated),
    change: asMany(proposals),
  };
  const openMeeting = async (): Promise<Opened> => {
    const { meeting, boxSecret } = await convene(demo, officers, community, options);
    return { meeting: present(await readMeeting(service.deps.db, meeting), 'just opened'), boxSecret };
  };
  return { service, codes, openMeeting };
}

/** A valid ephemeral key, and random bytes for the rest. */
function sealedBytes(length: number): Uint8Array {
  const sealed = systemRandom(length);
  sealed[31] = (sealed[31] ?? 0) & 0x3f;
  return sealed;
}

export type Seen = { readonly size: number; readonly root: Uint8Array };

/** The first cast of a whole paper; `sealed` gives the sealed answer of a proposal under its ballot's hash. */
export function castOf(
  meeting: Meeting,
  letter: LetterCode,
  paper: IssuedBallots,
  seen: Seen,
  sealed: (proposal: Proposal, ballot: string) => Uint8Array,
): Uint8Array {
  const proposals = new Map(meeting.definition.proposals.map((each) => [each.proposal, each]));
  return castForm.bytes({
    v: 1,
    kind: 'cast',
    meeting: meeting.meetingHash,
    entitlement: paper.entitlement,
    credential: letter.letter,
    mandate: '',
    assisted: '',
    seq: 1,
    prev: CHAIN_START,
    size: seen.size,
    root: toBase64Url(seen.root),
    nonce: toBase64Url(systemRandom(16)),
    answers: paper.ballots.map(({ proposal, token }) => {
      const ballot = ballotHash(token);
      return {
        ballot,
        sealed: toBase64Url(sealed(present(proposals.get(proposal), 'own proposal'), ballot)),
      };
    }),
  });
}

function bodyOf(meeting: Meeting, letter: LetterCode, paper: IssuedBallots, seen: Seen): string {
  const bytes = castOf(meeting, letter, paper, seen, ({ sealLength }) => sealedBytes(sealedSize(sealLength)));
  const signature = toBase64Url(sign(letterSeed(letter.code), castHash(bytes)));
  return JSON.stringify({ cast: toBase64Url(bytes), signature: { alg: 'Ed25519', signature } });
}

/** Writes the casts of one meeting, one an entitlement, until there are enough. */
async function prepareMeeting(
  deps: BallotDeps,
  meeting: Meeting,
  codes: readonly LetterCode[],
  wanted: number,
  path: string,
): Promise<CastFile> {
  const latest = await latestCheckpoint(deps.db);
  const seen: Seen = latest ?? { size: 0, root: EMPTY_ROOT };
  const file = createWriteStream(path);
  const taken = new Set<string>();
  const letters = [...codes];
  const issueInTurn = async (): Promise<void> => {
    for (let letter = letters.pop(); letter !== undefined; letter = letters.pop()) {
      const owner = { person: letter.person, credential: letter.letter };
      for (const paper of await issuePapers(deps, meeting, owner)) {
        if (taken.size >= wanted) return;
        if (paper.ballots.length === 0 || taken.has(paper.entitlement)) continue;
        taken.add(paper.entitlement);
        if (!file.write(`${bodyOf(meeting, letter, paper, seen)}\n`)) await once(file, 'drain');
      }
    }
  };
  await Promise.all(Array.from({ length: ISSUED_AT_ONCE }, issueInTurn));
  file.end();
  await once(file, 'finish');
  return { meeting: meeting.meeting, path, casts: taken.size };
}

/** So many meetings with up to so many casts each; the service that prepared them is stopped. */
export async function prepareCasts(
  place: BenchDeployment,
  meetings: number,
  casts: number,
  say: (line: string) => void,
): Promise<readonly CastFile[]> {
  const units = Math.min(MAX_UNITS, Math.max(60, Math.ceil(casts * UNITS_A_CAST)));
  say(`准备小区 preparing a community of ${units} units`);
  const { service, codes, openMeeting } = await found(place, units);
  try {
    const files: CastFile[] = [];
    for (let at = 0; at < meetings; at += 1) {
      const { meeting } = await openMeeting();
      const path = join(place.folder, `casts-${at}.jsonl`);
      const prepared = await prepareMeeting(service.deps, meeting, codes, casts, path);
      say(`会议 meeting ${at + 1}/${meetings}: ${prepared.casts} casts prepared`);
      files.push(prepared);
    }
    return files;
  } finally {
    await service.close();
  }
}
