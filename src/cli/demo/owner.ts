/** A demo owner: opens his letter, checks what he is served, votes with the letter key, keeps the receipt (SPEC 6). */

import type { CastAnswer, PapersAnswer } from '../../ballot/contract.ts';
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { publicKeyOf, sign } from '../../crypto/ed25519.ts';
import { acknowledgementForm } from '../../record/acknowledgement.ts';
import { ballotHash } from '../../record/ballot.ts';
import { CHAIN_START, castForm, castHash } from '../../record/cast.ts';
import { verifyCheckpoint } from '../../record/checkpoint.ts';
import { choiceForm, sealChoice } from '../../record/choice.ts';
import { verifyJws } from '../../record/jws.ts';
import { letterSeed } from '../../record/letter.ts';
import { loginHash } from '../../record/login.ts';
import { mandateForm } from '../../record/mandate.ts';
import type { Definition, Proposal } from '../../record/meeting.ts';
import { definitionForm, meetingHash } from '../../record/meeting.ts';
import type { Signature } from '../../record/signature.ts';
import type { HttpClient } from './http-client.ts';
import { ProblemError } from './http-client.ts';
import type { DemoWorld } from './officer.ts';

/** What a letter gives its owner, and the number on his document. */
export type Owner = { readonly code: Uint8Array; readonly number: string };

/** Says what an owner chooses on a proposal; undefined leaves it unanswered. */
export type Chooser = (proposal: Proposal) => readonly string[] | undefined;

/** What an owner votes with. */
export type VotingKey = { readonly sign: (hash: Uint8Array) => Signature };

export const letterKey = (owner: Owner): VotingKey => ({
  sign: (hash) => ({ alg: 'Ed25519', signature: toBase64Url(sign(letterSeed(owner.code), hash)) }),
});

/** Signs in with the letter key and the last six characters of the document number. */
export async function signInOwner(world: DemoWorld, client: HttpClient, owner: Owner): Promise<void> {
  const seed = letterSeed(owner.code);
  const { serverNonce } = await client.post<{ serverNonce: string }>('/v1/identity/challenge');
  const pageNonce = world.random(32);
  const challenge = loginHash(world.origin, present(fromBase64Url(serverNonce), 'served bytes'), pageNonce);
  await client.post('/v1/identity/sessions', {
    publicKey: toBase64Url(publicKeyOf(seed)),
    serverNonce,
    pageNonce: toBase64Url(pageNonce),
    signature: toBase64Url(sign(seed, challenge)),
    numberTail: owner.number.slice(-6),
  });
}

type Paper = PapersAnswer['papers'][number];

/** The bytes of a cast on one entitlement. */
export async function makeCast(
  world: DemoWorld,
  client: HttpClient,
  served: PapersAnswer,
  paper: Paper,
  choose: Chooser,
): Promise<Uint8Array> {
  const bytes = present(fromBase64Url(served.definition), 'served bytes');
  if (meetingHash(bytes) !== served.meetingHash) throw new Error('the definition is another one');
  const parsed = definitionForm.parse(bytes);
  if (!parsed.ok) throw new Error('the definition is malformed');
  const checkpoint = verifyCheckpoint(await client.text('/log/checkpoint'), world.logVkey);
  if (!checkpoint.ok) throw new Error('the checkpoint does not verify');
  return castForm.bytes({
    v: 1,
    kind: 'cast',
    meeting: served.meetingHash,
    entitlement: paper.entitlement,
    credential: served.credential,
    mandate:
      paper.mandate === ''
        ? ''
        : mandateForm.own(present(fromBase64Url(paper.mandate), 'served bytes')).mandate,
    assisted: '',
    seq: paper.seq + 1,
    prev: paper.last === '' ? CHAIN_START : paper.last,
    size: checkpoint.value.size,
    root: toBase64Url(checkpoint.value.root),
    nonce: toBase64Url(world.random(16)),
    answers: sealAnswers(world, served, paper, parsed.value, choose),
  });
}

function sealAnswers(
  world: DemoWorld,
  served: PapersAnswer,
  paper: Paper,
  definition: Definition,
  choose: Chooser,
) {
  const boxKey = present(fromBase64Url(definition.boxKey), 'checked key');
  return definition.proposals.flatMap((proposal) => {
    const issued = paper.ballots.find((each) => each.proposal === proposal.proposal);
    const choice = issued === undefined ? undefined : choose(proposal);
    if (issued === undefined || choice === undefined) return [];
    const ballot = ballotHash(issued.token);
    const value = choiceForm.check({
      v: 1,
      meeting: served.meetingHash,
      entitlement: paper.entitlement,
      ballot,
      proposal: proposal.proposal,
      choice,
      salt: toBase64Url(world.random(16)),
    });
    if (!value.ok) throw new Error('the choice is malformed');
    const sealed = sealChoice(value.value, proposal.sealLength, boxKey, world.random(32), world.random(24));
    return [{ ballot, sealed: toBase64Url(sealed) }];
  });
}

/** Sends a cast and checks the signed acknowledgement. */
export async function sendCast(
  client: HttpClient,
  meeting: string,
  ackKey: string,
  bytes: Uint8Array,
  key: VotingKey,
): Promise<CastAnswer> {
  const hash = castHash(bytes);
  const answer = await client.post<CastAnswer>(`/v1/meetings/${meeting}/casts`, {
    cast: toBase64Url(bytes),
    signature: key.sign(hash),
  });
  const ack = present(fromBase64Url(ackKey), 'checked key');
  const acknowledged = verifyJws(answer.acknowledgement, 'owners-vote-ack+jws', ack, acknowledgementForm);
  if (!acknowledged.ok || acknowledged.value.castHash !== toBase64Url(hash))
    throw new Error('a false acknowledgement');
  return answer;
}

/** The owner's ballots, or undefined for one whose units carry no vote, such as a parking space. */
async function servedPapers(client: HttpClient, meeting: string): Promise<PapersAnswer | undefined> {
  try {
    return await client.get<PapersAnswer>(`/v1/meetings/${meeting}/papers`);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'NOTHING_TO_VOTE') return undefined;
    throw error;
  }
}

/** One head has one vote: a spouse who votes in the same second is refused, which is no fault of the demo's. */
function coOwnerWasFaster(error: unknown): undefined {
  if (error instanceof ProblemError && error.code === 'CAST_CHAIN') return undefined;
  throw error;
}

/** Votes by his letter on everything that the owner may still vote on; returns the hashes of his casts. */
export async function voteWith(
  world: DemoWorld,
  client: HttpClient,
  owner: Owner,
  meeting: string,
  choose: Chooser,
): Promise<readonly string[]> {
  await signInOwner(world, client, owner);
  return voteBy(world, client, letterKey(owner), meeting, choose);
}

/** The same by the key with which the owner is signed in. */
export async function voteBy(
  world: DemoWorld,
  client: HttpClient,
  key: VotingKey,
  meeting: string,
  choose: Chooser,
): Promise<readonly string[]> {
  const served = await servedPapers(client, meeting);
  if (served === undefined) return [];
  const definition = definitionForm.parse(present(fromBase64Url(served.definition), 'served bytes'));
  if (!definition.ok) throw new Error('the definition is malformed');
  const hashes: string[] = [];
  for (const paper of served.papers) {
    if (paper.seq > 0 || paper.ballots.length === 0) continue;
    const bytes = await makeCast(world, client, served, paper, choose);
    const { ack } = definition.value.keys;
    const sent = await sendCast(client, meeting, ack, bytes, key).catch(coOwnerWasFaster);
    if (sent !== undefined) hashes.push(sent.castHash);
  }
  return hashes;
}
