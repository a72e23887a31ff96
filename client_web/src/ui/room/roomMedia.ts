/** The media of a seat in an open room; not started yet. */

import { createMedia } from '../../media/createMedia';
import { quietRule } from '../../media/mayConfer';
import type { MediaPort } from '../../media/mediaPort';
import { openCommandKey } from '../../session/commandKey';
import { hasCamera } from '../cameras/cameraPictures';
import type { Me, RoomPort } from '../roomPort';
import { keptDevices } from './deviceChoices';

export async function roomMedia(room: RoomPort, me: Me): Promise<MediaPort> {
  const key = await openCommandKey(me.room, me.alias);
  const isExpected = (source: string): boolean =>
    hasCamera(room.view, source) || (room.presence.has(source) && quietRule(room.view, me.alias, source) === null);
  return createMedia({ room: me.room, token: () => room.token, key, isExpected, chosen: keptDevices() });
}
