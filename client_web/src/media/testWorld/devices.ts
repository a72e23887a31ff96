/** Cameras and microphones that a test plugs in, refuses and pulls out. */

import type { MediaKind } from '../negotiation';

export class SimulatedTrack extends EventTarget {
  readonly kind: MediaKind;
  readonly label: string;
  enabled = true;
  isLive = true;
  contentHint = '';
  readonly #settings: MediaTrackSettings;

  constructor(kind: MediaKind, label = '', settings: MediaTrackSettings = {}) {
    super();
    this.kind = kind;
    this.label = label;
    this.#settings = { width: 640, height: 360, ...settings };
  }

  getSettings(): MediaTrackSettings {
    return this.#settings;
  }

  /** The page lets it go: no event, as in a browser. */
  stop(): void {
    this.isLive = false;
  }

  /** Somebody pulls the plug. */
  pullOut(): void {
    this.isLive = false;
    this.dispatchEvent(new Event('ended'));
  }
}

/** A request that waits for the person. */
interface Prompt {
  readonly kinds: readonly MediaKind[];
  readonly answer: () => void;
}

export class SimulatedDevices extends EventTarget {
  /** What stands in the way of a device, by the name of the browser's error; none: it can be had. */
  readonly trouble: Partial<Record<MediaKind, string>> = {};
  /** Every track that was handed out. */
  readonly tracks: SimulatedTrack[] = [];
  /** The kinds of every request. */
  readonly requests: (readonly MediaKind[])[] = [];
  /** What every request for a screen asked for. */
  readonly displays: DisplayMediaStreamOptions[] = [];
  /** What the person chooses then; null for a browser that does not say. */
  surface: 'monitor' | 'window' | 'browser' | null = null;
  /** Whether the person has to answer each request. */
  isPrompting = false;
  readonly prompts: Prompt[] = [];
  /** What is plugged in; where nothing of a kind is, some nameless device is there all the same. */
  readonly plugged: Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[] = [];

  async getUserMedia(wanted: MediaStreamConstraints): Promise<MediaStream> {
    const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind] !== undefined);
    this.requests.push(kinds);
    await this.#ask(kinds);
    const tracks = kinds.map((kind) => new SimulatedTrack(kind, this.#labelOf(kind, wanted)));
    this.tracks.push(...tracks);
    return { id: `own-${this.requests.length}`, getTracks: () => tracks } as unknown as MediaStream;
  }

  async getDisplayMedia(wanted: DisplayMediaStreamOptions): Promise<MediaStream> {
    this.displays.push(wanted);
    await this.#ask(['video']);
    const settings = this.surface === null ? {} : { displaySurface: this.surface };
    const track = new SimulatedTrack('video', 'screen', settings);
    this.tracks.push(track);
    return { id: `screen-${this.displays.length}`, getVideoTracks: () => [track] } as unknown as MediaStream;
  }

  /** The person and the machine may refuse. */
  async #ask(kinds: readonly MediaKind[]): Promise<void> {
    if (this.isPrompting) {
      await new Promise<void>((answer) => {
        this.prompts.push({ kinds, answer });
      });
    }
    const trouble = kinds.map((kind) => this.trouble[kind]).find((name) => name !== undefined);
    if (trouble !== undefined) throw new DOMException('simulated', trouble);
  }

  enumerateDevices(): Promise<readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]> {
    return Promise.resolve([...this.plugged]);
  }

  /** Of the device that is asked for, or else of the first. */
  #labelOf(kind: MediaKind, wanted: MediaStreamConstraints): string {
    const constraints = wanted[kind];
    const id = typeof constraints === 'object' ? (constraints.deviceId as { exact: string } | undefined) : undefined;
    const there = this.plugged.filter((device) => device.kind === `${kind}input`);
    const found = id === undefined ? there[0] : there.find(({ deviceId }) => deviceId === id.exact);
    if (id !== undefined && found === undefined) throw new DOMException('simulated', 'OverconstrainedError');
    return found?.label ?? '';
  }

  /** A device is pulled out: its track ends, and the list is another one. */
  pullOut(label: string): void {
    this.plugged.splice(0, this.plugged.length, ...this.plugged.filter((device) => device.label !== label));
    for (const track of this.tracks) if (track.label === label && track.isLive) track.pullOut();
    this.dispatchEvent(new Event('devicechange'));
  }

  /** The latest track of a kind. */
  latest(kind: MediaKind): SimulatedTrack {
    const track = this.tracks.filter((each) => each.kind === kind).at(-1);
    if (track === undefined) throw new Error(`No ${kind} track was handed out.`);
    return track;
  }

  /** A device appears. */
  plugIn(): void {
    this.dispatchEvent(new Event('devicechange'));
  }

  /** What the page sees. */
  get asBrowser(): MediaDevices {
    return this as unknown as MediaDevices;
  }
}
