/** IndexedDB in promises: as much of it as the seat's keys and their memory need. */

/** Opens a database with these stores, made when it is new; their keys stand outside the values. */
export function openDatabase(databases: IDBFactory, name: string, stores: readonly string[]): Promise<IDBDatabase> {
  const request = databases.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of stores) request.result.createObjectStore(store);
  };
  return result(request);
}

/** A transaction that is complete only once it is on the disk: what is signed with must outlive a power cut. */
export function writing(database: IDBDatabase, stores: string | string[]): IDBTransaction {
  return database.transaction(stores, 'readwrite', { durability: 'strict' });
}

/** What a request gives. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('The request failed without a reason.'));
    };
  });
}

/** The end of a transaction. */
export function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('The transaction was aborted.'));
    };
  });
}
