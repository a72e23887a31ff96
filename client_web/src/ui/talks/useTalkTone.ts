/** The tone at the start of a talk with the agent: each side's page puts it into what its microphone sends. */

import { watch } from 'vue';

import type { MediaPort } from '../../media/mediaPort';
import type { Alias } from '../../protocol/generated';
import type { RoomPort } from '../roomPort';
import { isSide } from './talks';

/** A page that comes to a talk later than this after its start is silent about it. */
export const FRESH_MS = 5_000;

export function useTalkTone(room: RoomPort, me: Alias, port: () => MediaPort | null): void {
  watch(
    () => room.view.talk,
    (talk, before) => {
      if (talk === null || before?.opened_at === talk.opened_at || !isSide(room.view, me, talk)) return;
      if (Date.now() + room.clockOffset - talk.opened_at < FRESH_MS) void port()?.soundTone();
    },
  );
}
