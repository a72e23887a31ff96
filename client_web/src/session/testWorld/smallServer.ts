/** A server for one seat, in memory: it keeps a room, answers frames, and loses connections when it is told to. */

import { decode, encode } from '@msgpack/msgpack';

import {
  PROTOCOL,
  type AnyEvent,
  type AnyFromSeat,
  type AnyToSeat,
  type Cell,
  type FlatCommand,
  type SaveCell,
  type Seq,
  type Submit,
} from '../../protocol/generated';
import { bytesToBase64, commandDigest } from '../commands';
import type { PageSocket } from '../roomSocket';
import { SmallRoom } from './smallRoom';
import { tokenOf } from './tokens';

const NOW_S = 1_768_615_200;

/** A token that the server takes. */
export const GOOD_TOKEN = tokenOf(NOW_S, NOW_S + 900);

/** What goes wrong: the connection is lost on the way there, or on the way back, or nobody answers. */
export type Loss = 'before_storing' | 'after_storing' | 'no_answer';

/** The page's end of a connection. */
class PageEnd implements PageSocket {
  binaryType: BinaryType = 'blob';
  protocol = '';
  onopen: PageSocket['onopen'] = null;
  onmessage: PageSocket['onmessage'] = null;
  onclose: PageSocket['onclose'] = null;
  readonly #hear: (frame: AnyFromSeat) => void;
  #isClosed = false;

  constructor(hear: (frame: AnyFromSeat) => void) {
    this.#hear = hear;
  }

  open(protocol: string): void {
    this.protocol = protocol;
    this.onopen?.call(this as unknown as WebSocket, new Event('open'));
  }

  send(data: Parameters<WebSocket['send']>[0]): void {
    const frame = decode(data as Uint8Array) as AnyFromSeat;
    queueMicrotask(() => {
      if (!this.#isClosed) this.#hear(frame);
    });
  }

  deliver(frame: AnyToSeat): void {
    const data = encode(frame).slice().buffer;
    queueMicrotask(() => {
      if (!this.#isClosed) this.onmessage?.call(this as unknown as WebSocket, new MessageEvent('message', { data }));
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    queueMicrotask(() => {
      this.onclose?.call(this as unknown as WebSocket, new Event('close') as CloseEvent);
    });
  }
}

export class SmallServer {
  readonly room = new SmallRoom();
  /** Every frame that came. */
  readonly heard: AnyFromSeat[] = [];
  /** What goes wrong at the next command. */
  loss: Loss | null = null;
  protocol: string = PROTOCOL;
  /** Whether heads are signed. */
  signs = true;
  /** The token that is taken. */
  token = GOOD_TOKEN;
  readonly #cells = new Map<string, Cell>();
  readonly #answers = new Map<string, { readonly n: number; readonly first: Seq; readonly last: Seq }>();
  #lastNumber = 0;
  #page: PageEnd | null = null;

  /** Opens a connection. */
  readonly makeSocket = (): PageSocket => {
    const page = new PageEnd((frame) => {
      this.#hear(frame);
    });
    this.#page = page;
    queueMicrotask(() => {
      page.open(this.protocol);
    });
    return page;
  };

  /** Sends a frame. */
  say(frame: AnyToSeat): void {
    this.#page?.deliver(frame);
  }

  /** Loses the connection. */
  cut(): void {
    this.#page?.close();
  }

  /** Says goodbye. */
  dismiss(code: string): void {
    const page = this.#page;
    page?.deliver({ type: 'goodbye', code, text: '' });
    queueMicrotask(() => page?.close());
  }

  /** Writes a line of the server's own and sends it. */
  write(event: AnyEvent, authorship?: Parameters<SmallRoom['add']>[1]): Seq {
    const seq = this.room.add(event, authorship);
    this.#publish([seq]);
    return seq;
  }

  /** Signs the head and sends it. */
  checkpoint(): void {
    this.say({ type: 'checkpoint', note: this.room.checkpoint(), hashes: [] });
  }

  #hear(frame: AnyFromSeat): void {
    this.heard.push(frame);
    switch (frame.type) {
      case 'join':
        this.#welcome(frame.token);
        return;
      case 'submit':
        this.#submit(frame);
        return;
      case 'save_cell':
        this.#save(frame);
        return;
      case 'refresh':
      case 'show_progress':
    }
  }

  #save({ lot, stage, round, cell, value, version }: SaveCell): void {
    const kept = { lot, stage, round, cell, value, version };
    this.#cells.set(cell, kept);
    this.say({ type: 'cell_saved', cell: kept });
  }

  #welcome(token: string): void {
    if (token !== this.token) {
      this.dismiss('token_expired');
      return;
    }
    const cells = [...this.#cells.values()];
    const seat = { alias: 'E1', role: 'expert', venue: 'jia' } as const;
    const size = this.room.lines.length;
    this.say({ type: 'welcome', ...seat, size, now: NOW_S * 1000, last_n: this.#lastNumber, cells });
    this.#publish([...this.room.lines.keys()]);
  }

  #submit(frame: Submit): void {
    const { loss } = this;
    this.loss = null;
    if (loss === 'before_storing') this.cut();
    if (loss === 'before_storing' || loss === 'no_answer') return;
    const command = JSON.parse(frame.text) as FlatCommand;
    const event = eventOf(command, frame);
    if (event === null) {
      this.say({ type: 'refused', code: 'wrong_phase', text: 'Not now.', n: command.n });
      return;
    }
    const answer = this.#answers.get(frame.text) ?? this.#store(command, frame, event);
    if (loss === 'after_storing') this.cut();
    else this.say({ type: 'accepted', ...answer });
  }

  #store(command: FlatCommand, { text, key, signature }: Submit, event: AnyEvent) {
    const signed = { text, key, signature: bytesToBase64(signature) };
    const seq = this.write(event, { by: command.by, cause: commandDigest(text), signed });
    const answer = { n: command.n, first: seq, last: seq };
    this.#answers.set(text, answer);
    this.#lastNumber = command.n;
    return answer;
  }

  #publish(seqs: readonly Seq[]): void {
    this.say({ type: 'lines', lines: this.room.placed(seqs) });
    if (this.signs) this.checkpoint();
  }
}

/** What the few commands that the server takes cause; null for the others. */
function eventOf(command: FlatCommand, { key }: Submit): AnyEvent | null {
  switch (command.type) {
    case 'enrol_seat':
      return { type: 'seat_enrolled', alias: command.by, key, spki: command.spki, certificate: '' };
    case 'make_pledge':
      return { type: 'pledge_made' };
    default:
      return null;
  }
}
