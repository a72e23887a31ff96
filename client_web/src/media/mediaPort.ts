/**
 * Sound and pictures as the interface uses them: one state, replaced as a whole at every change, and a few verbs.
 *
 * A tile is one `<video autoplay playsinline>` with `srcObject = tile.stream` and `muted = needsGesture`; the own
 * picture is always muted. Nothing here knows who may see whom: a source that is not allowed now sends nothing.
 */

import type { Alias, DropsSeen, SeatShown } from '../protocol/generated';
import type { DeviceLists, DeviceRef, DeviceUse } from './deviceLists';
import type { OwnScreen, ScreenUse } from './ownScreens';

/**
 * Whether packets of a track come. `waiting`: not yet, or it is not their turn by the rules of the room. `flowing`.
 * `stalled`: they came and ought to come, but none has for three seconds.
 */
export type TrackState = 'waiting' | 'flowing' | 'stalled';

/** What another seat says of itself: camera, microphone, since when its hand is raised, whether it shows a screen. */
export type Shown = Pick<SeatShown, 'camera' | 'microphone' | 'hand' | 'screen'>;

/** One other seat that this one may ever see and hear. */
export interface Tile {
  readonly alias: Alias;
  /** Picture and sound together; another object after every new connection, null before the first. */
  readonly stream: MediaStream | null;
  readonly audio: TrackState;
  readonly video: TrackState;
  readonly speaking: boolean;
  /** The server holds the picture back, because the line of this seat does not carry it; the sound comes. */
  readonly isPaused: boolean;
  /** Whether what comes of it is the protected version. */
  readonly isCovered: boolean;
  readonly isVoiceChanged: boolean;
  /** Null before it has said anything, and as long as it may not be seen. */
  readonly shown: Shown | null;
}

/** The screen of another seat that may come to show one. */
export interface SharedScreen {
  readonly alias: Alias;
  /** Another object after every new connection, null before the first. */
  readonly stream: MediaStream | null;
  readonly state: TrackState;
  /** The server holds it back, because the line of this seat does not carry it. */
  readonly isPaused: boolean;
  /** Whether the seat says that it shows one. */
  readonly isShown: boolean;
}

/**
 * Why a camera or a microphone cannot be had. `denied`: the person or the browser does not allow it. `missing`: there
 * is none. `in_use`: another program holds it. `insecure`: the page was not loaded over HTTPS. `failed`: anything else.
 */
export type DeviceTrouble = 'denied' | 'missing' | 'in_use' | 'insecure' | 'failed';

/** Why nothing of a camera or a microphone is sent. `unsupported`: this browser has not the codec of the room. */
export type OwnTrouble = DeviceTrouble | 'unsupported';

/** A camera or a microphone as the page has it. `off`: the person switched it off, or it was not asked for yet. */
export type HeldDevice =
  { readonly state: 'off' | 'starting' | 'on' } | { readonly state: 'failed'; readonly trouble: DeviceTrouble };

/** The own camera or microphone: what the page has of it, unless nothing of it can be sent. */
export type OwnDevice = HeldDevice | { readonly state: 'failed'; readonly trouble: OwnTrouble };

/** One of the own devices. */
export interface DeviceInUse {
  /** What the person has chosen; null leaves it to the system. */
  readonly chosen: DeviceRef | null;
  /** The name of the one that is used now, where it is known. */
  readonly label: string | null;
  /** The name of the one that is gone, and that another one stands in for. */
  readonly lost: string | null;
}

/** The own hand; `loweredBy` names who has lowered it, until it is raised again or that was noted. */
export interface OwnHand {
  readonly isUp: boolean;
  readonly loweredBy: Alias | null;
}

/**
 * How it stands with the protected version of the own picture or sound. `none`: the room asks for none. `stalled`:
 * others get black or silence until it works again, which it does by itself.
 */
export type Protection = 'none' | 'working' | 'stalled';

/** What this seat sends. */
export interface OwnMedia {
  /** Whether this seat has camera and microphone in the room; null until the server has said so. */
  readonly publishes: boolean | null;
  /** The own picture; null while there is none. */
  readonly stream: MediaStream | null;
  /** The own sound, to look at its level; null while there is none. */
  readonly sound: MediaStream | null;
  readonly microphone: OwnDevice;
  readonly camera: OwnDevice;
  readonly speaking: boolean;
  readonly protection: Readonly<Record<'picture' | 'voice', Protection>>;
  /** The own picture as those see it from whom the face is kept; null while there is none. */
  readonly covered: MediaStream | null;
  readonly hand: OwnHand;
  readonly screens: Readonly<Record<ScreenUse, OwnScreen>>;
  readonly lists: DeviceLists;
  readonly uses: Readonly<Record<DeviceUse, DeviceInUse>>;
}

/**
 * `off`: before `start` and after `stop`. `connecting`: for the first time. `reconnecting`: by itself. `unreached`: the
 * server offers connections, and in time none of them has stood; it is tried on.
 * `ended`: for good; `code` is that of the goodbye, such as `media_off` or `seat_taken`.
 */
export type MediaLink =
  | { readonly state: 'off' | 'connecting' | 'connected' | 'reconnecting' | 'unreached' }
  | { readonly state: 'ended'; readonly code: string };

/** Where the server drops much of what comes; it tells operators alone. */
export type Drops = Pick<DropsSeen, 'seats' | 'strays'>;

/** Everything there is to show. */
export interface MediaState {
  readonly link: MediaLink;
  /** In the order in which the seats were planned. */
  readonly tiles: readonly Tile[];
  readonly screens: readonly SharedScreen[];
  readonly own: OwnMedia;
  readonly drops: Drops;
  /** The server's sound and pictures end again and again; it tries on. */
  readonly isServerFailing: boolean;
  /** The room's sound comes to this page, and the server takes the seat for one that listens. */
  readonly isHeard: boolean;
  /** The browser plays no sound before the person has touched the page: offer a button that calls `resumeSound`. */
  readonly needsGesture: boolean;
}

export interface MediaPort {
  readonly state: MediaState;
  /** Calls back with every new state; gives what ends that. */
  subscribe(listener: (state: MediaState) => void): () => void;
  /** Connects, and comes back by itself for as long as the page is open; asks for devices if the seat publishes. */
  start(): void;
  /** Ends everything and lets the devices go; for when the page is put away or the session has ended. */
  stop(): void;
  /** Whether this page plays the room's sound; it does until told otherwise. Where it does not, none is sent to it. */
  setHearing(on: boolean): void;
  /** Whether this page sends camera and microphone, if the seat has them; it does until told otherwise. */
  setSending(on: boolean): void;
  /** The sources whose pictures are wanted; null for all, as it is until told otherwise. */
  setPictures(sources: readonly Alias[] | null): void;
  /** Off: others hear silence. On: tries again, if the microphone had failed. */
  setMicrophone(on: boolean): void;
  /** Off: the camera's light goes out. On: tries again, if the camera had failed. */
  setCamera(on: boolean): void;
  /** Uses another device from now on; null leaves the choice to the system. */
  chooseDevice(use: DeviceUse, device: DeviceRef | null): void;
  /** The person has read that another camera or microphone stands in for one that is gone. */
  noteLost(use: 'microphone' | 'camera'): void;
  /** Asks to speak, or asks no more. */
  setHand(up: boolean): void;
  /** Lowers the hand of another seat; for the chair and the main venue's operator. */
  lowerHand(alias: Alias): void;
  /** Asks the person for a screen, to show it or to have it recorded; to be called from a click. */
  startScreen(use: ScreenUse): void;
  /** Shows it no more; it is recorded no more. */
  stopScreen(use: ScreenUse): void;
  /** Others hear a tone beside what the microphone sends: a talk with the agent begins. Resolves when it is over. */
  soundTone(): Promise<void>;
  /** To be called from a click or a key: sound is free from then on. */
  resumeSound(): void;
}
