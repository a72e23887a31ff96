/** Network cameras that the server pulls by RTSP: where from, and how it stands with each. */

import type { Alias, RoomId } from '../../protocol/generated';
import { askServer, type ServerAnswer } from '../askServer';

/** What an operator fills in. */
export interface NamedSource {
  readonly address: string;
  readonly user: string;
  readonly password: string;
}

export const NO_SOURCE: NamedSource = { address: '', user: '', password: '' };

/** As in `signaling/pulling/messages.py`. */
export const PULL_STATES = [
  'connecting',
  'live',
  'interrupted',
  'wrong_password',
  'forbidden',
  'unreachable',
  'no_camera',
  'no_stream',
  'bad_codec',
  'b_frames',
  'no_picture',
  'media_away',
] as const;

export interface PulledCamera {
  /** For people's eyes: without name and password. */
  readonly address: string;
  readonly state: (typeof PULL_STATES)[number];
  /** The name of a codec that is not supported. */
  readonly detail: string;
  readonly sound: 'none' | 'sent' | 'unsupported';
  readonly has_rare_key_frames: boolean;
}

/** The message keys of what is to be said about a camera, the most important first. */
export function pullWords({ state, sound, has_rare_key_frames }: PulledCamera): string[] {
  if (state !== 'live') return [`cameras.pull.state.${state}`];
  return [
    'cameras.pull.state.live',
    ...(sound === 'unsupported' ? ['cameras.pull.no_sound'] : []),
    ...(has_rare_key_frames ? ['cameras.pull.rare_keys'] : []),
  ];
}

/** Whether an operator has to do something before a picture can come. */
export function needsHelp({ state }: PulledCamera): boolean {
  return state !== 'live' && state !== 'connecting' && state !== 'media_away';
}

/** Whether an address could be a camera's; the server judges it. */
export function looksLikeCamera(address: string): boolean {
  return /^rtsps?:\/\/[^\s/]+/i.test(address.trim());
}

/** Has a camera pulled from there from now on. */
export function nameSource(
  room: RoomId,
  camera: Alias,
  token: string,
  source: NamedSource,
  fetching: typeof fetch = fetch,
): Promise<ServerAnswer<{ readonly address: string }>> {
  const path = `/api/rooms/${encodeURIComponent(room)}/cameras/${encodeURIComponent(camera)}/source`;
  return askServer(path, { method: 'POST', token, body: JSON.stringify(source) }, fetching);
}

/** How it stands with the cameras that are pulled and that this operator sees to. */
export function pulledCameras(
  room: RoomId,
  token: string,
  fetching: typeof fetch = fetch,
): Promise<ServerAnswer<{ readonly cameras: Readonly<Record<Alias, PulledCamera>> }>> {
  return askServer(`/api/rooms/${encodeURIComponent(room)}/cameras`, { token }, fetching);
}
