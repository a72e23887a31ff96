import { expect, test } from 'vitest';

import type { DocumentFile } from '../../protocol/generated';
import { keepingFiles, type FetchFile } from './keptFiles';

const file = (sha256: string): DocumentFile => ({ sha256, size: 4 });

/** A server that notes what it is asked. */
function server(asked: string[]): FetchFile {
  return ({ sha256 }) => {
    asked.push(sha256);
    return Promise.resolve(new Uint8Array(4));
  };
}

test('a file that was looked at lately is not asked for again', async () => {
  const asked: string[] = [];
  const fetch = keepingFiles(server(asked), 8);

  const first = await fetch(file('a'), () => undefined);
  for (const name of ['b', 'a', 'b']) await fetch(file(name), () => undefined);

  expect(asked).toEqual(['a', 'b']);
  expect(await fetch(file('a'), () => undefined)).toBe(first);
});

test('the one that was not looked at for longest goes first', async () => {
  const asked: string[] = [];
  const fetch = keepingFiles(server(asked), 8);

  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await fetch(file(name), () => undefined);

  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});

test('a file that does not fit is shown and not kept', async () => {
  const asked: string[] = [];
  const fetch = keepingFiles(server(asked), 3);

  await fetch(file('a'), () => undefined);
  await fetch(file('a'), () => undefined);

  expect(asked).toEqual(['a', 'a']);
});

test('a file that did not come is asked for again', async () => {
  let isBroken = true;
  const fetch = keepingFiles(() => (isBroken ? Promise.reject(new Error('away')) : Promise.resolve(new Uint8Array(1))));

  await expect(fetch(file('a'), () => undefined)).rejects.toThrow('away');
  isBroken = false;

  expect(await fetch(file('a'), () => undefined)).toHaveLength(1);
});
