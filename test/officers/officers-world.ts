// The officers' floor alone on a fresh database: roots, officers with key files, acts, and actions that a test may bend.
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { showInstant } from '../../src/base/instant.ts';
import type { Result } from '../../src/base/result.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { NewAct, SignOutcome } from '../../src/officers/acts.ts';
import { draftAct, readAct, signAct } from '../../src/officers/acts.ts';
import type { IdentitySalts, OfficerDeps } from '../../src/officers/officer-deps.ts';
import { declareRoot, rootOfficerId } from '../../src/officers/root.ts';
import type { Action, Role } from '../../src/record/action.ts';
import { actionForm, actionHash } from '../../src/record/action.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import { subjectOf } from '../../src/record/entry.ts';
import { EMPTY_ROOT } from '../../src/record/merkle.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { FixedClock } from '../support/clock.ts';
import { fixedClock } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

export const ORIGIN = 'https://vote.example';
const HOUR_MS = 3_600_000;

export type OfficersWorld = { readonly deps: OfficerDeps & IdentitySalts; readonly time: FixedClock };

export function officersWorld(fresh: FreshDatabase, seed: string): OfficersWorld {
  const time = fixedClock();
  const deps = {
    db: fresh.db,
    clock: time.clock,
    random: seededRandom(seed),
    rpId: 'vote.example',
    origins: [ORIGIN],
    identitySalt: (docKind: string, number: string) => sha256(utf8(`${docKind} ${number}`)).subarray(0, 16),
  };
  return { deps, time };
}

/** Whoever signs: an officer or a root, by a key file. */
export type Hand = { readonly officer: string; readonly role: Role; readonly seed: Uint8Array };

export const rootHand = (seed: Uint8Array): Hand => ({
  officer: rootOfficerId(publicKeyOf(seed)),
  role: 'root',
  seed,
});

/** The action of a hand on an entry, with what the test bends. */
export function actionBytes(
  { deps }: OfficersWorld,
  facts: Pick<Action, 'action' | 'subject' | 'community' | 'meeting'>,
  hand: Hand,
  change: Partial<Action> = {},
): Uint8Array {
  return actionForm.bytes({
    v: 1,
    kind: 'action',
    ...facts,
    officer: hand.officer,
    role: hand.role,
    size: 0,
    root: toBase64Url(EMPTY_ROOT),
    expires: showInstant(deps.clock() + HOUR_MS),
    nonce: toBase64Url(deps.random(16)),
    ...change,
  });
}

export const signatureOf = (seed: Uint8Array, action: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(seed, actionHash(action))),
});

/** One hand's action on a drafted act; `change` bends it before it is signed. */
export async function put(
  world: OfficersWorld,
  act: string,
  hand: Hand,
  change: Partial<Action> = {},
): Promise<Result<SignOutcome>> {
  const found = present(await readAct(world.deps, act), 'drafted').act;
  const facts = {
    action: found.kind,
    subject: toBase64Url(found.subject),
    community: hand.role === 'root' ? '' : found.community_id,
    meeting: hand.role === 'root' ? '' : (found.meeting_id ?? ''),
  };
  const bytes = actionBytes(world, facts, hand, change);
  return signAct(world.deps, act, bytes, signatureOf(hand.seed, bytes));
}

export const codeOf = (result: Result<unknown>): string => (result.ok ? '' : result.refusal.code);

/** A drafted notice of some meeting. */
export function draftNotice(
  { deps }: OfficersWorld,
  community: string,
  convenerRole?: NewAct['convenerRole'],
  draftedBy = 'test',
): Promise<string> {
  const entry: UnsignedEntry<'meeting.noticed'> = {
    v: 1,
    kind: 'meeting.noticed',
    community,
    meeting: newId(deps.random),
    noticeHash: toBase64Url(deps.random(32)),
    opens: '2026-12-30T00:00:00Z',
  };
  const who = convenerRole === undefined ? {} : { convenerRole };
  return inTransaction(deps.db, (tx) => draftAct(tx, deps, { entry, details: {}, draftedBy, ...who }));
}

/** A drafted appointment to a role. */
export function draftAppointment(
  { deps }: OfficersWorld,
  role: Role,
  community: string,
  change: { readonly identity?: string; readonly seed?: Uint8Array } = {},
): Promise<string> {
  const publicKey = toBase64Url(publicKeyOf(change.seed ?? deps.random(32)));
  const entry: UnsignedEntry<'officer.appointed'> = {
    v: 1,
    kind: 'officer.appointed',
    officer: newId(deps.random),
    identity: change.identity ?? toBase64Url(deps.random(32)),
    role,
    community,
    keys: [{ credential: newId(deps.random), key: { v: 1, alg: 'Ed25519', publicKey, webauthnId: '' } }],
    until: '2030-12-31',
  };
  const details = { name: '某人' };
  return inTransaction(deps.db, (tx) => draftAct(tx, deps, { entry, details, draftedBy: 'test' }));
}

/** A declaration of these roots, and the signed actions of some of them. */
export function declarationOf(
  world: OfficersWorld,
  seeds: readonly Uint8Array[],
  threshold: number,
  signers: readonly Uint8Array[] = seeds,
) {
  const entry: UnsignedEntry<'root.declared'> = {
    v: 1,
    kind: 'root.declared',
    origin: 'vote.example/log',
    rpId: 'vote.example',
    origins: [ORIGIN],
    roots: seeds.map((seed) => toBase64Url(publicKeyOf(seed))),
    threshold,
    demo: 'real',
  };
  const facts = { action: entry.kind, subject: subjectOf(entry), community: '', meeting: '' };
  const signed = signers.map((seed) => {
    const action = actionBytes(world, facts, rootHand(seed));
    return { action, signature: signatureOf(seed, action) };
  });
  return { entry, signed };
}

export async function declare(
  world: OfficersWorld,
  seeds: readonly Uint8Array[],
  threshold: number,
): Promise<void> {
  const { entry, signed } = declarationOf(world, seeds, threshold);
  const declared = await declareRoot(world.deps, entry, signed);
  if (!declared.ok) throw new Error(declared.refusal.code);
}
