import { expect, it } from 'vitest';

import { newCameraPass } from './cameraPass';

it('asks for the pass of one camera, as the operator', async () => {
  const asked: [string, RequestInit | undefined][] = [];
  const fetching = (path: string | URL | Request, how?: RequestInit): Promise<Response> => {
    asked.push([path as string, how]);
    return Promise.resolve(Response.json({ path: '/rooms/r 1/whip', pass: 'C1.x', ends_at: 5 }));
  };

  const given = await newCameraPass('r 1', 'C1', 'token', fetching);

  expect(given).toEqual({ ok: true, body: { path: '/rooms/r 1/whip', pass: 'C1.x', ends_at: 5 } });
  expect(asked[0]?.[0]).toBe('/api/rooms/r%201/cameras/C1/pass');
  expect(asked[0]?.[1]).toMatchObject({ method: 'POST', headers: { Authorization: 'Bearer token' } });
});
