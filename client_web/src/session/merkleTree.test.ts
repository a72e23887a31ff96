import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';

import { leafHash, MerkleTree } from './merkleTree';

/** The leaves and the root of every size from the test data of Certificate Transparency's reference logs. */
const KNOWN_ANSWERS = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
] as const;

/** The definition in RFC 6962, 2.1, word for word and slow, with the platform's own SHA-256. */
async function treeHashByDefinition(lines: readonly Uint8Array[]): Promise<Uint8Array> {
  const [first] = lines;
  if (first === undefined) return digest([]);
  if (lines.length === 1) return digest([0, ...first]);
  let split = 1;
  while (split * 2 < lines.length) split *= 2;
  const left = await treeHashByDefinition(lines.slice(0, split));
  const right = await treeHashByDefinition(lines.slice(split));
  return digest([1, ...left, ...right]);
}

async function digest(bytes: readonly number[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
}

function treeOf(lines: readonly Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const line of lines) tree.append(leafHash(line));
  return tree;
}

describe('MerkleTree', () => {
  it('has the root of RFC 6962 when it is empty', () => {
    const tree = new MerkleTree();

    expect([tree.size, bytesToHex(tree.root())]).toEqual([
      0,
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ]);
  });

  it('gives the known roots while it grows', () => {
    const tree = new MerkleTree();

    const roots = KNOWN_ANSWERS.map(([line]) => {
      tree.append(leafHash(hexToBytes(line)));
      return bytesToHex(tree.root());
    });

    expect(roots).toEqual(KNOWN_ANSWERS.map(([, root]) => root));
  });

  it('gives the known roots of every size it had', () => {
    const tree = treeOf(KNOWN_ANSWERS.map(([line]) => hexToBytes(line)));

    const roots = KNOWN_ANSWERS.map((_, index) => bytesToHex(tree.root(index + 1)));

    expect(roots).toEqual(KNOWN_ANSWERS.map(([, root]) => root));
  });

  it('agrees with the definition for every size up to 70', async () => {
    const lines = Array.from({ length: 70 }, (_, index) => Uint8Array.of(index, 255 - index));
    const tree = treeOf(lines);

    const byDefinition = await Promise.all(
      [0, ...lines.keys(), 70].map((size) => treeHashByDefinition(lines.slice(0, size))),
    );

    expect([0, ...lines.keys(), 70].map((size) => bytesToHex(tree.root(size)))).toEqual(byDefinition.map(bytesToHex));
  });

  it('refuses a leaf that is no SHA-256', () => {
    expect(() => {
      new MerkleTree().append(new Uint8Array(31));
    }).toThrow(RangeError);
  });

  it.each([-1, 1.5, 4, NaN])('has no root of a size it never had: %d', (size) => {
    const tree = treeOf([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]);

    expect(() => tree.root(size)).toThrow(RangeError);
  });
});
