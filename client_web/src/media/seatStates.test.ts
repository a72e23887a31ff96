import { describe, expect, it } from 'vitest';

import type { SeatShown } from '../protocol/generated';
import { SeatStates } from './seatStates';

function shown(changes: Partial<SeatShown> = {}): SeatShown {
  return { type: 'seat_shown', alias: 'E2', camera: 'on', microphone: 'on', hand: null, screen: false, ...changes };
}

describe('SeatStates', () => {
  it('knows of another seat what was told last', () => {
    const states = new SeatStates();
    const before = states.of('E2');

    states.take(shown());
    states.take(shown({ camera: 'off', hand: 17 }));

    expect([before, states.of('E2')]).toEqual([null, { camera: 'off', microphone: 'on', hand: 17, screen: false }]);
  });

  it.each<[string, Partial<SeatShown>, boolean, boolean]>([
    ['everything on', {}, true, true],
    ['a picture whose covering has stalled, which is black', { camera: 'stalled' }, true, true],
    ['the camera off', { camera: 'off' }, false, true],
    ['no camera', { camera: 'failed' }, false, true],
    ['the microphone off, which sends silence', { microphone: 'off' }, true, true],
    ['no microphone', { microphone: 'failed' }, true, false],
  ])('awaits of a seat with %s', (_, changes, video, audio) => {
    const states = new SeatStates();
    states.take(shown(changes));

    expect([states.isSent('E2', 'video'), states.isSent('E2', 'audio')]).toEqual([video, audio]);
  });

  it('awaits everything of a seat that has said nothing', () => {
    expect(new SeatStates().isSent('E2', 'video')).toBe(true);
  });

  it('forgets everything on a new connection', () => {
    const states = new SeatStates();
    states.take(shown());

    states.begin();

    expect(states.of('E2')).toBeNull();
  });
});
