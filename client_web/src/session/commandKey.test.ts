import { bytesToHex } from '@noble/hashes/utils.js';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';

import { deleteCommandKey, openCommandKey } from './commandKey';

const COMMAND = '{"by":"E3","type":"submit_score"}';

/** Whether the signature is that key's over these UTF-8 bytes, by the platform's own check. */
async function isSignature(spki: Uint8Array, signature: Uint8Array, text: string): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('spki', spki.slice(), algorithm, true, ['verify']);
  return crypto.subtle.verify(algorithm, key, signature.slice(), new TextEncoder().encode(text));
}

describe('openCommandKey', () => {
  it('gives a key whose signature covers the prefix and the text, in 64 bytes', async () => {
    const key = await openCommandKey('room-1', 'E3', new IDBFactory());

    const signature = await key.sign(COMMAND);

    expect([
      signature.length,
      await isSignature(key.spki, signature, `lianping-command-v1\n${COMMAND}`),
      await isSignature(key.spki, signature, COMMAND),
    ]).toEqual([64, true, false]);
  });

  it('signs the UTF-8 bytes of the text', async () => {
    const key = await openCommandKey('room-1', 'E3', new IDBFactory());

    const signature = await key.sign('"评标😀"');

    expect(await isSignature(key.spki, signature, 'lianping-command-v1\n"评标😀"')).toBe(true);
  });

  it('signs a token to join with under a prefix of its own', async () => {
    const key = await openCommandKey('room-1', 'E3', new IDBFactory());

    const signature = await key.signJoin('header.claims.signature');

    expect([
      await isSignature(key.spki, signature, 'lianping-join-v1\nheader.claims.signature'),
      await isSignature(key.spki, signature, 'lianping-command-v1\nheader.claims.signature'),
    ]).toEqual([true, false]);
  });

  it('shows the SHA-256 of the public key as its fingerprint', async () => {
    const key = await openCommandKey('room-1', 'E3', new IDBFactory());

    const digest = await crypto.subtle.digest('SHA-256', key.spki.slice());

    expect(key.fingerprint).toBe(bytesToHex(new Uint8Array(digest)));
  });

  it('goes on with the same key after a reload', async () => {
    const browser = new IDBFactory();
    const before = await openCommandKey('room-1', 'E3', browser);

    const after = await openCommandKey('room-1', 'E3', browser);

    expect(after.spki).toEqual(before.spki);
    expect(await isSignature(before.spki, await after.sign(COMMAND), `lianping-command-v1\n${COMMAND}`)).toBe(true);
  });

  it('gives every room and alias its own key', async () => {
    const browser = new IDBFactory();

    const keys = [
      await openCommandKey('room-1', 'E3', browser),
      await openCommandKey('room-1', 'E4', browser),
      await openCommandKey('room-2', 'E3', browser),
    ];

    expect(new Set(keys.map((key) => key.fingerprint)).size).toBe(3);
  });

  it('gives two pages that ask at the same time one key', async () => {
    const browser = new IDBFactory();

    const [one, other] = await Promise.all([
      openCommandKey('room-1', 'E3', browser),
      openCommandKey('room-1', 'E3', browser),
    ]);

    expect(other.fingerprint).toBe(one.fingerprint);
  });

  it('keeps a private half that cannot be exported', async () => {
    const browser = new IDBFactory();
    await openCommandKey('room-1', 'E3', browser);

    const { privateKey } = await storedPair(browser, 'room-1', 'E3');

    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow('not extractable');
  });
});

describe('deleteCommandKey', () => {
  it('deletes the key of that room and alias alone', async () => {
    const browser = new IDBFactory();
    const gone = await openCommandKey('room-1', 'E3', browser);
    const kept = await openCommandKey('room-2', 'E3', browser);

    await deleteCommandKey('room-1', 'E3', browser);

    expect((await openCommandKey('room-1', 'E3', browser)).fingerprint).not.toBe(gone.fingerprint);
    expect((await openCommandKey('room-2', 'E3', browser)).fingerprint).toBe(kept.fingerprint);
  });

  it('does nothing where there is no key', async () => {
    await expect(deleteCommandKey('room-1', 'E3', new IDBFactory())).resolves.toBeUndefined();
  });
});

/** What the browser holds on its disk. */
function storedPair(browser: IDBFactory, room: string, alias: string): Promise<CryptoKeyPair> {
  return new Promise((resolve, reject) => {
    const opening = browser.open('lianping');
    opening.onerror = reject;
    opening.onsuccess = () => {
      const reading = opening.result.transaction('commandKeys').objectStore('commandKeys').get([room, alias]);
      reading.onerror = reject;
      reading.onsuccess = () => {
        resolve(reading.result as CryptoKeyPair);
      };
    };
  });
}
