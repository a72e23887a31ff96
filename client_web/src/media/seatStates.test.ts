import { describe, expect, it } from 'vitest';

import type { SeatShown, ShowSeat } from '../protocol/generated';
import type { OwnDevice } from './mediaPort';
import { SeatStates, type OwnSwitches } from './seatStates';

const ON: OwnDevice = { state: 'on' };
const OFF: OwnDevice = { state: 'off' };
const WORKING = { picture: 'working', voice: 'working' } as const;
const NEVER: OwnDevice = { state: 'failed', trouble: 'missing' };

function shown(changes: Partial<SeatShown> = {}): SeatShown {
  return { type: 'seat_shown', alias: 'E2', camera: 'on', microphone: 'on', hand: null, ...changes };
}

describe('SeatStates', () => {
  it('knows of another seat what was told last', () => {
    const states = new SeatStates();
    const before = states.of('E2');

    states.take(shown());
    states.take(shown({ camera: 'off', hand: 17 }));

    expect([before, states.of('E2')]).toEqual([null, { camera: 'off', microphone: 'on', hand: 17 }]);
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

  it('tells each change once', () => {
    const states = new SeatStates();
    const first = states.news({ microphone: ON, camera: { state: 'starting' }, protection: WORKING });
    const again = states.news({ microphone: ON, camera: ON, protection: WORKING });
    states.setHand(true);

    expect([first, again, states.news({ microphone: OFF, camera: NEVER, protection: WORKING })]).toEqual([
      { type: 'show_seat', camera: 'on', microphone: 'on', hand: false },
      null,
      { type: 'show_seat', camera: 'failed', microphone: 'off', hand: true },
    ]);
  });

  it.each<[string, OwnDevice, Partial<OwnSwitches['protection']>, Partial<ShowSeat>]>([
    ['the covering has stalled', ON, { picture: 'stalled' }, { camera: 'stalled' }],
    ['the changing of the voice has stalled', ON, { voice: 'stalled' }, { microphone: 'stalled' }],
    [
      'both are off, whatever has stalled',
      OFF,
      { picture: 'stalled', voice: 'stalled' },
      { camera: 'off', microphone: 'off' },
    ],
    ['there is neither', NEVER, { picture: 'stalled' }, { camera: 'failed', microphone: 'failed' }],
    ['nothing is protected', ON, { picture: 'none', voice: 'none' }, {}],
  ])('tells that %s', (_, device, changes, expected) => {
    const news = new SeatStates().news({
      microphone: device,
      camera: device,
      protection: { ...WORKING, ...changes },
    });

    expect(news).toEqual({ type: 'show_seat', camera: 'on', microphone: 'on', hand: false, ...expected });
  });

  it('forgets the others on a new connection and tells its own again, the raised hand too', () => {
    const states = new SeatStates();
    states.take(shown());
    states.setHand(true);
    const own = { microphone: ON, camera: ON, protection: WORKING };
    const told = states.news(own);

    states.begin();

    expect([states.of('E2'), states.news(own)]).toEqual([null, told]);
  });

  it('says who has lowered the hand, until it is raised again', () => {
    const states = new SeatStates();
    states.lowered('H1');
    const down = states.hand;
    states.setHand(true);
    states.lowered('H1');
    const lowered = states.hand;
    states.setHand(true);

    expect([down, lowered, states.hand]).toEqual([
      { isUp: false, loweredBy: null },
      { isUp: false, loweredBy: 'H1' },
      { isUp: true, loweredBy: null },
    ]);
  });
});
