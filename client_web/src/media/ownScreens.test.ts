import { beforeEach, describe, expect, it } from 'vitest';

import { OwnScreens, type ScreenUse } from './ownScreens';
import { SimulatedDevices, type SimulatedTrack } from './testWorld/devices';

class Sent {
  readonly tracks: [ScreenUse, unknown][] = [];
  readonly changed = (): void => undefined;
  readonly track = (use: ScreenUse, track: MediaStreamTrack | null): void => {
    this.tracks.push([use, track]);
  };
}

let devices: SimulatedDevices;
let sent: Sent;
let screens: OwnScreens;

beforeEach(() => {
  devices = new SimulatedDevices();
  sent = new Sent();
  screens = new OwnScreens(devices.asBrowser, sent);
});

function latest(): SimulatedTrack {
  return devices.latest('video');
}

describe('OwnScreens', () => {
  it('shows a window in sharp letters, and lets it go', async () => {
    devices.surface = 'window';

    await screens.start('screen');

    expect(screens.screen('screen')).toEqual({ state: 'on', isSure: true });
    expect(screens.tracks.screen).toBe(latest());
    expect(latest().contentHint).toBe('detail');
    expect(devices.displays).toMatchObject([{ monitorTypeSurfaces: 'exclude', selfBrowserSurface: 'exclude' }]);

    screens.stop('screen');

    expect(latest().isLive).toBe(false);
    expect(screens.screen('screen')).toEqual({ state: 'off' });
    expect(sent.tracks).toEqual([
      ['screen', latest()],
      ['screen', null],
    ]);
  });

  it('asks for the whole screen where the desktop is recorded', async () => {
    devices.surface = 'monitor';

    await screens.start('desktop');

    expect(screens.screen('desktop')).toEqual({ state: 'on', isSure: true });
    expect(devices.displays).toMatchObject([{ monitorTypeSurfaces: 'include', surfaceSwitching: 'exclude' }]);
  });

  it.each([
    ['screen', 'monitor', 'too_much'],
    ['desktop', 'window', 'too_little'],
    ['desktop', 'browser', 'too_little'],
  ] as const)('takes no %s that is a %s', async (use, surface, trouble) => {
    devices.surface = surface;

    await screens.start(use);

    expect(screens.screen(use)).toEqual({ state: 'failed', trouble });
    expect(latest().isLive).toBe(false);
    expect(sent.tracks).toEqual([]);
  });

  it('is not sure where the browser does not say what was chosen', async () => {
    await screens.start('desktop');

    expect(screens.screen('desktop')).toEqual({ state: 'on', isSure: false });
  });

  it('says that the person has ended it in the bar of the browser, and begins again when asked', async () => {
    devices.surface = 'monitor';
    await screens.start('desktop');

    latest().pullOut();

    expect(screens.screen('desktop')).toEqual({ state: 'ended' });
    expect(sent.tracks.at(-1)).toEqual(['desktop', null]);

    await screens.start('desktop');
    expect(screens.screen('desktop')).toEqual({ state: 'on', isSure: true });
    expect(devices.displays).toHaveLength(2);
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotReadableError', 'failed'],
  ] as const)('fails where the browser says %s', async (name, trouble) => {
    devices.trouble.video = name;

    await screens.start('screen');

    expect(screens.screen('screen')).toEqual({ state: 'failed', trouble });
  });

  it('fails on a page without any', async () => {
    screens = new OwnScreens(undefined, sent);

    await screens.start('screen');

    expect(screens.screen('screen')).toEqual({ state: 'failed', trouble: 'unsupported' });
  });

  it('asks once, and takes nothing that comes after it was stopped', async () => {
    devices.isPrompting = true;
    const asked = [screens.start('screen'), screens.start('screen')];
    expect(screens.screen('screen')).toEqual({ state: 'starting' });

    screens.end();
    for (const { answer } of devices.prompts) answer();
    await Promise.all(asked);

    expect(devices.displays).toHaveLength(1);
    expect(screens.screen('screen')).toEqual({ state: 'off' });
    expect(latest().isLive).toBe(false);
  });
});
