// A merge of persons: two officers say that one who owns nothing on the roll is one of its owners, before the roll or while the vote
// runs; a Forge may merge two owners, or lie otherwise. The story has none unless a Forge asks.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { MergeLine } from '../../src/record/bundle-lines.ts';
import { mergeForm, mergeHash } from '../../src/record/merge.ts';
import type { MergeMoment } from './forge.ts';
import type { Story } from './story.ts';
import { plus } from './story.ts';
import { CLOSES, OPENS } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';

const AT: Readonly<Record<MergeMoment, string>> = {
  keys: '2026-10-12T04:00:00Z',
  open: plus(OPENS, 3_800_000),
  counted: plus(CLOSES, 3_000),
};

/** Merges at its moment; gives the lines of the bundle. */
export function mergePersons(story: Story, { ownerOf }: Owners, moment: MergeMoment): readonly MergeLine[] {
  const { forge, world, nonce, id, step } = story;
  const lines: MergeLine[] = [];
  for (const wish of forge.merges ?? []) {
    if ((wish.at ?? 'keys') !== moment) continue;
    const { community, random } = world;
    const other =
      wish.of === undefined ? { person: id(), identity: toBase64Url(random(32)) } : ownerOf(wish.of);
    const kept = ownerOf(wish.to);
    const honest = {
      v: 1,
      kind: 'merge',
      community,
      keeps: { person: kept.person, identity: kept.identity },
      merged: { person: other.person, identity: other.identity },
      reason: '旧护照与身份证是同一人',
      nonce: nonce(),
    } as const;
    const bytes = mergeForm.bytes(wish.record?.(honest) ?? honest);
    const hash = mergeHash(bytes);
    const by = wish.by ?? ['registrar', 'street'];
    step('merging', { v: 1, kind: 'persons.merged', community, mergeHash: hash }, by, AT[moment]);
    for (const mergeHashText of wish.separated?.(hash) ?? []) {
      const entry = { v: 1, kind: 'persons.separated', community, mergeHash: mergeHashText } as const;
      step('separating', entry, by, AT[moment]);
    }
    lines.push({ merge: toBase64Url(bytes) });
  }
  return lines;
}
