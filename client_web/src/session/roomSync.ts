/**
 * The sync connection of one seat as a state machine: no socket, no clock, no key.
 *
 * Inputs are the verbs and the `handle*` methods; `now` is in milliseconds of a clock that never goes back. Outputs are
 * events: frames to send, a socket to open or close. After every input the shell looks at `timer`, and calls
 * `handleTimer` when it is due.
 */

import type {
  Accepted,
  Alias,
  AnyFromSeat,
  AnyToSeat,
  Digest,
  Millis,
  Progress,
  Refused,
  RoomId,
  ShowProgress,
  Welcome,
} from '../protocol/generated';
import type { SignedCommandText } from './commands';
import { DraftCells, type SheetRef } from './draftCells';
import { UnknownEvent } from './fold';
import { decodeFrame, MalformedFrame } from './frameCodec';
import { afterGoodbye } from './goodbyes';
import type { Line } from './line';
import { Outbox } from './outbox';
import { reconnectDelay } from './reconnectSchedule';
import type { ConnectionState, EndCode, RoomSnapshot } from './roomSnapshot';
import { openSheets } from './roomView';
import { SeatRecord } from './seatRecord';
import { SeatToken } from './seatToken';

/** What the shell has to do. `claimed`: find out whether this browser signed the line's command. */
export type SyncEvent =
  | { readonly type: 'connect' | 'disconnect' | 'renew' | 'changed' }
  | { readonly type: 'send'; readonly frame: AnyFromSeat }
  | { readonly type: 'answered'; readonly answer: Accepted | Refused }
  | { readonly type: 'claimed'; readonly line: Line };

export interface RoomSyncOptions {
  readonly room: RoomId;
  readonly alias: Alias;
  /** Fingerprint of the seat's command key. */
  readonly key: Digest;
  readonly token: string;
  readonly emit: (event: SyncEvent) => void;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** A server that does not open the connection, or does not answer the join, within this time is tried again. */
const WELCOME_PATIENCE_MS = 20_000;

export class RoomSync {
  readonly record: SeatRecord;
  readonly #options: RoomSyncOptions;
  readonly #outbox = new Outbox();
  readonly #cells = new DraftCells();
  #connection: ConnectionState = { state: 'waiting' };
  readonly #token: SeatToken;
  #mustRenew = false;
  /** Tries since the last welcome. */
  #tries = 0;
  /** When to try again, or to give this try up. */
  #wakeAt = Infinity;
  #lastNumber = 0;
  #connected: readonly Alias[] = [];
  #progress: Readonly<Record<Alias, Progress>> = {};

  constructor(options: RoomSyncOptions) {
    this.#options = options;
    this.#token = new SeatToken(options.token);
    this.record = new SeatRecord(options.room, options.alias, options.key);
  }

  /** What the page shows now. */
  get snapshot(): RoomSnapshot {
    return {
      connection: this.#connection,
      view: this.record.view,
      size: this.record.have,
      proof: this.record.proof,
      connected: this.#connected,
      progress: this.#progress,
      unsavedCells: this.#cells.unsaved,
      unanswered: this.#outbox.size,
      alarms: this.record.alarms,
    };
  }

  /** The token to join with, or to renew. */
  get token(): string {
    return this.#token.token;
  }

  /** The highest number that the server had accepted from the seat's key at the last welcome. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  get cells(): Pick<DraftCells, 'of'> {
    return this.#cells;
  }

  /** When `handleTimer` is due; infinity if nothing waits. */
  get timer(): number {
    if (this.#connection.state === 'ended') return Infinity;
    if (this.#connection.state !== 'live') return this.#wakeAt;
    return Math.min(this.#token.timer, this.#outbox.timer, this.#cells.timer);
  }

  /** The server's clock, in milliseconds since 1970-01-01 UTC; null before the first welcome. */
  serverNow(now: number): Millis | null {
    return this.#token.serverNow(now);
  }

  // -- verbs ---------------------------------------------------------------------------------------------------------

  /** Opens the connection; at once, too, where it waits to come back (the network may be there again). */
  connect(now: number): void {
    if (this.#connection.state !== 'waiting') return;
    this.#tries++;
    this.#wakeAt = now + WELCOME_PATIENCE_MS;
    if (this.#mustRenew) {
      this.#emit({ type: 'renew' });
      return;
    }
    this.#connection = { state: 'connecting' };
    this.#emit({ type: 'connect' });
    this.#changed();
  }

  /** Leaves the room for good. */
  leave(): void {
    this.#end('left', '');
  }

  /** Sends a signed command, now or when the connection is there, until it is answered. */
  submit(now: number, command: SignedCommandText): void {
    this.#outbox.add(command);
    this.#flush(now);
    this.#changed();
  }

  /**
   * The person has typed; empty clears the cell.
   *
   * @throws {RangeError} if name or value is longer than the server keeps.
   */
  typeCell(now: number, sheet: SheetRef, cell: string, value: string): void {
    this.#cells.type(sheet, cell, value);
    this.#flush(now);
    this.#changed();
  }

  /** Tells the room how far the person is; lost where there is no connection. */
  showProgress(progress: Omit<ShowProgress, 'type'>): void {
    if (this.#connection.state === 'live') this.#send({ type: 'show_progress', ...progress });
  }

  // -- inputs --------------------------------------------------------------------------------------------------------

  /** The socket is open; `proof`: the key's signature over the token. */
  handleOpened(proof: Uint8Array): void {
    if (this.#connection.state !== 'connecting') return;
    this.#send({ type: 'join', token: this.token, have: this.record.have, key: this.#options.key, proof });
  }

  /** A message has come. */
  handleMessage(now: number, data: Uint8Array): void {
    if (this.#connection.state !== 'connecting' && this.#connection.state !== 'live') return;
    try {
      this.#handleFrame(now, decodeFrame(data));
    } catch (error) {
      if (!(error instanceof UnknownEvent || error instanceof MalformedFrame)) throw error;
      this.#end('page_outdated', error.message);
    }
    this.#changed();
  }

  /** The socket is closed, or could not be opened. */
  handleClosed(now: number): void {
    if (this.#connection.state !== 'connecting' && this.#connection.state !== 'live') return;
    this.#outbox.handleClosed();
    this.#connection = { state: 'waiting' };
    this.#connected = [];
    this.#comeBack(now);
    this.#changed();
  }

  /** The server does not speak this page's protocol. */
  handleForeignProtocol(): void {
    this.#end('page_outdated', 'The server speaks another version of the protocol.');
  }

  /** The token was renewed over HTTP. */
  handleRenewed(now: number, token: string): void {
    this.#token.handleFresh(token);
    this.#mustRenew = false;
    this.connect(now);
  }

  /** The token could not be renewed: not now, or (`refused`) never. */
  handleNotRenewed(now: number, refused: boolean): void {
    if (refused) this.#end('token_expired', 'The token cannot be renewed.');
    else this.#comeBack(now);
  }

  /** A claimed line is not among what this browser signed. */
  handleUnsigned({ head }: Line): void {
    this.record.raise({ kind: 'line_not_mine', at: head.seq });
    this.#changed();
  }

  /** `timer` is due. */
  handleTimer(now: number): void {
    if (this.#connection.state === 'waiting' && now >= this.#wakeAt) this.connect(now);
    else if (this.#connection.state === 'connecting' && now >= this.#wakeAt) this.#giveUp(now);
    else if (this.#connection.state === 'live' && now >= this.#outbox.timer) this.#giveUp(now);
    else if (this.#connection.state === 'live') this.#keepUp(now);
  }

  #keepUp(now: number): void {
    if (this.#token.isDue(now)) this.#send({ type: 'refresh' });
    this.#flush(now);
  }

  // -- frames --------------------------------------------------------------------------------------------------------

  #handleFrame(now: number, frame: AnyToSeat): void {
    switch (frame.type) {
      case 'welcome':
        this.#handleWelcome(now, frame);
        return;
      case 'lines':
        for (const line of this.record.handleLines(frame)) this.#emit({ type: 'claimed', line });
        this.#cells.keepOnly(openSheets(this.record.view, this.#options.alias));
        return;
      case 'checkpoint':
        this.record.handleCheckpoint(frame);
        return;
      case 'accepted':
      case 'refused':
        this.#handleAnswer(frame);
        return;
      case 'cell_saved':
        this.#cells.handleSaved(frame.cell);
        this.#flush(now);
        return;
      case 'progress':
        this.#progress = { ...this.#progress, [frame.alias]: frame };
        return;
      case 'presence':
        this.#connected = frame.connected;
        return;
      case 'token':
        this.#token.handleFresh(frame.token);
        return;
      case 'goodbye':
        this.#handleGoodbye(frame.code, frame.text);
        return;
      default:
        throw unknownFrame(frame);
    }
  }

  #handleWelcome(now: number, { size, now: serverNow, last_n, cells }: Welcome): void {
    this.record.handleSize(size);
    this.#tries = 0;
    this.#connection = { state: 'live' };
    this.#token.handleServerTime(now, serverNow);
    this.#lastNumber = last_n;
    this.#cells.handleWelcome(cells);
    this.#flush(now);
  }

  #handleAnswer(answer: Accepted | Refused): void {
    if (answer.type === 'refused' && answer.code === 'other_device_refused') {
      this.record.raise({ kind: 'other_device_refused' });
    }
    if (this.#outbox.handleAnswer(answer)) this.#emit({ type: 'answered', answer });
  }

  #handleGoodbye(code: string, text: string): void {
    const then = afterGoodbye(code);
    if (then === 'renew') this.#mustRenew = true;
    else if (then !== 'return') this.#end(then.stayAway, text);
  }

  // -- consequences --------------------------------------------------------------------------------------------------

  #giveUp(now: number): void {
    this.#emit({ type: 'disconnect' });
    this.handleClosed(now);
  }

  #comeBack(now: number): void {
    this.#wakeAt = now + reconnectDelay(Math.max(0, this.#tries - 1), this.#options.random());
  }

  #end(code: EndCode, text: string): void {
    if (this.#connection.state === 'ended') return;
    this.#connection = { state: 'ended', code, text };
    this.#connected = [];
    this.#outbox.clear();
    this.#emit({ type: 'disconnect' });
    this.#changed();
  }

  /** Sends what is due. */
  #flush(now: number): void {
    if (this.#connection.state !== 'live') return;
    for (const frame of [...this.#outbox.due(now), ...this.#cells.due(now)]) this.#send(frame);
  }

  #send(frame: AnyFromSeat): void {
    this.#emit({ type: 'send', frame });
  }

  #changed(): void {
    this.#emit({ type: 'changed' });
  }

  #emit(event: SyncEvent): void {
    this.#options.emit(event);
  }
}

function unknownFrame(frame: never): MalformedFrame {
  return new MalformedFrame(`This page does not know the frame ${(frame as AnyToSeat).type}.`);
}
