/** What the media layer takes from the browser, as arguments: tests bring a small world of their own. */

import { browserMasks } from './privacy/browserMasks';
import type { Masks } from './privacy/mask';
import { listen, type Listen } from './soundLevel';
import { mixTone, type MixTone } from './talkTone';
import { videosOf, type ShownVideo } from './tileViews';

/** A clock that never goes back, and something to be woken by. */
export interface Clock {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls once after so many milliseconds; gives what prevents it. */
  readonly after: (delay: number, action: () => void) => () => void;
}

/** An open WebSocket, or one that is being opened. */
export interface Wire {
  readonly send: (frame: Uint8Array<ArrayBuffer>) => void;
  /** Nothing is heard of it any more; the server hears the code, if it hears anything. */
  readonly close: (code?: number) => void;
}

/** What a wire tells. */
export interface WireListener {
  readonly opened: () => void;
  readonly came: (frame: Uint8Array) => void;
  readonly closed: () => void;
}

/** Opens a WebSocket to a path of this page's server. */
export type OpenWire = (path: string, protocol: string, listener: WireListener) => Wire;

/** All of it. */
export interface Surroundings {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly openWire: OpenWire;
  /** With relays for a network that lets no UDP through, if there are any; `policy` may ask for them alone. */
  readonly newPeerConnection: (relays: readonly RTCIceServer[], policy?: RTCIceTransportPolicy) => RTCPeerConnection;
  /** None on a page that was not loaded over HTTPS. */
  readonly devices: MediaDevices | undefined;
  /** What makes the protected versions of the own camera and microphone. */
  readonly masks: Masks;
  /** Hears how loud the own microphone is. */
  readonly listen: Listen;
  /** Gives the tone of a talk over the own microphone. */
  readonly mixTone: MixTone;
  /** Whether the browser plays no sound of this page before the person has touched it. */
  readonly isSoundBlocked: () => boolean;
  /** The pictures on the page, and how many device pixels a CSS pixel has. */
  readonly videos: () => readonly ShownVideo[];
  readonly pixelRatio: () => number;
  /** Where `online` happens. */
  readonly network: EventTarget;
}

/** Those of this page. */
export function browserSurroundings(): Surroundings {
  const devices = navigator.mediaDevices as MediaDevices | undefined; // absent in an insecure context
  return {
    clock: { now: () => performance.now(), after },
    random: Math.random,
    openWire,
    newPeerConnection: (relays, iceTransportPolicy = 'all') =>
      new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [...relays], iceTransportPolicy }),
    devices,
    masks: browserMasks,
    listen,
    mixTone,
    isSoundBlocked: soundBlock(),
    videos: () => videosOf(document),
    pixelRatio: () => devicePixelRatio,
    network: window,
  };
}

function after(delay: number, action: () => void): () => void {
  const timer = setTimeout(action, delay);
  return () => {
    clearTimeout(timer);
  };
}

function openWire(path: string, protocol: string, listener: WireListener): Wire {
  const address = new URL(path, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address, protocol);
  const life = new AbortController();
  const { signal } = life;
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', listener.opened, { signal });
  socket.addEventListener('close', listener.closed, { signal });
  socket.addEventListener(
    'message',
    ({ data }: MessageEvent) => {
      if (data instanceof ArrayBuffer) listener.came(new Uint8Array(data));
    },
    { signal },
  );
  return {
    send: (frame) => {
      socket.send(frame);
    },
    close: (code) => {
      life.abort();
      socket.close(code);
    },
  };
}

/** The policy asks whether the person has touched the page; a context that runs at once says that it is not in force. */
function soundBlock(): () => boolean {
  const context = new AudioContext();
  const isFree = context.state === 'running';
  void context.close();
  return () => !isFree && !navigator.userActivation.hasBeenActive;
}
