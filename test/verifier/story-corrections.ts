// A correction of the story's roll: the house of one owner passes to another while the meeting is open, by two officers. A Forge may
// lie in the new leaf, in what opens it, in the private bytes, and in when it is entered.
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import type { CorrectionLine } from '../../src/record/bundle-lines.ts';
import { correctionForm, correctionHash, documentHash } from '../../src/record/correction.ts';
import type { RollOpening } from '../../src/record/identity.ts';
import { holdersHash, voterHash } from '../../src/record/identity.ts';
import { leafHash } from '../../src/record/merkle.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import type { CorrectionMoment } from './forge.ts';
import type { Story } from './story.ts';
import { BY_TWO, plus } from './story.ts';
import type { Convened } from './story-meeting.ts';
import { CLOSES, OPENS } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';

export type Corrections = {
  readonly lines: CorrectionLine[];
  readonly listed: TallyRecord['corrections'][number][];
};

export const noCorrections = (): Corrections => ({ lines: [], listed: [] });

const AT: Readonly<Record<CorrectionMoment, string>> = {
  open: plus(OPENS, 3_600_000),
  casts: plus(CLOSES, -3_600_000),
  counted: '2026-11-30T05:00:00Z',
};

/** Enters the corrections that the Forge wants at this moment. */
export function correctRoll(
  story: Story,
  owners: Owners,
  convened: Convened,
  corrections: Corrections,
  moment: CorrectionMoment,
): void {
  const { forge, world, nonce, step } = story;
  const { log, random } = world;
  for (const wish of forge.corrections ?? []) {
    if ((wish.after ?? 'open') !== moment) continue;
    const entitlement = present(convened.roll.entitlementOf.get(wish.of), wish.of);
    const index = convened.roll.leaves.findIndex((leaf) => leaf.entitlement === entitlement);
    const frozen = present(convened.roll.leaves[index], 'on the roll');
    const { person, identity } = owners.ownerOf(wish.to);
    const honest: RollOpening = {
      entitlement,
      holdersSalt: nonce(),
      holders: [{ person, identity }],
      voterSalt: nonce(),
      voter: '',
    };
    const opening = wish.opening?.(honest) ?? honest;
    const honestLeaf = {
      ...frozen,
      holders: holdersHash(opening.holdersSalt, opening.holders),
      voter: voterHash(opening.voterSalt, opening.voter),
    };
    const leaf = rollLeafForm.bytes(wish.leaf?.(honestLeaf) ?? honestLeaf);
    const record = {
      v: 1,
      kind: 'correction',
      ...{ community: world.community, meeting: world.meeting, entitlement },
      ground: 'sale',
      documentHash: documentHash(random(16), '不动产权第0012345号'),
      nonce: nonce(),
    } as const;
    const bytes = correctionForm.bytes(wish.record?.(record) ?? record);
    const before = corrections.lines.findLast((line) => line.opening.entitlement === entitlement);
    const oldLeaf =
      before === undefined ? rollLeafForm.bytes(frozen) : present(fromBase64Url(before.leaf), 'own bytes');
    const entry = {
      ...convened.inMeeting,
      kind: 'roll.corrected',
      entitlement,
      index,
      oldLeaf: toBase64Url(leafHash(oldLeaf)),
      newLeaf: toBase64Url(leafHash(leaf)),
      correctionHash: correctionHash(bytes),
    } as const;
    const at = step('correction', entry, BY_TWO, AT[moment]);
    corrections.lines.push({ correction: toBase64Url(bytes), leaf: toBase64Url(leaf), opening });
    corrections.listed.push({ entitlement, entry: toBase64Url(present(log.leaves[at], 'appended')) });
  }
}
