/**
 * The record as one seat has it: held, checked, folded, and watched for lines that somebody else made in its name.
 *
 * After a contradiction it shows what it had and gives no place to sign at: who signs names a tree that was checked.
 */

import type { Alias, CheckpointSigned, Digest, Lines, RoomId, RoomView, Seq } from '../protocol/generated';
import type { CommandPlace } from './commands';
import { Folding, LineOutOfPlace } from './fold';
import type { Line } from './line';
import { Contradiction, LineStore, type Proof } from './lineStore';
import { isFaithful, OwnLines } from './ownLines';
import type { Alarm } from './roomSnapshot';

export class SeatRecord {
  readonly #room: RoomId;
  readonly #alias: Alias;
  readonly #store: LineStore;
  readonly #folding = new Folding();
  readonly #own: OwnLines;
  #alarms: readonly Alarm[] = [];
  #isBroken = false;

  /** `key`: fingerprint of this device's command key. */
  constructor(room: RoomId, alias: Alias, key: Digest) {
    this.#room = room;
    this.#alias = alias;
    this.#store = new LineStore(room);
    this.#own = new OwnLines(alias, key);
  }

  get view(): RoomView {
    return this.#folding.view;
  }

  /** The lines that this viewer may see and that have come, in their order in the record. */
  get lines(): readonly Line[] {
    return this.#folding.lines;
  }

  /** How many places from the start are known without a gap. */
  get have(): number {
    return this.#store.have;
  }

  get proof(): Proof {
    return this.#store.proof;
  }

  get alarms(): readonly Alarm[] {
    return this.#alarms;
  }

  /** Whether the record has contradicted itself. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Where a command stands that is signed now: the room, and the tree that this page has computed and found signed.
   *
   * Null while the page waits for the checkpoint of the present phase, before which the server would call it stale.
   */
  get place(): Omit<CommandPlace, 'n'> | null {
    const first = this.#store.firstLeaf;
    const { verified } = this.#store.proof;
    if (this.#isBroken || first === null || verified === null || verified.size <= this.view.phase_at) return null;
    return { room: { id: this.#room, first }, by: this.#alias, seen: verified };
  }

  /** The bytes of a line, where this viewer may see it and it has come. */
  rawLine(seq: Seq): Uint8Array | undefined {
    return this.#store.rawLine(seq);
  }

  /** The server has told how many lines there are. */
  handleSize(size: number): void {
    this.#guard(() => {
      if (size < this.have) throw new Contradiction('record_shortened', size);
    });
  }

  /**
   * Takes lines; gives those under the seat's alias that this device must have signed.
   *
   * @throws {UnknownEvent} for a type that this page does not know.
   */
  handleLines({ lines }: Lines): Line[] {
    let claimed: Line[] = [];
    this.#guard(() => {
      const fresh = this.#store.addLines(lines);
      this.#folding.take(fresh);
      claimed = this.#own.take(fresh);
    });
    for (const line of claimed) {
      if (!isFaithful(line)) this.raise({ kind: 'line_altered', at: line.head.seq });
    }
    return claimed;
  }

  handleCheckpoint({ note, hashes }: CheckpointSigned): void {
    this.#guard(() => {
      this.#store.addHashes(hashes);
      this.#store.addCheckpoint(note);
    });
  }

  /** Raises an alarm, once. */
  raise(alarm: Alarm): void {
    const isRaised = this.#alarms.some((raised) => JSON.stringify(raised) === JSON.stringify(alarm));
    if (!isRaised) this.#alarms = [...this.#alarms, alarm];
  }

  /** Does a step unless the record is broken, and notes if it breaks. */
  #guard(step: () => void): void {
    if (this.#isBroken) return;
    try {
      step();
    } catch (error) {
      const { reason, at } = asContradiction(error, this.have);
      this.#isBroken = true;
      this.raise({ kind: 'record_contradicted', reason, at });
    }
  }
}

/** The contradiction in an error; any other error goes on its way. */
function asContradiction(error: unknown, have: number): Contradiction {
  if (error instanceof Contradiction) return error;
  if (error instanceof LineOutOfPlace) return new Contradiction('line_out_of_place', have);
  throw error;
}
