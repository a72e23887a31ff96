/** Opens the room of the seat that this window has entered. */

import { deleteCommandKey } from '../session/commandKey';
import { deleteDocumentKey } from '../session/documentKey';
import { openRoom } from '../session/room';
import { forgetSignedCommands } from '../session/signedCommands';
import { keepSeat, type KeptSeat } from './entry/keptSeat';
import { makeRoomPort } from './makeRoomPort';
import type { RoomPort } from './roomPort';

/**
 * The port of a seat; it comes back at once when the network does, or when the page is looked at again.
 *
 * `keep` takes the seat with each new token: a reload begins with the newest one, not with one that may be hours old.
 * `beginAgain` opens the room anew, with a new key.
 */
export async function openRoomPort(
  seat: KeptSeat,
  keep: (seat: KeptSeat) => void = (fresh) => {
    keepSeat(fresh);
  },
  beginAgain: () => void = () => {
    location.reload();
  },
): Promise<RoomPort> {
  const { protocol, host } = location;
  const live = await openRoom({
    ...seat,
    url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/rooms/${seat.room}/sync`,
    renewToken: (token) => renewToken(seat.room, token),
  });
  let kept = seat.token;
  live.subscribe(() => {
    if (live.token === kept) return;
    kept = live.token;
    keep({ ...seat, token: kept });
  });
  const comeBack = (): void => {
    live.reconnectNow();
  };
  const startAnew = async (): Promise<void> => {
    live.leave();
    await deleteCommandKey(seat.room, seat.alias);
    await deleteDocumentKey(seat.room, seat.alias);
    await forgetSignedCommands(live.keyFingerprint);
    beginAgain();
  };
  window.addEventListener('online', comeBack);
  document.addEventListener('visibilitychange', comeBack);
  const port = makeRoomPort(live, seat.room, seat.alias, () => void startAnew());
  const { close } = port;
  return Object.assign(port, {
    close: () => {
      window.removeEventListener('online', comeBack);
      document.removeEventListener('visibilitychange', comeBack);
      close();
    },
  });
}

/** A new token for one that has ended lately; null if the server refuses. */
export async function renewToken(room: string, token: string): Promise<string | null> {
  const answer = await fetch(`/api/rooms/${room}/token`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
  });
  if (answer.status >= 500) throw new TypeError('The server cannot renew the token now.');
  return answer.ok ? ((await answer.json()) as { token: string }).token : null;
}
