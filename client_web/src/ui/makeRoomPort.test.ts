import { IDBFactory } from 'fake-indexeddb';
import { afterEach, expect, test, vi } from 'vitest';
import { watch } from 'vue';

import { DraftCells } from '../session/draftCells';
import { CommandRefused, openRoom } from '../session/room';
import type { RoomSnapshot } from '../session/roomSnapshot';
import { EMPTY_VIEW } from '../session/roomView';
import { GOOD_TOKEN, SmallServer } from '../session/testWorld/smallServer';
import { EMPTY_LOT } from '../session/testWorld/views';
import { makeRoomPort, type LiveRoom } from './makeRoomPort';
import { cellKey, type RoomPort, type SheetRef } from './roomPort';

const SHEET = { lot: 'L1', stage: 'scoring', round: 1 } as const;

const EMPTY_SNAPSHOT: RoomSnapshot = {
  connection: { state: 'live' },
  view: EMPTY_VIEW,
  size: 0,
  proof: { verified: null, witnessed: 0, cosigners: [] },
  connected: [],
  progress: {},
  unsavedCells: 0,
  unanswered: 0,
  alarms: [],
};

/** The machine's clock in these tests; the small server's is another. */
const NOW = 1_768_615_000_000;

/** The port of E1, whose seat has just been enrolled. */
async function ported(server: SmallServer): Promise<RoomPort> {
  const address = {
    room: 'R1',
    alias: 'E1',
    token: GOOD_TOKEN,
    url: 'wss://jia.example/rooms/R1/sync',
    renewToken: () => Promise.resolve(null),
  };
  const live = await openRoom(address, { databases: new IDBFactory(), makeSocket: server.makeSocket });
  const room = makeRoomPort(live, 'R1', 'E1', nothing, () => NOW);
  await until(() => room.me !== null && room.view.seats['E1']?.key === room.me.fingerprint);
  return room;
}

function nothing(): void {
  // no key of these seats is ever revoked
}

/** Resolves when the port, as Vue sees it, is so. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      holds,
      (isSo) => {
        if (!isSo) return;
        resolve();
        queueMicrotask(() => {
          stop();
        });
      },
      { immediate: true, flush: 'sync' },
    );
  });
}

test('a page enrols its seat by itself and knows who it is', async () => {
  const server = new SmallServer();
  const room = await ported(server);

  expect(room.connection).toEqual({ state: 'open' });
  expect(room.me).toMatchObject({ room: 'R1', alias: 'E1', role: 'expert' });
  expect(server.heard.filter((frame) => frame.type === 'submit')).toHaveLength(1);
  room.close();
});

test('an accepted and a refused command are told apart', async () => {
  const room = await ported(new SmallServer());

  expect(await room.submit({ type: 'make_pledge' })).toEqual({ accepted: true });
  expect(await room.submit({ type: 'lock_result', lot: 'L1' })).toEqual({ accepted: false, code: 'wrong_phase' });
  room.close();
});

test('presence, progress and the clock are followed', async () => {
  const server = new SmallServer();
  const room = await ported(server);

  server.say({ type: 'presence', connected: ['E1', 'E2'] });
  server.say({ type: 'progress', alias: 'E2', lot: 'L1', stage: 'scoring', filled: 3, total: 8 });
  await until(() => room.progress['E2'] !== undefined);

  expect([...room.presence]).toEqual(['E1', 'E2']);
  expect(room.progress['E2']).toMatchObject({ filled: 3, total: 8 });
  expect(Math.round(room.clockOffset / 1000)).toBe(200);
  room.close();
});

test('a break is told once and is over when the room is back', async () => {
  const server = new SmallServer();
  const room = await ported(server);

  server.cut();
  await until(() => room.connection.state === 'reconnecting');
  expect(room.connection).toEqual({ state: 'reconnecting', since: NOW });
  await until(() => room.connection.state === 'open');
  room.close();
});

test('a goodbye for good ends the port with its code', async () => {
  const server = new SmallServer();
  const room = await ported(server);

  server.dismiss('taken_over');
  await until(() => room.connection.state === 'ended');

  expect(room.connection).toEqual({ state: 'ended', code: 'taken_over' });
  expect(await room.submit({ type: 'make_pledge' })).toEqual({ accepted: false, code: 'taken_over' });
});

test('another device at the seat is told until the person has noted it', async () => {
  const server = new SmallServer();
  const room = await ported(server);

  server.say({ type: 'refused', code: 'other_device_refused', text: '', n: null });
  await until(() => room.notices.length > 0);
  const [notice] = room.notices;

  expect(room.notices).toEqual([{ kind: 'warning', code: 'other_device_refused' }]);
  if (notice) room.dismiss(notice);
  expect(room.notices).toEqual([]);
  room.close();
});

/** A live room as far as typed cells go: one open score sheet, and a server that keeps cells when it is told to. */
class SheetRoom implements LiveRoom {
  readonly keyFingerprint = 'f'.repeat(64);
  readonly lines = [];
  readonly token = GOOD_TOKEN;
  snapshot: RoomSnapshot;
  readonly #drafts = new DraftCells();
  #listener: (snapshot: RoomSnapshot) => void = nothing;

  constructor() {
    const scoring = { rounds: [{ pending: ['E1'], handed_in: [], revealed_at: null }] };
    const lots = { L1: { ...EMPTY_LOT, stages: { scoring } } };
    this.snapshot = { ...EMPTY_SNAPSHOT, view: { ...EMPTY_VIEW, lots } };
  }

  subscribe(listener: (snapshot: RoomSnapshot) => void) {
    this.#listener = listener;
    return () => true;
  }

  typeCell(...typed: Parameters<DraftCells['type']>): void {
    this.#drafts.type(...typed);
  }

  cells(sheet: SheetRef) {
    return this.#drafts.of(sheet);
  }

  /** The server keeps what is typed; or the connection changes. */
  goOn(connection: 'live' | 'waiting'): void {
    for (const { cell, value, version } of connection === 'live' ? this.#drafts.due(0) : []) {
      this.#drafts.handleSaved({ ...SHEET, cell, value, version });
    }
    this.snapshot = { ...this.snapshot, connection: { state: connection } };
    this.#listener(this.snapshot);
  }

  readonly submit = () => Promise.reject(new TypeError('Nothing is submitted here.'));
  readonly enrol = this.submit;
  readonly showProgress = nothing;
  readonly rawLine = () => undefined;
  readonly serverNow = () => null;
  readonly leave = nothing;
}

test('a typed cell is shown at once and marked when the server keeps it', () => {
  const live = new SheetRoom();
  const room = makeRoomPort(live, 'R1', 'E1', nothing, () => NOW);
  const cell = () => room.cells[cellKey(SHEET, 'A/plan')];

  room.saveCell(SHEET, 'A/plan', '13.5');
  expect(cell()).toEqual({ value: '13.5', state: 'saving' });
  live.goOn('live');
  expect(cell()).toEqual({ value: '13.5', state: 'saved' });
  live.goOn('waiting');
  room.saveCell(SHEET, 'A/plan', '14');
  expect(cell()).toEqual({ value: '14', state: 'waiting' });
  live.goOn('live');
  expect(cell()).toEqual({ value: '14', state: 'saved' });
});

test('a seat that nobody held is not enrolled in a closed room', () => {
  const live = new SheetRoom();
  const seat = { role: 'auditor', venue: 'jia', key: null, confirmed: false, joined_at: null, moves: 0 } as const;
  const seats = { U1: { ...seat, conflict: null, pledged: false, successor: null, left_at: null } };
  live.snapshot = { ...EMPTY_SNAPSHOT, view: { ...EMPTY_VIEW, phase: 'closed', seats } };
  let tries = 0;
  const counting = Object.assign(live, {
    enrol: () => {
      tries++;
      return Promise.reject(new TypeError('It is not asked to.'));
    },
  });

  const room = makeRoomPort(counting, 'R1', 'U1', nothing, () => NOW);

  expect([room.me?.role, tries, room.notices]).toEqual(['auditor', 0, []]);
});

afterEach(() => {
  vi.useRealTimers();
});

/** A seat of a room that is live, with what enrolling it comes to, try by try; then it is enrolled. */
function enrolling(...failures: readonly Error[]): { readonly room: RoomPort; readonly tries: () => number } {
  const live = new SheetRoom();
  const seat = { role: 'expert', venue: 'jia', confirmed: false, joined_at: null, moves: 0, conflict: null } as const;
  const seated = (key: string | null): RoomSnapshot => ({
    ...EMPTY_SNAPSHOT,
    view: { ...EMPTY_VIEW, seats: { E1: { ...seat, key, pledged: false, successor: null, left_at: null } } },
  });
  live.snapshot = seated(null);
  let tries = 0;
  const enrol = () => {
    const failure = failures[tries++];
    if (failure !== undefined) return Promise.reject(failure);
    live.snapshot = seated(live.keyFingerprint);
    live.goOn('live');
    return Promise.resolve({ type: 'accepted', n: tries, first: 7, last: 7 } as const);
  };
  return { room: makeRoomPort(Object.assign(live, { enrol }), 'R1', 'E1', nothing, () => NOW), tries: () => tries };
}

const refusal = (code: string): Error => new CommandRefused({ type: 'refused', code, text: '', n: 1 });

test('a seat that a slow store did not take is enrolled by itself a little later, and the person told meanwhile', async () => {
  vi.useFakeTimers();
  const { room, tries } = enrolling(refusal('store_unavailable'), refusal('store_unwritable'));

  await vi.advanceTimersByTimeAsync(3_000);
  const meanwhile = room.notices.map(({ code }) => code);
  await vi.advanceTimersByTimeAsync(3_000);

  expect([meanwhile, tries(), room.notices]).toEqual([['not_enrolled'], 3, []]);
  expect(room.view.seats['E1']?.key).toBe(room.me?.fingerprint);
});

test('a seat that the rules refuse is not enrolled again by itself', async () => {
  vi.useFakeTimers();
  const { room, tries } = enrolling(refusal('seat_taken'));

  await vi.advanceTimersByTimeAsync(60_000);

  expect([tries(), room.notices.map(({ code }) => code)]).toEqual([1, ['not_enrolled']]);
});

test('a page that is closed enrols no more', async () => {
  vi.useFakeTimers();
  const { room, tries } = enrolling(refusal('store_unavailable'));
  await vi.advanceTimersByTimeAsync(1_000);

  room.close();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(tries()).toBe(1);
});
