/** The media of a seat in an open room; not started yet. */

import { createMedia } from '../../media/createMedia';
import { quietRule } from '../../media/mayConfer';
import type { MediaPort } from '../../media/mediaPort';
import { seesScreen } from '../../media/screenRule';
import { openCommandKey } from '../../session/commandKey';
import { hasCamera } from '../cameras/cameraPictures';
import type { Me, RoomPort } from '../roomPort';
import { keptDevices } from './deviceChoices';

export async function roomMedia(room: RoomPort, me: Me): Promise<MediaPort> {
  const key = await openCommandKey(me.room, me.alias);
  const isExpected = (source: string): boolean =>
    hasCamera(room.view, source) || (room.presence.has(source) && quietRule(room.view, me.alias, source) === null);
  const isScreenExpected = (source: string): boolean =>
    room.presence.has(source) && seesScreen(room.view, me.alias, source);
  const token = (): string => room.token;
  return createMedia({ room: me.room, token, key, isExpected, isScreenExpected, chosen: keptDevices() });
}
