/** What an operator can do with a room camera: what comes next, and what is seldom wanted. Pure. */

import type { CameraState } from './cameraPictures';
import type { PulledCamera } from './cameraSource';

/** `connect`: a token for an encoder. `pull`: where the server pulls it from. `withdraw`: of the token. */
export type CameraAct = 'connect' | 'pull' | 'withdraw' | 'remove';

export interface CameraActs {
  /** Null where the camera wants nothing. */
  readonly next: CameraAct | null;
  readonly others: readonly CameraAct[];
}

/** Where what was filled in may be wrong. */
const TO_FILL_IN_ANEW: readonly PulledCamera['state'][] = [
  'wrong_password',
  'forbidden',
  'unreachable',
  'no_camera',
  'no_stream',
];

/** @param pulled - undefined for a camera that is not pulled. */
export function cameraActs(state: CameraState, pulled: PulledCamera | undefined): CameraActs {
  const next = nextAct(state, pulled);
  const all: CameraAct[] =
    pulled === undefined ? ['connect', 'pull', 'withdraw', 'remove'] : ['pull', 'connect', 'remove'];
  return { next, others: all.filter((act) => act !== next) };
}

function nextAct(state: CameraState, pulled: PulledCamera | undefined): CameraAct | null {
  if (pulled !== undefined) return TO_FILL_IN_ANEW.includes(pulled.state) ? 'pull' : null;
  return state === 'waiting' ? 'connect' : null;
}
