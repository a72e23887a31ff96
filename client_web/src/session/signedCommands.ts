/**
 * What this browser remembers of the commands it signed: their digests and the last number, never their content.
 *
 * A line under the seat's alias whose `cause` is not among them was signed by somebody else. It outlives a reload, and
 * two windows share it.
 */

import type { Digest } from '../protocol/generated';
import { completion, openDatabase, result, writing } from './indexedDatabase';

const DATABASE = 'lianping-signed';
const NUMBERS = 'numbers';
const DIGESTS = 'digests';

/** The memory of one command key. */
export interface SignedCommands {
  /** A number for the next command: above this one and above every one given before. */
  readonly nextNumber: (above: number) => Promise<number>;
  /** Keeps a command's digest; on the disk when it resolves, so before the command is sent. */
  readonly remember: (digest: Digest) => Promise<void>;
  /** Whether a command with this digest was signed here. */
  readonly isKnown: (digest: Digest) => Promise<boolean>;
  /** Lets the database go. */
  readonly close: () => void;
}

/** The memory of the command key with this fingerprint. */
export async function openSignedCommands(key: Digest, databases = indexedDB): Promise<SignedCommands> {
  const database = await openDatabase(databases, DATABASE, [NUMBERS, DIGESTS]);
  return {
    nextNumber: async (above) => {
      const transaction = writing(database, NUMBERS);
      const store = transaction.objectStore(NUMBERS);
      const last = (await result(store.get(key) as IDBRequest<number | undefined>)) ?? 0;
      const next = Math.max(last, above) + 1;
      store.put(next, key);
      await completion(transaction);
      return next;
    },
    remember: async (digest) => {
      const transaction = writing(database, DIGESTS);
      transaction.objectStore(DIGESTS).put(true, [key, digest]);
      await completion(transaction);
    },
    isKnown: async (digest) => {
      const store = database.transaction(DIGESTS).objectStore(DIGESTS);
      return (await result(store.count([key, digest]))) > 0;
    },
    close: () => {
      database.close();
    },
  };
}

/** Forgets a key's commands at check-out. */
export async function forgetSignedCommands(key: Digest, databases = indexedDB): Promise<void> {
  const database = await openDatabase(databases, DATABASE, [NUMBERS, DIGESTS]);
  try {
    const transaction = writing(database, [NUMBERS, DIGESTS]);
    transaction.objectStore(NUMBERS).delete(key);
    const digests = transaction.objectStore(DIGESTS);
    for (const place of await result(digests.getAllKeys())) {
      if ((place as [Digest, Digest])[0] === key) digests.delete(place);
    }
    await completion(transaction);
  } finally {
    database.close();
  }
}
