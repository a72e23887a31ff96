/** The key a seat signs its commands with: made in the browser, never leaving it, gone at check-out. */

import { utf8ToBytes } from '@noble/hashes/utils.js';

import { deleteKey, openKey, type KeyStore, type SeatKey } from './keyPairs';

const PLACE: KeyStore = { database: 'lianping', store: 'commandKeys' };

/** They stand before what is signed, so that a signature for one purpose fits no other. */
const COMMAND_PREFIX = 'lianping-command-v1\n';
const JOIN_PREFIX = 'lianping-join-v1\n';

/** The command key of one alias in one room. */
export interface CommandKey extends Pick<SeatKey, 'spki' | 'fingerprint'> {
  /** Signs the canonical text of a command; gives 64 bytes, r and s in 32 each. */
  readonly sign: (text: string) => Promise<Uint8Array>;
  /** Signs the token that the seat joins with, and so proves that this device holds the key; gives 64 bytes. */
  readonly signJoin: (token: string) => Promise<Uint8Array>;
}

/** The key of this alias in this room: the kept one, else a new one, kept from now on. */
export async function openCommandKey(room: string, alias: string, databases = indexedDB): Promise<CommandKey> {
  const { spki, fingerprint, sign } = await openKey(PLACE, { room, alias }, databases);
  return {
    spki,
    fingerprint,
    sign: (text) => sign(utf8ToBytes(COMMAND_PREFIX + text)),
    signJoin: (token) => sign(utf8ToBytes(JOIN_PREFIX + token)),
  };
}

/** Deletes the key at check-out; without one, nothing happens. */
export function deleteCommandKey(room: string, alias: string, databases = indexedDB): Promise<void> {
  return deleteKey(PLACE, { room, alias }, databases);
}
