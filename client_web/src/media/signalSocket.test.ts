import { describe, expect, it } from 'vitest';

import { COMES_BACK, type AnySignalToSeat } from '../protocol/generated';
import { SignalSocket, type SignalSeat } from './signalSocket';
import { MediaWorld, settled } from './testWorld/mediaWorld';

const PROOF = new Uint8Array(64).fill(7);
const OFFER: AnySignalToSeat = { type: 'media_offer', connection: 77, revision: 1, sdp: 'v=0' };

/** A socket of the seat E1 and what it has told. */
function makeSocket(
  world: MediaWorld,
  token: SignalSeat['token'] = () => 'token',
  { hears = true, kept = null }: { hears?: boolean; kept?: number | null } = {},
) {
  const told: unknown[] = [];
  const key = { fingerprint: 'f'.repeat(64), signJoin: () => Promise.resolve(PROOF) };
  const socket = new SignalSocket({ room: '2026-甲', token, key, hears: () => hears }, world.surroundings, {
    joined: () => told.push('joined'),
    frame: (frame) => told.push(frame),
    lost: () => told.push('lost'),
    kept: () => kept,
    ended: (code) => told.push(`ended ${code}`),
  });
  return { socket, told };
}

describe('SignalSocket', () => {
  it('joins with token and proof and hands on what the server says', async () => {
    const world = new MediaWorld();
    const { socket, told } = makeSocket(world);

    socket.open();
    await settled();
    world.wire.open();
    world.wire.say(OFFER);

    expect([world.wire.path, world.wire.protocol]).toEqual(['/rooms/2026-%E7%94%B2/signal', 'lianping-signal-1']);
    expect(world.wire.heard).toEqual([
      { type: 'join_media', token: 'token', key: 'f'.repeat(64), proof: PROOF, connection: null, hears: true },
    ]);
    expect(told).toEqual(['joined', OFFER]);
  });

  it('names the connection that the page has kept', async () => {
    const world = new MediaWorld();
    makeSocket(world, () => 'token', { kept: 77 }).socket.open();
    await settled();
    world.wire.open();

    expect(world.wire.heard).toMatchObject([{ type: 'join_media', connection: 77 }]);
  });

  it('says to the socket that it leaves for a new one that it comes back, and nothing at its end', async () => {
    const world = new MediaWorld();
    const { socket } = makeSocket(world);
    socket.open();
    await settled();
    world.wire.open();
    socket.open();
    await settled();
    socket.close();

    expect(world.wires.map(({ isClosed, code }) => [isClosed, code])).toEqual([
      [true, COMES_BACK],
      [true, undefined],
    ]);
  });

  it('comes back for ever, hastily at first, and soon again once the server has answered', async () => {
    const world = new MediaWorld();
    const { socket, told } = makeSocket(world);
    socket.open();
    await settled();
    const triesAfter: number[] = [];
    for (const delay of [0, 300, ...Array<number>(8).fill(1000), 7000, 7000]) {
      world.wire.breakOff();
      await world.clock.pass(delay);
      triesAfter.push(world.wires.length);
    }
    world.wire.open();
    world.wire.say(OFFER);
    world.wire.breakOff();
    await world.clock.pass(0);

    expect(triesAfter).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(world.wires).toHaveLength(14);
    expect(told.filter((each) => each === 'lost')).toHaveLength(13);
  });

  it.each(['seat_taken', 'taken_over', 'token_revoked', 'media_off'])('stays away after %s', async (code) => {
    const world = new MediaWorld();
    const { socket, told } = makeSocket(world);
    socket.open();
    await settled();
    world.wire.open();
    world.wire.say({ type: 'goodbye', code, text: '' });
    await world.clock.pass(60_000);

    expect(told).toEqual(['joined', `ended ${code}`]);
    expect([world.wires.length, world.wire.isClosed]).toEqual([1, true]);
  });

  it.each(['server_stopping', 'token_expired', 'a_code_of_tomorrow'])('comes back after %s', async (code) => {
    const world = new MediaWorld();
    const tokens = ['old', 'new'];
    const { socket, told } = makeSocket(world, () => tokens.shift() ?? 'none');
    socket.open();
    await settled();
    world.wire.open();
    world.wire.say({ type: 'goodbye', code, text: '' });
    world.wire.breakOff();
    await world.clock.pass(0);
    world.wire.open();

    expect(told).toEqual(['joined', 'lost', 'joined']);
    expect(world.wire.heard).toMatchObject([{ type: 'join_media', token: 'new' }]);
  });

  it('tries again where there is no token to be had just now', async () => {
    const world = new MediaWorld();
    const tries = [Promise.reject(new Error('offline')), Promise.resolve('token')];
    const { socket } = makeSocket(world, () => tries.shift() ?? 'none');

    socket.open();
    await settled();
    const wires = world.wires.length;
    await world.clock.pass(0);

    expect([wires, world.wires.length]).toEqual([0, 1]);
  });

  it('ends where the server speaks something else', async () => {
    const world = new MediaWorld();
    const { socket, told } = makeSocket(world);
    socket.open();
    await settled();
    world.wire.open();
    world.wire.sayBytes(new Uint8Array([0xc1]));

    expect(told).toEqual(['joined', 'ended protocol_unknown']);
  });

  it('loses what is sent without a connection, and nothing is heard of a connection that was closed', async () => {
    const world = new MediaWorld();
    const { socket } = makeSocket(world);
    socket.open();
    socket.close();
    await settled();
    const wires = world.wires.length;
    socket.open();
    await settled();
    socket.send({ type: 'restart_media' });

    expect([wires, world.wires.length, world.wire.heard]).toEqual([0, 1, []]);
  });
});
