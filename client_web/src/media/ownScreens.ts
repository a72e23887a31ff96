/**
 * The own screens: one that is shown to others for a while, and the desktop that is recorded all the time.
 *
 * A browser lets a page look at a screen only right after a click, so neither begins by itself, and neither comes back
 * by itself. Others are shown a window or a tab, never the whole screen, on which this page and its sheets stand; the
 * recorded desktop has to be the whole screen.
 * Source: W3C Screen Capture, 5 (getDisplayMedia), 6.2 (displaySurface). Firefox 140 does not say what was chosen.
 */

import type { MediaTrack } from '../protocol/generated';

/** What a screen is looked at for. */
export const SCREEN_USES = ['screen', 'desktop'] as const;
export type ScreenUse = (typeof SCREEN_USES)[number];

/**
 * Why a screen cannot be had. `denied`: the person or the browser does not allow it. `too_much`: the whole screen was
 * chosen where a window or a tab is to be shown. `too_little`: a window or a tab was chosen where the whole screen is to
 * be recorded. `unsupported`: this browser cannot, or the page was not loaded over HTTPS. `failed`: anything else.
 */
export type ScreenTrouble = 'denied' | 'too_much' | 'too_little' | 'unsupported' | 'failed';

/**
 * Where a screen stands. `on`: `isSure` unless the browser does not say what was chosen. `ended`: it was ended outside
 * the page, by the browser's own bar or because the window is gone.
 */
export type OwnScreen =
  | { readonly state: 'off' | 'starting' | 'ended' }
  | { readonly state: 'on'; readonly isSure: boolean }
  | { readonly state: 'failed'; readonly trouble: ScreenTrouble };

/** Options of `getDisplayMedia` that TypeScript does not know yet. */
interface DisplayOptions extends DisplayMediaStreamOptions {
  readonly monitorTypeSurfaces: 'include' | 'exclude';
  readonly selfBrowserSurface: 'include' | 'exclude';
  readonly surfaceSwitching: 'include' | 'exclude';
}

const SIZE = { width: { max: 1920 }, height: { max: 1080 } };

const WANTED: Readonly<Record<ScreenUse, DisplayOptions>> = {
  screen: {
    video: { ...SIZE, frameRate: { ideal: 5, max: 8 } },
    audio: false,
    monitorTypeSurfaces: 'exclude',
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
  },
  desktop: {
    video: { ...SIZE, frameRate: { ideal: 5, max: 5 }, displaySurface: 'monitor' },
    audio: false,
    monitorTypeSurfaces: 'include',
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'exclude',
  },
};

/** What the screens tell. */
export interface ScreensListener {
  readonly changed: () => void;
  /** From now on this is what the seat sends. */
  readonly track: (use: ScreenUse, track: MediaStreamTrack | null) => void;
}

interface Own {
  screen: OwnScreen;
  track: MediaStreamTrack | null;
}

export class OwnScreens {
  readonly #devices: MediaDevices | undefined;
  readonly #listener: ScreensListener;
  readonly #own: Readonly<Record<ScreenUse, Own>> = { screen: nothing(), desktop: nothing() };

  constructor(devices: MediaDevices | undefined, listener: ScreensListener) {
    this.#devices = devices;
    this.#listener = listener;
  }

  /** What is sent; null for one that is not on. */
  get tracks(): Partial<Record<MediaTrack, MediaStreamTrack | null>> {
    return { screen: this.#own.screen.track, desktop: this.#own.desktop.track };
  }

  /** Where a screen stands. */
  screen(use: ScreenUse): OwnScreen {
    return this.#own[use].screen;
  }

  /** Asks the person for a screen; to be called from a click. */
  async start(use: ScreenUse): Promise<void> {
    const own = this.#own[use];
    if (own.screen.state === 'starting' || own.screen.state === 'on') return;
    const starting: OwnScreen = { state: 'starting' };
    this.#become(use, starting);
    const found = await this.#request(use);
    if (own.screen !== starting) {
      if (typeof found !== 'string') found.stop(); // it was stopped meanwhile
      return;
    }
    if (typeof found === 'string') this.#become(use, { state: 'failed', trouble: found });
    else this.#take(use, found);
  }

  /** Lets a screen go. */
  stop(use: ScreenUse): void {
    this.#drop(use, { state: 'off' });
  }

  /** Lets everything go. */
  end(): void {
    for (const use of SCREEN_USES) this.stop(use);
  }

  async #request(use: ScreenUse): Promise<MediaStreamTrack | ScreenTrouble> {
    if (typeof this.#devices?.getDisplayMedia !== 'function') return 'unsupported';
    try {
      const [track] = (await this.#devices.getDisplayMedia(WANTED[use])).getVideoTracks();
      if (track === undefined) return 'failed';
      const { displaySurface } = track.getSettings();
      const isWhole = displaySurface === undefined ? null : displaySurface === 'monitor';
      if (isWhole === null || isWhole === (use === 'desktop')) return track;
      track.stop();
      return isWhole ? 'too_much' : 'too_little';
    } catch (error) {
      return error instanceof Error && error.name === 'NotAllowedError' ? 'denied' : 'failed';
    }
  }

  #take(use: ScreenUse, track: MediaStreamTrack): void {
    const own = this.#own[use];
    track.contentHint = 'detail'; // letters stay sharp, and move in steps
    own.track = track;
    track.addEventListener('ended', () => {
      if (own.track === track) this.#drop(use, { state: 'ended' });
    });
    this.#listener.track(use, track);
    this.#become(use, { state: 'on', isSure: track.getSettings().displaySurface !== undefined });
  }

  #drop(use: ScreenUse, screen: OwnScreen): void {
    const own = this.#own[use];
    const { track } = own;
    own.track = null;
    track?.stop();
    if (track !== null) this.#listener.track(use, null);
    if (own.screen.state !== screen.state) this.#become(use, screen);
  }

  #become(use: ScreenUse, screen: OwnScreen): void {
    this.#own[use].screen = screen;
    this.#listener.changed();
  }
}

function nothing(): Own {
  return { screen: { state: 'off' }, track: null };
}
