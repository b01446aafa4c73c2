/** What the owner's pages keep in this browser, in IndexedDB; whatever the browser refuses rejects (SPEC 3.3, 3.4). */

/** A database with one store, so that none is ever changed. */
export type Place = { readonly database: string; readonly store: string; readonly keyPath: string };

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** One transaction; rejects where the browser keeps nothing. */
export async function inStore<T>(
  { database, store, keyPath }: Place,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(database, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath });
  const db = await settled(opening);
  try {
    const transaction = db.transaction(store, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await settled(work(transaction.objectStore(store)));
    await done;
    return result;
  } finally {
    db.close();
  }
}
