/** Sound and pictures of the seat at this page: what is held for it already, or else begun for as long as the page is there. */

import { inject, onScopeDispose, shallowRef, watch, type InjectionKey, type Ref } from 'vue';

import type { MediaPort, MediaState } from '../../media/mediaPort';
import type { Role } from '../../protocol/generated';
import type { Me, RoomPort } from '../roomPort';
import { roomMedia } from './roomMedia';

/** The roles that are offered nothing: they neither send nor watch. */
const WITHOUT_MEDIA: readonly Role[] = ['auditor'];

/** What a page needs of the media: their state, and the port once it is there. */
export interface Media {
  readonly state: Readonly<Ref<MediaState | null>>;
  readonly port: Readonly<Ref<MediaPort | null>>;
}

/** Media that go on when the room's page is put away. */
export const HELD_MEDIA: InjectionKey<Media> = Symbol('held media');

/** The media of a seat: begun at once, ended with the room. */
export function useMedia(room: RoomPort, me: Me): Media {
  return inject(HELD_MEDIA, null) ?? beginMedia(room, me);
}

function beginMedia(room: RoomPort, me: Me): Media {
  const port = shallowRef<MediaPort | null>(null);
  const state = shallowRef<MediaState | null>(null);
  const isOver = (): boolean => room.view.phase === 'closed';
  let isLeft = false;

  async function begin(): Promise<void> {
    const media = await roomMedia(room, me);
    if (isLeft || isOver()) return;
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
