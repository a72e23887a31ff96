import { expect, test } from 'vitest';

import { pageStorage } from '../testWorld/pageStorage';
import { changed, keepRooms, keptRooms, NO_ROOMS, withoutRoom, withSeat, type KeptRooms } from './keptRooms';

const seat = (room: string, token = `token of ${room}`) => ({ room, alias: 'W1', token });
const THREE = ['R1', 'R2', 'R3'].reduce<KeptRooms>((kept, room) => withSeat(kept, seat(room)), NO_ROOMS);
const shown = ({ rooms }: KeptRooms) => rooms.map(({ number, room, token }) => `${number} ${room} ${token}`);

test('several seats lie side by side, each with its own token', () => {
  expect(shown(THREE)).toEqual(['1 R1 token of R1', '2 R2 token of R2', '3 R3 token of R3']);
});

test('a new token of one room leaves the others as they are', () => {
  expect(shown(changed(THREE, 'R2', { token: 'newer' }))).toEqual([
    '1 R1 token of R1',
    '2 R2 newer',
    '3 R3 token of R3',
  ]);
});

test('a room that is entered again keeps its number and its picture', () => {
  const again = withSeat(changed(THREE, 'R2', { picture: 'E3' }), seat('R2', 'newer'));

  expect(shown(again)).toEqual(['1 R1 token of R1', '2 R2 newer', '3 R3 token of R3']);
  expect(again.rooms[1]?.picture).toBe('E3');
});

test('numbers stay while others are taken off; a newcomer gets the smallest free one', () => {
  const without = withoutRoom({ ...THREE, heard: 'R2' }, 'R1');
  const fourth = withSeat(without, seat('R4'));

  expect(without.rooms.map(({ number }) => number)).toEqual([2, 3]);
  expect(fourth.rooms.map(({ number, room }) => `${number} ${room}`)).toEqual(['1 R4', '2 R2', '3 R3']);
  expect(fourth.heard).toBe('R2');
});

test('nobody listens to a room that was taken off', () => {
  expect(withoutRoom({ ...THREE, heard: 'R2' }, 'R2').heard).toBeNull();
});

test('a reload finds what was kept, and nothing in a new window', () => {
  const storage = pageStorage();
  const before = keptRooms(storage);
  keepRooms({ ...THREE, heard: 'R3', hasPictures: false }, storage);

  expect(before).toEqual(NO_ROOMS);
  expect(keptRooms(storage)).toEqual({ ...THREE, heard: 'R3', hasPictures: false });
});
