// A void and the recount after it: emei says that the vote in her name is not hers, the street office finds it so, two officers void it,
// and the meeting is counted again. Without her 39,898 of 70,000 dm² take part in the first proposal, which falls short of two thirds.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { withEvidence } from '../../src/record/entry.ts';
import { decisionForm, decisionHash, objectionForm, objectionHash } from '../../src/record/objection.ts';
import type { ParticipationList, TallyRecord } from '../../src/record/tally-record.ts';
import {
  participationForm,
  participationHash,
  tallyHash,
  tallyRecordForm,
} from '../../src/record/tally-record.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Casts } from './story-casts.ts';
import type { Convened } from './story-meeting.ts';
import type { Counted } from './story-tally.ts';

/** What the recount leaves of the first count. */
export type Recounted = {
  readonly counted: Counted;
  readonly objectionLine: { readonly objection: string; readonly decision: string };
  readonly former: { readonly tally: string; readonly participation: string };
};

/** The record without emei, worked out by hand. */
function withoutEmei(record: TallyRecord): TallyRecord {
  const [first, ...others] = record.proposals;
  const proposal = present(first, 'the first proposal');
  return {
    ...record,
    proposals: [
      {
        ...proposal,
        participating: { areaDm2: '39898', heads: 4 },
        options: [
          { option: 'for', areaDm2: '39898', heads: 4 },
          { option: 'against', areaDm2: '0', heads: 0 },
          { option: 'abstain', areaDm2: '0', heads: 0 },
        ],
        classes: [
          {
            class: 'M7',
            outcome: 'NOT_QUORATE',
            inequalities: [
              {
                measure: 'area',
                test: 'quorum',
                left: '119694',
                relation: '>=',
                right: '140000',
                holds: false,
              },
              { measure: 'heads', test: 'quorum', left: '12', relation: '>=', right: '12', holds: true },
              { measure: 'area', test: 'pass', left: '159592', relation: '>=', right: '119694', holds: true },
              { measure: 'heads', test: 'pass', left: '16', relation: '>=', right: '12', holds: true },
            ],
          },
        ],
        outcome: 'NOT_QUORATE',
      },
      ...others,
    ],
    channels: [{ channel: 'letter', areaDm2: '39898', heads: 4 }],
    voids: 1,
  };
}

/** Her objection and the answer to it. */
function hearEmei(
  story: Story,
  { inMeeting }: Convened,
  entitlement: string,
  {
    decision: upheld,
    condemns,
  }: { readonly decision: 'upheld' | 'rejected'; readonly condemns: readonly string[] },
) {
  const { world, id, nonce, step } = story;
  const objection = id();
  const objectionBytes = objectionForm.bytes({
    v: 1,
    kind: 'objection',
    meeting: world.meeting,
    objection,
    entitlement,
    text: '不是我投的',
    nonce: nonce(),
  });
  const decisionBytes = decisionForm.bytes({
    v: 1,
    kind: 'decision',
    meeting: world.meeting,
    objection,
    decision: upheld,
    condemns: [...condemns],
    reason: '经核实',
    nonce: nonce(),
  });
  world.log.append(
    withEvidence(
      { ...inMeeting, kind: 'objection.filed', objection, objectionHash: objectionHash(objectionBytes) },
      [],
    ),
  );
  const decided = { ...inMeeting, kind: 'objection.decided', objection } as const;
  step(
    'void-decision',
    { ...decided, decisionHash: decisionHash(decisionBytes) },
    ['street'],
    '2026-12-01T02:00:00Z',
  );
  const line = { objection: toBase64Url(objectionBytes), decision: toBase64Url(decisionBytes) };
  return { objection, line };
}

/** Voids emei's vote where a Forge asks for it, and counts again. */
export function recountAfterVoid(
  story: Story,
  convened: Convened,
  { castHashes }: Casts,
  counted: Counted,
): Recounted | undefined {
  const { forge, step } = story;
  const { voids } = forge;
  if (voids === undefined) return undefined;
  const { inMeeting, roll } = convened;
  const entitlement = present(roll.entitlementOf.get('emei'), 'emei');
  const objector = present(roll.entitlementOf.get(voids.objector ?? 'emei'), 'objector');
  const hash = present(castHashes.get('emei'), 'emei votes');
  const honestly = { decision: 'upheld' as const, condemns: [hash] };
  const { objection, line } = hearEmei(story, convened, objector, voids.decided?.(honestly) ?? honestly);
  const honest = { objection, reason: 'CLAIMED_BY_OWNER', seq: 2, prev: hash, voids: hash } as const;
  const said = { ...inMeeting, kind: 'cast.voided', entitlement, ...honest } as const;
  if (voids.without !== true)
    step('void', voids.entry?.(said) ?? said, voids.signers ?? BY_TWO, '2026-12-02T02:00:00Z');
  const list: ParticipationList = {
    v: 1,
    kind: 'participation',
    meeting: inMeeting.meeting,
    took: participationForm.own(counted.listBytes).took.filter((each) => each.entitlement !== entitlement),
  };
  const record = voids.record?.(withoutEmei(counted.record)) ?? withoutEmei(counted.record);
  const again = {
    ...counted,
    record,
    recordBytes: tallyRecordForm.bytes(record),
    listBytes: participationForm.bytes(list),
  };
  const former = {
    tally: toBase64Url(counted.recordBytes),
    participation: toBase64Url(counted.listBytes),
  };
  if (voids.uncounted === true) return { counted, objectionLine: line, former };
  step(
    'recount',
    {
      ...inMeeting,
      kind: 'tally.preliminary',
      recordHash: tallyHash(again.recordBytes),
      participationHash: participationHash(again.listBytes),
    },
    [],
    '2026-12-02T03:00:00Z',
  );
  return { counted: again, objectionLine: line, former };
}
