/** Times of day in the room's time zone, to the second. */

import { computed, type ComputedRef } from 'vue';

import type { RoomPort } from './roomPort';

/** Where the room has not said its own. */
export const USUAL_TIME_ZONE = 'Asia/Shanghai';

export function useClockFormat(room: RoomPort): ComputedRef<Intl.DateTimeFormat> {
  return computed(() => clockFormat(room.view.opening?.time_zone ?? USUAL_TIME_ZONE));
}

/** Digits are the same in every language of the page. */
export function clockFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('zh-CN', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}
