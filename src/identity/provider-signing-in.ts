/**
 * An owner without letter binds this phone by an identity provider (SPEC 3.4 c). He goes there twice: the first token says who he is, so that
 * the page can show and sign the bytes of his binding; the second one has their hash as its nonce, and vouches for them.
 */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sameSecret, sealAtRest } from '../crypto/at-rest.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { bindHash, bindingForm } from '../record/binding.ts';
import { isBindable, isShown } from '../record/binding-evidence.ts';
import type { IdToken, IdTokenEvidence } from '../record/id-token.ts';
import {
  idTokenEvidenceForm,
  idTokenHash,
  isForBinding,
  opensIdentity,
  readIdToken,
  wasFresh,
} from '../record/id-token.ts';
import { firstWayNonce } from '../record/provider.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import { assertKnownIndexes, indexesOf, openSalt, readPerson } from '../registry/persons.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import { mergeOfMerged } from '../registry/store/merges.ts';
import { indexGenerationsIn } from '../registry/store/units.ts';
import { bindingConstraints, credentialRow, hasTooMany, idTokenPlace } from './binding.ts';
import { draftBinding, offeredKeyOf } from './counter.ts';
import type { OfferedKey } from './domain/counter-request.ts';
import type { BindingDeps } from './identity-deps.ts';
import { exchangeCode, keyOfToken } from './provider-client.ts';
import { addressOf, newLeg, redirectOf, wayTo } from './provider-ways.ts';
import { declarationIn } from './providers.ts';
import type { IdentityRefusal } from './refusals.ts';
import { insertBinding } from './store/bindings.ts';
import { freezeBeforeEntering } from './store/freezes.ts';
import type { SignInRow } from './store/providers.ts';
import {
  changeSignIn,
  countSignIns,
  deleteSignIn,
  insertSignIn,
  lockSignIn,
  personByIndexes,
  sweepSignIns,
} from './store/providers.ts';

/** From the first way out to the last way back. */
export const SIGN_IN_LIFE_MS = 15 * 60_000;
/** Sign-ins at a time in the whole deployment; strangers begin them. */
const MAX_SIGN_INS = 2000;
const DRAWN_BYTES = 32;

/** `redirect` is where the page goes; `request` is the page's own secret, which it keeps. */
export type Begun = { readonly request: string; readonly redirect: string; readonly expiresAt: Instant };
/** After the first way the binding to be signed, after the second the credential that was bound; the other is empty. */
export type Returned = { readonly binding: string; readonly credential: string };

/** What a page begins with; `drawn` are its 32 random bytes, base64url. */
export type Beginning = {
  readonly community: string;
  readonly iss: string;
  readonly drawn: string;
  readonly key: OfferedKey;
};

/** Keeps a key that a page has made, for nobody yet, and sends its owner to the provider. */
export async function beginSignIn(
  deps: BindingDeps,
  { community, iss, drawn, key }: Beginning,
): Promise<Result<Begun, IdentityRefusal>> {
  const first = fromBase64Url(drawn);
  if (first?.length !== DRAWN_BYTES) return refuse('PROVIDER_FORM', 'drawn');
  const way = await wayTo(deps, community, iss);
  if (!way.ok) return way;
  if (!isBindable(draftBinding(deps, key, '', '', new Uint8Array(32), 'provider')))
    return refuse('BINDING_KEY');
  const [request, leg] = [newId(deps.random), newLeg(deps, firstWayNonce(first))];
  const [now, bytes] = [deps.clock(), (text: string) => present(fromBase64Url(text), 'checked bytes')];
  const expiresAt = now + SIGN_IN_LIFE_MS;
  return inTransaction(deps.db, async (tx) => {
    await sweepSignIns(tx, now);
    if ((await countSignIns(tx)) >= MAX_SIGN_INS) return refuse('PROVIDER_FULL');
    await insertSignIn(tx, {
      ...leg,
      request_id: request,
      community_id: community,
      iss,
      credential_id: key.credential,
      credential_kind: key.credentialKind,
      alg: key.alg,
      public_key: bytes(key.publicKey),
      webauthn_id: bytes(key.webauthnId),
      nonce: bytes(key.nonce),
      expires_at_ms: BigInt(expiresAt),
    });
    return ok({ request, redirect: addressOf(deps, way.value, leg), expiresAt });
  });
}

/** Takes the page's way back: each state counts once, and only for the page that holds its request. */
const takeLeg = (
  deps: BindingDeps,
  request: string,
  state: string,
): Promise<Result<SignInRow, IdentityRefusal>> =>
  inTransaction(deps.db, async (tx) => {
    const row = await lockSignIn(tx, request);
    if (row === undefined || Number(row.expires_at_ms) <= deps.clock()) return refuse('PROVIDER_SIGN_IN');
    if (row.state === null || !sameSecret(toBase64Url(row.state), state)) return refuse('PROVIDER_STATE');
    await changeSignIn(tx, request, { state: null });
    return ok(row);
  });

/** What the page brings back from the provider. */
export type Return = { readonly request: string; readonly state: string; readonly code: string };

/** Changes the code into a token, and does with it what this way was for. */
export async function returnFromProvider(
  deps: BindingDeps,
  { request, state, code }: Return,
): Promise<Result<Returned, IdentityRefusal>> {
  const taken = await takeLeg(deps, request, state);
  if (!taken.ok) return taken;
  const row = taken.value;
  const way = await wayTo(deps, row.community_id, row.iss);
  if (!way.ok) return way;
  const { place, client } = way.value;
  const codeVerifier = toBase64Url(row.code_verifier);
  const token = await exchangeCode(place, client, { code, codeVerifier, redirect: redirectOf(deps) });
  if (!token.ok) return token;
  const key = keyOfToken(token.value, place);
  if (key === undefined) return refuse('PROVIDER_KEY');
  const signed = { token: token.value, key };
  if (row.key_signature === null) return nameOwner(deps, row, signed);
  try {
    return await inTransaction(deps.db, (tx) => bindOwner(tx, deps, row, signed));
  } catch (error) {
    const refusal = refusalOfConstraint(error, bindingConstraints);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

type SignedToken = Pick<IdTokenEvidence, 'token' | 'key'>;

/** The token under the declaration in force, made for this way and just now. */
async function readToken(
  db: BindingDeps['db'],
  deps: BindingDeps,
  row: SignInRow,
  signed: SignedToken,
): Promise<Result<IdToken, IdentityRefusal>> {
  const { providers } = await declarationIn(db, row.community_id);
  const read = readIdToken(
    signed,
    providers.filter(({ iss }) => iss === row.iss),
  );
  if (!read.ok) return read;
  if (!isForBinding(read.value, row.expected_nonce)) return refuse('PROVIDER_NONCE');
  const now = deps.clock();
  return wasFresh(read.value, now, now) ? read : refuse('PROVIDER_STALE');
}

/** The first way: whose document the token shows, so that the page can sign his binding. Nobody else learns whether he is an owner. */
async function nameOwner(
  deps: BindingDeps,
  row: SignInRow,
  signed: SignedToken,
): Promise<Result<Returned, IdentityRefusal>> {
  const token = await readToken(deps.db, deps, row, signed);
  if (!token.ok) return token;
  const { opening } = token.value;
  const person = opening && (await personByIndexes(deps.db, row.community_id, indexesOf(deps, opening)));
  if (person === undefined) {
    // Else an owner would be told that he is none.
    assertKnownIndexes(deps, await indexGenerationsIn(deps.db, row.community_id));
    return refuse('PROVIDER_PERSON');
  }
  const { identity, person_id } = person;
  if (!opensIdentity(token.value, openSalt(deps, person), toBase64Url(identity)))
    return refuse('PROVIDER_PERSON');
  const key = offeredKeyOf(row);
  const binding = bindingForm.bytes(
    draftBinding(deps, key, row.community_id, person_id, identity, 'provider'),
  );
  await changeSignIn(deps.db, row.request_id, { binding });
  return ok({ binding: toBase64Url(binding), credential: '' });
}

/** Takes the new key's signature over the binding, and sends its owner to the provider again, for a token over these very bytes. */
export async function signForProvider(
  deps: BindingDeps,
  request: string,
  byKey: Signature,
): Promise<Result<Begun, IdentityRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const row = await lockSignIn(tx, request);
    if (row === undefined || Number(row.expires_at_ms) <= deps.clock()) return refuse('PROVIDER_SIGN_IN');
    if (row.binding === null) return refuse('PROVIDER_STATE');
    const bound = bindingForm.own(row.binding);
    if (!isShown(bound, row.binding, byKey, deps)) return refuse('BINDING_EVIDENCE');
    const way = await wayTo(deps, row.community_id, row.iss);
    if (!way.ok) return way;
    const leg = newLeg(deps, bindHash(row.binding));
    const key_signature = present(fromUtf8(signatureForm.bytes(byKey)), 'own text');
    await changeSignIn(tx, request, { ...leg, key_signature });
    const expiresAt = Number(row.expires_at_ms);
    return ok({ request, redirect: addressOf(deps, way.value, leg), expiresAt });
  });
}

/** The second way: binds the key and logs it, under the lock that a declaration takes too. */
async function bindOwner(
  tx: Tx,
  deps: BindingDeps,
  row: SignInRow,
  signed: SignedToken,
): Promise<Result<Returned, IdentityRefusal>> {
  const { community_id: community } = row;
  const bytes = present(row.binding, 'signed before');
  const [bound, hash] = [bindingForm.own(bytes), bindHash(bytes)];
  await lockCommunity(tx, community);
  const token = await readToken(tx, deps, row, signed);
  if (!token.ok) return token;
  const person = await readPerson({ db: tx }, community, bound.person);
  if (person === undefined || toBase64Url(person.identity) !== bound.identity)
    return refuse('BINDING_PERSON');
  const salt = openSalt(deps, person);
  if (!opensIdentity(token.value, salt, bound.identity)) return refuse('PROVIDER_PERSON');
  if ((await freezeBeforeEntering(tx, community, bound.person)) !== undefined)
    return refuse('BINDING_FROZEN');
  if ((await mergeOfMerged(tx, community, bound.person)) !== undefined) return refuse('PROVIDER_PERSON');
  if (await hasTooMany(tx, bound, civilDateAt(deps.clock()))) return refuse('BINDING_TOO_MANY');
  const byKey = present(row.key_signature, 'signed before');
  const evidence = [idTokenHash(signed.token), evidenceHash(signatureForm.own(utf8(byKey)))];
  const entry = {
    v: 1,
    kind: 'credential.bound',
    community,
    bindHash: toBase64Url(hash),
    signedBy: 'owner',
  } as const;
  const { entryId } = await writeEntry(tx, entry, evidence);
  const kept = idTokenEvidenceForm.bytes({ ...signed, salt });
  await insertBinding(tx, credentialRow(bound, entryId), {
    community_id: community,
    credential_id: bound.credential,
    letter_id: null,
    binding: bytes,
    letter_signature: null,
    key_signature: byKey,
    id_token: sealAtRest(deps.atRest, idTokenPlace(community, bound.credential), kept, deps.random),
    bound_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
  await deleteSignIn(tx, row.request_id);
  return ok({ binding: '', credential: bound.credential });
}
