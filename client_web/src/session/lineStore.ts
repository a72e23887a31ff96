/**
 * The record as this page holds it: for every place a line or the hash of one, and the tree over them.
 *
 * Nothing here is believed: a place never changes its leaf, and a checkpoint counts only if the log's key signed it
 * and its root is the one that this page computes itself. What does not fit is a `Contradiction`, and evidence: the
 * server (or somebody in between) has shown two records.
 */

import { bytesToHex } from '@noble/hashes/utils.js';

import type { Digest, RoomOpened, SeenTree, Seq } from '../protocol/generated';
import {
  judgeCosignature,
  judgeLogSignature,
  MalformedNote,
  parseCheckpointNote,
  parseLogKey,
  parseWitnessKey,
  type CheckpointNote,
  type LogKey,
  type WitnessKey,
} from './checkpointNote';
import { MalformedLine, parseLine, type Line } from './line';
import { leafHash, MerkleTree } from './merkleTree';

/** Why a record cannot be believed; the page translates it. */
export type ContradictionReason =
  | 'leaf_changed'
  | 'leaf_malformed'
  | 'line_malformed'
  | 'line_misplaced'
  | 'line_out_of_place'
  | 'record_shortened'
  | 'room_differs'
  | 'checkpoint_malformed'
  | 'checkpoint_unsigned'
  | 'checkpoint_forged'
  | 'cosignature_forged'
  | 'checkpoint_ahead'
  | 'root_differs';

/** The server's record contradicts itself, its signatures or what it said before. */
export class Contradiction extends Error {
  override name = 'Contradiction';
  readonly reason: ContradictionReason;
  /** The place, or the size of the tree, that it is about. */
  readonly at: number;

  constructor(reason: ContradictionReason, at: number) {
    super(`The record cannot be believed: ${reason} at ${at}.`);
    this.reason = reason;
    this.at = at;
  }
}

/** How much of the record is proved. */
export interface Proof {
  /** The tree of the largest checkpoint that the log signed and this page computed; null before the first. */
  readonly verified: SeenTree | null;
  /** Lines up to which enough witnesses have cosigned. */
  readonly witnessed: number;
  /** The names of the witnesses that cosigned the latest checkpoint. */
  readonly cosigners: readonly string[];
}

interface Keys {
  readonly log: LogKey;
  readonly witnesses: readonly WitnessKey[];
  readonly quorum: number;
}

const HASH_LENGTH = 32;

/** The lines and leaf hashes of one room. */
export class LineStore {
  readonly #room: string;
  readonly #tree = new MerkleTree();
  /** Leaves beyond the first gap. */
  readonly #ahead = new Map<Seq, Uint8Array>();
  /** Leaves of the tree, and of what is ahead of it. */
  readonly #leaves = new Map<Seq, Uint8Array>();
  readonly #raw = new Map<Seq, Uint8Array>();
  #keys: Keys | null = null;
  #proof: Proof = { verified: null, witnessed: 0, cosigners: [] };

  /** `room`: the id that the first line has to bear. */
  constructor(room: string) {
    this.#room = room;
  }

  /** How many places from the start are known without a gap: what the page joins with. */
  get have(): number {
    return this.#tree.size;
  }

  get proof(): Proof {
    return this.#proof;
  }

  /** The leaf hash of the first line, by which commands name the room; null before it has come. */
  get firstLeaf(): Digest | null {
    const first = this.#leaves.get(0);
    return first === undefined ? null : bytesToHex(first);
  }

  /** The bytes of a line, as they were received; undefined where only the hash is known, or nothing. */
  rawLine(seq: Seq): Uint8Array | undefined {
    return this.#raw.get(seq);
  }

  /**
   * The lines among these that are new, read; one that came before, with the same bytes, is passed over.
   *
   * @throws {Contradiction} if one is malformed, misplaced, or has another hash than the one known for its place.
   */
  addLines(placed: readonly (readonly [seq: Seq, raw: Uint8Array])[]): Line[] {
    return placed.flatMap(([seq, raw]) => this.#addLine(seq, raw) ?? []);
  }

  #addLine(seq: Seq, raw: Uint8Array): Line | null {
    this.#addLeaf(seq, leafHash(raw));
    if (this.#raw.has(seq)) return null;
    const line = readLine(seq, raw);
    if (line.head.seq !== seq) throw new Contradiction('line_misplaced', seq);
    this.#raw.set(seq, raw);
    if (seq === 0) this.#open(line);
    return line;
  }

  /**
   * Takes the leaf hashes of lines that this viewer may not see.
   *
   * @throws {Contradiction} if one differs from the leaf known for its place.
   */
  addHashes(placed: readonly (readonly [seq: Seq, hash: Uint8Array])[]): void {
    for (const [seq, hash] of placed) this.#addLeaf(seq, hash);
  }

  /**
   * Checks a checkpoint against the keys of the first line and against the tree.
   *
   * @throws {Contradiction} if it is not signed by the log, bears a forged line, reaches beyond the known leaves, or
   * has another root than the leaves give.
   */
  addCheckpoint(text: string): Proof {
    const note = readNote(text, this.have);
    const keys = this.#keys;
    if (keys === null || note.size > this.have) throw new Contradiction('checkpoint_ahead', note.size);
    demandSignature(note, keys.log);
    const root = bytesToHex(note.root);
    if (bytesToHex(this.#tree.root(note.size)) !== root) throw new Contradiction('root_differs', note.size);
    const cosigners = keys.witnesses.filter((key) => isCosigned(note, key)).map((key) => key.name);
    const { verified, witnessed } = this.#proof;
    const isWitnessed = cosigners.length >= keys.quorum && note.size > witnessed;
    this.#proof = {
      verified: verified !== null && verified.size > note.size ? verified : { size: note.size, root },
      witnessed: isWitnessed ? note.size : witnessed,
      cosigners,
    };
    return this.#proof;
  }

  #addLeaf(seq: Seq, leaf: Uint8Array): void {
    if (!Number.isSafeInteger(seq) || seq < 0 || leaf.length !== HASH_LENGTH) {
      throw new Contradiction('leaf_malformed', seq);
    }
    const known = this.#leaves.get(seq);
    if (known !== undefined) {
      if (bytesToHex(known) !== bytesToHex(leaf)) throw new Contradiction('leaf_changed', seq);
      return;
    }
    this.#leaves.set(seq, leaf);
    this.#ahead.set(seq, leaf);
    for (let next = this.#ahead.get(this.have); next !== undefined; next = this.#ahead.get(this.have)) {
      this.#ahead.delete(this.have);
      this.#tree.append(next);
    }
  }

  /** Takes the keys from the first line. */
  #open({ event }: Line): void {
    if (event.type !== 'room_opened') throw new Contradiction('line_out_of_place', 0);
    if (event.room !== this.#room) throw new Contradiction('room_differs', 0);
    this.#keys = readKeys(event);
  }
}

function readLine(seq: Seq, raw: Uint8Array): Line {
  try {
    return parseLine(raw);
  } catch (error) {
    if (error instanceof MalformedLine) throw new Contradiction('line_malformed', seq);
    throw error;
  }
}

function readNote(text: string, have: number): CheckpointNote {
  try {
    return parseCheckpointNote(text);
  } catch (error) {
    if (error instanceof MalformedNote) throw new Contradiction('checkpoint_malformed', have);
    throw error;
  }
}

function readKeys({ log_key, witnesses, quorum }: RoomOpened): Keys {
  try {
    return { log: parseLogKey(log_key), witnesses: witnesses.map(parseWitnessKey), quorum };
  } catch (error) {
    if (error instanceof MalformedNote) throw new Contradiction('line_malformed', 0);
    throw error;
  }
}

/** A log's checkpoint bears its key's name as origin. */
function demandSignature(note: CheckpointNote, key: LogKey): void {
  const verdict = note.origin === key.name ? judgeLogSignature(note, key) : 'missing';
  if (verdict === 'missing') throw new Contradiction('checkpoint_unsigned', note.size);
  if (verdict === 'forged') throw new Contradiction('checkpoint_forged', note.size);
}

function isCosigned(note: CheckpointNote, key: WitnessKey): boolean {
  const { verdict } = judgeCosignature(note, key);
  if (verdict === 'forged') throw new Contradiction('cosignature_forged', note.size);
  return verdict === 'cosigned';
}
