import { expect, test } from 'vitest';

import { askServer } from './askServer';

const answering = (status: number, body: string) =>
  (() => Promise.resolve(new Response(body, { status }))) as typeof fetch;

test('a good answer is its body', async () => {
  expect(await askServer('/api/x', {}, answering(200, '{"code":"1234 5678"}'))).toEqual({
    ok: true,
    body: { code: '1234 5678' },
  });
});

test('an answer without content is good', async () => {
  const answering204 = (() => Promise.resolve(new Response(null, { status: 204 }))) as typeof fetch;

  expect(await askServer('/api/x', { method: 'DELETE' }, answering204)).toEqual({ ok: true, body: null });
});

test('a refusal keeps its code and its body', async () => {
  expect(await askServer('/api/x', {}, answering(409, '{"code":"seat_taken","text":""}'))).toEqual({
    ok: false,
    code: 'seat_taken',
    body: { code: 'seat_taken', text: '' },
  });
});

test('an answer that is none of ours has its status', async () => {
  expect(await askServer('/api/x', {}, answering(404, '404: Not Found'))).toEqual({
    ok: false,
    code: 'http_404',
    body: null,
  });
  expect(await askServer('/api/x', {}, answering(200, '<html>'))).toEqual({ ok: false, code: 'http_200', body: null });
});

test('a server that does not answer is unreachable', async () => {
  const silent = (() => Promise.reject(new TypeError('network'))) as typeof fetch;

  expect(await askServer('/api/x', {}, silent)).toEqual({ ok: false, code: 'unreachable', body: null });
});

test('method, token and body are sent', async () => {
  const sent: [string, RequestInit | undefined][] = [];
  const recording = ((input, init) => {
    sent.push([input as string, init]);
    return Promise.resolve(new Response('{}'));
  }) as typeof fetch;

  await askServer('/api/x', { method: 'POST', token: 't', body: 'title: a' }, recording);
  await askServer('/api/y', { cache: 'no-cache' }, recording);

  expect(sent).toEqual([
    ['/api/x', { method: 'POST', cache: 'no-store', body: 'title: a', headers: { Authorization: 'Bearer t' } }],
    ['/api/y', { method: 'GET', cache: 'no-cache' }],
  ]);
});
