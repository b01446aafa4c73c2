/** An owner on his way to a provider: what this browser keeps until he is back, since the page ends when he leaves it (SPEC 3.4). */
import type { Binding } from '../../record/binding.ts';
import type { Place } from '../owner/browser-store.ts';
import { inStore } from '../owner/browser-store.ts';

/** A way out that has not come back. */
export type KeptSignIn = {
  /** Names the way; each is used once. */
  readonly state: string;
  readonly request: string;
  readonly community: string;
  readonly iss: string;
  readonly rpId: string;
  readonly key: Pick<Binding, 'credential' | 'credentialKind' | 'alg' | 'publicKey' | 'webauthnId' | 'nonce'>;
  /** Of a device key, base64url; empty for a passkey. */
  readonly seed: string;
  readonly way: 'first' | 'second';
  /** Unix time in ms. */
  readonly expiresAt: number;
};

const SIGN_INS: Place = { database: 'owners-vote-sign-ins', store: 'sign-ins', keyPath: 'state' };

/** Keeps one; false where the browser refuses. */
export async function keepSignIn(signIn: KeptSignIn): Promise<boolean> {
  try {
    await inStore(SIGN_INS, 'readwrite', (store) => store.put(signIn));
    return true;
  } catch {
    return false;
  }
}

/** The one of this state; undefined where this browser did not begin it. */
export async function keptSignIn(state: string): Promise<KeptSignIn | undefined> {
  try {
    return await inStore<KeptSignIn | undefined>(SIGN_INS, 'readonly', (store) => store.get(state));
  } catch {
    return undefined;
  }
}

/** Forgets one that came back. */
export async function dropSignIn(state: string): Promise<void> {
  try {
    await inStore(SIGN_INS, 'readwrite', (store) => store.delete(state));
  } catch {
    // What is not kept needs no dropping.
  }
}

/** Forgets those whose time is over: the seeds of keys that nobody bound. */
export async function sweepKeptSignIns(now: number): Promise<void> {
  try {
    const all = await inStore<KeptSignIn[]>(SIGN_INS, 'readonly', (store) => store.getAll());
    for (const each of all) if (each.expiresAt <= now) await dropSignIn(each.state);
  } catch {
    // Nothing is kept.
  }
}
