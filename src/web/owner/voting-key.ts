/** What an owner signs with on this page: the letter's key, or a passkey of his own (SPEC 3.3, 6.3). */
import { toBase64Url } from '../../base/bytes.ts';
import { sign } from '../../crypto/ed25519.ts';
import type { Signature } from '../../record/signature.ts';
import type { Answer } from '../kit/api.ts';

export type VotingKey = {
  /** Signs 32 bytes that this page computed; a passkey may be refused by its owner. */
  readonly sign: (hash: Uint8Array) => Promise<Answer<Signature>>;
  /** The seed of the letter, which alone vouches for a new key; undefined for a passkey. */
  readonly letterSeed: Uint8Array | undefined;
};

export const signByLetter = (seed: Uint8Array, hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(seed, hash)),
});

export const letterVotingKey = (seed: Uint8Array): VotingKey => ({
  sign: (hash) => Promise.resolve({ ok: true, value: signByLetter(seed, hash) }),
  letterSeed: seed,
});
