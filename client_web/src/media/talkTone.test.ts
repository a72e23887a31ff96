import { expect, test } from 'vitest';

import { toneNotes } from './talkTone';

test('the tone is heard without a break for more than a second, and is no single pitch of a device', () => {
  const notes = toneNotes();

  expect(notes[0]?.from).toBe(0);
  expect(notes.slice(1).map(({ from }) => from)).toEqual(notes.slice(0, -1).map(({ to }) => to));
  expect(notes.at(-1)?.to).toBeGreaterThan(1);
  expect(new Set(notes.map(({ pitch }) => pitch)).size).toBeGreaterThan(1);
});
