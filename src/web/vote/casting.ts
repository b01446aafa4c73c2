/** From marked options to a signed cast: one ephemeral pair for the statement, one signature for all answers (SPEC 6.2, 6.3). */
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { Random } from '../../base/clock.ts';
import { CHAIN_START, castForm, castHash } from '../../record/cast.ts';
import { sealChoice } from '../../record/choice.ts';
import type { Answer } from '../kit/api.ts';
import type { VotingKey } from '../owner/voting-key.ts';
import type { CheckedPaper, CheckedPapers } from './checks.ts';
import type { Choices } from './choices.ts';
import type { SentCast } from './receipts.ts';

/** A statement ready to be signed; `castHash` is 32 bytes. */
export type DraftedCast = {
  readonly bytes: Uint8Array;
  readonly castHash: Uint8Array;
  readonly seq: number;
};

/** A statement with the body in which it was sent. */
export type MadeCast = DraftedCast & { readonly sent: SentCast };

/** Whether anything was marked at all; a statement needs one answer. */
export const isAnswered = (paper: CheckedPaper, choices: Choices): boolean =>
  paper.questions.some(({ proposal }) => (choices[proposal.proposal] ?? []).length > 0);

/** Seals the marked options and builds the statement. */
export function draftCast(
  papers: CheckedPapers,
  paper: CheckedPaper,
  choices: Choices,
  random: Random,
): DraftedCast {
  const boxKey = fromBase64Url(papers.definition.boxKey) ?? new Uint8Array();
  const ephemeralSecret = random(32);
  const answers = paper.questions.flatMap(({ proposal, ballot }) => {
    const choice = choices[proposal.proposal] ?? [];
    if (choice.length === 0) return [];
    const plain = {
      v: 1,
      meeting: papers.meetingHash,
      entitlement: paper.entitlement,
      ballot,
      proposal: proposal.proposal,
      choice,
      salt: toBase64Url(random(16)),
    } as const;
    const sealed = sealChoice(plain, proposal.sealLength, boxKey, ephemeralSecret, random(24));
    return [{ ballot, sealed: toBase64Url(sealed) }];
  });
  ephemeralSecret.fill(0);
  const bytes = castForm.bytes({
    v: 1,
    kind: 'cast',
    meeting: papers.meetingHash,
    entitlement: paper.entitlement,
    credential: papers.credential,
    mandate: paper.mandate,
    assisted: '',
    seq: paper.seq + 1,
    prev: paper.last === '' ? CHAIN_START : paper.last,
    size: papers.seen.size,
    root: toBase64Url(papers.seen.root),
    nonce: toBase64Url(random(16)),
    answers,
  });
  return { bytes, castHash: castHash(bytes), seq: paper.seq + 1 };
}

/** The request body: the statement and the owner's signature over its hash. */
export async function signCast(key: VotingKey, cast: DraftedCast): Promise<Answer<SentCast>> {
  const signature = await key.sign(cast.castHash);
  return signature.ok
    ? { ok: true, value: { cast: toBase64Url(cast.bytes), signature: signature.value } }
    : signature;
}
