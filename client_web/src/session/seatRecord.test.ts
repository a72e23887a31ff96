import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';

import type { AnyEvent } from '../protocol/generated';
import { UnknownEvent } from './fold';
import { SeatRecord } from './seatRecord';
import { SmallRoom } from './testWorld/smallRoom';

const KEY = 'ab'.repeat(32);

function recordOf(room: SmallRoom): SeatRecord {
  const record = new SeatRecord('R1', 'E1', KEY);
  record.handleLines({ type: 'lines', lines: room.placed() });
  return record;
}

describe('SeatRecord', () => {
  it('folds lines to a view', () => {
    const record = recordOf(new SmallRoom());

    expect([record.have, record.view.opening?.title, Object.keys(record.view.seats)]).toEqual([
      2,
      '教学设备采购',
      ['E1'],
    ]);
  });

  it('gives a place to sign at once a checkpoint is checked', () => {
    const room = new SmallRoom();
    const record = recordOf(room);
    const before = record.place;

    record.handleCheckpoint({ type: 'checkpoint', note: room.checkpoint(), hashes: [] });

    const [[, first] = [0, new Uint8Array()]] = room.hashes([0]);
    expect([before, record.place]).toEqual([
      null,
      { room: { id: 'R1', first: bytesToHex(first) }, by: 'E1', seen: { size: 2, root: bytesToHex(room.tree.root()) } },
    ]);
  });

  it('gives none after a change of phase, until its checkpoint has come', () => {
    const room = new SmallRoom();
    const record = recordOf(room);
    record.handleCheckpoint({ type: 'checkpoint', note: room.checkpoint(), hashes: [] });
    const seq = room.add({ type: 'phase_changed', phase: 'check_in' });
    record.handleLines({ type: 'lines', lines: room.placed([seq]) });
    const before = record.place;

    record.handleCheckpoint({ type: 'checkpoint', note: room.checkpoint(), hashes: [] });

    expect([before, record.place?.seen.size]).toEqual([null, 3]);
  });

  it('takes hashes with a checkpoint, and the lines that a reveal opens later', () => {
    const room = new SmallRoom();
    const hidden = room.seat('E2');
    const record = new SeatRecord('R1', 'E1', KEY);
    record.handleLines({ type: 'lines', lines: room.placed([0, 1]) });
    record.handleCheckpoint({ type: 'checkpoint', note: room.checkpoint(), hashes: room.hashes([hidden]) });
    const before = Object.keys(record.view.seats);

    record.handleLines({ type: 'lines', lines: room.placed([hidden]) });

    expect([before, Object.keys(record.view.seats), record.alarms]).toEqual([['E1'], ['E1', 'E2'], []]);
  });

  it('raises one alarm for a contradiction, signs nothing and shows what it had', () => {
    const room = new SmallRoom();
    const record = recordOf(room);
    record.handleCheckpoint({ type: 'checkpoint', note: room.checkpoint(), hashes: [] });
    const view = record.view;

    record.handleLines({ type: 'lines', lines: [[1, room.line(0)]] });
    record.handleLines({ type: 'lines', lines: room.placed([room.seat('E2')]) });

    expect([record.alarms, record.isBroken, record.place]).toEqual([
      [{ kind: 'record_contradicted', reason: 'leaf_changed', at: 1 }],
      true,
      null,
    ]);
    expect(record.view).toBe(view);
  });

  it('finds a record that has become shorter', () => {
    const record = recordOf(new SmallRoom());

    record.handleSize(2);
    record.handleSize(1);

    expect(record.alarms).toEqual([{ kind: 'record_contradicted', reason: 'record_shortened', at: 1 }]);
  });

  it('finds a line about what is not there', () => {
    const room = new SmallRoom();
    const seq = room.add({ type: 'result_locked', lot: '9' });
    const record = recordOf(room);

    expect([seq, record.alarms]).toEqual([2, [{ kind: 'record_contradicted', reason: 'line_out_of_place', at: 3 }]]);
  });

  it('does not go on without an event that it does not know', () => {
    const room = new SmallRoom();
    room.add({ type: 'moon_landed' } as unknown as AnyEvent);

    expect(() => recordOf(room)).toThrow(UnknownEvent);
  });

  it('claims the lines that this device must have signed, and finds those with other content', () => {
    const room = new SmallRoom();
    room.add({ type: 'seat_enrolled', alias: 'E1', key: KEY, spki: '', certificate: '' }, { by: 'E1', cause: 'a' });
    const signed = { text: '{"conflict":true,"type":"state_recusal"}', key: KEY, signature: '' };
    const seq = room.add({ type: 'recusal_stated', conflict: false }, { by: 'E1', cause: 'b', signed });
    const record = new SeatRecord('R1', 'E1', KEY);

    const claimed = record.handleLines({ type: 'lines', lines: room.placed() });

    expect(claimed.map((line) => line.head.seq)).toEqual([seq]);
    expect(record.alarms).toEqual([{ kind: 'line_altered', at: seq }]);
  });

  it('raises the same alarm once', () => {
    const record = recordOf(new SmallRoom());

    record.raise({ kind: 'line_not_mine', at: 1 });
    record.raise({ kind: 'line_not_mine', at: 1 });
    record.raise({ kind: 'line_not_mine', at: 2 });

    expect(record.alarms.length).toBe(2);
  });
});
