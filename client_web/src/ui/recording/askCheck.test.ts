import { expect, test } from 'vitest';

import { askCheck, type CheckProgress } from './askCheck';

/** A server that gives these answers in turn. */
function server(...answers: (CheckProgress | number)[]): { fetching: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const fetching = (path: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    asked.push(`${init?.method ?? ''} ${path as string}`);
    const answer = answers.shift() ?? 500;
    return Promise.resolve(
      typeof answer === 'number' ? new Response('{}', { status: answer }) : new Response(JSON.stringify(answer)),
    );
  };
  return { fetching, asked };
}

const wait = (): Promise<void> => Promise.resolve();

test('the server is asked until it has ended', async () => {
  const half = { pieces: 9, examined: 4, done: false };
  const whole = { pieces: 9, examined: 9, done: true };
  const { fetching, asked } = server(half, whole);
  const told: CheckProgress[] = [];

  expect(await askCheck({ room: 'r/1', token: 't', tell: (each) => told.push(each), fetching, wait })).toBe(true);
  expect(told).toEqual([half, whole]);
  expect(asked).toEqual(Array(2).fill('POST /api/rooms/r%2F1/recordings/check'));
});

test('a refusal ends it', async () => {
  const { fetching } = server(403);

  expect(await askCheck({ room: 'r', token: 't', tell: () => undefined, fetching, wait })).toBe(false);
});

test('nobody who waits, nothing is asked', async () => {
  const { fetching, asked } = server({ pieces: 1, examined: 0, done: false });

  expect(await askCheck({ room: 'r', token: 't', tell: () => undefined, fetching, wait, isOver: () => true })).toBe(
    false,
  );
  expect(asked).toEqual([]);
});
