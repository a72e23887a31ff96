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

  keepChoices(E1, { ...FIRST_CHOICES, pushToTalk: true }, storage);

  expect(keptChoices(E1, storage)).toEqual({ ...FIRST_CHOICES, pushToTalk: true });
  expect(keptChoices({ ...E1, alias: 'E2' }, storage)).toEqual(FIRST_CHOICES);
});

test.each(['', '{', 'null', '3', '{"pushToTalk":"yes"}'])('what is damaged (%s) is as if nothing was kept', (text) => {
  const storage = newStorage();
  storage.setItem('lianping.choices.R1.E1', text);

  expect(keptChoices(E1, storage)).toEqual(FIRST_CHOICES);
});
