import { expect, it, test } from 'vitest';

import { askRevision } from './askRevision';

const PLACE = { room: 'r 1', lot: 'L1', token: 't.k.n' };
const REQUEST = { version: 2, base: 'ab', strokes: [[{ x: 0.1, y: 0.2, pressure: 0.5 }]], dissent: '' };

const answering = (answer: Response) => () => Promise.resolve(answer);

test('a revision is asked for with the token of the seat', async () => {
  const asked: unknown[] = [];
  const fetching = (path: string | URL | Request, init?: RequestInit) => {
    asked.push(path, init);
    return Promise.resolve(new Response('{"tail":"AA=="}'));
  };

  expect(await askRevision(PLACE, REQUEST, fetching)).toEqual({ tail: 'AA==' });
  expect(asked).toEqual([
    '/api/rooms/r%201/lots/L1/signature',
    {
      method: 'POST',
      headers: { Authorization: 'Bearer t.k.n', 'Content-Type': 'application/json' },
      body: JSON.stringify(REQUEST),
    },
  ]);
});

it.each([
  [new Response('{"code":"document_moved","text":"no"}', { status: 409 }), 'document_moved'],
  [new Response('<h1>Bad gateway</h1>', { status: 502 }), 'http_502'],
  [new Response('no JSON'), 'http_200'],
])('gives the code of a refusal', async (answer, code) => {
  await expect(askRevision(PLACE, REQUEST, answering(answer))).rejects.toMatchObject({ code });
});

it('says where no answer comes', async () => {
  const offline = () => Promise.reject(new TypeError('Failed to fetch'));

  await expect(askRevision(PLACE, REQUEST, offline)).rejects.toMatchObject({ code: 'unreachable' });
});
