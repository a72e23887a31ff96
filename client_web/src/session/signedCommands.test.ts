import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';

import { forgetSignedCommands, openSignedCommands } from './signedCommands';

describe('openSignedCommands', () => {
  it('gives numbers that rise, above the ones that the server knows', async () => {
    const memory = await openSignedCommands('key', new IDBFactory());

    const numbers = [await memory.nextNumber(0), await memory.nextNumber(0), await memory.nextNumber(7)];

    expect(numbers).toEqual([1, 2, 8]);
  });

  it('never gives two windows the same number', async () => {
    const browser = new IDBFactory();
    const [one, other] = [await openSignedCommands('key', browser), await openSignedCommands('key', browser)];

    const numbers = await Promise.all([one.nextNumber(0), other.nextNumber(0), one.nextNumber(0)]);

    expect(new Set(numbers).size).toBe(3);
  });

  it('remembers what was signed, over a reload', async () => {
    const browser = new IDBFactory();
    const before = await openSignedCommands('key', browser);
    await before.remember('aa');
    before.close();

    const after = await openSignedCommands('key', browser);

    expect([await after.isKnown('aa'), await after.isKnown('bb')]).toEqual([true, false]);
  });

  it('keeps the commands of different keys apart', async () => {
    const browser = new IDBFactory();
    const memory = await openSignedCommands('key', browser);
    await memory.remember('aa');
    await memory.nextNumber(0);

    const other = await openSignedCommands('other', browser);

    expect([await other.isKnown('aa'), await other.nextNumber(0)]).toEqual([false, 1]);
  });
});

describe('forgetSignedCommands', () => {
  it('forgets those of one key alone', async () => {
    const browser = new IDBFactory();
    const [gone, kept] = [await openSignedCommands('gone', browser), await openSignedCommands('kept', browser)];
    for (const memory of [gone, kept]) {
      await memory.remember('aa');
      await memory.nextNumber(0);
    }

    await forgetSignedCommands('gone', browser);

    expect([await gone.isKnown('aa'), await gone.nextNumber(0)]).toEqual([false, 1]);
    expect([await kept.isKnown('aa'), await kept.nextNumber(0)]).toEqual([true, 2]);
  });
});
