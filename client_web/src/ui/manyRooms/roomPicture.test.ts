import { expect, test } from 'vitest';

import type { RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import { nextPicture, pictureChoices, shownPicture } from './roomPicture';

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  seats: { W1: seat('witness'), E1: seat('expert'), E2: seat('expert'), E3: seat('expert', { confirmed: false }) },
  cameras: {
    C1: { venue: 'jia', label: '场地全景', removed_at: 7 },
    C2: { venue: 'yi', label: '场地全景', removed_at: null },
  },
};

test('room cameras come first, then the members who are there', () => {
  expect(pictureChoices(ROOM, 'W1', new Set(['W1', 'E1', 'E2', 'E3']))).toEqual(['C2', 'E1', 'E2']);
  expect(pictureChoices(ROOM, 'W1', new Set(['E2']))).toEqual(['C2', 'E2']);
});

test('the chosen one is shown as long as there is one', () => {
  expect(shownPicture('E2', ['C2', 'E1', 'E2'])).toBe('E2');
  expect(shownPicture('E2', ['C2', 'E1'])).toBe('C2');
  expect(shownPicture(null, [])).toBeNull();
});

test('one comes after the other, and the first after the last', () => {
  expect(nextPicture('C2', ['C2', 'E1', 'E2'])).toBe('E1');
  expect(nextPicture('E2', ['C2', 'E1', 'E2'])).toBe('C2');
  expect(nextPicture(null, [])).toBeNull();
});
