import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';

import { openCommandKey } from './commandKey';
import { RoomSocket } from './roomSocket';
import { GOOD_TOKEN, SmallServer } from './testWorld/smallServer';

/** A socket to a server, and what it was told. */
async function socketTo(server: SmallServer, renewToken: (token: string) => Promise<string | null>) {
  const key = await openCommandKey('R1', 'E1', new IDBFactory());
  const states: string[] = [];
  const changes = { wake: () => undefined as unknown };
  const address = { room: 'R1', alias: 'E1', token: GOOD_TOKEN, url: 'wss://jia.example/rooms/R1/sync', renewToken };
  const around = { makeSocket: server.makeSocket, clock: () => performance.now(), random: () => 0.5 };
  const socket = new RoomSocket(address, key, around, {
    onChange: () => {
      states.push(socket.sync.snapshot.connection.state);
      changes.wake();
    },
    onAnswer: () => undefined,
    onClaimed: () => undefined,
  });
  /** Resolves when the connection stands like this. */
  const until = (state: string) =>
    new Promise<void>((resolve) => {
      changes.wake = () => {
        if (socket.sync.snapshot.connection.state === state) resolve();
      };
      changes.wake();
    });
  return { socket, states, until };
}

const REFUSED = () => Promise.resolve(null);
const UNREACHABLE = () => Promise.reject(new Error('no network'));

describe('RoomSocket', () => {
  it('joins with the proof that it holds the key', async () => {
    const server = new SmallServer();
    const { socket, until } = await socketTo(server, REFUSED);

    socket.act((sync, now) => {
      sync.connect(now);
    });
    await until('live');

    expect(server.heard).toMatchObject([{ type: 'join', token: GOOD_TOKEN, have: 0 }]);
    expect(server.heard[0]?.type === 'join' && server.heard[0].proof?.length).toBe(64);
  });

  it('wakes the state machine when it is due', async () => {
    const server = new SmallServer();
    const { socket, until } = await socketTo(server, REFUSED);
    socket.act((sync, now) => {
      sync.connect(now);
    });
    await until('live');

    server.cut();
    await until('waiting');
    await until('live');

    expect(server.heard.map((frame) => frame.type)).toEqual(['join', 'join']);
  });

  it('hears nothing more from a connection that it has given up', async () => {
    const server = new SmallServer();
    const { socket, states, until } = await socketTo(server, REFUSED);
    socket.act((sync, now) => {
      sync.connect(now);
    });
    await until('live');

    socket.act((sync) => {
      sync.leave();
    });
    server.say({ type: 'presence', connected: ['E1'] });
    server.cut();
    await Promise.resolve();

    expect([states.at(-1), socket.sync.snapshot.connected]).toEqual(['ended', []]);
  });

  it('tries to renew a token again where the server cannot be reached', async () => {
    const server = new SmallServer();
    server.token = 'fresh';
    const tokens: (() => Promise<string | null>)[] = [UNREACHABLE, () => Promise.resolve('fresh')];
    const { socket, until } = await socketTo(server, () => (tokens.shift() ?? REFUSED)());

    socket.act((sync, now) => {
      sync.connect(now);
    });
    await until('live');

    expect([tokens, socket.sync.token]).toEqual([[], 'fresh']);
  });
});
