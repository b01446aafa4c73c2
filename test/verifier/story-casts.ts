// The votes of the story: each is a cast with one sealed answer for each ballot, signed by the owner's letter, and accepted in the
// log one day after the one before it.
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { parseInstant } from '../../src/base/instant.ts';
import type { BallotClaims } from '../../src/record/ballot.ts';
import { ballotForm, ballotHash } from '../../src/record/ballot.ts';
import { castLineForm } from '../../src/record/bundle-lines.ts';
import type { Cast } from '../../src/record/cast.ts';
import { CHAIN_START, castForm, castHash } from '../../src/record/cast.ts';
import { sealChoice } from '../../src/record/choice.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import { entryForm, withEvidence } from '../../src/record/entry.ts';
import type { Signature } from '../../src/record/signature.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { Ballots } from './forge.ts';
import type { Story } from './story.ts';
import { DAY_MS, plus } from './story.ts';
import { token } from './story-keys.ts';
import { ORIGIN } from './story-log.ts';
import type { Convened } from './story-meeting.ts';
import { OPENS } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';
import { enterPaper } from './story-papers.ts';

export type Casts = {
  /** Compact tokens by their hash. */
  readonly ballots: ReadonlyMap<string, string>;
  readonly castLines: readonly Uint8Array[];
  /** Log index of each cast, in order. */
  readonly castIndexes: readonly number[];
  readonly paperLines: readonly Uint8Array[];
  /** Hash of each owner's last cast or paper, by name. */
  readonly castHashes: ReadonlyMap<string, string>;
  /** Owners whose last statement is on paper. */
  readonly onPaper: ReadonlySet<string>;
  /** Emei's cast where the log lost it. */
  readonly lost: LostCast | undefined;
};

/** A cast that was promised and not logged; `entry` is what was promised. */
export type LostCast = {
  readonly entry: Uint8Array;
  readonly entitlement: string;
  readonly seq: number;
  readonly castHash: string;
  readonly at: string;
};

/** `bao` changes his mind once; `chen` seals an answer that does not open; the developer stays silent. */
export const HONEST_CASTS: readonly Ballots[] = [
  {
    owner: 'ada',
    answers: [
      [0, 'for'],
      [1, 'for'],
    ],
  },
  {
    owner: 'bao',
    answers: [
      [0, 'against'],
      [1, 'against'],
    ],
  },
  {
    owner: 'chen',
    answers: [
      [0, 'for'],
      [1, 'garbled'],
    ],
  },
  {
    owner: 'bao',
    answers: [
      [0, 'for'],
      [1, 'for'],
    ],
  },
  { owner: 'deng', answers: [[0, 'for']] },
  { owner: 'emei', answers: [[0, 'abstain']] },
];

/** The area of each owner's ballot, by the place of the proposal. */
const AREAS = new Map<string, readonly string[]>([
  ['ada', ['8888', '8888']],
  ['bao', ['9010', '9010']],
  ['chen', ['10000', '10000']],
  ['deng', ['12000']],
  ['emei', ['10102']],
  ['developer', ['20000']],
]);

/** The owners vote, and somebody in another meeting too. */
export function castVotes(
  story: Story,
  { ownerOf }: Owners,
  convened: Convened,
  mandates: ReadonlyMap<string, string>,
): Casts {
  const { forge, world, id, nonce, publish } = story;
  const { random, log, meeting } = world;
  const { proposals, serverSeeds, definition, hash, roll } = convened;
  const ballots = new Map<string, string>();
  const castLines: Uint8Array[] = [];
  const castIndexes: number[] = [];
  const chains = new Map<string, { seq: number; prev: string }>();
  const castHashes = new Map<string, string>();
  const paperLines: Uint8Array[] = [];
  const onPaper = new Set<string>();
  let lost: LostCast | undefined;
  for (const [place, { owner: name, by: caster = name, mandated, paper, answers }] of (
    forge.casts ?? HONEST_CASTS
  ).entries()) {
    forge.before?.(world, 'cast');
    const owner = ownerOf(caster);
    const mandate = mandated === true ? (mandates.get(name) ?? '') : '';
    const entitlement = present(roll.entitlementOf.get(name), name);
    const chain = chains.get(name) ?? { seq: 1, prev: CHAIN_START };
    if (paper !== undefined) {
      const read = { entitlement, signer: owner.person, mandate, ...chain, place };
      const entered = enterPaper(story, convened, { answers }, read, paper);
      paperLines.push(entered.line);
      castIndexes.push(entered.index);
      chains.set(name, { seq: chain.seq + 1, prev: entered.hash });
      castHashes.set(name, entered.hash);
      onPaper.add(name);
      continue;
    }
    onPaper.delete(name);
    const ephemeral = random(32);
    const sealedAnswers = answers.map(([at, option], answerAt) => {
      const proposal = present(proposals[at], 'proposal');
      const honest: BallotClaims = {
        iss: ORIGIN,
        jti: id(),
        nbf: (parseInstant(OPENS) ?? 0) / 1000,
        meeting: hash,
        proposal: proposal.proposal,
        entitlement,
        credential: owner.vote.credential,
        mandate,
        areaDm2: AREAS.get(name)?.[at] ?? '1',
        heads: 1,
        mode: 'open',
      };
      const claims = forge.claims?.(honest) ?? honest;
      const issued = token('owners-vote-ballot+jws', serverSeeds.ballot, ballotForm.bytes(claims));
      const compact = forge.ballotToken?.(issued, place, answerAt, serverSeeds.ballot) ?? issued;
      const ballot = ballotHash(compact);
      ballots.set(ballot, compact);
      const choice = {
        v: 1 as const,
        meeting: hash,
        // A garbled choice names another entitlement, so it does not open in its place.
        entitlement: option === 'garbled' ? id() : entitlement,
        ballot,
        proposal: proposal.proposal,
        choice: [option === 'garbled' ? 'for' : option],
        salt: nonce(),
      };
      const boxKey = present(fromBase64Url(definition.boxKey), 'box key');
      const sealed = sealChoice(choice, proposal.sealLength, boxKey, ephemeral, random(24));
      return { ballot, sealed: toBase64Url(forge.sealed?.(sealed, place) ?? sealed) };
    });
    const honest: Cast = {
      v: 1,
      kind: 'cast',
      meeting: hash,
      entitlement,
      credential: owner.vote.credential,
      mandate,
      assisted: '',
      ...chain,
      ...log.seen(),
      nonce: nonce(),
      answers: sealedAnswers,
    };
    const cast = forge.cast?.(honest, place) ?? honest;
    const canonical = castForm.bytes(cast);
    const bytes = forge.castBytes?.(canonical, place) ?? canonical;
    const signed = castHash(bytes);
    const honestSignature: Signature = owner.vote.sign(signed);
    const by = { seed: owner.seed, hash: signed };
    const signature = forge.castSignature?.(honestSignature, place, by) ?? honestSignature;
    castLines.push(castLineForm.bytes({ cast: toBase64Url(bytes), signature }));
    const accepted: UnsignedEntry = {
      v: 1,
      kind: 'cast.accepted',
      meeting,
      entitlement,
      seq: chain.seq,
      castHash: toBase64Url(signed),
    };
    const entry = withEvidence(forge.entry?.(accepted, 'cast') ?? accepted, [evidenceHash(signature)]);
    const at = plus(OPENS, (place + 1) * DAY_MS);
    if (forge.restored !== undefined && name === 'emei')
      lost = {
        entry: entryForm.bytes(entry),
        entitlement,
        seq: chain.seq,
        castHash: toBase64Url(signed),
        at,
      };
    else {
      castIndexes.push(log.append(entry));
      publish(at, 'cast');
    }
    chains.set(name, { seq: chain.seq + 1, prev: toBase64Url(signed) });
    castHashes.set(name, toBase64Url(signed));
  }
  // Another meeting's vote: no vote of this one, and no control of its community.
  log.append(
    withEvidence(
      {
        v: 1,
        kind: 'cast.accepted',
        meeting: id(),
        entitlement: id(),
        seq: 1,
        castHash: toBase64Url(random(32)),
      },
      [toBase64Url(random(32))],
    ),
  );
  return { ballots, castLines, castIndexes, paperLines, castHashes, onPaper, lost };
}
