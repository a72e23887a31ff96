import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { watch } from 'vue';

import { openRoom } from '../session/room';
import { GOOD_TOKEN, SmallServer } from '../session/testWorld/smallServer';
import { makeRoomPort } from './makeRoomPort';
import { cellKey, type RoomPort } from './roomPort';

const SHEET = { lot: 'L1', stage: 'scoring', round: 1 } as const;

/** The machine's clock in these tests; the small server's is another. */
const NOW = 1_768_615_000_000;

async function ported(server: SmallServer, startAnew: () => void = () => undefined): Promise<RoomPort> {
  const address = {
    room: 'R1',
    alias: 'E1',
    token: GOOD_TOKEN,
    url: 'wss://jia.example/rooms/R1/sync',
    renewToken: () => Promise.resolve(null),
  };
  const live = await openRoom(address, { databases: new IDBFactory(), makeSocket: server.makeSocket });
  return makeRoomPort(live, 'R1', 'E1', startAnew, () => NOW);
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

/** A server whose seat E1 fills in a score sheet. */
function scoringServer(): SmallServer {
  const server = new SmallServer();
  server.room.add({ type: 'round_opened', lot: null, stage: 'election', round: 1, members: ['E1'] });
  return server;
}

test('a page enrols its seat by itself and knows who it is', async () => {
  const server = new SmallServer();
  const room = await ported(server);

  await until(() => room.view.seats['E1']?.key === room.me?.fingerprint && room.me !== null);

  expect(room.connection).toEqual({ state: 'open' });
  expect(room.me).toMatchObject({ room: 'R1', alias: 'E1', role: 'expert' });
  expect(server.heard.filter((frame) => frame.type === 'submit')).toHaveLength(1);
  room.close();
});

test('an accepted and a refused command are told apart', async () => {
  const room = await ported(new SmallServer());
  await until(() => room.view.seats['E1']?.key !== null && room.me !== null);

  expect(await room.submit({ type: 'make_pledge' })).toEqual({ accepted: true });
  expect(await room.submit({ type: 'lock_result', lot: 'L1' })).toEqual({ accepted: false, code: 'wrong_phase' });
  room.close();
});

test('presence, progress and the clock are followed', async () => {
  const server = scoringServer();
  const room = await ported(server);
  await until(() => room.connection.state === 'open');

  server.say({ type: 'presence', connected: ['E1', 'E2'] });
  server.say({ type: 'progress', alias: 'E2', lot: 'L1', stage: 'scoring', filled: 3, total: 8 });
  await until(() => room.progress['E2'] !== undefined);

  expect([...room.presence]).toEqual(['E1', 'E2']);
  expect(room.progress['E2']).toMatchObject({ filled: 3, total: 8 });
  expect(room.clockOffset).toBe(200_000);
  room.close();
});

test('a break is told once and is over when the room is back', async () => {
  const server = new SmallServer();
  const room = await ported(server);
  await until(() => room.connection.state === 'open');

  server.cut();
  await until(() => room.connection.state === 'reconnecting');
  expect(room.connection).toEqual({ state: 'reconnecting', since: NOW });
  await until(() => room.connection.state === 'open');
  room.close();
});

test('a goodbye for good ends the port with its code', async () => {
  const server = new SmallServer();
  const room = await ported(server);
  await until(() => room.connection.state === 'open');

  server.dismiss('taken_over');
  await until(() => room.connection.state === 'ended');

  expect(room.connection).toEqual({ state: 'ended', code: 'taken_over' });
  expect(await room.submit({ type: 'make_pledge' })).toEqual({ accepted: false, code: 'taken_over' });
});

test('another device at the seat is told until the person has noted it', async () => {
  const server = new SmallServer();
  const room = await ported(server);
  await until(() => room.connection.state === 'open');

  server.say({ type: 'refused', code: 'other_device_refused', text: '', n: null });
  await until(() => room.notices.length > 0);
  const [notice] = room.notices;

  expect(room.notices).toEqual([{ kind: 'warning', code: 'other_device_refused' }]);
  if (notice) room.dismiss(notice);
  expect(room.notices).toEqual([]);
  room.close();
});

test('a typed cell is shown at once and marked when the server keeps it', async () => {
  const server = new SmallServer();
  const room = await ported(server);
  await until(() => room.view.seats['E1']?.key !== null && room.me !== null);
  server.write({ type: 'round_opened', lot: 'L1', stage: 'scoring', round: 1, members: ['E1'] });
  await until(() => room.view.lots['L1']?.stages.scoring?.rounds.length === 1);
  const key = cellKey(SHEET, 'A/plan');

  room.saveCell(SHEET, 'A/plan', '13.5');

  expect(room.cells[key]).toEqual({ value: '13.5', state: 'saving' });
  await until(() => room.cells[key]?.state === 'saved');
  server.cut();
  await until(() => room.connection.state === 'reconnecting');
  room.saveCell(SHEET, 'A/plan', '14');
  expect(room.cells[key]).toEqual({ value: '14', state: 'waiting' });
  await until(() => room.cells[key]?.state === 'saved');
  expect(room.cells[key]).toEqual({ value: '14', state: 'saved' });
  room.close();
});
