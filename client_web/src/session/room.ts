/** A room, opened: the state that a page shows and the verbs that it calls. */

import type { Accepted, AnyCommand, Digest, Millis, Refused, Seq, ShowProgress } from '../protocol/generated';
import { openCommandKey, type CommandKey } from './commandKey';
import { bytesToBase64, commandDigest, signCommand, type CommandPlace } from './commands';
import type { DraftCell, SheetRef } from './draftCells';
import type { Line } from './line';
import type { EndCode, RoomSnapshot } from './roomSnapshot';
import { BROWSER, RoomSocket, type RoomAddress, type Surroundings } from './roomSocket';
import { openSignedCommands, type SignedCommands } from './signedCommands';

/** The server refused a command; the room is as it was. The page translates `code`. */
export class CommandRefused extends Error {
  override name = 'CommandRefused';
  readonly code: string;

  constructor({ code, text }: Refused) {
    super(text);
    this.code = code;
  }
}

/** The command was not signed, or its answer did not come: the page has left, or does not believe the record. */
export class CommandUnanswered extends Error {
  override name = 'CommandUnanswered';
  readonly code: EndCode | 'record_contradicted';

  constructor(code: EndCode | 'record_contradicted') {
    super(`The command has no answer: ${code}.`);
    this.code = code;
  }
}

/** Opens a room for a seat, with the key that this browser keeps for it, or makes. */
export async function openRoom(
  address: RoomAddress,
  { databases = indexedDB, ...around }: Partial<Surroundings> & { readonly databases?: IDBFactory } = {},
): Promise<Room> {
  const key = await openCommandKey(address.room, address.alias, databases);
  const memory = await openSignedCommands(key.fingerprint, databases);
  const room = new Room(address, key, memory, { ...BROWSER, ...around });
  room.reconnectNow();
  return room;
}

interface Answer {
  readonly resolve: (accepted: Accepted) => void;
  readonly reject: (error: Error) => void;
}

/** One seat's room. */
export class Room {
  /** Fingerprint of the seat's command key, as the operator confirms it. */
  readonly keyFingerprint: Digest;
  readonly #key: CommandKey;
  readonly #memory: SignedCommands;
  readonly #socket: RoomSocket;
  readonly #answers = new Map<number, Answer>();
  readonly #listeners = new Set<(snapshot: RoomSnapshot) => void>();
  #snapshot: RoomSnapshot | null = null;
  #isTelling = false;
  /** The last of those who wait to sign. */
  #signing: Promise<unknown> = Promise.resolve();

  constructor(address: RoomAddress, key: CommandKey, memory: SignedCommands, around: Surroundings) {
    this.keyFingerprint = key.fingerprint;
    this.#key = key;
    this.#memory = memory;
    this.#socket = new RoomSocket(address, key, around, {
      onChange: () => {
        this.#tell();
      },
      onAnswer: (answer) => {
        this.#handleAnswer(answer);
      },
      onClaimed: (line) => void this.#checkClaim(line),
    });
  }

  /** What to show now. */
  get snapshot(): RoomSnapshot {
    return (this.#snapshot ??= this.#socket.sync.snapshot);
  }

  /** Calls the listener after every change, once for all changes of a moment; gives the way to stop it. */
  subscribe(listener: (snapshot: RoomSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // -- verbs ---------------------------------------------------------------------------------------------------------

  /** Binds this device's key to the seat. */
  enrol(): Promise<Accepted> {
    return this.submit({ type: 'enrol_seat', spki: bytesToBase64(this.#key.spki) });
  }

  /**
   * Signs a command once this page has checked the record it speaks of, and sends it until it is answered, over as many
   * connections as that takes.
   *
   * @throws {CommandRefused} the server refused it.
   * @throws {CommandUnanswered} the page has left the room, or does not believe its record any more.
   */
  async submit(command: AnyCommand): Promise<Accepted> {
    const sending = this.#signing.then(() => this.#signAndSend(command)); // in turn, so that numbers rise
    this.#signing = sending.catch(() => undefined);
    const { answered } = await sending;
    return answered;
  }

  /**
   * Keeps what the person typed: here at once, at the server after one round trip. Empty clears the cell.
   *
   * @throws {RangeError} if name or value is longer than the server keeps.
   */
  typeCell(sheet: SheetRef, cell: string, value: string): void {
    this.#socket.act((sync, now) => {
      sync.typeCell(now, sheet, cell, value);
    });
  }

  /** The typed cells of a sheet by name. */
  cells(sheet: SheetRef): ReadonlyMap<string, DraftCell> {
    return this.#socket.sync.cells.of(sheet);
  }

  /** Tells the room how far the person is with a sheet. */
  showProgress(progress: Omit<ShowProgress, 'type'>): void {
    this.#socket.sync.showProgress(progress);
  }

  /** Tries again at once where the connection waits to come back: the network is there again, the page is looked at. */
  reconnectNow(): void {
    this.#socket.act((sync, now) => {
      sync.connect(now);
    });
  }

  /** Leaves the room; the key and the memory of what it signed stay in the browser. */
  leave(): void {
    this.#socket.act((sync) => {
      sync.leave();
    });
    this.#memory.close();
  }

  /** The server's clock, in milliseconds since 1970-01-01 UTC; null before the first welcome. */
  serverNow(): Millis | null {
    return this.#socket.sync.serverNow(this.#socket.now());
  }

  /** The lines that this viewer may see and that have come, in their order in the record; new when the view is. */
  get lines(): readonly Line[] {
    return this.#socket.sync.record.lines;
  }

  /** The seat's present token, for what is asked beside the socket. */
  get token(): string {
    return this.#socket.sync.token;
  }

  /** The bytes of a line, where this viewer may see it and it has come. */
  rawLine(seq: Seq): Uint8Array | undefined {
    return this.#socket.sync.record.rawLine(seq);
  }

  // -- signing -------------------------------------------------------------------------------------------------------

  /** Resolves when the command is on its way; its answer is a promise inside, so that the next one can follow. */
  async #signAndSend(command: AnyCommand): Promise<{ readonly answered: Promise<Accepted> }> {
    const place = await this.#placeToSign();
    const n = await this.#memory.nextNumber(this.#socket.sync.lastNumber);
    const signed = await signCommand(command, { ...place, n }, this.#key);
    await this.#memory.remember(commandDigest(signed.text)); // before it is sent: its line may come at once
    this.#demandRoom();
    const answered = new Promise<Accepted>((resolve, reject) => {
      this.#answers.set(n, { resolve, reject });
    });
    this.#socket.act((sync, now) => {
      sync.submit(now, signed);
    });
    return { answered };
  }

  /** Waits for the checkpoint of the present phase. */
  async #placeToSign(): Promise<Omit<CommandPlace, 'n'>> {
    for (;;) {
      this.#demandRoom();
      const { place } = this.#socket.sync.record;
      if (place !== null) return place;
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        stop();
        resolve();
      });
    });
  }

  /** @throws {CommandUnanswered} */
  #demandRoom(): void {
    const { connection } = this.snapshot;
    if (connection.state === 'ended') throw new CommandUnanswered(connection.code);
    if (this.#socket.sync.record.isBroken) throw new CommandUnanswered('record_contradicted');
  }

  // -- news ----------------------------------------------------------------------------------------------------------

  #handleAnswer(answer: Accepted | Refused): void {
    const waiting = answer.n === null ? undefined : this.#answers.get(answer.n);
    if (waiting === undefined || answer.n === null) return;
    this.#answers.delete(answer.n);
    if (answer.type === 'accepted') waiting.resolve(answer);
    else waiting.reject(new CommandRefused(answer));
  }

  /** Raises the alarm if this browser does not remember having signed what caused a line. */
  async #checkClaim(line: Line): Promise<void> {
    const { cause } = line.head;
    if (cause !== undefined && (await this.#memory.isKnown(cause))) return;
    this.#socket.act((sync) => {
      sync.handleUnsigned(line);
    });
  }

  #tell(): void {
    this.#snapshot = null;
    const { connection } = this.snapshot;
    if (connection.state === 'ended') this.#giveUpAnswers(connection.code);
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) listener(this.snapshot);
    });
  }

  #giveUpAnswers(code: EndCode): void {
    for (const { reject } of this.#answers.values()) reject(new CommandUnanswered(code));
    this.#answers.clear();
  }
}
