/**
 * The link of a seat to the server: the socket, and the patience with the connection that the server offers over it.
 *
 * Whatever breaks, it comes back by itself: first the server is asked for new ICE credentials, which a change of network
 * survives; where no way is found in time, the socket is opened anew, and with it the whole connection.
 */

import type { AnySignalFromSeat, AnySignalToSeat } from '../protocol/generated';
import type { MediaLink } from './mediaPort';
import { SignalSocket, type HearingSeat } from './signalSocket';
import type { Surroundings } from './surroundings';

/** A server that offers no other way after so long is not reached by the socket either. */
export const OFFER_WITHIN_MS = 450;

/** A connection that does not stand so long after the server was reached is begun anew. */
export const PATIENCE_MS = 8000;

/** Why the server has ended a connection that nobody but this page would begin anew. */
const OURS_TO_BEGIN = ['silent', 'handshake_failed', 'closed_by_peer'];

/** What the link tells. */
export interface LinkListener {
  /** The socket stands: the server tells everything anew, and is to be told. */
  readonly joined: () => void;
  readonly frame: (frame: AnySignalToSeat) => void;
  /** `state` is another one. */
  readonly changed: () => void;
  /** It is stopped, or the server has ended it for good. */
  readonly ended: () => void;
}

type LinkSurroundings = Pick<Surroundings, 'clock' | 'random' | 'openWire' | 'network'>;

export class KeptLink {
  readonly #around: LinkSurroundings;
  readonly #listener: LinkListener;
  readonly #signal: SignalSocket;
  #state: MediaLink = { state: 'off' };
  #cancelPatience: (() => void) | null = null;
  /** While an offer is awaited that was asked for because nothing came any more. */
  #cancelOffer: (() => void) | null = null;
  /** Whether the connection stood and may stand again over another way. */
  #isToKeep = false;
  /** Whether this socket has brought an offer. */
  #isOffered = false;

  /** @param connection - the number of the connection there is. */
  constructor(seat: HearingSeat, around: LinkSurroundings, connection: () => number | null, listener: LinkListener) {
    this.#around = around;
    this.#listener = listener;
    this.#signal = new SignalSocket(seat, around, {
      joined: () => {
        this.#isOffered = false;
        if (this.#cancelPatience !== null) this.#waitForConnection();
        listener.joined();
      },
      frame: listener.frame,
      lost: () => {
        this.recover();
      },
      kept: () => (this.#isToKeep ? connection() : null),
      ended: (code) => {
        this.#end({ state: 'ended', code });
      },
    });
  }

  get state(): MediaLink {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state.state !== 'off' && this.#state.state !== 'ended';
  }

  /** Whether what is sent arrives, as far as is known. */
  get isOpen(): boolean {
    return this.#signal.isOpen;
  }

  /** Sends a frame; without a socket it is lost. */
  send(frame: AnySignalFromSeat): void {
    this.#signal.send(frame);
  }

  start(): void {
    this.#state = { state: 'connecting' };
    this.#around.network.addEventListener('online', this.#handleOnline);
    this.#signal.open();
    this.#waitForConnection();
  }

  stop(): void {
    this.#end({ state: 'off' });
  }

  /** The server has offered a connection, or another way. */
  offered(): void {
    this.#isOffered = true;
    this.#cancelOffer?.();
    this.#cancelOffer = null;
  }

  /** The connection stands. */
  connected(): void {
    this.#cancelPatience?.();
    this.#cancelPatience = null;
    this.#isToKeep = true;
    this.#state = { state: 'connected' };
    this.#listener.changed();
  }

  /** Nothing comes any more, long before the browser says so. */
  fellSilent(): void {
    this.send({ type: 'restart_media' });
    this.#expectOffer();
  }

  /** The server has ended the connection; where nobody begins another one, this page does. */
  gone(reason: string): void {
    if (OURS_TO_BEGIN.includes(reason)) this.#beginAnew();
    else this.recover();
  }

  /** Asks for a way over the network as it is now. */
  recover(): void {
    this.send({ type: 'restart_media' });
    if (this.#cancelPatience === null) this.#waitForConnection();
    this.#handleLost();
  }

  readonly #handleOnline = (): void => {
    this.recover();
    if (this.#signal.isWaiting) this.#signal.open();
    else this.#expectOffer();
  };

  /** A server that does not answer over the socket is asked over a new one; the connection is kept meanwhile. */
  #expectOffer(): void {
    if (!this.#signal.isOpen) return;
    this.#cancelOffer?.();
    this.#cancelOffer = this.#around.clock.after(OFFER_WITHIN_MS, () => {
      this.#cancelOffer = null;
      if (this.#cancelPatience === null) this.#waitForConnection();
      this.#signal.open();
      this.#handleLost();
    });
  }

  /** Joins again: the server offers a new connection. */
  #beginAnew(): void {
    this.#isToKeep = false;
    this.#joinAgain();
  }

  #joinAgain(): void {
    this.#waitForConnection();
    if (!this.#signal.isWaiting) this.#signal.open();
    this.#handleLost();
  }

  /** While the server itself is not reached, nothing shows that the connection is of no use. */
  #waitForConnection(): void {
    this.#cancelPatience?.();
    this.#cancelPatience = this.#around.clock.after(PATIENCE_MS, () => {
      if (!this.#signal.isOpen) {
        this.#joinAgain();
        return;
      }
      if (this.#isOffered) this.#state = { state: 'unreached' };
      this.#beginAnew();
    });
  }

  #handleLost(): void {
    if (this.#state.state === 'connected') this.#state = { state: 'reconnecting' };
    this.#listener.changed();
  }

  #end(state: MediaLink): void {
    this.#state = state;
    this.#around.network.removeEventListener('online', this.#handleOnline);
    this.#cancelPatience?.();
    this.#cancelOffer?.();
    this.#cancelPatience = this.#cancelOffer = null;
    this.#signal.close();
    this.#isToKeep = false;
    this.#listener.ended();
  }
}
