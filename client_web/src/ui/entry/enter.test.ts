import { expect, test } from 'vitest';

import { enter } from './enter';

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (() => Promise.resolve(new Response(JSON.stringify(body), { status, headers }))) as typeof fetch;

const SECRET = 'f'.repeat(32);

test('a good code leads to a seat', async () => {
  const body = { room: 'R1', alias: 'E1', role: 'expert', venue: 'jia', token: 't' };

  expect(await enter('12345678', SECRET, answering(200, body))).toEqual({
    entered: true,
    role: 'expert',
    seat: { room: 'R1', alias: 'E1', token: 't' },
  });
});

test("the code goes with the window's secret", async () => {
  const sent: unknown[] = [];
  const listening: typeof fetch = (_, init) => {
    sent.push(JSON.parse(init?.body as string));
    return Promise.reject(new TypeError('network'));
  };

  await enter('12345678', SECRET, listening);

  expect(sent).toEqual([{ code: '12345678', secret: SECRET }]);
});

test('a refusal keeps its code and how long to wait', async () => {
  const refused = answering(429, { code: 'too_many_tries', text: '' }, { 'Retry-After': '90' });

  expect(await enter('12345678', SECRET, refused)).toEqual({ entered: false, code: 'too_many_tries', retryAfterS: 90 });
});

test('a server that does not answer, or not as ours does, is unreachable', async () => {
  const silent = (() => Promise.reject(new TypeError('network'))) as typeof fetch;
  const proxy = (() => Promise.resolve(new Response('<html>', { status: 502 }))) as typeof fetch;

  expect(await enter('1', SECRET, silent)).toEqual({ entered: false, code: 'unreachable', retryAfterS: 0 });
  expect(await enter('1', SECRET, proxy)).toEqual({ entered: false, code: 'unreachable', retryAfterS: 0 });
});

test('a slow store is asked again, with the pause that it asks for, and not for ever', async () => {
  const slow = () =>
    new Response('{"code":"store_unavailable","text":""}', { status: 503, headers: { 'Retry-After': '2' } });
  const good = () => new Response('{"room":"R1","alias":"E1","role":"expert","venue":"jia","token":"t"}');
  const pauses: number[] = [];
  const entering = (...answers: (() => Response)[]) =>
    enter(
      '12345678',
      SECRET,
      () => Promise.resolve((answers.shift() ?? slow)()),
      (ms) => Promise.resolve(pauses.push(ms)),
    );

  expect((await entering(slow, slow, good)).entered).toBe(true);
  expect(pauses).toEqual([2000, 2000]);
  expect(await entering()).toEqual({ entered: false, code: 'store_unavailable', retryAfterS: 2 });
  expect(pauses).toHaveLength(4);
});
