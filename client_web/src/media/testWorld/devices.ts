/** Cameras and microphones that a test plugs in, refuses and pulls out. */

import type { MediaKind } from '../negotiation';

export class SimulatedTrack extends EventTarget {
  readonly kind: MediaKind;
  readonly label: string;
  enabled = true;
  isLive = true;

  constructor(kind: MediaKind, label = '') {
    super();
    this.kind = kind;
    this.label = label;
  }

  getSettings(): MediaTrackSettings {
    return { width: 640, height: 360 };
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
  /** Whether the person has to answer each request. */
  isPrompting = false;
  readonly prompts: Prompt[] = [];
  /** What is plugged in; where nothing of a kind is, some nameless device is there all the same. */
  readonly plugged: Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[] = [];

  async getUserMedia(wanted: MediaStreamConstraints): Promise<MediaStream> {
    const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind] !== undefined);
    this.requests.push(kinds);
    if (this.isPrompting) {
      await new Promise<void>((answer) => {
        this.prompts.push({ kinds, answer });
      });
    }
    const trouble = kinds.map((kind) => this.trouble[kind]).find((name) => name !== undefined);
    if (trouble !== undefined) throw new DOMException('simulated', trouble);
    const tracks = kinds.map((kind) => new SimulatedTrack(kind, this.#labelOf(kind, wanted)));
    this.tracks.push(...tracks);
    return { id: `own-${this.requests.length}`, getTracks: () => tracks } as unknown as MediaStream;
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
