/**
 * The socket over which the server offers media: joins, comes back for ever, hands frames on.
 *
 * It knows nothing of peer connections. A goodbye that no return would change ends it.
 */

import { encode } from '@msgpack/msgpack';

import {
  COMES_BACK,
  SIGNAL_PROTOCOL,
  type AnySignalFromSeat,
  type AnySignalToSeat,
  type JoinMedia,
  type RoomId,
} from '../protocol/generated';
import type { CommandKey } from '../session/commandKey';
import { decodeFrame, MalformedFrame } from '../session/frameCodec';
import { afterGoodbye } from '../session/goodbyes';
import { reconnectDelay } from '../session/reconnectSchedule';
import type { Surroundings, Wire } from './surroundings';

/** So often, and so soon, it tries to come back to people who see and hear nobody; then it leaves more time. */
const HASTY_TRIES = 10;
const HASTY_MS = 1000;

/** A server that has forwarded no media since it was started will not begin to. */
const MEDIA_OFF = 'media_off';

/** Who joins. */
export interface SignalSeat {
  readonly room: RoomId;
  /** The token that is good now; renewed by the session. */
  readonly token: () => string | Promise<string>;
  readonly key: Pick<CommandKey, 'fingerprint' | 'signJoin'>;
}

/** A seat, and whether its page plays the room's sound now. */
export interface HearingSeat extends SignalSeat {
  readonly hears: () => boolean;
}

/** What the socket tells. */
export interface SignalListener {
  /** The socket stands, and the seat has asked to be let in. */
  readonly joined: () => void;
  readonly frame: (frame: AnySignalToSeat) => void;
  /** The socket is lost; it comes back by itself. */
  readonly lost: () => void;
  /** The connection that the page has, if the server has offered one: sound and pictures may go on over it. */
  readonly kept: () => number | null;
  /** For good, with the code of the goodbye. */
  readonly ended: (code: string) => void;
}

type SignalSurroundings = Pick<Surroundings, 'clock' | 'random' | 'openWire'>;

export class SignalSocket {
  readonly #seat: HearingSeat;
  readonly #around: SignalSurroundings;
  readonly #listener: SignalListener;
  #wire: Wire | null = null;
  #isOpen = false;
  #attempt = 0;
  #cancelRetry: (() => void) | null = null;
  /** Rises with every try, so that what belongs to an earlier one is not heard. */
  #try = 0;

  constructor(seat: HearingSeat, around: SignalSurroundings, listener: SignalListener) {
    this.#seat = seat;
    this.#around = around;
    this.#listener = listener;
  }

  /** Whether what is sent arrives, as far as is known. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether it waits before the next try. */
  get isWaiting(): boolean {
    return this.#cancelRetry !== null;
  }

  /** Connects, in place of a connection that there may be. */
  open(): void {
    this.#leave(COMES_BACK);
    void this.#connect(this.#try);
  }

  /** Ends the connection and every try. */
  close(): void {
    this.#leave();
  }

  #leave(code?: number): void {
    this.#try++;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#wire?.close(code);
    this.#wire = null;
    this.#isOpen = false;
  }

  /** Sends a frame; without a connection it is lost, as the offer that it belongs to is. */
  send(frame: AnySignalFromSeat): void {
    if (this.#isOpen) this.#wire?.send(encode(frame));
  }

  async #connect(attempt: number): Promise<void> {
    const join = await this.#join();
    if (attempt !== this.#try) return;
    if (join === null) {
      this.#retry();
      return;
    }
    this.#wire = this.#around.openWire(`/rooms/${encodeURIComponent(this.#seat.room)}/signal`, SIGNAL_PROTOCOL, {
      opened: () => {
        this.#isOpen = true;
        this.send({ ...join, hears: this.#seat.hears() });
        this.#listener.joined();
      },
      came: (data) => {
        this.#handleData(data);
      },
      closed: () => {
        this.#listener.lost();
        this.#retry();
      },
    });
  }

  /** The first frame; null where the session has no token to give just now. */
  async #join(): Promise<Omit<JoinMedia, 'hears'> | null> {
    try {
      const token = await this.#seat.token();
      const proof = await this.#seat.key.signJoin(token);
      return { type: 'join_media', token, key: this.#seat.key.fingerprint, proof, connection: this.#listener.kept() };
    } catch {
      return null;
    }
  }

  #retry(): void {
    this.#leave(COMES_BACK);
    const patience = reconnectDelay(this.#attempt, this.#around.random());
    const delay = this.#attempt++ < HASTY_TRIES ? Math.min(patience, HASTY_MS) : patience;
    this.#cancelRetry = this.#around.clock.after(delay, () => {
      this.open();
    });
  }

  #handleData(data: Uint8Array): void {
    try {
      this.#handleFrame(decodeFrame(data) as AnySignalToSeat);
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error;
      this.#end('protocol_unknown');
    }
  }

  #handleFrame(frame: AnySignalToSeat): void {
    if (frame.type !== 'goodbye') {
      this.#attempt = 0;
      this.#listener.frame(frame);
      return;
    }
    const then = afterGoodbye(frame.code);
    if (frame.code === MEDIA_OFF || typeof then === 'object') this.#end(frame.code);
  }

  #end(code: string): void {
    this.close();
    this.#listener.ended(code);
  }
}
