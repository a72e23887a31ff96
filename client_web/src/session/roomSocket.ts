/** The shell around `RoomSync`: the WebSocket, the clock, the timer and the renewal of the token. */

import { PROTOCOL, type Accepted, type Refused } from '../protocol/generated';
import type { CommandKey } from './commandKey';
import { encodeFrame } from './frameCodec';
import type { Line } from './line';
import { RoomSync, type SyncEvent } from './roomSync';

/** As much of a `WebSocket` as is used. */
export type PageSocket = Pick<
  WebSocket,
  'binaryType' | 'protocol' | 'onopen' | 'onmessage' | 'onclose' | 'send' | 'close'
>;

/** Where the room is, and who comes. */
export interface RoomAddress {
  readonly room: string;
  readonly alias: string;
  /** As the entrance gave it. */
  readonly token: string;
  /** Such as `wss://host/rooms/2026-0117/sync`. */
  readonly url: string;
  /** A new token for one that has ended: null if the server refuses, and an error if it cannot be reached now. */
  readonly renewToken: (token: string) => Promise<string | null>;
}

/** What a page takes from the browser. */
export interface Surroundings {
  readonly makeSocket: (url: string, protocol: string) => PageSocket;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** The browser's own. */
export const BROWSER: Surroundings = {
  makeSocket: (url, protocol) => new WebSocket(url, protocol),
  clock: () => performance.now(),
  random: () => Math.random(),
};

/** Who hears of it. */
export interface SocketListener {
  readonly onChange: () => void;
  readonly onAnswer: (answer: Accepted | Refused) => void;
  /** A line under the seat's alias that this browser must have signed. */
  readonly onClaimed: (line: Line) => void;
}

export class RoomSocket {
  readonly #address: RoomAddress;
  readonly #key: CommandKey;
  readonly #around: Surroundings;
  readonly #listener: SocketListener;
  readonly #sync: RoomSync;
  #socket: PageSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(address: RoomAddress, key: CommandKey, around: Surroundings, listener: SocketListener) {
    this.#address = address;
    this.#key = key;
    this.#around = around;
    this.#listener = listener;
    this.#sync = new RoomSync({
      ...address,
      key: key.fingerprint,
      random: around.random,
      emit: (event) => {
        this.#carryOut(event);
      },
    });
  }

  /** The state machine, to look at; to change it, use `act`. */
  get sync(): RoomSync {
    return this.#sync;
  }

  now(): number {
    return this.#around.clock();
  }

  /** Does something with the state machine, and sets the timer that it then wants. */
  act(step: (sync: RoomSync, now: number) => void): void {
    step(this.#sync, this.now());
    clearTimeout(this.#timer);
    if (this.#sync.timer === Infinity) return;
    const wake = () => {
      this.act((sync, now) => {
        sync.handleTimer(now);
      });
    };
    this.#timer = setTimeout(wake, Math.max(0, this.#sync.timer - this.now()));
  }

  #carryOut(event: SyncEvent): void {
    switch (event.type) {
      case 'connect':
        this.#connect();
        return;
      case 'disconnect':
        this.#disconnect();
        return;
      case 'send':
        this.#socket?.send(encodeFrame(event.frame));
        return;
      case 'renew':
        void this.#renew();
        return;
      case 'answered':
        this.#listener.onAnswer(event.answer);
        return;
      case 'claimed':
        this.#listener.onClaimed(event.line);
        return;
      case 'changed':
        this.#listener.onChange();
    }
  }

  #connect(): void {
    const socket = this.#around.makeSocket(this.#address.url, PROTOCOL);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => void this.#join(socket);
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!(data instanceof ArrayBuffer)) return;
      this.act((sync, now) => {
        sync.handleMessage(now, new Uint8Array(data));
      });
    };
    socket.onclose = () => {
      this.#socket = null;
      this.act((sync, now) => {
        sync.handleClosed(now);
      });
    };
    this.#socket = socket;
  }

  async #join(socket: PageSocket): Promise<void> {
    if (socket.protocol !== PROTOCOL) {
      this.act((sync) => {
        sync.handleForeignProtocol();
      });
      return;
    }
    const proof = await this.#key.signJoin(this.#sync.token);
    if (socket !== this.#socket) return; // it was closed meanwhile
    this.act((sync) => {
      sync.handleOpened(proof);
    });
  }

  /** Lets the socket go; what it still says is not heard. */
  #disconnect(): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  async #renew(): Promise<void> {
    const fresh = await this.#address.renewToken(this.#sync.token).catch(() => undefined);
    this.act((sync, now) => {
      if (typeof fresh === 'string') sync.handleRenewed(now, fresh);
      else sync.handleNotRenewed(now, fresh === null);
    });
  }
}
