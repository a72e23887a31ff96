import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';

import { fetchAnnex, fetchRoomFile } from './roomFiles';

const BYTES = utf8ToBytes('%PDF-1.7 a report');
const FILE = { sha256: bytesToHex(sha256(BYTES)), size: BYTES.length };
const ASKED = { room: 'r 1', file: FILE, token: 't.k.n' };

/** A server that gives this answer, in pieces if there are several. */
function server(...pieces: Uint8Array[]): { fetching: typeof fetch; asked: [string, RequestInit | undefined][] } {
  const asked: [string, RequestInit | undefined][] = [];
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const fetching = (input: string | URL | Request, init?: RequestInit) => {
    asked.push([input instanceof Request ? input.url : input.toString(), init]);
    return Promise.resolve(new Response(body));
  };
  return { fetching, asked };
}

const answering = (answer: Response) => () => Promise.resolve(answer);

describe('fetchRoomFile', () => {
  it('asks under the digest with the token of the seat, and gives the bytes', async () => {
    const { fetching, asked } = server(BYTES.slice(0, 4), BYTES.slice(4));

    expect(await fetchRoomFile(ASKED, fetching)).toEqual(BYTES);
    expect(asked).toEqual([
      [`/api/rooms/r%201/files/${FILE.sha256}`, { headers: { Authorization: 'Bearer t.k.n' }, cache: 'no-store' }],
    ]);
  });

  it('tells how much has come', async () => {
    const parts: number[] = [];

    await fetchRoomFile(
      { ...ASKED, onProgress: (part) => parts.push(part) },
      server(BYTES.slice(0, 4), BYTES.slice(4)).fetching,
    );

    expect(parts).toEqual([4 / BYTES.length, 1]);
  });

  it.each([
    ['another byte', Uint8Array.from(BYTES, (byte, index) => (index === 9 ? byte ^ 1 : byte))],
    ['less', BYTES.slice(0, -1)],
    ['more', new Uint8Array([...BYTES, 10])],
    ['nothing', new Uint8Array()],
  ])('refuses a file with %s', async (_, bytes) => {
    await expect(fetchRoomFile(ASKED, server(bytes).fetching)).rejects.toMatchObject({ code: 'file_altered' });
  });

  it('stops reading a file that goes on behind its end', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        given += 1;
        controller.enqueue(BYTES);
      },
    });

    await expect(fetchRoomFile(ASKED, answering(new Response(endless)))).rejects.toMatchObject({
      code: 'file_altered',
    });
    expect(given).toBeLessThan(5);
  });

  it.each([
    [new Response('{"code":"file_unknown","text":"no"}', { status: 404 }), 'file_unknown'],
    [new Response('<h1>Bad gateway</h1>', { status: 502 }), 'http_502'],
    [new Response('{"code":7}', { status: 500 }), 'http_500'],
  ])('gives the code of a refusal', async (answer, code) => {
    await expect(fetchRoomFile(ASKED, answering(answer))).rejects.toMatchObject({ code });
  });

  it('says where no answer comes', async () => {
    const offline = () => Promise.reject(new TypeError('Failed to fetch'));

    await expect(fetchRoomFile(ASKED, offline)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('fetchAnnex', () => {
  const PLACE = { room: 'r 1', lot: 'L/1', version: 2, token: 't.k.n' };

  it('asks for the own annex with the token of the seat, and gives the bytes', async () => {
    const { fetching, asked } = server(BYTES);

    expect(await fetchAnnex(PLACE, fetching)).toEqual(BYTES);
    expect(asked).toEqual([
      ['/api/rooms/r%201/lots/L%2F1/annex/2', { headers: { Authorization: 'Bearer t.k.n' }, cache: 'no-store' }],
    ]);
  });

  it('says why there is none', async () => {
    const refused = () => Promise.resolve(new Response('{"code":"nothing_to_sign"}', { status: 400 }));
    const large = server(new Uint8Array(4 * 1024 * 1024 + 1)).fetching;
    const offline = () => Promise.reject(new TypeError('Failed to fetch'));

    await expect(fetchAnnex(PLACE, refused)).rejects.toMatchObject({ code: 'nothing_to_sign' });
    await expect(fetchAnnex(PLACE, large)).rejects.toMatchObject({ code: 'file_altered' });
    await expect(fetchAnnex(PLACE, offline)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
