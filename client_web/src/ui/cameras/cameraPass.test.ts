import { expect, it } from 'vitest';

import { newCameraPass, withdrawCameraPass } from './cameraPass';

type Asked = [path: string, how: RequestInit | undefined];

function serverSaying(answer: Response, asked: Asked[]): typeof fetch {
  return (path, how) => {
    asked.push([path as string, how]);
    return Promise.resolve(answer);
  };
}

it('asks for the pass of one camera, as the operator', async () => {
  const asked: Asked[] = [];
  const fetching = serverSaying(Response.json({ path: '/rooms/r 1/whip', pass: 'C1.x', ends_at: 5 }), asked);

  const given = await newCameraPass('r 1', 'C1', 'token', fetching);

  expect(given).toEqual({ ok: true, body: { path: '/rooms/r 1/whip', pass: 'C1.x', ends_at: 5 } });
  expect(asked[0]?.[0]).toBe('/api/rooms/r%201/cameras/C1/pass');
  expect(asked[0]?.[1]).toMatchObject({ method: 'POST', headers: { Authorization: 'Bearer token' } });
});

it('withdraws it, as the operator', async () => {
  const asked: Asked[] = [];
  const fetching = serverSaying(new Response(null, { status: 204 }), asked);

  const answer = await withdrawCameraPass('r 1', 'C1', 'token', fetching);

  expect(answer).toEqual({ ok: true, body: null });
  expect(asked[0]?.[0]).toBe('/api/rooms/r%201/cameras/C1/pass');
  expect(asked[0]?.[1]).toMatchObject({ method: 'DELETE', headers: { Authorization: 'Bearer token' } });
});
