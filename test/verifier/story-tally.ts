// The count of the story: the meeting closes, the street office gives out the key of the box, and the preliminary result is
// published. Every number of the record is worked out by hand from the houses and the casts.
import { toBase64Url } from '../../src/base/bytes.ts';
import { h256Text } from '../../src/crypto/frame.ts';
import type { Entry, EntryOf } from '../../src/record/entry.ts';
import { entryForm } from '../../src/record/entry.ts';
import { rootOfHashes } from '../../src/record/merkle.ts';
import { byEntitlement } from '../../src/record/roll.ts';
import type { ParticipationList, TallyRecord } from '../../src/record/tally-record.ts';
import {
  participationForm,
  participationHash,
  tallyHash,
  tallyRecordForm,
} from '../../src/record/tally-record.ts';
import type { World } from './forge.ts';
import type { Story } from './story.ts';
import { plus } from './story.ts';
import type { Casts } from './story-casts.ts';
import type { Corrections } from './story-corrections.ts';
import type { Convened } from './story-meeting.ts';
import { CLOSES } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';
import { HOUSES } from './story-owners.ts';
import { restoreLost } from './story-restored.ts';

export type Counted = {
  readonly secret: string;
  readonly record: TallyRecord;
  readonly recordBytes: Uint8Array;
  readonly listBytes: Uint8Array;
  /** The promise of a restored cast. */
  readonly promise: Uint8Array | undefined;
};

const isStatement = (
  entry: Entry,
): entry is EntryOf<'cast.accepted' | 'cast.restored' | 'paper.accepted' | 'cast.voided'> =>
  ['cast.accepted', 'cast.restored', 'paper.accepted', 'cast.voided'].includes(entry.kind);

/** What the log holds of the meeting now: its votes, and the entries that bind its community. */
export function commitmentsNow({ log, community, meeting }: World) {
  const size = log.leaves.length;
  const pick = (wanted: (entry: Entry) => boolean) => {
    const found = log.entries.flatMap((bytes, at) => {
      const parsed = entryForm.parse(bytes);
      return parsed.ok && wanted(parsed.value) ? [log.leaves[at] ?? new Uint8Array()] : [];
    });
    return { size, count: found.length, root: toBase64Url(rootOfHashes(found)) };
  };
  return {
    votes: pick((entry) => isStatement(entry) && entry.meeting === meeting),
    controls: pick(
      (entry) =>
        !isStatement(entry) &&
        (!('community' in entry) || entry.community === '' || entry.community === community),
    ),
  };
}

/** What the log of the story says that officers changed: a Forge may have added to it. */
function lateChangesOf({
  log,
  community,
  meeting,
}: World): Pick<TallyRecord, 'lateLetters' | 'counterBindings' | 'lettersFrom'> {
  let [isFrozen, lateLetters, counterBindings] = [false, 0, 0];
  let lettersFrom: TallyRecord['lettersFrom'] = 'command';
  for (const bytes of log.entries) {
    const parsed = entryForm.parse(bytes);
    if (!parsed.ok) continue;
    const entry = parsed.value;
    if (entry.kind === 'roll.frozen' && entry.meeting === meeting) isFrozen = true;
    if (entry.kind === 'meeting.closed' && entry.meeting === meeting) break;
    if (!('community' in entry) || entry.community !== community) continue;
    if (entry.kind === 'letters.issued' || entry.kind === 'letters.reissued') {
      lateLetters += isFrozen ? entry.count : 0;
      if (entry.madeIn === 'browser') lettersFrom = 'browser';
    }
    if (entry.kind === 'credential.bound' && entry.signedBy === 'officers') counterBindings += 1;
  }
  return { lateLetters, counterBindings, lettersFrom };
}

function honestRecordOf(
  story: Story,
  { hash, proposals, roll }: Convened,
  { castHashes, lost }: Casts,
  corrections: Corrections,
): TallyRecord {
  const { meeting } = story.world;
  return {
    v: 1,
    kind: 'tally',
    meeting,
    meetingHash: hash,
    proposals: [
      {
        proposal: proposals[0]?.proposal ?? '',
        total: { areaDm2: '70000', heads: 6 },
        participating: { areaDm2: '50000', heads: 5 },
        consenting: { areaDm2: '39898', heads: 4 },
        options: [
          { option: 'for', areaDm2: '39898', heads: 4 },
          { option: 'against', areaDm2: '0', heads: 0 },
          { option: 'abstain', areaDm2: '10102', heads: 1 },
        ],
        classes: [
          {
            class: story.forge.topUp?.decided === true ? 'M6' : 'M7',
            outcome: 'ADOPTED',
            inequalities: [
              {
                measure: 'area',
                test: 'quorum',
                left: '150000',
                relation: '>=',
                right: '140000',
                holds: true,
              },
              { measure: 'heads', test: 'quorum', left: '15', relation: '>=', right: '12', holds: true },
              { measure: 'area', test: 'pass', left: '159592', relation: '>=', right: '150000', holds: true },
              { measure: 'heads', test: 'pass', left: '16', relation: '>=', right: '15', holds: true },
            ],
          },
        ],
        outcome: 'ADOPTED',
        silence: [],
        elected: [],
        runOff: [],
      },
      {
        proposal: proposals[1]?.proposal ?? '',
        total: { areaDm2: '27898', heads: 3 },
        participating: { areaDm2: '27898', heads: 3 },
        consenting: { areaDm2: '17898', heads: 2 },
        options: [
          { option: 'for', areaDm2: '17898', heads: 2 },
          { option: 'against', areaDm2: '0', heads: 0 },
          { option: 'abstain', areaDm2: '0', heads: 0 },
        ],
        classes: [
          {
            class: 'M5',
            outcome: 'ADOPTED',
            inequalities: [
              { measure: 'area', test: 'quorum', left: '83694', relation: '>=', right: '55796', holds: true },
              { measure: 'heads', test: 'quorum', left: '9', relation: '>=', right: '6', holds: true },
              { measure: 'area', test: 'pass', left: '35796', relation: '>', right: '27898', holds: true },
              { measure: 'heads', test: 'pass', left: '4', relation: '>', right: '3', holds: true },
            ],
          },
        ],
        outcome: 'ADOPTED',
        silence: [],
        elected: [],
        runOff: [],
      },
    ],
    channels:
      story.forge.keys === undefined
        ? [{ channel: 'letter', areaDm2: '50000', heads: 5 }]
        : [
            { channel: 'letter', areaDm2: '27898', heads: 3 },
            { channel: 'passkey', areaDm2: '12000', heads: 1 },
            { channel: 'device', areaDm2: '10102', heads: 1 },
          ],
    malformed: [castHashes.get('chen')].flatMap((garbled) =>
      garbled === undefined
        ? []
        : [
            {
              entitlement: roll.entitlementOf.get('chen') ?? '',
              proposal: proposals[1]?.proposal ?? '',
              castHash: garbled,
              code: 'CHOICE_CONTEXT',
            },
          ],
    ),
    voids: 0,
    restored: lost === undefined ? 0 : 1,
    corrections: corrections.listed,
    ...lateChangesOf(story.world),
    refusals: [{ code: 'SIGNATURE', count: 1 }],
  };
}

/** The meeting closes, the box is opened, and the votes are counted. */
export function countVotes(
  story: Story,
  owners: Owners,
  convened: Convened,
  casts: Casts,
  corrections: Corrections,
): Counted {
  const channelOf = (name: string) =>
    casts.onPaper.has(name) ? ('paper' as const) : owners.ownerOf(name).vote.kind;
  const { forge, world, step } = story;
  const { meeting } = world;
  const { boxSecret, inMeeting, roll } = convened;
  const early =
    forge.restored?.at === 'before-close'
      ? restoreLost(story, convened, casts, plus(CLOSES, 1000))
      : undefined;
  step('close', { ...inMeeting, kind: 'meeting.closed', ...commitmentsNow(world) }, [], plus(CLOSES, 2000));
  const when = forge.restored?.at;
  const promise = when === undefined ? restoreLost(story, convened, casts, plus(CLOSES, 60_000)) : early;
  const secret = toBase64Url(forge.boxSecret ?? boxSecret);
  const secretHash = h256Text('secret', forge.boxSecret ?? boxSecret);
  step('box', { ...inMeeting, kind: 'box.released', secretHash }, ['street'], plus(CLOSES, 3_600_000));
  const honestRecord = honestRecordOf(story, convened, casts, corrections);
  const record = forge.record?.(honestRecord) ?? honestRecord;
  const recordBytes = tallyRecordForm.bytes(record);
  const honestList: ParticipationList = {
    v: 1,
    kind: 'participation',
    meeting,
    took: HOUSES.flatMap(([name]) => {
      const counted = casts.castHashes.get(name);
      const entitlement = roll.entitlementOf.get(name) ?? '';
      return counted === undefined ? [] : [{ entitlement, channel: channelOf(name), castHash: counted }];
    }).sort(byEntitlement),
  };
  const list = forge.participation?.(honestList) ?? honestList;
  const listBytes = participationForm.bytes(list);
  step(
    'preliminary',
    {
      ...inMeeting,
      kind: 'tally.preliminary',
      recordHash: tallyHash(recordBytes),
      participationHash: participationHash(listBytes),
    },
    [],
    '2026-11-30T04:00:00Z',
  );
  const late =
    when === 'after-count' ? restoreLost(story, convened, casts, '2026-11-30T05:00:00Z') : undefined;
  return { secret, record, recordBytes, listBytes, promise: promise ?? late };
}
