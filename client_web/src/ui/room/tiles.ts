/** The people of a room as tiles of the video wall: what comes of each seat, and why where nothing does. */

import { quietRule, type QuietRule } from '../../media/mayConfer';
import type { MediaState, OwnDevice, OwnMedia, Protection, Tile as MediaTile } from '../../media/mediaPort';
import { switchOf } from '../../media/ownSwitches';
import type { Alias, Millis, Role, Seat, Switch } from '../../protocol/generated';
import { entry } from '../../session/roomView';
import { seatsOf, venueName } from '../committee';
import type { RoomPort } from '../roomPort';

/**
 * What is said of a seat, the weightiest first. `resting`: by rule, named by `rule`. `camera_off`: the person there has
 * switched it off. `camera_failed`: there is none to be had. `camera_stalled`: what covers the faces has, so it is black;
 * of somebody who gets the picture as it is, nothing is said. `unsupported`: this browser cannot show it. `paused`: the
 * own line does not carry it. `stalled`: the picture ought to come and does not.
 */
export type TileState =
  | 'left'
  | 'away'
  | 'resting'
  | 'camera_off'
  | 'camera_failed'
  | 'camera_stalled'
  | 'unsupported'
  | 'paused'
  | 'stalled'
  | 'present';

/** `never`: these two seats do not see each other at any time. */
export type TileRule = QuietRule | 'never';

/** One seat on the wall. */
export interface Tile {
  readonly alias: Alias;
  readonly role: Role;
  /** The venue's name. */
  readonly venue: string;
  readonly isMainVenue: boolean;
  readonly state: TileState;
  /** Why nothing comes, where a rule is the reason. */
  readonly rule: TileRule | null;
  /** None while nothing of the seat comes. */
  readonly stream: MediaStream | null;
  /** What of it is protected: for the own seat, what others do not get as it is. */
  readonly isCovered: boolean;
  readonly isVoiceChanged: boolean;
  /** Whether the stream holds a picture now, and not the sound alone. */
  readonly hasPicture: boolean;
  readonly speaking: boolean;
  /** Null where the seat has not said, or may not be heard. */
  readonly microphone: Switch | null;
  readonly isHandUp: boolean;
  /** Since when, by the server's clock; null for the own hand and one that is down. */
  readonly handSince: Millis | null;
}

/** Those whom nobody is shown: their presence is not told either. */
const UNSEEN: readonly Role[] = ['supervisor', 'auditor'];

/** What comes of one seat that may be seen. */
type Coming = Omit<Tile, 'alias' | 'role' | 'venue' | 'isMainVenue' | 'rule'>;

const NOTHING: Coming = {
  state: 'present',
  stream: null,
  isCovered: false,
  isVoiceChanged: false,
  hasPicture: false,
  speaking: false,
  microphone: null,
  isHandUp: false,
  handSince: null,
};

type Shown = Pick<RoomPort, 'view' | 'presence' | 'me'>;

/** The tiles of everyone but the unseen, chair first marked as such; `media` while there are any. */
export function tilesOf(room: Shown, media: MediaState | null = null): Tile[] {
  const { view } = room;
  return seatsOf(view)
    .filter(([, seat]) => !UNSEEN.includes(seat.role))
    .map(([alias, seat]) => ({
      alias,
      role: alias === view.chair ? 'chair' : seat.role,
      venue: venueName(view, seat.venue),
      isMainVenue: entry(view.opening?.venues ?? {}, seat.venue)?.main ?? false,
      rule: null,
      ...stateOf(room, media, alias, seat),
    }));
}

function stateOf({ view, presence, me }: Shown, media: MediaState | null, alias: Alias, seat: Seat) {
  if (seat.left_at !== null) return { ...NOTHING, state: 'left' as const };
  const tile = media?.tiles.find((each) => each.alias === alias);
  if (!presence.has(alias) && !isFlowing(tile)) return { ...NOTHING, state: 'away' as const };
  if (media === null || media.link.state === 'ended') return NOTHING;
  if (alias === me?.alias) return ownOf(media);
  const rule = tile === undefined ? neverOf(media) : quietRule(view, me?.alias ?? '', alias);
  if (rule !== null) return { ...NOTHING, state: 'resting' as const, rule };
  return tile === undefined ? NOTHING : comingOf(tile, showsPictures(media.own));
}

/** Sound and pictures have a way of their own: they may come of a seat whose page has lost the record. */
function isFlowing(tile: MediaTile | undefined): boolean {
  return tile?.audio === 'flowing' || tile?.video === 'flowing';
}

/** A connection that stands has a line for everyone who is ever to be seen. */
function neverOf({ link }: MediaState): TileRule | null {
  return link.state === 'connected' ? 'never' : null;
}

function ownOf({ own }: MediaState): Coming {
  const isCovered = own.protection.picture !== 'none';
  const stream = isCovered ? own.covered : own.stream;
  const { picture, voice } = own.protection;
  const [camera, microphone] =
    own.publishes === true ? [toldOf(own.camera, picture), toldOf(own.microphone, voice)] : [null, null];
  return {
    state: cameraState(camera) ?? 'present',
    stream,
    isCovered,
    isVoiceChanged: own.protection.voice !== 'none',
    hasPicture: stream !== null && own.camera.state !== 'failed',
    speaking: own.speaking && own.protection.voice !== 'stalled', // nobody hears it then
    microphone,
    isHandUp: own.hand.isUp,
    handSince: null,
  };
}

/** Whether this browser has the codec of the room's pictures. */
function showsPictures({ camera }: OwnMedia): boolean {
  return camera.state !== 'failed' || camera.trouble !== 'unsupported';
}

function comingOf(
  { stream, audio, video, speaking, isPaused, isCovered, isVoiceChanged, shown }: MediaTile,
  showsPicture: boolean,
): Coming {
  const comes = video !== 'waiting' || audio !== 'waiting';
  const missing = isPaused ? 'paused' : video === 'stalled' ? 'stalled' : 'present';
  const picture = showsPicture || shown === null ? missing : 'unsupported';
  const camera = reaching(shown?.camera, isCovered);
  return {
    state: cameraState(camera) ?? picture,
    stream: comes ? stream : null,
    isCovered,
    isVoiceChanged,
    hasPicture: video === 'flowing' && shown?.camera !== 'off',
    speaking,
    microphone: reaching(shown?.microphone, isVoiceChanged),
    isHandUp: typeof shown?.hand === 'number',
    handSince: shown?.hand ?? null,
  };
}

/** Where a switch stands for those who get this version; null before the seat has said so. */
function reaching(told: Switch | undefined, isProtected: boolean): Switch | null {
  return told === 'stalled' && !isProtected ? 'on' : (told ?? null);
}

function cameraState(camera: Switch | null): 'camera_off' | 'camera_failed' | 'camera_stalled' | null {
  return camera === null || camera === 'on' ? null : `camera_${camera}`;
}

function toldOf(device: OwnDevice, protection: Protection): Switch | null {
  return device.state === 'starting' ? null : switchOf(device, protection);
}

/** The raised hands of others, the longest raised first. */
export function raisedHands(tiles: readonly Tile[]): Tile[] {
  return tiles
    .filter(({ handSince }) => handSince !== null)
    .sort((a, b) => (a.handSince ?? 0) - (b.handSince ?? 0) || a.alias.localeCompare(b.alias));
}
