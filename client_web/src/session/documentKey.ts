/**
 * The key a member signs documents with: made in the browser, never leaving it, certified for the person by name.
 *
 * It is another key than that of the commands: one for both would link alias and name before the names are opened.
 */

import { deleteKey, openKey, type KeyStore, type SeatKey } from './keyPairs';

const PLACE: KeyStore = { database: 'lianping-documents', store: 'documentKeys' };

/** Signs the signed attributes of a PDF signature (DER) as they are. */
export type DocumentKey = SeatKey;

/** The key of this alias in this room: the kept one, else a new one, kept from now on. */
export function openDocumentKey(room: string, alias: string, databases = indexedDB): Promise<DocumentKey> {
  return openKey(PLACE, { room, alias }, databases);
}

/** Deletes the key at check-out; without one, nothing happens. */
export function deleteDocumentKey(room: string, alias: string, databases = indexedDB): Promise<void> {
  return deleteKey(PLACE, { room, alias }, databases);
}
