import { expect, test } from 'vitest';

import { goldenReplay } from '../../replay/testWorld/goldenReplays';
import { pauses } from './pauses';

test('a pause ends where the room goes on, or with the close', () => {
  const { marks } = goldenReplay('replaced-members').table;
  const at = (code: string) => marks.filter((mark) => mark.code === code).map((mark) => mark.at);

  expect(pauses(marks)).toEqual([
    { from: at('pause')[0], to: at('resume')[0] },
    { from: at('pause')[1], to: at('close')[0] },
  ]);
  expect(pauses(goldenReplay('plain').table.marks)).toEqual([]);
});
