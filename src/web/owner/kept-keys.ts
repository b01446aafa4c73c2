/** Device keys that this browser keeps, in IndexedDB: the seed itself, or wrapped by a PIN and the service's share (SPEC 3.3). */

/** Bytes are base64url; `pin` is there for a wrapped seed. */
export type KeptKey = {
  readonly credential: string;
  readonly publicKey: string;
  /** The seed, or what `wrapSeed` made of it. */
  readonly seed: string;
  readonly pin?: { readonly salt: string; readonly handle: string };
};

const STORE = 'keys';

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** One transaction over the kept keys; rejects where the browser keeps nothing. */
async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open('owners-vote', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'credential' });
  const db = await settled(opening);
  try {
    const transaction = db.transaction(STORE, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await settled(work(transaction.objectStore(STORE)));
    await done;
    return result;
  } finally {
    db.close();
  }
}

/** The keys of this browser; none where it keeps nothing. */
export async function keptKeys(): Promise<readonly KeptKey[]> {
  try {
    return await inStore<KeptKey[]>('readonly', (store) => store.getAll());
  } catch {
    return [];
  }
}

/** Whether this browser keeps anything at all; a private window may not. */
export async function canKeep(): Promise<boolean> {
  try {
    await inStore('readwrite', (store) => store.count());
    return true;
  } catch {
    return false;
  }
}

/** Keeps a key; false where the browser refuses. */
export async function keepKey(key: KeptKey): Promise<boolean> {
  try {
    await inStore('readwrite', (store) => store.put(key));
    return true;
  } catch {
    return false;
  }
}

/** Drops a key that has ended. */
export async function dropKey(credential: string): Promise<void> {
  try {
    await inStore('readwrite', (store) => store.delete(credential));
  } catch {
    // What is not kept needs no dropping.
  }
}
