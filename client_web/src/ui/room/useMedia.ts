/** Sound and pictures of the seat at this page, for as long as the component that asked for them is there. */

import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';

import { createMedia } from '../../media/createMedia';
import { quietRule } from '../../media/mayConfer';
import { seesScreen } from '../../media/screenRule';
import type { MediaPort, MediaState } from '../../media/mediaPort';
import type { Role } from '../../protocol/generated';
import { openCommandKey } from '../../session/commandKey';
import { hasCamera } from '../cameras/cameraPictures';
import type { Me, RoomPort } from '../roomPort';
import { keptDevices } from './deviceChoices';

/** The roles that are offered nothing: they neither send nor watch. */
const WITHOUT_MEDIA: readonly Role[] = ['auditor'];

/** What a page needs of the media: their state, and the port once it is there. */
export interface Media {
  readonly state: Readonly<ShallowRef<MediaState | null>>;
  readonly port: Readonly<ShallowRef<MediaPort | null>>;
}

/** The media of a seat: begun at once, ended with the room. */
export function useMedia(room: RoomPort, me: Me): Media {
  const port = shallowRef<MediaPort | null>(null);
  const state = shallowRef<MediaState | null>(null);
  const isOver = (): boolean => room.view.phase === 'closed';
  let isLeft = false;

  async function begin(): Promise<void> {
    const key = await openCommandKey(me.room, me.alias);
    if (isLeft || isOver()) return;
    const isExpected = (source: string): boolean =>
      hasCamera(room.view, source) || (room.presence.has(source) && quietRule(room.view, me.alias, source) === null);
    const isScreenExpected = (source: string): boolean =>
      room.presence.has(source) && seesScreen(room.view, me.alias, source);
    const media = createMedia({
      room: me.room,
      token: () => room.token,
      key,
      isExpected,
      isScreenExpected,
      chosen: keptDevices(),
    });
    media.subscribe((next) => (state.value = next));
    port.value = media;
    media.start();
  }

  if (!WITHOUT_MEDIA.includes(me.role)) void begin();
  watch(isOver, (over) => {
    if (over) port.value?.stop();
  });
  onScopeDispose(() => {
    isLeft = true;
    port.value?.stop();
  });
  return { state, port };
}
