/**
 * An owner without letter and phone gets a key at the counter, or by video (SPEC 3.4): his new phone offers a key, an officer names the
 * person whose document he saw, the phone signs the binding, and two officers sign its entry. Until then the key is bound to nobody.
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import type { Binding } from '../record/binding.ts';
import { bindHash, bindingForm } from '../record/binding.ts';
import { isBindable, isShown } from '../record/binding-evidence.ts';
import type { Signature } from '../record/signature.ts';
import { signatureForm } from '../record/signature.ts';
import { lockCommunityOf } from '../registry/communities.ts';
import { readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { mergeOfMerged } from '../registry/store/merges.ts';
import { credentialRow, hasTooMany } from './binding.ts';
import { mayReceive } from './counter-desk.ts';
import type { OfferedKey } from './domain/counter-request.ts';
import { COUNTER_LIFE_MS, counterCode } from './domain/counter-request.ts';
import type { BindingDeps, IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import { insertBinding } from './store/bindings.ts';
import type { CounterRow } from './store/counter.ts';
import {
  claimRequest,
  countRequests,
  insertRequest,
  lockRequest,
  lockRequestByCode,
  requestById,
  showRequest,
  sweepRequests,
} from './store/counter.ts';
import { freezeBeforeEntering } from './store/freezes.ts';

/** Requests that wait at a time in the whole deployment; strangers make them, six a minute from one address. */
const MAX_REQUESTS = 5000;
/** A phone still asks how it ended when its half hour is over. */
const KEPT_MS = 60 * 60_000;

const bytesOf = (text: string): Uint8Array => present(fromBase64Url(text), 'checked bytes');

export type Offered = { readonly request: string; readonly code: string; readonly expiresAt: Instant };

/** Keeps a key that a page has made, for half an hour and for nobody yet; `request` is the page's own secret, `code` is read out. */
export async function offerKey(
  deps: BindingDeps,
  key: OfferedKey,
): Promise<Result<Offered, IdentityRefusal>> {
  if (!isBindable(draftBinding(deps, key, '', '', new Uint8Array(32), 'counter')))
    return refuse('BINDING_KEY');
  const [request, now] = [newId(deps.random), deps.clock()];
  const [code, expiresAt] = [counterCode(deps.random(8)), now + COUNTER_LIFE_MS];
  try {
    return await inTransaction(deps.db, async (tx) => {
      await sweepRequests(tx, now, now - KEPT_MS);
      if ((await countRequests(tx)) >= MAX_REQUESTS) return refuse('COUNTER_FULL');
      await insertRequest(tx, {
        request_id: request,
        code,
        credential_id: key.credential,
        credential_kind: key.credentialKind,
        alg: key.alg,
        public_key: bytesOf(key.publicKey),
        webauthn_id: bytesOf(key.webauthnId),
        nonce: bytesOf(key.nonce),
        expires_at_ms: BigInt(expiresAt),
      });
      return ok({ request, code, expiresAt });
    });
  } catch (error) {
    // Eight digits that somebody else has: the page asks again, as where all places are taken.
    const refusal = refusalOfConstraint(error, { counter_request_code_key: 'COUNTER_FULL' } as const);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** The binding of an offered key, as it will be signed. */
export const draftBinding = (
  deps: Pick<BindingDeps, 'deployment' | 'rpId'>,
  key: OfferedKey,
  community: string,
  person: string,
  identity: Uint8Array,
  vouchedBy: Binding['vouchedBy'],
): Binding => ({
  v: 1,
  kind: 'bind',
  vouchedBy,
  origin: deps.deployment.origin,
  community,
  person,
  identity: toBase64Url(identity),
  rpId: deps.rpId,
  credential: key.credential,
  credentialKind: key.credentialKind,
  alg: key.alg,
  publicKey: key.publicKey,
  webauthnId: key.webauthnId,
  nonce: key.nonce,
});

type OfferedRow = Pick<
  CounterRow,
  'credential_id' | 'credential_kind' | 'alg' | 'public_key' | 'webauthn_id' | 'nonce'
>;

/** The key of a row, as its page offered it. */
export const offeredKeyOf = (row: OfferedRow): OfferedKey => ({
  credential: row.credential_id,
  credentialKind: row.credential_kind as OfferedKey['credentialKind'],
  alg: row.alg as OfferedKey['alg'],
  publicKey: toBase64Url(row.public_key),
  webauthnId: toBase64Url(row.webauthn_id),
  nonce: toBase64Url(row.nonce),
});

/** What the officer at the counter names: the phone by its digits, and the person that he has found by the document. */
export type CounterClaim = {
  readonly community: string;
  readonly code: string;
  readonly person: string;
  readonly vouchedBy: 'counter' | 'video';
};

/** Says whose key the waiting one is to be; the phone then shows the binding and signs it. */
export async function claimKey(
  deps: BindingDeps,
  officer: ActingOfficer,
  { community, code, person, vouchedBy }: CounterClaim,
): Promise<Result<{ readonly request: string; readonly binding: string }, IdentityRefusal>> {
  if (!mayReceive(officer, community)) return refuse('NOT_ALLOWED');
  const found = await readPerson(deps, community, person);
  if (found === undefined) return refuse('COUNTER_PERSON');
  return inTransaction(deps.db, async (tx) => {
    const row = await lockRequestByCode(tx, code);
    if (row === undefined || Number(row.expires_at_ms) <= deps.clock()) return refuse('COUNTER_UNKNOWN');
    if (row.binding !== null) return refuse('COUNTER_TAKEN');
    const { identity } = found;
    const bytes = bindingForm.bytes(
      draftBinding(deps, offeredKeyOf(row), community, person, identity, vouchedBy),
    );
    await claimRequest(tx, row.request_id, {
      community_id: community,
      person_id: person,
      claimed_by: officer.officer,
      binding: bytes,
    });
    return ok({ request: row.request_id, binding: toBase64Url(bytes) });
  });
}

const readBinding = (bytes: Uint8Array): Binding => bindingForm.own(bytes);

/** Takes the phone's signature over the binding, and asks two officers for theirs. */
export async function showKey(
  deps: BindingDeps,
  request: string,
  byKey: Signature,
): Promise<Result<{ readonly act: string }, IdentityRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const row = await lockRequest(tx, request);
    if (row === undefined || Number(row.expires_at_ms) <= deps.clock()) return refuse('COUNTER_UNKNOWN');
    if (row.binding === null) return refuse('COUNTER_NOT_SHOWN');
    if (row.act_id !== null) return refuse('COUNTER_TAKEN');
    const bound = readBinding(row.binding);
    if (!isShown(bound, row.binding, byKey, deps)) return refuse('BINDING_EVIDENCE');
    const { community } = bound;
    const hash = toBase64Url(bindHash(row.binding));
    const act = await draftAct(tx, deps, {
      entry: { v: 1, kind: 'credential.bound', community, bindHash: hash, signedBy: 'officers' },
      details: { request },
      draftedBy: present(row.claimed_by, 'a claim has its officer'),
    });
    const key_signature = present(fromUtf8(signatureForm.bytes(byKey)), 'own text');
    await showRequest(tx, request, { key_signature, act_id: act });
    return ok({ act });
  });
}

/** Binds the key of a signed act; one whose half hour is over, or whose person has another name by now, is not bound. */
export async function applyCounterBinding(
  tx: Tx,
  deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  assert(act.entry.kind === 'credential.bound', `${act.kind} binds no key`);
  await lockCommunityOf(tx, act);
  const row = await requestById(tx, act.details['request'] ?? '');
  const now = deps.clock();
  if (row === undefined || Number(row.expires_at_ms) <= now) return refuse('COUNTER_UNKNOWN');
  const binding = present(row.binding, 'an act follows the claim');
  const bound = readBinding(binding);
  const person = await readPerson({ db: tx }, bound.community, bound.person);
  if (person === undefined || toBase64Url(person.identity) !== bound.identity)
    return refuse('BINDING_PERSON');
  if ((await freezeBeforeEntering(tx, bound.community, bound.person)) !== undefined)
    return refuse('BINDING_FROZEN');
  if ((await mergeOfMerged(tx, bound.community, bound.person)) !== undefined) return refuse('BINDING_PERSON');
  if (await hasTooMany(tx, bound, civilDateAt(now))) return refuse('BINDING_TOO_MANY');
  await insertBinding(tx, credentialRow(bound, entryId), {
    community_id: bound.community,
    credential_id: bound.credential,
    letter_id: null,
    binding,
    letter_signature: null,
    id_token: null,
    key_signature: present(row.key_signature, 'an act follows the signature'),
    bound_at_ms: BigInt(now),
    entry_id: entryId,
  });
  return ok(undefined);
}
