import { encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';

import type { AnyFromSeat, AnyToSeat, Cell, Welcome } from '../protocol/generated';
import type { SignedCommandText } from './commands';
import { RoomSync, type SyncEvent } from './roomSync';
import { SmallRoom } from './testWorld/smallRoom';
import { tokenOf } from './testWorld/tokens';

const KEY = 'ab'.repeat(32);
const PROOF = new Uint8Array(64);
const ISSUED = 1_768_615_200;
const TOKEN = tokenOf(ISSUED, ISSUED + 900);
const SHEET = { lot: '1', stage: 'scoring', round: 1 } as const;
const CELL: Cell = { ...SHEET, cell: 'A/t1', value: '12', version: 4 };
const COMMAND: SignedCommandText = { n: 1, text: '{"n":1}', signature: Uint8Array.of(1), key: KEY };
const SUBMIT = { type: 'submit', text: '{"n":1}', signature: Uint8Array.of(1), key: KEY };

/** A page's end, with all that it asks for written down. */
class Page {
  readonly events: SyncEvent[] = [];
  readonly sync = new RoomSync({
    room: 'R1',
    alias: 'E1',
    key: KEY,
    token: TOKEN,
    emit: (event) => this.events.push(event),
    random: () => 0.5,
  });

  /** What was asked for since the last look, but for changes. */
  take(): SyncEvent[] {
    return this.events.splice(0).filter((event) => event.type !== 'changed');
  }

  /** The frames sent since the last look. */
  sent(): AnyFromSeat[] {
    return this.take().flatMap((event) => (event.type === 'send' ? [event.frame] : []));
  }

  receive(now: number, ...frames: AnyToSeat[]): void {
    for (const frame of frames) this.sync.handleMessage(now, encode(frame));
  }

  get state(): string {
    return this.sync.snapshot.connection.state;
  }
}

function welcome(fields: Partial<Welcome> = {}): Welcome {
  const seat = { alias: 'E1', role: 'expert', venue: 'jia' } as const;
  return { type: 'welcome', ...seat, size: 2, now: ISSUED * 1000, last_n: 0, cells: [], ...fields };
}

/** A page that has been let in at time 0. */
function livePage(fields: Partial<Welcome> = {}): Page {
  const page = new Page();
  page.sync.connect(0);
  page.sync.handleOpened(PROOF);
  page.receive(0, welcome(fields));
  page.take();
  return page;
}

describe('RoomSync joins', () => {
  it('with its token, what it has and the proof of its key', () => {
    const page = new Page();

    page.sync.connect(0);
    page.sync.handleOpened(PROOF);

    expect([page.state, page.take()]).toEqual([
      'connecting',
      [{ type: 'connect' }, { type: 'send', frame: { type: 'join', token: TOKEN, have: 0, key: KEY, proof: PROOF } }],
    ]);
  });

  it('and is live when it is welcome', () => {
    const page = livePage({ last_n: 7 });

    expect([page.state, page.sync.lastNumber, page.sync.serverNow(500)]).toEqual(['live', 7, ISSUED * 1000 + 500]);
  });

  it('again with what it has by then', () => {
    const room = new SmallRoom();
    const page = livePage();
    page.receive(1, { type: 'lines', lines: room.placed() });

    page.sync.handleClosed(2);
    page.sync.handleTimer(2);
    page.sync.handleOpened(PROOF);

    expect(page.sent()).toMatchObject([{ type: 'join', have: 2 }]);
  });
});

describe('RoomSync comes back', () => {
  it('at once, then later and later, for ever', () => {
    const page = livePage();
    const delays: number[] = [];
    let now = 1000;

    page.sync.handleClosed(now);
    for (let attempt = 0; attempt < 8; attempt++) {
      delays.push(page.sync.timer - now);
      now = page.sync.timer;
      page.sync.handleTimer(now);
      page.sync.handleClosed(now);
    }

    expect(delays).toEqual([0, 0, 300, 1200, 2700, 4800, 7000, 7000]);
  });

  it('at once when it is told to', () => {
    const page = livePage();
    for (const now of [0, 0, 0, 0]) {
      page.sync.handleClosed(now);
      page.sync.connect(now);
    }
    page.sync.handleClosed(0);
    page.take();

    page.sync.connect(1);

    expect([page.state, page.take()]).toEqual(['connecting', [{ type: 'connect' }]]);
  });

  it('from a server that does not answer', () => {
    const page = new Page();
    page.sync.connect(0);
    page.take();

    page.sync.handleTimer(19_999);
    page.sync.handleTimer(20_000);

    expect([page.state, page.take()]).toEqual(['waiting', [{ type: 'disconnect' }]]);
  });

  it('after a goodbye that is no farewell', () => {
    const page = livePage();

    page.receive(1, { type: 'goodbye', code: 'server_stopping', text: '' });
    page.sync.handleClosed(1);

    expect(page.state).toBe('waiting');
  });

  it('with nobody connected meanwhile', () => {
    const page = livePage();
    page.receive(1, { type: 'presence', connected: ['E1', 'E2'] });
    const before = page.sync.snapshot.connected;

    page.sync.handleClosed(2);

    expect([before, page.sync.snapshot.connected]).toEqual([['E1', 'E2'], []]);
  });
});

describe('RoomSync ends', () => {
  it.each(['taken_over', 'seat_released', 'token_revoked', 'seat_left'] as const)('at the goodbye %s', (code) => {
    const page = livePage();

    page.receive(1, { type: 'goodbye', code, text: 'why' });
    page.sync.handleClosed(2);
    page.sync.connect(3);

    expect([page.sync.snapshot.connection, page.take(), page.sync.timer]).toEqual([
      { state: 'ended', code, text: 'why' },
      [{ type: 'disconnect' }],
      Infinity,
    ]);
  });

  it.each([
    [
      'an unknown event',
      (room: SmallRoom) => ({ type: 'lines', lines: room.placed([room.add({ type: 'moon_landed' } as never)]) }),
    ],
    ['an unknown frame', () => ({ type: 'moon_landed' })],
    ['a frame without a type', () => ({})],
  ])('at %s: the page has to be loaded anew', (_, frame) => {
    const page = livePage();

    page.receive(1, frame(new SmallRoom()) as AnyToSeat);

    expect(page.sync.snapshot.connection).toMatchObject({ state: 'ended', code: 'page_outdated' });
  });

  it('at a server of another protocol', () => {
    const page = new Page();
    page.sync.connect(0);

    page.sync.handleForeignProtocol();

    expect(page.sync.snapshot.connection).toMatchObject({ state: 'ended', code: 'page_outdated' });
  });

  it('when the person leaves', () => {
    const page = livePage();

    page.sync.leave();
    page.receive(1, { type: 'presence', connected: ['E1'] });

    expect([page.sync.snapshot.connection, page.sync.snapshot.connected]).toEqual([
      { state: 'ended', code: 'left', text: '' },
      [],
    ]);
  });
});

describe('RoomSync keeps its token fresh', () => {
  it('asking for the next one in time', () => {
    const page = livePage();
    const due = page.sync.timer;

    page.sync.handleTimer(due);
    page.receive(due, { type: 'token', token: tokenOf(ISSUED + 540, ISSUED + 1440) });

    expect([due, page.sent(), page.sync.token, page.sync.timer]).toEqual([
      540_000,
      [{ type: 'refresh' }],
      tokenOf(ISSUED + 540, ISSUED + 1440),
      1_080_000,
    ]);
  });

  it('renewing it before it comes back with one that has ended', () => {
    const page = livePage();
    page.receive(1, { type: 'goodbye', code: 'token_expired', text: '' });
    page.sync.handleClosed(2);
    page.sync.handleTimer(2);
    const asked = page.take();

    page.sync.handleRenewed(3, 'fresh');
    page.sync.handleOpened(PROOF);

    expect([asked, page.take()]).toMatchObject([
      [{ type: 'renew' }],
      [{ type: 'connect' }, { type: 'send', frame: { type: 'join', token: 'fresh' } }],
    ]);
  });

  it('trying again where the server cannot be reached, and ending where it refuses', () => {
    const page = livePage();
    page.receive(1, { type: 'goodbye', code: 'token_expired', text: '' });
    page.sync.handleClosed(2);
    page.sync.handleTimer(2);

    page.sync.handleNotRenewed(3, false);
    const again = page.sync.timer;
    page.sync.handleTimer(again);
    const asked = page.take();
    page.sync.handleNotRenewed(again, true);

    expect([again, asked, page.sync.snapshot.connection]).toMatchObject([
      3,
      [{ type: 'renew' }, { type: 'renew' }],
      { state: 'ended', code: 'token_expired' },
    ]);
  });
});

describe('RoomSync carries commands', () => {
  it('at once while it is live, and tells the answer', () => {
    const page = livePage();
    const answer = { type: 'accepted', n: 1, first: 2, last: 3 } as const;

    page.sync.submit(1, COMMAND);
    const unanswered = page.sync.snapshot.unanswered;
    page.receive(2, answer, answer);

    expect([unanswered, page.take(), page.sync.snapshot.unanswered]).toEqual([
      1,
      [
        { type: 'send', frame: SUBMIT },
        { type: 'answered', answer },
      ],
      0,
    ]);
  });

  it('when the connection is there, and again with the same bytes when it was lost', () => {
    const page = new Page();
    page.sync.connect(0);
    page.sync.handleOpened(PROOF);
    page.sync.submit(1, COMMAND);
    const early = page.sent();

    page.receive(2, welcome());
    const first = page.sent();
    page.sync.handleClosed(3);
    page.sync.connect(3);
    page.sync.handleOpened(PROOF);
    page.receive(4, welcome());

    expect([early.map((frame) => frame.type), first, page.sent().slice(1)]).toEqual([['join'], [SUBMIT], [SUBMIT]]);
  });

  it('over another connection when no answer comes', () => {
    const page = livePage();
    page.sync.submit(0, COMMAND);
    page.take();

    page.sync.handleTimer(page.sync.timer);

    expect([page.state, page.take()]).toEqual(['waiting', [{ type: 'disconnect' }]]);
  });

  it('until they are refused', () => {
    const page = livePage();
    page.sync.submit(1, COMMAND);
    page.take();
    const answer = { type: 'refused', code: 'wrong_phase', text: '', n: 1 } as const;

    page.receive(2, { ...answer, n: null }, answer);

    expect(page.take()).toEqual([{ type: 'answered', answer }]);
  });
});

describe('RoomSync keeps cells', () => {
  it('saving what is typed, and showing what is kept', () => {
    const page = livePage({ cells: [CELL] });

    page.sync.typeCell(1, SHEET, 'A/t1', '13');
    const unsaved = page.sync.snapshot.unsavedCells;
    page.receive(2, { type: 'cell_saved', cell: { ...CELL, value: '13', version: 5 } });

    expect([page.sent(), unsaved, page.sync.snapshot.unsavedCells, page.sync.cells.of(SHEET).get('A/t1')]).toEqual([
      [{ type: 'save_cell', ...CELL, value: '13', version: 5 }],
      1,
      0,
      { value: '13', isSaved: true },
    ]);
  });

  it('sending what was typed without a connection when it is back', () => {
    const page = livePage({ cells: [CELL] });
    page.sync.handleClosed(1);
    page.sync.typeCell(2, SHEET, 'A/t1', '13');
    page.sync.connect(3);
    page.sync.handleOpened(PROOF);

    page.receive(4, welcome({ cells: [CELL] }));

    expect(page.sent().slice(1)).toEqual([{ type: 'save_cell', ...CELL, value: '13', version: 5 }]);
  });

  it('forgetting those of sheets that are handed in', () => {
    const page = livePage({ cells: [CELL] });

    page.receive(1, { type: 'lines', lines: new SmallRoom().placed() });

    expect(page.sync.cells.of(SHEET).size).toBe(0);
  });
});

describe('RoomSync shows', () => {
  it('how far the others are', () => {
    const page = livePage();
    const progress = { type: 'progress', alias: 'E2', lot: '1', stage: 'scoring', filled: 3, total: 8 } as const;

    page.receive(1, progress);

    expect(page.sync.snapshot.progress).toEqual({ E2: progress });
  });

  it('the others how far the person is, where there is a connection', () => {
    const page = livePage();
    const progress = { lot: '1', stage: 'scoring', filled: 3, total: 8 } as const;

    page.sync.showProgress(progress);
    page.sync.handleClosed(1);
    page.sync.showProgress(progress);

    expect(page.sent()).toEqual([{ type: 'show_progress', ...progress }]);
  });

  it('how much of the record is proved', () => {
    const room = new SmallRoom();
    const page = livePage();

    page.receive(
      1,
      { type: 'lines', lines: room.placed() },
      { type: 'checkpoint', note: room.checkpoint(), hashes: [] },
    );

    const { size, proof, alarms } = page.sync.snapshot;
    expect([size, proof.verified?.size, proof.witnessed, alarms]).toEqual([2, 2, 2, []]);
  });
});

describe('RoomSync raises an alarm', () => {
  it('when the record has become shorter', () => {
    const room = new SmallRoom();
    const page = livePage();
    page.receive(1, { type: 'lines', lines: room.placed() });
    page.sync.handleClosed(2);
    page.sync.connect(2);

    page.receive(3, welcome({ size: 1 }));

    expect(page.sync.snapshot.alarms).toEqual([{ kind: 'record_contradicted', reason: 'record_shortened', at: 1 }]);
  });

  it('when another device tried to open the seat', () => {
    const page = livePage();

    page.receive(1, { type: 'refused', code: 'other_device_refused', text: '', n: null });

    expect(page.sync.snapshot.alarms).toEqual([{ kind: 'other_device_refused' }]);
  });

  it('when a line in its name was not signed here', () => {
    const room = new SmallRoom();
    room.add({ type: 'seat_enrolled', alias: 'E1', key: KEY, spki: '', certificate: '' }, { by: 'E1', cause: 'a' });
    const seq = room.add({ type: 'pledge_made' }, { by: 'E1', cause: 'b' });
    const page = livePage();
    page.receive(1, { type: 'lines', lines: room.placed() });

    const claimed = page.take().flatMap((event) => (event.type === 'claimed' ? [event.line] : []));
    for (const line of claimed) page.sync.handleUnsigned(line);

    expect([claimed.map((line) => line.head.seq), page.sync.snapshot.alarms]).toEqual([
      [seq],
      [{ kind: 'line_not_mine', at: seq }],
    ]);
  });
});
