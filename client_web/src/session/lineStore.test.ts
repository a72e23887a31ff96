import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';

import { Contradiction, LineStore, type ContradictionReason } from './lineStore';
import { LOG_KEY, NoteKey, OPENING, SmallRoom, WITNESS_KEYS } from './testWorld/smallRoom';

function storeOf(room: SmallRoom): LineStore {
  const store = new LineStore('R1');
  store.addLines(room.placed());
  return store;
}

/** The contradiction that an action ends in. */
function contradictionOf(action: () => unknown): { reason: ContradictionReason; at: number } | null {
  try {
    action();
  } catch (error) {
    if (error instanceof Contradiction) return { reason: error.reason, at: error.at };
    throw error;
  }
  return null;
}

describe('LineStore', () => {
  it('knows as much as it has without a gap', () => {
    const room = new SmallRoom();
    room.seat('E2');
    const store = new LineStore('R1');

    const have = [[0], [2], [1]].map((seqs) => {
      store.addLines(room.placed(seqs));
      return store.have;
    });

    expect(have).toEqual([1, 1, 3]);
  });

  it('gives lines that are new, and passes over those that came before', () => {
    const room = new SmallRoom();
    const store = new LineStore('R1');

    const first = store.addLines(room.placed());
    const again = store.addLines(room.placed());

    expect([first.map((line) => line.event.type), again]).toEqual([['room_opened', 'seat_planned'], []]);
  });

  it('keeps the bytes that it received', () => {
    const room = new SmallRoom();

    const store = storeOf(room);

    expect([store.rawLine(1), store.rawLine(2)]).toEqual([room.line(1), undefined]);
  });

  it('takes a line for which it had only the hash', () => {
    const room = new SmallRoom();
    const store = new LineStore('R1');
    store.addLines(room.placed([0]));
    store.addHashes(room.hashes([1]));

    const opened = store.addLines(room.placed([1]));

    expect([store.have, opened.map((line) => line.head.seq)]).toEqual([2, [1]]);
  });

  it('names the room by the leaf hash of its first line', () => {
    const room = new SmallRoom();
    const [[, first] = [0, new Uint8Array()]] = room.hashes([0]);

    expect([new LineStore('R1').firstLeaf, storeOf(room).firstLeaf]).toEqual([null, bytesToHex(first)]);
  });

  it('proves what the log signed and the witnesses cosigned', () => {
    const room = new SmallRoom();
    const store = storeOf(room);

    const proof = store.addCheckpoint(room.checkpoint());

    expect(proof).toEqual({
      verified: { size: 2, root: bytesToHex(room.tree.root()) },
      witnessed: 2,
      cosigners: ['yi.example/w', 'bing.example/w'],
    });
  });

  it('tells what is signed from what is witnessed: one of two cosignatures is no quorum', () => {
    const room = new SmallRoom();
    const store = storeOf(room);
    store.addCheckpoint(room.checkpoint(1));

    const proof = store.addCheckpoint(room.checkpoint(2, 1));

    expect([proof.verified?.size, proof.witnessed, proof.cosigners]).toEqual([2, 1, ['yi.example/w']]);
  });

  it('stays at the larger head when an older one comes late', () => {
    const room = new SmallRoom();
    const store = storeOf(room);
    store.addCheckpoint(room.checkpoint(2));

    const proof = store.addCheckpoint(room.checkpoint(1));

    expect([proof.verified?.size, proof.witnessed]).toEqual([2, 2]);
  });

  it('computes the root over hidden lines too', () => {
    const room = new SmallRoom();
    room.seat('E2');
    const store = new LineStore('R1');
    store.addLines(room.placed([0, 2]));
    store.addHashes(room.hashes([1]));

    expect(store.addCheckpoint(room.checkpoint()).verified?.size).toBe(3);
  });
});

describe('LineStore finds a contradiction', () => {
  const other = new SmallRoom(OPENING, 'E9'); // the same first line, another second one

  it.each<[ContradictionReason, number, (store: LineStore, room: SmallRoom) => unknown]>([
    ['leaf_changed', 1, (store) => store.addLines(other.placed([1]))],
    [
      'leaf_changed',
      1,
      (store) => {
        store.addHashes(other.hashes([1]));
      },
    ],
    [
      'leaf_malformed',
      2,
      (store) => {
        store.addHashes([[2, new Uint8Array(31)]]);
      },
    ],
    ['leaf_malformed', -1, (store, room) => store.addLines([[-1, room.line(1)]])],
    ['line_misplaced', 2, (store, room) => store.addLines([[2, room.line(1)]])],
    ['line_malformed', 2, (store) => store.addLines([[2, new Uint8Array(3)]])],
    ['checkpoint_malformed', 2, (store) => store.addCheckpoint('no note')],
    [
      'checkpoint_ahead',
      3,
      (store, room) => {
        room.seat('E2');
        return store.addCheckpoint(room.checkpoint());
      },
    ],
    [
      'checkpoint_unsigned',
      2,
      (store, room) => store.addCheckpoint(`${room.head()}\n${WITNESS_KEYS[0]?.sign('') ?? ''}`),
    ],
    ['checkpoint_forged', 2, (store, room) => store.addCheckpoint(`${room.head()}\n${LOG_KEY.sign('another text\n')}`)],
    [
      'cosignature_forged',
      2,
      (store, room) => store.addCheckpoint(`${room.checkpoint(2, 0)}${WITNESS_KEYS[0]?.cosign('another\n', 1) ?? ''}`),
    ],
    ['root_differs', 2, (store) => store.addCheckpoint(other.checkpoint())],
  ] as const)('%s at %d', (reason, at, action) => {
    const room = new SmallRoom();
    const store = storeOf(room);

    expect(contradictionOf(() => action(store, room))).toEqual({ reason, at });
  });

  it.each<[ContradictionReason, SmallRoom]>([
    ['room_differs', new SmallRoom({ ...OPENING, room: 'R2' })],
    ['line_malformed', new SmallRoom({ ...OPENING, log_key: 'no key' })],
  ])('%s in the first line', (reason, room) => {
    expect(contradictionOf(() => storeOf(room))).toEqual({ reason, at: 0 });
  });

  it('line_out_of_place where the first line opens no room', () => {
    const room = new SmallRoom({ type: 'room_resumed' });

    expect(contradictionOf(() => storeOf(room))).toEqual({ reason: 'line_out_of_place', at: 0 });
  });

  it('checkpoint_unsigned where another log signed its own head', () => {
    const room = new SmallRoom();
    const foreign = new NoteKey('jia.example/rooms/R2', 1, 1);
    const text = room.head().replace(LOG_KEY.name, foreign.name);
    const store = storeOf(room);

    expect(contradictionOf(() => store.addCheckpoint(`${text}\n${foreign.sign(text)}`))).toEqual({
      reason: 'checkpoint_unsigned',
      at: 2,
    });
  });
});
