import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';

import { CommandRefused, CommandUnanswered, openRoom, type Room } from './room';
import type { RoomSnapshot } from './roomSnapshot';
import { GOOD_TOKEN, SmallServer, type Loss } from './testWorld/smallServer';

const ADDRESS = {
  room: 'R1',
  alias: 'E1',
  token: GOOD_TOKEN,
  url: 'wss://jia.example/rooms/R1/sync',
  renewToken: () => Promise.resolve(null),
};

/** Resolves when the room looks like this. */
function until(room: Room, isSo: (snapshot: RoomSnapshot) => boolean): Promise<RoomSnapshot> {
  return new Promise((resolve) => {
    const look = (snapshot: RoomSnapshot) => {
      if (!isSo(snapshot)) return;
      stop();
      resolve(snapshot);
    };
    const stop = room.subscribe(look);
    look(room.snapshot);
  });
}

async function opened(server: SmallServer, databases = new IDBFactory()): Promise<Room> {
  const room = await openRoom(ADDRESS, { databases, makeSocket: server.makeSocket });
  await until(room, ({ connection, view }) => connection.state !== 'connecting' && view.opening !== null);
  return room;
}

async function enrolled(server: SmallServer, databases = new IDBFactory()): Promise<Room> {
  const room = await opened(server, databases);
  await room.enrol();
  return room;
}

/** How many lines of a type the room holds. */
function count(server: SmallServer, type: string): number {
  return server.room.lines.filter((line) => new TextDecoder().decode(line).includes(`"type":"${type}"`)).length;
}

describe('openRoom', () => {
  it('shows the room and how much of it is proved', async () => {
    const room = await opened(new SmallServer());

    const { connection, view, proof } = await until(room, (snapshot) => snapshot.proof.verified !== null);

    expect([connection.state, view.opening?.title, proof.verified?.size, proof.witnessed]).toEqual([
      'live',
      '教学设备采购',
      2,
      2,
    ]);
  });

  it('comes back by itself', async () => {
    const server = new SmallServer();
    const room = await opened(server);

    server.cut();
    await until(room, ({ connection }) => connection.state === 'waiting');
    await until(room, ({ connection }) => connection.state === 'live');

    expect(server.heard.map((frame) => frame.type)).toEqual(['join', 'join']);
  });

  it('renews a token that has ended', async () => {
    const server = new SmallServer();
    server.token = 'fresh';

    const room = await openRoom(
      { ...ADDRESS, renewToken: (token) => Promise.resolve(token === GOOD_TOKEN ? 'fresh' : null) },
      { databases: new IDBFactory(), makeSocket: server.makeSocket },
    );

    expect((await until(room, ({ connection }) => connection.state === 'live')).alarms).toEqual([]);
  });

  it('ends where the token cannot be renewed', async () => {
    const server = new SmallServer();
    server.token = 'fresh';

    const room = await openRoom(ADDRESS, { databases: new IDBFactory(), makeSocket: server.makeSocket });

    const { connection } = await until(room, (snapshot) => snapshot.connection.state === 'ended');
    expect(connection).toMatchObject({ code: 'token_expired' });
  });

  it('tells a page that is too old for the server', async () => {
    const server = new SmallServer();
    server.protocol = '';

    const room = await openRoom(ADDRESS, { databases: new IDBFactory(), makeSocket: server.makeSocket });

    const { connection } = await until(room, (snapshot) => snapshot.connection.state === 'ended');
    expect(connection).toMatchObject({ code: 'page_outdated' });
  });
});

describe('submit', () => {
  it('binds the key of this browser to the seat', async () => {
    const room = await enrolled(new SmallServer());

    expect([room.snapshot.view.seats['E1']?.key, room.snapshot.alarms]).toEqual([room.keyFingerprint, []]);
  });

  it('tells where the lines of the command stand', async () => {
    const room = await enrolled(new SmallServer());

    expect(await room.submit({ type: 'make_pledge' })).toEqual({ type: 'accepted', n: 2, first: 3, last: 3 });
  });

  it.each<Loss>(['before_storing', 'after_storing'])('does it once when the connection is lost %s', async (loss) => {
    const server = new SmallServer();
    const room = await enrolled(server);
    server.loss = loss;

    const accepted = await room.submit({ type: 'make_pledge' });

    const texts = server.heard.flatMap((frame) => (frame.type === 'submit' ? [frame.text] : []));
    expect([accepted.first, count(server, 'pledge_made'), texts.length, new Set(texts).size]).toEqual([3, 1, 3, 2]);
  });

  it('gives several commands rising numbers, in the order they were asked for', async () => {
    const room = await enrolled(new SmallServer());

    const accepted = await Promise.all([1, 2, 3].map(() => room.submit({ type: 'make_pledge' })));

    expect(accepted.map(({ n, first }) => [n, first])).toEqual([
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
  });

  it('tells why a command was refused, and goes on', async () => {
    const room = await enrolled(new SmallServer());

    const refusal = await room.submit({ type: 'open_check_in' }).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(CommandRefused);
    expect(refusal).toMatchObject({ code: 'wrong_phase', message: 'Not now.' });
    expect((await room.submit({ type: 'make_pledge' })).n).toBe(3);
  });

  it('signs only what it has checked: it waits for the checkpoint of the present phase', async () => {
    const server = new SmallServer();
    const room = await enrolled(server);
    server.signs = false;
    server.write({ type: 'phase_changed', phase: 'check_in' });
    await until(room, ({ view }) => view.phase === 'check_in');

    const pledging = room.submit({ type: 'make_pledge' });
    const before = count(server, 'pledge_made');
    server.checkpoint();
    await pledging;

    expect([before, server.heard.at(-1)]).toMatchObject([0, { text: expect.stringContaining('"size":4}') as string }]);
  });

  it('gives up when the page leaves', async () => {
    const server = new SmallServer();
    server.signs = false;
    const room = await opened(server);

    const enrolling = room.enrol().catch((error: unknown) => error);
    room.leave();

    expect(await enrolling).toMatchObject({ name: 'CommandUnanswered', code: 'left' });
  });

  it('gives up what is on its way when another window takes over', async () => {
    const server = new SmallServer();
    const room = await enrolled(server);
    server.loss = 'no_answer';
    const pledging = room.submit({ type: 'make_pledge' }).catch((error: unknown) => error);
    await until(room, ({ unanswered }) => unanswered === 1);

    server.dismiss('taken_over');

    expect(await pledging).toBeInstanceOf(CommandUnanswered);
  });

  it('signs nothing on a record that contradicts itself', async () => {
    const server = new SmallServer();
    const room = await enrolled(server);

    server.say({ type: 'lines', lines: [[1, server.room.line(0)]] });
    await until(room, ({ alarms }) => alarms.length > 0);

    await expect(room.submit({ type: 'make_pledge' })).rejects.toMatchObject({ code: 'record_contradicted' });
  });
});

describe('the alarm for lines in the name of the seat', () => {
  it('is raised for one that this browser did not sign', async () => {
    const server = new SmallServer();
    const room = await enrolled(server);

    const seq = server.write({ type: 'pledge_made' }, { by: 'E1', cause: 'ab'.repeat(32) });
    const { alarms } = await until(room, (snapshot) => snapshot.alarms.length > 0);

    expect(alarms).toEqual([{ kind: 'line_not_mine', at: seq }]);
  });

  it('is not raised for what was signed before a reload', async () => {
    const server = new SmallServer();
    const databases = new IDBFactory();
    const before = await enrolled(server, databases);
    await before.submit({ type: 'make_pledge' });
    before.leave();

    const after = await opened(server, databases);
    const { n } = await after.submit({ type: 'make_pledge' });

    expect([n, after.keyFingerprint, after.snapshot.alarms]).toEqual([3, before.keyFingerprint, []]);
  });
});

describe('cells', () => {
  it('are here at once and kept at the server', async () => {
    const server = new SmallServer();
    const databases = new IDBFactory();
    const sheet = { lot: '1', stage: 'scoring', round: 1 } as const;
    const room = await opened(server, databases);

    room.typeCell(sheet, 'A/t1', '13.5');
    const typed = room.cells(sheet).get('A/t1');
    await until(room, ({ unsavedCells }) => unsavedCells === 0);

    expect([typed, room.cells(sheet).get('A/t1')]).toEqual([
      { value: '13.5', isSaved: false },
      { value: '13.5', isSaved: true },
    ]);
  });
});

describe('the room', () => {
  it('tells the server clock and the bytes of its lines', async () => {
    const server = new SmallServer();

    const room = await opened(server);

    expect([room.serverNow() !== null, room.rawLine(1), room.rawLine(9)]).toEqual([
      true,
      server.room.line(1),
      undefined,
    ]);
  });

  it('tells the others how far the person is', async () => {
    const server = new SmallServer();
    const room = await opened(server);

    room.showProgress({ lot: '1', stage: 'scoring', filled: 1, total: 2 });
    room.typeCell({ lot: '1', stage: 'scoring', round: 1 }, 'A/t1', '1');
    await until(room, ({ unsavedCells }) => unsavedCells === 0);

    expect(server.heard.map((frame) => frame.type)).toEqual(['join', 'show_progress', 'save_cell']);
  });

  it('tells a listener once for all changes of a moment, until it is stopped', async () => {
    const server = new SmallServer();
    const room = await opened(server);
    await until(room, ({ proof }) => proof.verified !== null);
    let told = 0;
    const stop = room.subscribe(() => told++);

    room.leave();
    await Promise.resolve();
    stop();
    room.reconnectNow();
    await Promise.resolve();

    expect(told).toBe(1);
  });
});
