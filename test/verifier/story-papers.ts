// The papers of the story: what an owner ticked on paper, keyed by two officers who count, and accepted in the chain of his house.
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { paperLineForm } from '../../src/record/bundle-lines.ts';
import type { InvalidChoice } from '../../src/record/choice.ts';
import type { Paper } from '../../src/record/paper.ts';
import { paperBytes, paperForm, paperHash } from '../../src/record/paper.ts';
import type { Ballots, PaperLies } from './forge.ts';
import type { Story } from './story.ts';
import { DAY_MS, plus } from './story.ts';
import type { Convened } from './story-meeting.ts';
import { OPENS } from './story-meeting.ts';

type Place = {
  readonly entitlement: string;
  readonly signer: string;
  readonly mandate: string;
  readonly seq: number;
  readonly prev: string;
  readonly place: number;
};

/** Two officers enter a paper; gives its line, its hash and its log index. */
export function enterPaper(
  { world, id, step }: Story,
  { proposals, definition, hash, inMeeting }: Convened,
  { answers }: Pick<Ballots, 'answers'>,
  { place, ...read }: Place,
  lies: PaperLies,
) {
  const { random } = world;
  const boxKey = present(fromBase64Url(definition.boxKey), 'box key');
  const serial = lies.serial ?? id();
  const marks = answers.map(([at, option]) => ({
    proposal: present(proposals[at], 'proposal'),
    choice: [option as InvalidChoice] as const,
  }));
  const scanHash = toBase64Url(random(32));
  const honest = paperForm.own(
    paperBytes({ meeting: hash, ...read, serial, scanHash, marks }, random(16), boxKey),
  );
  const paper: Paper = lies.record?.(honest) ?? honest;
  const bytes = paperForm.bytes(paper);
  const own = toBase64Url(paperHash(bytes));
  const index = step(
    'paper',
    { ...inMeeting, kind: 'paper.accepted', entitlement: read.entitlement, seq: read.seq, paperHash: own },
    lies.signers ?? ['clerk', 'scrutineer'],
    plus(OPENS, (place + 1) * DAY_MS),
  );
  return { line: paperLineForm.bytes({ paper: toBase64Url(bytes) }), hash: own, index };
}
