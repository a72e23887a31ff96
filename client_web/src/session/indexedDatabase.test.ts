import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';

import { completion, openDatabase, result, writing } from './indexedDatabase';

describe('openDatabase', () => {
  it('makes the stores of a new database and finds them in an old one', async () => {
    const browser = new IDBFactory();
    (await openDatabase(browser, 'seat', ['a', 'b'])).close();

    const database = await openDatabase(browser, 'seat', []);

    expect([...database.objectStoreNames]).toEqual(['a', 'b']);
  });
});

describe('writing', () => {
  it('gives a transaction that asks to be on the disk', async () => {
    const database = await openDatabase(new IDBFactory(), 'seat', ['a']);

    const transaction = writing(database, 'a');
    transaction.objectStore('a').put(1, 'one');
    await completion(transaction);

    expect(await result(database.transaction('a').objectStore('a').get('one') as IDBRequest<number>)).toBe(1);
    expect(transaction.durability).toBe('strict');
  });
});

describe('result', () => {
  it('fails as the request fails', async () => {
    const database = await openDatabase(new IDBFactory(), 'seat', ['a']);
    const store = writing(database, 'a').objectStore('a');
    store.add(1, 'one');

    await expect(result(store.add(2, 'one'))).rejects.toThrow('constraint was not satisfied');
  });
});

describe('completion', () => {
  it('fails when the transaction is given up', async () => {
    const database = await openDatabase(new IDBFactory(), 'seat', ['a']);
    const transaction = writing(database, 'a');

    transaction.abort();

    await expect(completion(transaction)).rejects.toThrow('aborted');
  });
});
