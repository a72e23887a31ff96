import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';

import { openCommandKey } from './commandKey';
import { deleteDocumentKey, openDocumentKey } from './documentKey';

const ATTRIBUTES = Uint8Array.of(0x31, 0x02, 0x05, 0x00);

test('a document key signs bytes as they are, in 64 bytes', async () => {
  const { spki, sign } = await openDocumentKey('room-1', 'E3', new IDBFactory());

  const signature = await sign(ATTRIBUTES);

  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('spki', spki.slice(), algorithm, true, ['verify']);
  expect(signature.length).toBe(64);
  expect(await crypto.subtle.verify(algorithm, key, signature.slice(), ATTRIBUTES)).toBe(true);
});

test('a document key is kept beside the command key, and is another one', async () => {
  const browser = new IDBFactory();
  const command = await openCommandKey('room-1', 'E3', browser);

  const document = await openDocumentKey('room-1', 'E3', browser);

  expect((await openDocumentKey('room-1', 'E3', browser)).fingerprint).toBe(document.fingerprint);
  expect((await openCommandKey('room-1', 'E3', browser)).fingerprint).toBe(command.fingerprint);
  expect(document.fingerprint).not.toBe(command.fingerprint);
});

test('a deleted document key is gone, and the command key stays', async () => {
  const browser = new IDBFactory();
  const command = await openCommandKey('room-1', 'E3', browser);
  const gone = await openDocumentKey('room-1', 'E3', browser);

  await deleteDocumentKey('room-1', 'E3', browser);

  expect((await openDocumentKey('room-1', 'E3', browser)).fingerprint).not.toBe(gone.fingerprint);
  expect((await openCommandKey('room-1', 'E3', browser)).fingerprint).toBe(command.fingerprint);
});
