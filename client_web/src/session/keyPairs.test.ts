import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';

import { deleteKey, openKey } from './keyPairs';

const PLACE = { database: 'd', store: 's' };
const E3 = { room: 'room-1', alias: 'E3' };

test('two pages that ask at the same time get one key', async () => {
  const browser = new IDBFactory();

  const [one, other] = await Promise.all([openKey(PLACE, E3, browser), openKey(PLACE, E3, browser)]);

  expect(other.fingerprint).toBe(one.fingerprint);
});

test('every owner and every store has a key of its own', async () => {
  const browser = new IDBFactory();

  const keys = [
    await openKey(PLACE, E3, browser),
    await openKey(PLACE, { ...E3, alias: 'E4' }, browser),
    await openKey(PLACE, { ...E3, room: 'room-2' }, browser),
    await openKey({ ...PLACE, database: 'other' }, E3, browser),
  ];

  expect(new Set(keys.map((key) => key.fingerprint)).size).toBe(4);
});

test('a deleted key is gone, and deleting none is nothing', async () => {
  const browser = new IDBFactory();
  const gone = await openKey(PLACE, E3, browser);

  await deleteKey(PLACE, E3, browser);
  await deleteKey(PLACE, E3, browser);

  expect((await openKey(PLACE, E3, browser)).fingerprint).not.toBe(gone.fingerprint);
});
