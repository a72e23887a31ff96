/**
 * The key a seat signs its commands with: P-256, made in the browser, never leaving it, gone at check-out.
 *
 * It is kept in IndexedDB, one for each room and alias, so that a reload or a restart goes on with the same seat. The
 * private half is not extractable: a script of this page can use it but never read or send it.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import { completion, openDatabase, result, writing } from './indexedDatabase';

const DATABASE = 'lianping';
const STORE = 'commandKeys';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const P256_SHA256 = { name: 'ECDSA', hash: 'SHA-256' };

/** They stand before what is signed, so that a signature for one purpose fits no other. */
const COMMAND_PREFIX = 'lianping-command-v1\n';
const JOIN_PREFIX = 'lianping-join-v1\n';

/** The command key of one alias in one room. */
export interface CommandKey {
  /** The public half: DER of a SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** SHA-256 of `spki` in 64 lower-case hexadecimal digits, as the enrolment shows it. */
  readonly fingerprint: string;
  /** Signs the canonical text of a command; gives 64 bytes, r and s in 32 each. */
  readonly sign: (text: string) => Promise<Uint8Array>;
  /** Signs the token that the seat joins with, and so proves that this device holds the key; gives 64 bytes. */
  readonly signJoin: (token: string) => Promise<Uint8Array>;
}

/**
 * The key of this alias in this room: the kept one, else a new one, kept from now on.
 *
 * Two pages that ask at the same time get the same key.
 */
export async function openCommandKey(room: string, alias: string, databases = indexedDB): Promise<CommandKey> {
  const database = await openDatabase(databases, DATABASE, [STORE]);
  try {
    const kept = await keptPair(database.transaction(STORE).objectStore(STORE), room, alias);
    return await commandKey(kept ?? (await keepPair(database, room, alias, await makePair())));
  } finally {
    database.close();
  }
}

/** Deletes the key at check-out; without one, nothing happens. */
export async function deleteCommandKey(room: string, alias: string, databases = indexedDB): Promise<void> {
  const database = await openDatabase(databases, DATABASE, [STORE]);
  try {
    const transaction = writing(database, STORE);
    transaction.objectStore(STORE).delete([room, alias]);
    await completion(transaction);
  } finally {
    database.close();
  }
}

function makePair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
}

async function commandKey({ privateKey, publicKey }: CryptoKeyPair): Promise<CommandKey> {
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const sign = async (text: string) =>
    new Uint8Array(await crypto.subtle.sign(P256_SHA256, privateKey, new TextEncoder().encode(text)));
  return {
    spki,
    fingerprint: bytesToHex(sha256(spki)),
    sign: (text) => sign(COMMAND_PREFIX + text),
    signJoin: (token) => sign(JOIN_PREFIX + token),
  };
}

/** The pair that is kept, if there is one. */
function keptPair(store: IDBObjectStore, room: string, alias: string): Promise<CryptoKeyPair | undefined> {
  return result(store.get([room, alias]) as IDBRequest<CryptoKeyPair | undefined>);
}

/** Keeps a pair unless another page was first; gives the pair that is kept. */
async function keepPair(
  database: IDBDatabase,
  room: string,
  alias: string,
  pair: CryptoKeyPair,
): Promise<CryptoKeyPair> {
  const transaction = writing(database, STORE);
  const store = transaction.objectStore(STORE);
  const kept = await keptPair(store, room, alias);
  if (kept === undefined) store.add(pair, [room, alias]);
  await completion(transaction);
  return kept ?? pair;
}
