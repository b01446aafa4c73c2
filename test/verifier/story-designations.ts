// A head of two holders, and which of them casts for it: bao's house is emei's too. The story has it only where a Forge asks for it.
import type { RuleParameters } from '../../src/assembly/domain/rule-parameters.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { DesignationLine } from '../../src/record/bundle-lines.ts';
import type { Designation } from '../../src/record/designation.ts';
import { designationForm, designationHash } from '../../src/record/designation.ts';
import { withEvidence } from '../../src/record/entry.ts';
import type { Holder } from '../../src/record/identity.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { CoHeldWish, Forge } from './forge.ts';
import type { Story } from './story.ts';
import { BY_TWO, plus } from './story.ts';
import { OPENS } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';

export const coOwnersOf = ({ coHeld }: Forge): Partial<RuleParameters> =>
  coHeld === undefined ? {} : { coOwners: 'designated' };

const partyOf = ({ ownerOf }: Owners, name: string): Holder => {
  const { person, identity } = ownerOf(name);
  return { person, identity };
};

export const coHolders = (owners: Owners): Holder[] =>
  ['bao', 'emei'].map((name) => partyOf(owners, name)).sort((a, b) => (a.person < b.person ? -1 : 1));

/** Records what the Forge wishes, before the votes. */
export function designate(story: Story, owners: Owners): readonly DesignationLine[] {
  const { coHeld } = story.forge;
  if (coHeld === undefined || coHeld.undesignated === true) return [];
  const lines = [record(story, owners, coHeld)];
  if (coHeld.later !== undefined) lines.push(record(story, owners, coHeld.later));
  return lines;
}

function record(story: Story, owners: Owners, wish: CoHeldWish): DesignationLine {
  const { world, id, nonce, publish } = story;
  const { to = 'bao' } = wish;
  const other = to === 'bao' ? 'emei' : 'bao';
  const isPaper = wish.paper === true;
  const honest: Designation = {
    v: 1,
    kind: 'designation',
    community: world.community,
    meeting: '',
    designation: id(),
    units: (owners.unitsOf.get('bao') ?? []).map(({ unit }) => unit),
    by: [partyOf(owners, other)],
    to: partyOf(owners, to),
    until: '2027-12-31',
    scanHash: isPaper ? toBase64Url(world.random(32)) : '',
    nonce: nonce(),
  };
  const bytes = designationForm.bytes(wish.record?.(honest) ?? honest);
  const hash = designationHash(bytes);
  const entry = {
    v: 1,
    kind: 'designation.recorded',
    community: world.community,
    designationHash: toBase64Url(hash),
    signedBy: isPaper ? 'officers' : 'owner',
  } as const;
  const at = plus(OPENS, 3 * 3_600_000);
  if (isPaper) {
    world.append('designation', entry, BY_TWO, at);
    return { designation: toBase64Url(bytes), signed: [] };
  }
  const { vote } = owners.ownerOf(other);
  const own = [{ by: vote.credential, signature: vote.sign(hash) }];
  const signed = wish.signed?.(own, hash) ?? own;
  world.log.append(
    withEvidence(
      entry,
      signed.map(({ signature }) => evidenceHash(signature)),
    ),
  );
  publish(at, 'designation');
  return { designation: toBase64Url(bytes), signed };
}
