/**
 * Key pairs of a seat in the browser's database: P-256, one for each room and alias, kept over a reload or a restart.
 *
 * The private half is not extractable: a script of this page can use it but never read or send it.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import type { Alias, Digest, RoomId } from '../protocol/generated';
import { completion, openDatabase, result, writing } from './indexedDatabase';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const P256_SHA256 = { name: 'ECDSA', hash: 'SHA-256' };

/** Which keys: a database of their own, with one store in it. */
export interface KeyStore {
  readonly database: string;
  readonly store: string;
}

/** One alias in one room. */
export interface KeyOwner {
  readonly room: RoomId;
  readonly alias: Alias;
}

/** A key pair as the page uses it. */
export interface SeatKey {
  /** The public half: DER of a SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** SHA-256 of `spki` in 64 lower-case hexadecimal digits, as the record shows it. */
  readonly fingerprint: Digest;
  /** Signs the SHA-256 of these bytes; gives 64 bytes, r and s in 32 each. */
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
}

/**
 * The owner's key: the kept one, else a new one, kept from now on.
 *
 * Two pages that ask at the same time get the same key.
 */
export async function openKey(place: KeyStore, owner: KeyOwner, databases: IDBFactory): Promise<SeatKey> {
  const database = await openDatabase(databases, place.database, [place.store]);
  try {
    const kept = await keptPair(database.transaction(place.store).objectStore(place.store), owner);
    return await seatKey(kept ?? (await keepPair(database, place.store, owner, await makePair())));
  } finally {
    database.close();
  }
}

/** Deletes the owner's key at check-out; without one, nothing happens. */
export async function deleteKey(place: KeyStore, { room, alias }: KeyOwner, databases: IDBFactory): Promise<void> {
  const database = await openDatabase(databases, place.database, [place.store]);
  try {
    const transaction = writing(database, place.store);
    transaction.objectStore(place.store).delete([room, alias]);
    await completion(transaction);
  } finally {
    database.close();
  }
}

function makePair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
}

async function seatKey({ privateKey, publicKey }: CryptoKeyPair): Promise<SeatKey> {
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  return {
    spki,
    fingerprint: bytesToHex(sha256(spki)),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(P256_SHA256, privateKey, bytes.slice())),
  };
}

/** The pair that is kept, if there is one. */
function keptPair(store: IDBObjectStore, { room, alias }: KeyOwner): Promise<CryptoKeyPair | undefined> {
  return result(store.get([room, alias]) as IDBRequest<CryptoKeyPair | undefined>);
}

/** Keeps a pair unless another page was first; gives the pair that is kept. */
async function keepPair(
  database: IDBDatabase,
  name: string,
  owner: KeyOwner,
  pair: CryptoKeyPair,
): Promise<CryptoKeyPair> {
  const transaction = writing(database, name);
  const store = transaction.objectStore(name);
  const kept = await keptPair(store, owner);
  if (kept === undefined) store.add(pair, [owner.room, owner.alias]);
  await completion(transaction);
  return kept ?? pair;
}
