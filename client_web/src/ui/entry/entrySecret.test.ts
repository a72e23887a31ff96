import { expect, test } from 'vitest';

import { pageStorage } from '../testWorld/pageStorage';
import { entrySecret, forgetEntrySecret } from './entrySecret';

test('a window keeps its secret over a reload, until somebody has entered', () => {
  const storage = pageStorage();

  const first = entrySecret(storage);
  const reloaded = entrySecret(storage);
  forgetEntrySecret(storage);
  const next = entrySecret(storage);

  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(reloaded).toBe(first);
  expect(next).not.toBe(first);
});

test('two windows have two', () => {
  expect(entrySecret(pageStorage())).not.toBe(entrySecret(pageStorage()));
});
