/**
 * The own camera and microphone: asked for, chosen, switched off and on, and got back when they were pulled out.
 *
 * A microphone that is off stays open and sends silence, so that it is back within a word; a camera that is off is let
 * go, so that its light goes out. A device that is pulled out is replaced by another one, and by itself again once it
 * is back, if the person has chosen it.
 */

import {
  isThere,
  listDevices,
  NO_DEVICES,
  NOTHING_CHOSEN,
  type ChosenDevices,
  type DeviceLists,
  type DeviceRef,
} from './deviceLists';
import type { DeviceInUse, DeviceTrouble, HeldDevice } from './mediaPort';
import type { MediaKind } from './negotiation';

const KINDS: readonly MediaKind[] = ['audio', 'video'];

const WANTED: Readonly<Record<MediaKind, MediaTrackConstraints>> = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 30 } },
};

/** What the devices tell. */
export interface DevicesListener {
  readonly changed: () => void;
  /** From now on this is what the seat sends. */
  readonly track: (kind: MediaKind, track: MediaStreamTrack | null) => void;
}

interface Own {
  /** What the person wants; on until switched off. */
  isWanted: boolean;
  isBeingAsked: boolean;
  track: MediaStreamTrack | null;
  stream: MediaStream | null;
  trouble: DeviceTrouble | null;
  /** Null leaves the choice to the system. */
  chosen: DeviceRef | null;
  /** What was chosen when the device was asked for last; undefined where it has to be asked for again. */
  asked: DeviceRef | null | undefined;
  /** The name of one that has just been pulled out. */
  pulledOut: string | null;
  /** The name of the one that another stands in for. */
  lost: string | null;
}

export class OwnDevices {
  readonly #devices: MediaDevices | undefined;
  readonly #listener: DevicesListener;
  readonly #own: Readonly<Record<MediaKind, Own>>;
  readonly #handleChange = () => {
    this.#find();
    void this.#list();
  };
  #loudspeaker: DeviceRef | null;
  #lists = NO_DEVICES;
  #isRunning = false;

  constructor(devices: MediaDevices | undefined, listener: DevicesListener, chosen: ChosenDevices = NOTHING_CHOSEN) {
    this.#devices = devices;
    this.#listener = listener;
    this.#own = { audio: nothing(chosen.microphone), video: nothing(chosen.camera) };
    this.#loudspeaker = chosen.loudspeaker;
  }

  /** The live tracks; none for a device that is off or cannot be had. */
  get tracks(): Readonly<Record<MediaKind, MediaStreamTrack | null>> {
    return { audio: this.#own.audio.track, video: this.#own.video.track };
  }

  /** The own picture. */
  get stream(): MediaStream | null {
    return this.#own.video.stream;
  }

  /** The own sound. */
  get sound(): MediaStream | null {
    return this.#own.audio.stream;
  }

  /** What there is to choose among. */
  get lists(): DeviceLists {
    return this.#lists;
  }

  /** Where a device stands. */
  device(kind: MediaKind): HeldDevice {
    const { isWanted, isBeingAsked, track, trouble } = this.#own[kind];
    if (!isWanted && (kind === 'video' || trouble === null)) return { state: 'off' };
    if (isBeingAsked && track === null) return { state: 'starting' };
    if (trouble !== null) return { state: 'failed', trouble };
    return { state: track === null ? 'off' : 'on' };
  }

  /** Which camera or microphone is used. */
  inUse(kind: MediaKind): DeviceInUse {
    const { chosen, track, lost } = this.#own[kind];
    return { chosen, label: track?.label ?? null, lost };
  }

  /** Which loudspeaker is used: the system's own where the chosen one is not there. */
  get loudspeaker(): DeviceInUse {
    const chosen = this.#loudspeaker;
    const isLost = chosen !== null && !isThere(chosen, this.#lists.loudspeaker);
    return { chosen, label: isLost ? null : (chosen?.label ?? null), lost: isLost ? chosen.label : null };
  }

  /** Asks for what is wanted, and again whenever a device appears. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#devices?.addEventListener('devicechange', this.#handleChange);
    this.#find();
  }

  /** Lets everything go. */
  stop(): void {
    this.#isRunning = false;
    this.#devices?.removeEventListener('devicechange', this.#handleChange);
    for (const kind of KINDS) this.#drop(kind);
  }

  /** The person switches a device. */
  set(kind: MediaKind, on: boolean): void {
    const own = this.#own[kind];
    own.isWanted = on;
    if (!on && kind === 'video') this.#drop(kind);
    if (own.track !== null) own.track.enabled = on;
    if (on && this.#isDue(kind)) void this.#acquire([kind]);
    this.#listener.changed();
  }

  /** The person chooses a camera or microphone; it replaces the one that is used as soon as it can be had. */
  choose(kind: MediaKind, device: DeviceRef | null): void {
    Object.assign(this.#own[kind], { chosen: device, asked: undefined, lost: null });
    if (this.#isDue(kind)) void this.#acquire([kind]);
    this.#listener.changed();
  }

  chooseLoudspeaker(device: DeviceRef | null): void {
    this.#loudspeaker = device;
    this.#listener.changed();
  }

  /** The person has read that another device stands in. */
  noteLost(kind: MediaKind): void {
    this.#own[kind].lost = null;
    this.#listener.changed();
  }

  #find(): void {
    void this.#acquire(KINDS.filter((kind) => this.#isDue(kind)));
  }

  /** Whether a device is to be asked for now: there is none, or another one than was chosen since. */
  #isDue(kind: MediaKind): boolean {
    const { isWanted, isBeingAsked, track, chosen, asked } = this.#own[kind];
    const isNeeded = isWanted || kind === 'audio';
    return this.#isRunning && isNeeded && !isBeingAsked && (track === null || asked !== chosen);
  }

  /** Looks what is plugged in; a chosen device that is back takes its place again. */
  async #list(): Promise<void> {
    const found = await this.#devices?.enumerateDevices();
    this.#lists = listDevices(found ?? []);
    for (const [kind, list] of [
      ['audio', this.#lists.microphone],
      ['video', this.#lists.camera],
    ] as const) {
      const own = this.#own[kind];
      if (own.lost !== null && own.chosen !== null && list.length > 0 && isThere(own.chosen, list))
        own.asked = undefined;
    }
    this.#find();
    this.#listener.changed();
  }

  /** Asks for these at once, so that the person is asked once; where that fails, for each alone. */
  async #acquire(kinds: readonly MediaKind[]): Promise<void> {
    if (kinds.length === 0) return;
    this.#ask(kinds, true);
    if (kinds.length > 1 && (await this.#request(kinds)) === null) this.#conclude(kinds, null);
    else for (const kind of kinds) this.#conclude([kind], await this.#requestAny(kind));
  }

  /** Takes the chosen device, or where it is gone another one. */
  async #requestAny(kind: MediaKind): Promise<DeviceTrouble | null> {
    const trouble = await this.#request([kind]);
    const { chosen } = this.#own[kind];
    if (trouble !== 'missing' || chosen === null) return trouble;
    this.#own[kind].pulledOut = chosen.label;
    return this.#request([kind], null);
  }

  #ask(kinds: readonly MediaKind[], isBeingAsked: boolean): void {
    for (const kind of kinds) this.#own[kind].isBeingAsked = isBeingAsked;
    this.#listener.changed();
  }

  #conclude(kinds: readonly MediaKind[], trouble: DeviceTrouble | null): void {
    for (const kind of kinds) this.#own[kind].trouble = trouble;
    this.#ask(kinds, false);
    if (trouble !== null) return;
    this.#find(); // the person may have switched it off and on, or chosen another one, while it was asked for
    if (this.#lists === NO_DEVICES) void this.#list(); // devices have names once one has been allowed
  }

  /**
   * Takes the tracks of one request; gives what went wrong.
   *
   * @param only - the device to ask for, in place of what was chosen.
   */
  async #request(kinds: readonly MediaKind[], only?: null): Promise<DeviceTrouble | null> {
    if (this.#devices === undefined) return 'insecure';
    try {
      const stream = await this.#devices.getUserMedia(
        Object.fromEntries(kinds.map((kind) => [kind, this.#constraints(kind, only)])),
      );
      for (const track of stream.getTracks()) this.#take(track, stream);
      return null;
    } catch (error) {
      return troubleOf(error);
    }
  }

  #constraints(kind: MediaKind, only?: null): MediaTrackConstraints {
    const own = this.#own[kind];
    own.asked = own.chosen;
    const device = only === null ? null : own.chosen;
    return device === null ? WANTED[kind] : { ...WANTED[kind], deviceId: { exact: device.id } };
  }

  #take(track: MediaStreamTrack, stream: MediaStream): void {
    const kind = track.kind === 'audio' ? 'audio' : 'video';
    const own = this.#own[kind];
    if (!this.#isRunning || (!own.isWanted && kind === 'video')) {
      track.stop();
      return;
    }
    own.track?.stop();
    track.enabled = own.isWanted;
    own.track = track;
    own.stream = stream;
    own.lost = own.pulledOut === track.label ? null : own.pulledOut;
    own.pulledOut = null;
    track.addEventListener('ended', () => {
      if (own.track !== track) return;
      own.pulledOut = track.label;
      this.#drop(kind);
      this.#find();
    });
    this.#listener.track(kind, track);
  }

  #drop(kind: MediaKind): void {
    const own = this.#own[kind];
    if (own.track === null) return;
    own.track.stop();
    own.track = own.stream = null;
    this.#listener.track(kind, null);
    this.#listener.changed();
  }
}

function nothing(chosen: DeviceRef | null): Own {
  return {
    isWanted: true,
    isBeingAsked: false,
    track: null,
    stream: null,
    trouble: null,
    chosen,
    asked: undefined,
    pulledOut: null,
    lost: null,
  };
}

/** Source: W3C Media Capture and Streams, 10.3.1 (getUserMedia). */
const TROUBLES: Readonly<Record<string, DeviceTrouble>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
};

function troubleOf(error: unknown): DeviceTrouble {
  return error instanceof Error && Object.hasOwn(TROUBLES, error.name) ? (TROUBLES[error.name] ?? 'failed') : 'failed';
}
