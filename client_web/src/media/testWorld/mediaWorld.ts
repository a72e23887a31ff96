/** A page's surroundings in small: a server at the other end of the wire, a clock moved by hand, simulated devices. */

import { decode, encode } from '@msgpack/msgpack';

import type { AnySignalFromSeat, AnySignalToSeat } from '../../protocol/generated';
import type { MediaKind } from '../negotiation';
import type { Mask } from '../privacy/mask';
import type { Clock, Surroundings, WireListener } from '../surroundings';
import { SimulatedDevices, SimulatedTrack } from './devices';
import type { ShownVideo } from '../tileViews';
import { SimulatedPeer } from './peers';

export class HandClock implements Clock {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly action: () => void }>();

  readonly now = (): number => this.#now;

  readonly after = (delay: number, action: () => void): (() => void) => {
    const timer = { at: this.#now + delay, action };
    this.#waiting.add(timer);
    return () => {
      this.#waiting.delete(timer);
    };
  };

  /** Time passes; whatever is due happens in its order. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (;;) {
      const next = [...this.#waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#waiting.delete(next);
      this.#now = next.at;
      next.action();
      await settled();
    }
    this.#now = end;
  }
}

/** Lets every promise that is ready go on. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

/** One WebSocket as the server sees it. */
export class SimulatedWire {
  readonly path: string;
  readonly protocol: string;
  readonly heard: AnySignalFromSeat[] = [];
  isClosed = false;
  /** With which the page closed it. */
  code: number | undefined;
  readonly #listener: WireListener;

  constructor(path: string, protocol: string, listener: WireListener) {
    this.path = path;
    this.protocol = protocol;
    this.#listener = listener;
  }

  open(): void {
    this.#listener.opened();
  }

  say(frame: AnySignalToSeat): void {
    this.#listener.came(encode(frame));
  }

  sayBytes(bytes: Uint8Array): void {
    this.#listener.came(bytes);
  }

  /** The server ends it, or the network does. */
  breakOff(): void {
    this.isClosed = true;
    this.#listener.closed();
  }
}

export class MediaWorld {
  readonly clock = new HandClock();
  readonly wires: SimulatedWire[] = [];
  readonly peers: SimulatedPeer[] = [];
  /** What the peer connections answer; null leaves it to them. */
  answer: string | null = null;
  readonly devices = new SimulatedDevices();
  readonly network = new EventTarget();
  /** The protected track that was made last, by kind; none gives a sign of life. */
  readonly masked = new Map<MediaKind, MediaStreamTrack>();
  /** The track that the page listens to itself, and how loud it is. */
  heard: MediaStreamTrack | null = null;
  loudness = 0;
  isSoundBlocked = false;
  /** The tones that were mixed in: over which voice, and what ends each. */
  readonly tones: { readonly track: SimulatedTrack; readonly voice: unknown; readonly end: () => void }[] = [];
  videos: readonly ShownVideo[] = [];

  readonly surroundings: Surroundings = {
    clock: this.clock,
    random: () => 0.5,
    openWire: (path, protocol, listener) => {
      const wire = new SimulatedWire(path, protocol, listener);
      this.wires.push(wire);
      return {
        send: (frame) => wire.heard.push(decode(frame) as AnySignalFromSeat),
        close: (code) => {
          wire.isClosed = true;
          wire.code = code;
        },
      };
    },
    newPeerConnection: (relays) => {
      const peer = new SimulatedPeer(relays);
      peer.answer = this.answer;
      this.peers.push(peer);
      return peer.asBrowser;
    },
    devices: this.devices.asBrowser,
    masks: { audio: () => this.#mask('audio'), video: () => this.#mask('video') },
    listen: (track) => {
      this.heard = track;
      return {
        loudest: () => this.loudness,
        end: () => {
          this.heard = null;
        },
      };
    },
    isSoundBlocked: () => this.isSoundBlocked,
    mixTone: (voice) => {
      const track = new SimulatedTrack('audio', 'tone');
      const over = new Promise<void>((end) => {
        this.tones.push({ track, voice, end });
      });
      const letGo = (): void => {
        track.stop();
      };
      return Promise.resolve({ track: track as unknown as MediaStreamTrack, over, end: letGo });
    },
    videos: () => this.videos,
    pixelRatio: () => 1,
    network: this.network,
  };

  #mask(kind: MediaKind): Mask {
    const track = {} as MediaStreamTrack;
    this.masked.set(kind, track);
    return { track, stream: {} as MediaStream, hide: () => undefined, end: () => undefined };
  }

  /** The latest socket. */
  get wire(): SimulatedWire {
    return latest(this.wires);
  }

  /** The latest peer connection. */
  get peer(): SimulatedPeer {
    return latest(this.peers);
  }
}

function latest<T>(all: readonly T[]): T {
  const last = all.at(-1);
  if (last === undefined) throw new Error('The page has opened none.');
  return last;
}
