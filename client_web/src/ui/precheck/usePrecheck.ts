/** The pre-check of this page's computer, and what is kept of it for the seat. */

import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

import { pageSenses } from '../../media/precheck/pageSenses';
import { Precheck, READY, reportOf, type PrecheckState } from '../../media/precheck/precheck';
import type { SignalSeat } from '../../media/signalSocket';
import { openCommandKey } from '../../session/commandKey';
import { keepSeat, type KeptSeat } from '../entry/keptSeat';
import { renewToken } from '../openRoomPort';
import { keepReport } from './keptReport';

/** What the page needs of the check. */
export interface OwnPrecheck {
  readonly state: Readonly<ShallowRef<PrecheckState>>;
  readonly start: () => Promise<void>;
  readonly answerTone: (heard: boolean) => void;
  readonly playAgain: () => void;
}

/** @param seat - the seat that this window has entered; null before it has. */
export function usePrecheck(seat: KeptSeat | null): OwnPrecheck {
  const state = shallowRef(READY);
  let check: Precheck | null = null;

  async function start(): Promise<void> {
    check?.stop();
    const own = new Precheck(seat === null ? null : await signalSeat(seat), pageSenses(), (next) => {
      if (check === own) state.value = next;
    });
    check = own;
    await own.start();
    if (seat !== null && own.state.phase === 'over') keepReport(seat, reportOf(own.state));
  }

  onScopeDispose(() => {
    check?.stop();
  });
  return {
    state,
    start,
    answerTone: (heard) => check?.answerTone(heard),
    playAgain: () => check?.playAgain(),
  };
}

/** The seat as it joins; null in a page that may keep no keys, since it is not safe. */
async function signalSeat(seat: KeptSeat): Promise<SignalSeat | null> {
  const key = await openCommandKey(seat.room, seat.alias).catch(() => null);
  return key && { room: seat.room, token: () => freshToken(seat), key };
}

/** A token that is good now: the kept one may be as old as the page. */
async function freshToken(seat: KeptSeat): Promise<string> {
  const token = (await renewToken(seat.room, seat.token).catch(() => null)) ?? seat.token;
  keepSeat({ ...seat, token });
  return token;
}
