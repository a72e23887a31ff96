/** The choices of the seat at this page; whatever is changed is kept. */

import { shallowRef, watch, type ShallowRef } from 'vue';

import { keepChoices, keptChoices, type SeatAddress, type SeatChoices } from './seatChoices';

export function useSeatChoices(seat: SeatAddress): ShallowRef<SeatChoices> {
  const choices = shallowRef(keptChoices(seat));
  watch(choices, (now) => {
    keepChoices(seat, now);
  });
  return choices;
}
