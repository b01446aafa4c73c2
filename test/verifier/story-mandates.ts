// Mandates of the story: an owner lets another vote for her, or two officers enter it over a paper. The story has them only where a
// Forge asks for them.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { MandateEndLine, MandateLine } from '../../src/record/bundle-lines.ts';
import { withEvidence } from '../../src/record/entry.ts';
import type { Mandate } from '../../src/record/mandate.ts';
import { mandateForm, mandateHash, mandateRevocationHash } from '../../src/record/mandate.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { MandateWish } from './forge.ts';
import type { Story } from './story.ts';
import { BY_TWO, plus } from './story.ts';
import { OPENS } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';

export type Mandates = {
  /** Ids by the name of the principal; of several the last. */
  readonly ids: Map<string, string>;
  readonly lines: MandateLine[];
  readonly ends: MandateEndLine[];
};

/** After the opening, before the first vote. */
const AT = plus(OPENS, 3_600_000);

/** Grants what the Forge wishes, and ends what it wishes to be ended before the votes. */
export function giveMandates(story: Story, owners: Owners): Mandates {
  const mandates: Mandates = { ids: new Map(), lines: [], ends: [] };
  for (const wish of story.forge.mandates ?? []) {
    const given = grant(story, owners, wish, mandates);
    if (wish.ended === 'before') end(story, owners, wish, given, mandates);
  }
  return mandates;
}

/** Ends what the Forge wishes to be ended after the votes. */
export function endMandates(story: Story, owners: Owners, mandates: Mandates): void {
  for (const [at, wish] of (story.forge.mandates ?? []).entries()) {
    const line = mandates.lines[at];
    if (wish.ended !== 'after' || line === undefined) continue;
    end(story, owners, wish, Uint8Array.from(Buffer.from(line.mandate, 'base64url')), mandates);
  }
}

function grant(
  story: Story,
  { ownerOf, unitsOf }: Owners,
  wish: MandateWish,
  mandates: Mandates,
): Uint8Array {
  const { world, id, nonce, publish } = story;
  const [principal, agent] = [ownerOf(wish.of), ownerOf(wish.to)];
  const isPaper = wish.paper === true;
  const honest: Mandate = {
    v: 1,
    kind: 'mandate',
    community: world.community,
    meeting: '',
    mandate: id(),
    basis: 'mandate',
    by: { person: principal.person, identity: principal.identity },
    to: { person: agent.person, identity: agent.identity },
    units: (unitsOf.get(wish.of) ?? []).map(({ unit }) => unit),
    proposals: [],
    until: '2027-12-31',
    declares: 'agent-is-no-property-staff',
    scanHash: isPaper ? toBase64Url(world.random(32)) : '',
    nonce: nonce(),
  };
  const given = wish.record?.(honest) ?? honest;
  const bytes = mandateForm.bytes(given);
  const hash = mandateHash(bytes);
  const entry = {
    v: 1,
    kind: 'mandate.granted',
    community: world.community,
    mandateHash: toBase64Url(hash),
    signedBy: isPaper ? 'officers' : 'owner',
  } as const;
  mandates.ids.set(wish.of, given.mandate);
  if (isPaper) {
    world.append('mandate', entry, BY_TWO, AT);
    mandates.lines.push({ mandate: toBase64Url(bytes), by: '', evidence: [] });
    return bytes;
  }
  const own = { by: principal.vote.credential, evidence: [principal.vote.sign(hash)] };
  const signed = wish.signed?.(own, hash) ?? own;
  world.log.append(withEvidence(entry, signed.evidence.map(evidenceHash)));
  publish(AT, 'mandate');
  mandates.lines.push({ mandate: toBase64Url(bytes), ...signed });
  return bytes;
}

function end(
  story: Story,
  { ownerOf }: Owners,
  wish: MandateWish,
  bytes: Uint8Array,
  mandates: Mandates,
): void {
  const { world, publish } = story;
  const { vote } = ownerOf(wish.of);
  const hash = mandateRevocationHash(bytes);
  const own = { by: vote.credential, evidence: [vote.sign(hash)] };
  const signed = wish.endSigned?.(own, hash) ?? own;
  const mandateText = toBase64Url(mandateHash(bytes));
  world.log.append(
    withEvidence(
      {
        v: 1,
        kind: 'mandate.revoked',
        community: world.community,
        mandateHash: mandateText,
        signedBy: 'owner',
      },
      signed.evidence.map(evidenceHash),
    ),
  );
  if (wish.ended === 'before') publish(AT, 'mandate');
  mandates.ends.push({ mandate: mandateForm.own(bytes).mandate, ...signed });
}
