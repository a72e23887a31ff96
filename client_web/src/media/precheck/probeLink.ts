/**
 * The ways between this page and the server's media port, tried one after the other with real connections.
 *
 * For each way the server offers two connections: on one the page sends its own tracks, on the other they come back.
 */

import { encode } from '@msgpack/msgpack';

import {
  SIGNAL_PROTOCOL,
  type AnySignalFromSeat,
  type AnySignalToSeat,
  type MediaOffer,
} from '../../protocol/generated';
import { decodeFrame } from '../../session/frameCodec';
import { MediaConnection } from '../mediaConnection';
import type { MediaKind } from '../negotiation';
import type { SignalSeat } from '../signalSocket';
import type { Surroundings, Wire } from '../surroundings';

/** A way that does not stand after so long is none: an old computer takes two seconds. */
export const WAY_PATIENCE_MS = 8000;

/** For the socket itself. */
export const SOCKET_PATIENCE_MS = 8000;

export type Tracks = Readonly<Record<MediaKind, MediaStreamTrack | null>>;

/** How a way is tried. */
export interface WayOptions {
  readonly policy: RTCIceTransportPolicy;
  readonly relays: readonly RTCIceServer[];
}

/** A way that stands. */
export interface Way {
  readonly sender: RTCPeerConnection;
  readonly taker: RTCPeerConnection;
  /** What comes back. */
  readonly stream: MediaStream | null;
}

/** The server has sent this page away, or cannot be reached (`unreachable`). */
export class ProbeEnded extends Error {
  override name = 'ProbeEnded';
  readonly code: string;

  constructor(code: string) {
    super(`The probe has ended: ${code}.`);
    this.code = code;
  }
}

interface Half {
  readonly connection: MediaConnection;
  readonly peer: RTCPeerConnection;
}

/** A way that is being tried. */
interface Attempt {
  readonly options: WayOptions;
  readonly halves: Map<number, Half>;
  readonly settle: (way: Way | null) => void;
  readonly fail: (ended: ProbeEnded) => void;
}

export class ProbeLink {
  readonly #seat: SignalSeat;
  readonly #around: Pick<Surroundings, 'clock' | 'openWire' | 'newPeerConnection'>;
  readonly #tracks: () => Tracks;
  #wire: Wire | null = null;
  #attempt: Attempt | null = null;
  #relays: RTCIceServer | null = null;
  #port = 0;
  #ended: ProbeEnded | null = null;

  constructor(
    seat: SignalSeat,
    around: Pick<Surroundings, 'clock' | 'openWire' | 'newPeerConnection'>,
    tracks: () => Tracks,
  ) {
    this.#seat = seat;
    this.#around = around;
    this.#tracks = tracks;
  }

  /** The relays of the server with a pass; known once a way has been offered. */
  get relays(): RTCIceServer | null {
    return this.#relays;
  }

  /** The server's UDP port of sound and pictures; known once a way has been offered. */
  get port(): number {
    return this.#port;
  }

  /** Opens the socket and joins; @throws {ProbeEnded} where that cannot be. */
  async open(): Promise<void> {
    const token = await this.#seat.token();
    const proof = await this.#seat.key.signJoin(token);
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#around.clock.after(SOCKET_PATIENCE_MS, () => {
        this.#end('unreachable');
        reject(new ProbeEnded('unreachable'));
      });
      this.#wire = this.#around.openWire(`/rooms/${encodeURIComponent(this.#seat.room)}/signal`, SIGNAL_PROTOCOL, {
        opened: () => {
          cancel();
          this.#send({ type: 'join_probe', token, key: this.#seat.key.fingerprint, proof });
          resolve();
        },
        came: (data) => {
          this.#hear(decodeFrame(data) as AnySignalToSeat);
        },
        closed: () => {
          cancel();
          this.#end('unreachable');
          reject(new ProbeEnded('unreachable'));
        },
      });
    });
  }

  /** A way that stands, in place of the one before; null where it does not come to stand. @throws {ProbeEnded} */
  async tryWay(options: WayOptions): Promise<Way | null> {
    this.#drop();
    if (this.#ended !== null) throw this.#ended;
    const trying = new Promise<Way | null>((settle, fail) => {
      this.#attempt = { options, halves: new Map(), settle, fail };
    });
    const cancel = this.#around.clock.after(WAY_PATIENCE_MS, () => this.#attempt?.settle(null));
    this.#send({ type: 'try_way' });
    try {
      return await trying;
    } finally {
      cancel();
    }
  }

  /** Ends everything. */
  close(): void {
    this.#drop();
    this.#wire?.close();
    this.#wire = null;
  }

  #drop(): void {
    for (const { connection } of this.#attempt?.halves.values() ?? []) connection.close();
    this.#attempt = null;
  }

  #end(code: string): void {
    this.#ended ??= new ProbeEnded(code);
    this.#attempt?.fail(this.#ended);
    this.close();
  }

  #send(frame: AnySignalFromSeat): void {
    this.#wire?.send(encode(frame));
  }

  #hear(frame: AnySignalToSeat): void {
    switch (frame.type) {
      case 'media_relays':
        this.#relays = { urls: [...frame.urls], username: frame.username, credential: frame.credential };
        return;
      case 'media_offer':
        this.#port = portIn(frame.sdp) ?? this.#port;
        if (this.#attempt !== null) void this.#answer(frame, this.#attempt);
        return;
      case 'goodbye':
        this.#end(frame.code);
        return;
      case 'media_connected': // the browsers' own word counts
      case 'media_gone':
      case 'refused':
    }
  }

  async #answer({ connection: number, revision, sdp }: MediaOffer, attempt: Attempt): Promise<void> {
    const peer = this.#around.newPeerConnection(attempt.options.relays, attempt.options.policy);
    const connection = new MediaConnection(number, peer, this.#tracks(), {
      streamed: () => undefined,
      healthChanged: () => {
        this.#settle(attempt);
      },
    });
    attempt.halves.set(number, { connection, peer });
    const answer = await connection.answer(sdp).catch(() => null);
    if (attempt !== this.#attempt || answer === null) {
      connection.close();
      return;
    }
    this.#send({ type: 'media_answer', connection: number, revision, sdp: answer });
    this.#settle(attempt);
  }

  #settle(attempt: Attempt): void {
    const halves = [...attempt.halves.values()];
    if (halves.some(({ connection }) => connection.health === 'broken')) attempt.settle(null);
    const sender = halves.find(({ connection }) => connection.lines.sending.length > 0);
    const taker = halves.find(({ connection }) => connection.lines.receiving.length > 0);
    if (sender?.connection.health !== 'connected' || taker?.connection.health !== 'connected') return;
    const [stream = null] = taker.connection.streams.values();
    attempt.settle({ sender: sender.peer, taker: taker.peer, stream });
  }
}

/** The port of the first candidate in an offer. Source: RFC 8839, 5.1. */
function portIn(sdp: string): number | null {
  const [, port] = /^a=candidate:\S+ \d+ udp \d+ \S+ (\d+)/im.exec(sdp) ?? [];
  return port === undefined ? null : Number(port);
}
