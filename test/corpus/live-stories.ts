// The stories of evoting.json as an attacker of a running service would tell them: each bends an honest statement and says who
// signs it and where it is sent.
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { ballotHash } from '../../src/record/ballot.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm } from '../../src/record/cast.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { Voter } from '../ballot/voting-world.ts';
import { paperOf, signatureOver } from '../ballot/voting-world.ts';

/** What the attacker has: himself, an owner who has voted with these bytes, and an owner who has not. */
export type Scene = {
  readonly self: Voter;
  readonly honest: Cast;
  readonly victim: Voter;
  readonly victimBytes: Uint8Array;
  /** The victim's next statement, as a letter that is in other hands would make it. */
  readonly victimAgain: Cast;
  readonly absent: Voter;
  /** An owner who has frozen his vote, and what a thief of his letter would cast. */
  readonly frozen: Voter;
  readonly frozenCast: Cast;
  /** Whoever holds a letter that was reissued to an owner who had voted, and his statement by it. */
  readonly thief: Voter;
  readonly theft: Cast;
  readonly random: (size: number) => Uint8Array;
};

export type Sent = { readonly bytes: Uint8Array; readonly signature: Signature };

const signedBy = ({ seed }: Voter, cast: Cast): Sent => {
  const bytes = castForm.bytes(cast);
  return { bytes, signature: signatureOver(seed, bytes) };
};

/** The honest statement with its first answer changed. */
function withAnswer(
  honest: Cast,
  change: (answer: Cast['answers'][number]) => Cast['answers'][number],
): Cast {
  return { ...honest, answers: honest.answers.map((answer, at) => (at === 0 ? change(answer) : answer)) };
}

const withSealed = (honest: Cast, change: (sealed: Uint8Array) => Uint8Array): Cast =>
  withAnswer(honest, ({ ballot, sealed }) => ({
    ballot,
    sealed: toBase64Url(change(present(fromBase64Url(sealed), 'checked bytes'))),
  }));

const parsed = (bytes: Uint8Array): Cast => {
  const read = castForm.parse(bytes);
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
};

export const LIVE_STORIES: Readonly<Record<string, (scene: Scene) => Sent>> = {
  'evoting-cast-while-frozen': ({ frozen, frozenCast }) => signedBy(frozen, frozenCast),
  'evoting-copied-statement': ({ self, victimBytes }) => ({
    bytes: victimBytes,
    signature: signatureOver(self.seed, victimBytes),
  }),
  'evoting-copied-ciphertext': ({ self, honest, victimBytes }) => {
    const { sealed } = present(parsed(victimBytes).answers[0], 'an answer');
    return signedBy(
      self,
      withAnswer(honest, ({ ballot }) => ({ ballot, sealed })),
    );
  },
  'evoting-altered-ciphertext': ({ self, honest }) => {
    const flipped = (sealed: Uint8Array): Uint8Array => sealed.with(-1, (sealed.at(-1) ?? 0) ^ 1);
    const bytes = castForm.bytes(withSealed(honest, flipped));
    return { bytes, signature: signatureOver(self.seed, castForm.bytes(honest)) };
  },
  'evoting-small-subgroup': ({ self, honest }) =>
    signedBy(
      self,
      withSealed(honest, (sealed) => Uint8Array.of(1, ...new Uint8Array(31), ...sealed.subarray(32))),
    ),
  'evoting-foreign-ballot': ({ self, honest, victim }) => {
    const { token } = present(paperOf(victim).ballots[0], 'a ballot');
    return signedBy(
      self,
      withAnswer(honest, ({ sealed }) => ({ ballot: ballotHash(token), sealed })),
    );
  },
  'evoting-heavier-ballot': ({ self, honest }) => {
    // Whoever writes a ballot himself can at most name its hash, for the service reads its own copy.
    const [head, payload = '', signature] = present(paperOf(self).ballots[0], 'a ballot').token.split('.');
    const claims = Buffer.from(payload, 'base64url')
      .toString()
      .replace(/"areaDm2":"/, '"areaDm2":"9');
    const heavier = `${head}.${Buffer.from(claims).toString('base64url')}.${signature}`;
    return signedBy(
      self,
      withAnswer(honest, ({ sealed }) => ({ ballot: ballotHash(heavier), sealed })),
    );
  },
  'evoting-foreign-meeting': ({ self, honest, random }) =>
    signedBy(self, { ...honest, meeting: toBase64Url(random(32)) }),
  'evoting-stuffing': ({ self, honest, absent }) =>
    signedBy(self, { ...honest, entitlement: paperOf(absent).entitlement }),
  'evoting-chain-from-the-middle': ({ self, honest }) => signedBy(self, { ...honest, seq: 2 }),
  'evoting-chain-of-another': ({ self, honest, random }) =>
    signedBy(self, { ...honest, seq: 2, prev: toBase64Url(random(32)) }),
  'evoting-chain-reordered': ({ victim, victimAgain, random }) =>
    // The third statement of a chain before its second.
    signedBy(victim, { ...victimAgain, seq: 3, prev: toBase64Url(random(32)) }),
  'evoting-revote-by-malware': ({ victim, victimAgain }) => signedBy(victim, victimAgain),
  'evoting-reissue-takes-over': ({ thief, theft }) => signedBy(thief, theft),
  'evoting-unseen-history': ({ self, honest, random }) =>
    signedBy(self, { ...honest, root: toBase64Url(random(32)) }),
};
