import { expect, it } from 'vitest';

import type { RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import { openWalls, wallAddress, wallPictures } from './wallPictures';

const VIEW: RoomView = {
  ...EMPTY_VIEW,
  seats: {
    H1: seat('host_operator'),
    E1: seat('expert', { left_at: 40 }),
    E2: seat('expert'),
    S1: seat('supervisor'),
    U1: seat('auditor'),
  },
  cameras: {
    C1: { venue: 'jia', label: '场地全景', removed_at: 9 },
    C2: { venue: 'jia', label: '入口', removed_at: null },
  },
  walls: {
    P1: { by: 'S1', place: '走廊', sha256: '', given_at: 5, ended_at: 8, players: {} },
    P2: {
      by: 'S1',
      place: '监督大厅',
      sha256: '',
      given_at: 6,
      ended_at: null,
      players: {
        b: { alias: 'E2', kind: 'video', since: 30 },
        a: { alias: 'H1', kind: 'screen', since: 20 },
      },
    },
  },
};

it('names who is there and has a camera, the cameras of the room, and the screens of those who serve it', () => {
  expect(wallPictures(VIEW).map(({ alias, kind }) => `${alias} ${kind}`)).toEqual([
    'H1 video',
    'E2 video',
    'C2 video',
    'H1 screen',
  ]);
});

it('gives every picture an address of its own', () => {
  const addresses = wallPictures(VIEW).map((picture) => wallAddress('r 1', picture, 'https://host:8443/rooms/r'));

  expect(addresses[1]).toBe('https://host:8443/rooms/r%201/whep/E2');
  expect(addresses[3]).toBe('https://host:8443/rooms/r%201/whep/H1/screen');
});

it('lists the passes that have not ended, with their players as they came', () => {
  const [wall, ...others] = openWalls(VIEW);

  expect(others).toEqual([]);
  expect(wall).toMatchObject({ wall: 'P2', by: 'S1', place: '监督大厅', givenAt: 6 });
  expect(wall?.players.map(({ name, since }) => [name, since])).toEqual([
    ['a', 20],
    ['b', 30],
  ]);
});
