import { expect, test } from 'vitest';

import { FIRST_CHOICES, keepChoices, keptChoices } from './seatChoices';

const E1 = { room: 'R1', alias: 'E1' };

function newStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  } as unknown as Storage;
}

test('a seat finds its own choices again, and only its own', () => {
  const storage = newStorage();

  const chosen = { pushToTalk: true, layout: 'speaker', pinned: 'W1', volumes: { E2: 35, W1: 0 } } as const;

  keepChoices(E1, chosen, storage);

  expect(keptChoices(E1, storage)).toEqual(chosen);
  expect(keptChoices({ ...E1, alias: 'E2' }, storage)).toEqual(FIRST_CHOICES);
});

test.each([
  '',
  '{',
  'null',
  '3',
  '{"pushToTalk":"yes","layout":"mosaic","pinned":7,"volumes":{"E2":900,"E3":"loud"}}',
  '{"volumes":null}',
])('what is damaged (%s) is as if nothing was kept', (text) => {
  const storage = newStorage();
  storage.setItem('lianping.choices.R1.E1', text);

  expect(keptChoices(E1, storage)).toEqual(FIRST_CHOICES);
});
