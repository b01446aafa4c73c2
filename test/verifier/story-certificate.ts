// The end of the story's meeting: the developer objects, the street office decides, two officers declare the result final over the
// exact inputs of the count, and the server certifies it.
import { present } from '../../src/base/assert.ts';
import { compareText, toBase64Url } from '../../src/base/bytes.ts';
import { ballotLineForm, boxForm, inputsHash, linesFile } from '../../src/record/bundle-lines.ts';
import { withEvidence } from '../../src/record/entry.ts';
import { decisionForm, decisionHash, objectionForm, objectionHash } from '../../src/record/objection.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { Certificate } from '../../src/record/tally-record.ts';
import { certificateForm, tallyHash } from '../../src/record/tally-record.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Casts } from './story-casts.ts';
import { token } from './story-keys.ts';
import { ORIGIN } from './story-log.ts';
import type { Convened } from './story-meeting.ts';
import type { Counted } from './story-tally.ts';
import { commitmentsNow } from './story-tally.ts';

export type Certified = {
  /** The files that `tally.final` commits to. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly objectionLine: { readonly objection: string; readonly decision: string };
  readonly certificateToken: string;
};

/** The developer objects, and the street office finds no ground in it. */
function hearObjection(story: Story, { inMeeting, roll }: Convened): Certified['objectionLine'] {
  const { world, id, nonce, step } = story;
  const { log, meeting } = world;
  const objection = id();
  const objectionBytes = objectionForm.bytes({
    v: 1,
    kind: 'objection',
    meeting,
    objection,
    entitlement: roll.entitlementOf.get('developer') ?? '',
    text: '通知未送达',
    nonce: nonce(),
  });
  const decisionBytes = decisionForm.bytes({
    v: 1,
    kind: 'decision',
    meeting,
    objection,
    decision: 'rejected',
    condemns: [],
    reason: '有送达记录',
    nonce: nonce(),
  });
  log.append(
    withEvidence(
      { ...inMeeting, kind: 'objection.filed', objection, objectionHash: objectionHash(objectionBytes) },
      [],
    ),
  );
  step(
    'decision',
    { ...inMeeting, kind: 'objection.decided', objection, decisionHash: decisionHash(decisionBytes) },
    ['street'],
    '2026-12-05T02:00:00Z',
  );
  return { objection: toBase64Url(objectionBytes), decision: toBase64Url(decisionBytes) };
}

/** What the count was made of, file by file. */
function inputsOf(story: Story, convened: Convened, casts: Casts, { secret }: Counted) {
  const { meeting } = story.world;
  const files = new Map<string, Uint8Array>();
  const sortedBallots = [...casts.ballots]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, compact]) => compact);
  files.set('meeting.json', convened.definitionBytes);
  files.set('roll.jsonl', linesFile(convened.roll.leaves.map(rollLeafForm.bytes)));
  files.set(
    'ballots.jsonl',
    linesFile(sortedBallots.map((compact) => ballotLineForm.bytes({ token: compact }))),
  );
  files.set('casts.jsonl', linesFile(casts.castLines));
  files.set('paper.jsonl', linesFile(casts.paperLines));
  files.set('box.json', boxForm.bytes({ v: 1, kind: 'box', meeting, secret }));
  return files;
}

/** The result becomes final and gets its certificate. */
export function certifyResult(story: Story, convened: Convened, casts: Casts, counted: Counted): Certified {
  const { forge, world, step } = story;
  const { log } = world;
  const { hash, inMeeting, serverSeeds } = convened;
  const { record, recordBytes } = counted;
  const objectionLine = hearObjection(story, convened);
  const inputs = inputsOf(story, convened, casts, counted);
  const input = (path: string): Uint8Array => present(inputs.get(path), path);
  const finalIndex = step(
    'final',
    {
      ...inMeeting,
      kind: 'tally.final',
      recordHash: tallyHash(recordBytes),
      ...commitmentsNow(world),
      inputsHash: inputsHash({
        'meeting.json': input('meeting.json'),
        'roll.jsonl': input('roll.jsonl'),
        'ballots.jsonl': input('ballots.jsonl'),
        'casts.jsonl': input('casts.jsonl'),
        'paper.jsonl': input('paper.jsonl'),
        'box.json': input('box.json'),
      }),
    },
    BY_TWO,
    // Seven full days after the count; after a void it was made anew on 2 December.
    forge.voids === undefined ? '2026-12-08T02:00:00Z' : '2026-12-10T02:00:00Z',
  );
  const honestCertificate: Certificate = {
    iss: ORIGIN,
    meeting: hash,
    recordHash: tallyHash(recordBytes),
    entry: toBase64Url(present(log.leaves[finalIndex], 'final')),
    outcomes: record.proposals.map(({ proposal, outcome }) => ({ proposal, outcome })),
  };
  const certificate = forge.certificate?.(honestCertificate) ?? honestCertificate;
  const certificateToken = token(
    'owners-vote-result+jws',
    serverSeeds.certificate,
    certificateForm.bytes(certificate),
  );
  return { inputs, objectionLine, certificateToken };
}
