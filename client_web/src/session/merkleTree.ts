/**
 * The Merkle tree of a room, as this page computes it from lines and the hashes of lines it may not see.
 *
 * Every complete subtree's hash is kept, level by level, so appending costs one hash on average and the root of any
 * size that the tree ever had about twice its height.
 *
 * Source: RFC 6962, 2.1.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash under which a line stands in the tree: 32 bytes. */
export function leafHash(line: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF, line));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(NODE, left, right));
}

/** A tree that grows by leaf hashes and never changes what it held. */
export class MerkleTree {
  /** `#levels[k][i]` covers the leaves from `i * 2^k` up to `(i + 1) * 2^k`; only complete subtrees are in. */
  readonly #levels: Uint8Array[][] = [[]];

  /** How many leaves there are. */
  get size(): number {
    return this.#complete(0).length;
  }

  /**
   * Adds a leaf at index `size`.
   *
   * @throws {RangeError} if it is no SHA-256: two of other lengths could be cut in two ways and give one node.
   */
  append(leaf: Uint8Array): void {
    if (leaf.length !== sha256.outputLen) throw new RangeError(`A leaf of ${leaf.length} bytes is no SHA-256.`);
    let hash = leaf;
    for (let level = 0; ; level++) {
      const row = this.#complete(level);
      const waiting = row.length % 2 === 1 ? row.at(-1) : undefined; // a left half without its right one
      row.push(hash);
      if (waiting === undefined) return;
      hash = nodeHash(waiting, hash);
    }
  }

  /**
   * The root over the first `size` leaves: 32 bytes.
   *
   * @throws {RangeError} if the tree never had that size.
   */
  root(size: number = this.size): Uint8Array {
    if (!Number.isInteger(size) || size < 0 || size > this.size) {
      throw new RangeError(`A tree of ${this.size} leaves has no root of size ${size}.`);
    }
    return this.#peaks(size).reduceRight((right, left) => nodeHash(left, right));
  }

  /** The largest complete subtrees that together cover the first `size` leaves, from left to right. */
  #peaks(size: number): Uint8Array[] {
    if (size === 0) return [sha256(new Uint8Array())]; // RFC 6962, 2.1: the hash of an empty string
    const peaks: Uint8Array[] = [];
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      const count = Math.floor(size / 2 ** level);
      const last = this.#complete(level)[count - 1];
      if (count % 2 === 1 && last !== undefined) peaks.push(last);
    }
    return peaks;
  }

  #complete(level: number): Uint8Array[] {
    return (this.#levels[level] ??= []);
  }
}
