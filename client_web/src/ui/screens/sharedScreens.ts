/** The screens that others show to this seat now. Pure. */

import type { MediaState } from '../../media/mediaPort';
import { seesScreen } from '../../media/screenRule';
import type { Alias } from '../../protocol/generated';
import type { RoomPort } from '../roomPort';

/** `opening`: nothing has come yet. `paused`: the own line does not carry it. `stalled`: it came and ought to come. */
export type ScreenState = 'opening' | 'paused' | 'stalled' | 'live';

export interface ShownScreen {
  readonly alias: Alias;
  /** None before the first connection. */
  readonly stream: MediaStream | null;
  readonly state: ScreenState;
}

type Shown = Pick<RoomPort, 'view' | 'presence' | 'me'>;

/** Those that are shown, and that this seat may see; in the order of the lines. */
export function shownScreens({ view, presence, me }: Shown, media: MediaState | null): ShownScreen[] {
  const screens = media?.link.state === 'ended' ? [] : (media?.screens ?? []);
  return screens
    .filter(({ alias, isShown }) => isShown && presence.has(alias) && seesScreen(view, me?.alias ?? '', alias))
    .map(({ alias, stream, state, isPaused }) => ({
      alias,
      stream,
      state: isPaused ? 'paused' : state === 'flowing' ? 'live' : state === 'stalled' ? 'stalled' : 'opening',
    }));
}
