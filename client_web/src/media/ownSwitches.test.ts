import { describe, expect, it } from 'vitest';

import type { ShowSeat } from '../protocol/generated';
import type { OwnDevice } from './mediaPort';
import { OwnSwitches, type OwnSending } from './ownSwitches';

const ON: OwnDevice = { state: 'on' };
const OFF: OwnDevice = { state: 'off' };
const WORKING = { picture: 'working', voice: 'working' } as const;
const NONE = { screen: { state: 'off' }, desktop: { state: 'on', isSure: true } } as const;
const SHOWN = { ...NONE, screen: { state: 'on', isSure: true } } as const;
const NEVER: OwnDevice = { state: 'failed', trouble: 'missing' };

describe('OwnSwitches', () => {
  it('tells each change once', () => {
    const switches = new OwnSwitches();
    const first = switches.news({ microphone: ON, camera: { state: 'starting' }, protection: WORKING, screens: NONE });
    const again = switches.news({ microphone: ON, camera: ON, protection: WORKING, screens: NONE });
    switches.setHand(true);
    const last = switches.news({ microphone: OFF, camera: NEVER, protection: WORKING, screens: SHOWN });

    expect([first, again, last]).toEqual([
      { type: 'show_seat', camera: 'on', microphone: 'on', hand: false, screen: false },
      null,
      { type: 'show_seat', camera: 'failed', microphone: 'off', hand: true, screen: true },
    ]);
  });

  it.each<[string, OwnDevice, Partial<OwnSending['protection']>, Partial<ShowSeat>]>([
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
    const news = new OwnSwitches().news({
      microphone: device,
      camera: device,
      protection: { ...WORKING, ...changes },
      screens: NONE,
    });

    expect(news).toEqual({
      type: 'show_seat',
      camera: 'on',
      microphone: 'on',
      hand: false,
      screen: false,
      ...expected,
    });
  });

  it('tells everything again on a new connection, the raised hand too', () => {
    const switches = new OwnSwitches();
    switches.setHand(true);
    const own = { microphone: ON, camera: ON, protection: WORKING, screens: NONE };
    const told = switches.news(own);

    switches.begin();

    expect(switches.news(own)).toEqual(told);
  });

  it('says who has lowered the hand, until it is raised again', () => {
    const switches = new OwnSwitches();
    switches.lowered('H1');
    const down = switches.hand;
    switches.setHand(true);
    switches.lowered('H1');
    const lowered = switches.hand;
    switches.setHand(true);

    expect([down, lowered, switches.hand]).toEqual([
      { isUp: false, loweredBy: null },
      { isUp: false, loweredBy: 'H1' },
      { isUp: true, loweredBy: null },
    ]);
  });
});
