/** A room that is written here, line by line, with real keys: what a test shows to the code under test. */

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

import type { AnyEvent, LineHead, RoomOpened, Role, Seq } from '../../protocol/generated';
import { canonicalJson, type JsonValue } from '../canonicalJson';
import { bytesToBase64 } from '../commands';
import { leafHash, MerkleTree } from '../merkleTree';

const LOG = 0x01;
const WITNESS = 0x04;

/** A key that signs notes. */
export class NoteKey {
  readonly name: string;
  readonly #type: number;
  readonly #secret: Uint8Array;

  constructor(name: string, type: number, seed: number) {
    this.name = name;
    this.#type = type;
    this.#secret = new Uint8Array(32).fill(seed);
  }

  get vkey(): string {
    return `${this.name}+${bytesToHex(this.#id)}+${bytesToBase64(this.#material)}`;
  }

  get #material(): Uint8Array {
    return concatBytes(Uint8Array.of(this.#type), ed25519.getPublicKey(this.#secret));
  }

  get #id(): Uint8Array {
    return sha256(concatBytes(utf8ToBytes(`${this.name}\n`), this.#material)).slice(0, 4);
  }

  /** The signature line of a log over a text. */
  sign(text: string): string {
    return this.#line(ed25519.sign(utf8ToBytes(text), this.#secret));
  }

  /** The signature line of a witness over a text, at a time in seconds. */
  cosign(text: string, at: number): string {
    const time = new Uint8Array(8);
    new DataView(time.buffer).setBigUint64(0, BigInt(at));
    const message = utf8ToBytes(`cosignature/v1\ntime ${at}\n${text}`);
    return this.#line(concatBytes(time, ed25519.sign(message, this.#secret)));
  }

  #line(signature: Uint8Array): string {
    return `— ${this.name} ${bytesToBase64(concatBytes(this.#id, signature))}\n`;
  }
}

export const LOG_KEY = new NoteKey('jia.example/rooms/R1', LOG, 1);
export const WITNESS_KEYS = [new NoteKey('yi.example/w', WITNESS, 2), new NoteKey('bing.example/w', WITNESS, 3)];

/** The first event; quorum 2. */
export const OPENING: RoomOpened = {
  type: 'room_opened',
  rules: 1,
  room: 'R1',
  title: '教学设备采购',
  regime: 'government_procurement',
  policy: { member_names: 'never', retention_years: 15 },
  venues: {},
  lots: {},
  pledge: '承诺',
  log_key: LOG_KEY.vkey,
  witnesses: WITNESS_KEYS.map((key) => key.vkey),
  quorum: 2,
  client: null,
  time_zone: 'Asia/Shanghai',
  continues: null,
};

/** Who caused an event, with which command. */
export type Authorship = Partial<Pick<LineHead, 'by' | 'cause' | 'signed'>>;

export class SmallRoom {
  readonly lines: Uint8Array[] = [];
  readonly tree = new MerkleTree();

  /** A room of two lines: it is opened, and a seat is planned. */
  constructor(opening: AnyEvent = OPENING, alias = 'E1') {
    this.add(opening);
    this.seat(alias);
  }

  /** Writes one more line; gives its place. */
  add(event: AnyEvent, authorship: Authorship = {}): Seq {
    const seq = this.lines.length;
    const head = { seq, at: 1_768_615_200_000 + seq, by: 'system', salt: bytesToBase64(new Uint8Array(16).fill(seq)) };
    const line = utf8ToBytes(canonicalJson({ ...head, ...authorship, ...event } as unknown as JsonValue));
    this.lines.push(line);
    this.tree.append(leafHash(line));
    return seq;
  }

  /** Plans a seat. */
  seat(alias: string, role: Role = 'expert'): Seq {
    return this.add({ type: 'seat_planned', alias, role, venue: 'jia' });
  }

  /** The lines of these places, as a frame carries them; all without a list. */
  placed(seqs: readonly Seq[] = [...this.lines.keys()]): [Seq, Uint8Array][] {
    return seqs.map((seq) => [seq, this.line(seq)]);
  }

  /** The leaf hashes of these places. */
  hashes(seqs: readonly Seq[]): [Seq, Uint8Array][] {
    return seqs.map((seq) => [seq, leafHash(this.line(seq))]);
  }

  line(seq: Seq): Uint8Array {
    const line = this.lines[seq];
    if (line === undefined) throw new RangeError(`There is no line ${seq}.`);
    return line;
  }

  /** The three lines that are signed of a checkpoint. */
  head(size: number = this.tree.size): string {
    return `${LOG_KEY.name}\n${size}\n${bytesToBase64(this.tree.root(size))}\n`;
  }

  /** The signed checkpoint of a size, with so many cosignatures. */
  checkpoint(size: number = this.tree.size, witnesses: number = WITNESS_KEYS.length): string {
    const text = this.head(size);
    const cosignatures = WITNESS_KEYS.slice(0, witnesses).map((key) => key.cosign(text, 1_768_615_200));
    return [text, '\n', LOG_KEY.sign(text), ...cosignatures].join('');
  }
}
