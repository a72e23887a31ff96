import { expect, test } from 'vitest';

import { ROOMS_PATH, roomPath, routeOf } from './router';

test('a room has an address, every other path is the door', () => {
  expect(routeOf(roomPath('R-1a'))).toEqual({ page: 'room', room: 'R-1a' });
  expect(routeOf('/room/R1/')).toEqual({ page: 'room', room: 'R1' });
  expect(routeOf('/console')).toEqual({ page: 'console' });
  expect(routeOf('/demo')).toEqual({ page: 'demo' });
  expect(routeOf('/precheck')).toEqual({ page: 'precheck' });
  expect(routeOf(ROOMS_PATH)).toEqual({ page: 'wall' });
  expect(routeOf('/')).toEqual({ page: 'entry' });
  expect(routeOf('/room/')).toEqual({ page: 'entry' });
  expect(routeOf('/room/a/b')).toEqual({ page: 'entry' });
});
