/** A pass for the encoder of a room camera, and where it sends to. */

import type { Alias, Millis, RoomId } from '../../protocol/generated';
import { askServer, type ServerAnswer } from '../askServer';

/** What an operator copies into an encoder. */
export interface CameraPass {
  /** Of the server that this page came from. */
  readonly path: string;
  readonly pass: string;
  readonly ends_at: Millis;
}

/** Asks with the operator's token; the server gives the pass once, and the one before it is good no more. */
export function newCameraPass(
  room: RoomId,
  camera: Alias,
  token: string,
  fetching: typeof fetch = fetch,
): Promise<ServerAnswer<CameraPass>> {
  return askServer(pathOf(room, camera), { method: 'POST', token }, fetching);
}

/** The camera's pass is good no more, and what is sent under it ends. */
export function withdrawCameraPass(
  room: RoomId,
  camera: Alias,
  token: string,
  fetching: typeof fetch = fetch,
): Promise<ServerAnswer<null>> {
  return askServer(pathOf(room, camera), { method: 'DELETE', token }, fetching);
}

function pathOf(room: RoomId, camera: Alias): string {
  return `/api/rooms/${encodeURIComponent(room)}/cameras/${encodeURIComponent(camera)}/pass`;
}
