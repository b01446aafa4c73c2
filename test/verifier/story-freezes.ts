// A freeze: an owner freezes the vote by the letter, before the keys are bound, before the vote or after it, and officers lift it where a
// Forge says so. The story has none unless a Forge asks.
import { toBase64Url } from '../../src/base/bytes.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import type { FreezeLine } from '../../src/record/bundle-lines.ts';
import { withEvidence } from '../../src/record/entry.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import type { Signature } from '../../src/record/signature.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { FreezeMoment } from './forge.ts';
import type { Story } from './story.ts';
import { plus } from './story.ts';
import { CLOSES, OPENS } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';

const AT: Readonly<Record<FreezeMoment, string>> = {
  keys: '2026-10-12T03:00:00Z',
  open: plus(OPENS, 3_700_000),
  casts: plus(CLOSES, -3_500_000),
};

/** Freezes at its moment; gives the lines of the bundle. */
export function freezeVotes(story: Story, { ownerOf }: Owners, moment: FreezeMoment): readonly FreezeLine[] {
  const { forge, world, nonce, step } = story;
  const wish = forge.freeze;
  if (wish === undefined || (wish.at ?? 'casts') !== moment) return [];
  const { community, log } = world;
  const owner = ownerOf(wish.of);
  const honest = { v: 1, kind: 'freeze', community, person: owner.person, nonce: nonce() } as const;
  const bytes = freezeForm.bytes(wish.record?.(honest) ?? honest);
  const hash = freezeHash(bytes);
  const byLetter: Signature = { alg: 'Ed25519', signature: toBase64Url(sign(owner.seed, hash)) };
  const signed = { by: owner.letter, signature: byLetter };
  const { by, signature } = wish.signed?.(signed, hash) ?? signed;
  const freeze = toBase64Url(hash);
  log.append(
    withEvidence({ v: 1, kind: 'voting.frozen', community, freezeHash: freeze }, [evidenceHash(signature)]),
  );
  const lift = (freezeHashText: string): void => {
    const entry = { v: 1, kind: 'voting.unfrozen', community, freezeHash: freezeHashText } as const;
    step('lifting', entry, wish.liftedBy ?? ['registrar', 'street'], AT[moment]);
  };
  for (const each of wish.lifted?.(freeze) ?? []) lift(each);
  return [{ by, freeze: toBase64Url(bytes), signature }];
}
