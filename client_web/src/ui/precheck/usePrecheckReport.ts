/** Hands a kept pre-check over to the room as soon as the seat may speak there. */

import { watch } from 'vue';

import type { Me, RoomPort } from '../roomPort';
import { forgetReport, keptReport } from './keptReport';

/** No answer came: it is tried again when the connection is back. */
const UNANSWERED: readonly string[] = ['unanswered', 'store_unavailable', 'store_unwritable'];

export function usePrecheckReport(room: RoomPort, me: Me): void {
  let isUnderWay = false;

  async function handOver(): Promise<void> {
    const report = keptReport(me);
    if (report === null || isUnderWay) return;
    isUnderWay = true;
    const answer = await room.submit(report);
    isUnderWay = false;
    if (answer.accepted || !UNANSWERED.includes(answer.code)) forgetReport();
  }

  watch(
    () =>
      room.connection.state === 'open' && room.view.seats[me.alias]?.confirmed === true && room.view.phase !== 'closed',
    (maySpeak) => {
      if (maySpeak) void handOver();
    },
    { immediate: true },
  );
}
