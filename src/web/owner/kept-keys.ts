/** Device keys that this browser keeps, in IndexedDB: the seed itself, or wrapped by a PIN and the service's share (SPEC 3.3). */

import type { Place } from './browser-store.ts';
import { inStore } from './browser-store.ts';

/** Bytes are base64url; `pin` is there for a wrapped seed. */
export type KeptKey = {
  readonly credential: string;
  readonly publicKey: string;
  /** The seed, or what `wrapSeed` made of it. */
  readonly seed: string;
  readonly pin?: { readonly salt: string; readonly handle: string };
};

const KEYS: Place = { database: 'owners-vote', store: 'keys', keyPath: 'credential' };
const inKeys = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
  inStore(KEYS, mode, work);

/** The keys of this browser; none where it keeps nothing. */
export async function keptKeys(): Promise<readonly KeptKey[]> {
  try {
    return await inKeys<KeptKey[]>('readonly', (store) => store.getAll());
  } catch {
    return [];
  }
}

/** Whether this browser keeps anything at all; a private window may not. */
export async function canKeep(): Promise<boolean> {
  try {
    await inKeys('readwrite', (store) => store.count());
    return true;
  } catch {
    return false;
  }
}

/** Keeps a key; false where the browser refuses. */
export async function keepKey(key: KeptKey): Promise<boolean> {
  try {
    await inKeys('readwrite', (store) => store.put(key));
    return true;
  } catch {
    return false;
  }
}

/** Drops a key that has ended. */
export async function dropKey(credential: string): Promise<void> {
  try {
    await inKeys('readwrite', (store) => store.delete(credential));
  } catch {
    // What is not kept needs no dropping.
  }
}
