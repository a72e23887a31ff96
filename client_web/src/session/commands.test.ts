import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';

import { openCommandKey } from './commandKey';
import { bytesToBase64, commandDigest, signCommand } from './commands';

/** The example of `server/protocol.md`, as the server writes it. */
const ROOM = { id: '2026-0117', first: 'a5676fd69dfb52734f64e98e6b7e8e8ce50ded362472daf708c37421705a1edd' };
const SEEN = { size: 41, root: 'b3e4b4f77b22909b45150fe9ef4a3af32cb6633563a57f438dc8cee0de56d7db' };
const NONCE = 'g6z2R0BFyi4Y5sIixDWO3Q==';
const TEXT =
  `{"by":"E1","n":7,"nonce":"${NONCE}","room":{"first":"${ROOM.first}","id":"2026-0117"},` +
  `"seen":{"root":"${SEEN.root}","size":41},"type":"make_pledge"}`;

function bytesFromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

describe('signCommand', () => {
  it('writes the text that the server writes', async () => {
    const key = await openCommandKey('R1', 'E1', new IDBFactory());
    const place = { room: ROOM, by: 'E1', n: 7, seen: SEEN };

    const signed = await signCommand({ type: 'make_pledge' }, place, key, bytesFromBase64(NONCE));

    expect([signed.text, signed.n, signed.key, signed.signature.length]).toEqual([TEXT, 7, key.fingerprint, 64]);
  });

  it('signs what it wrote', async () => {
    const key = await openCommandKey('R1', 'E1', new IDBFactory());
    const place = { room: ROOM, by: 'E1', n: 7, seen: SEEN };
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const publicKey = await crypto.subtle.importKey('spki', key.spki.slice(), algorithm, true, ['verify']);

    const { text, signature } = await signCommand({ type: 'make_pledge' }, place, key);

    const message = new TextEncoder().encode(`lianping-command-v1\n${text}`);
    expect(await crypto.subtle.verify(algorithm, publicKey, signature.slice(), message)).toBe(true);
  });

  it('never signs the same text twice', async () => {
    const key = await openCommandKey('R1', 'E1', new IDBFactory());
    const place = { room: ROOM, by: 'E1', n: 7, seen: SEEN };

    const texts = [1, 2].map(async () => (await signCommand({ type: 'make_pledge' }, place, key)).text);

    expect(new Set(await Promise.all(texts)).size).toBe(2);
  });
});

describe('commandDigest', () => {
  it('is the cause that the server computes', () => {
    expect(commandDigest(TEXT)).toBe('3d0543b6a58bc9fc49ecd8ca5c5772f21f0502db7772d8edd13fff68a6e7b282');
  });
});

describe('bytesToBase64', () => {
  it.each([
    [[], ''],
    [[0], 'AA=='],
    [[255, 254, 253], '//79'],
  ])('of %j is %s', (bytes, base64) => {
    expect(bytesToBase64(Uint8Array.from(bytes))).toBe(base64);
  });
});
