import { describe, expect, it } from 'vitest';

import type { AnySignalToSeat } from '../../protocol/generated';
import { MediaWorld, settled } from '../testWorld/mediaWorld';
import { SimulatedTrack } from '../testWorld/devices';
import { offerOf } from '../testWorld/sdp';
import { ProbeEnded, ProbeLink, SOCKET_PATIENCE_MS, WAY_PATIENCE_MS } from './probeLink';

const PROOF = new Uint8Array(64).fill(7);
const SEAT = {
  room: 'r1',
  token: () => 'token',
  key: { fingerprint: 'f'.repeat(64), signJoin: () => Promise.resolve(PROOF) },
};
const SENDS: AnySignalToSeat = {
  type: 'media_offer',
  connection: 1,
  revision: 1,
  sdp: `${offerOf([])}a=candidate:1 1 udp 2130706431 10.0.0.1 8444 typ host\r\n`,
};
const TAKES: AnySignalToSeat = { type: 'media_offer', connection: 2, revision: 1, sdp: offerOf(['P1'], []) };
const STRAIGHT = { policy: 'all', relays: [] } as const;

async function opened(world = new MediaWorld()) {
  const camera = new SimulatedTrack('video');
  const link = new ProbeLink(SEAT, world.surroundings, () => ({
    audio: null,
    video: camera as unknown as MediaStreamTrack,
  }));
  const opening = link.open();
  await settled();
  world.wire.open();
  await opening;
  return { world, link, camera };
}

describe('ProbeLink', () => {
  it('joins as a probe', async () => {
    const { world } = await opened();

    expect(world.wire.heard).toEqual([{ type: 'join_probe', token: 'token', key: 'f'.repeat(64), proof: PROOF }]);
  });

  it('gives a way once both connections stand, with what comes back', async () => {
    const { world, link, camera } = await opened();
    const trying = link.tryWay(STRAIGHT);
    world.wire.say({ type: 'media_relays', urls: ['turn:a'], username: '1:E1', credential: 'c' });
    world.wire.say(SENDS);
    world.wire.say(TAKES);
    await settled();

    for (const peer of world.peers) peer.become('connected');
    const way = await trying;

    const heard = world.wire.heard.slice(1).map((frame) => ('connection' in frame ? frame.connection : frame.type));
    expect(heard.sort()).toEqual([1, 2, 'try_way']);
    expect([way?.sender, way?.taker]).toEqual(world.peers);
    expect(way?.stream?.id).toBe('P1');
    expect(world.peers[0]?.sent('video')).toBe(camera);
    expect(link.port).toBe(8444);
    expect(link.relays).toEqual({ urls: ['turn:a'], username: '1:E1', credential: 'c' });
  });

  it('gives none where a connection breaks, or does not stand in time', async () => {
    const { world, link } = await opened();
    const broken = link.tryWay(STRAIGHT);
    world.wire.say(SENDS);
    await settled();
    world.peer.become('failed');

    expect(await broken).toBeNull();

    const slow = link.tryWay(STRAIGHT);
    world.wire.say({ ...SENDS, connection: 3 });
    await world.clock.pass(WAY_PATIENCE_MS);

    expect(await slow).toBeNull();
  });

  it('ends the connections of a way when it tries the next, and hears nothing of them', async () => {
    const { world, link } = await opened();
    void link.tryWay(STRAIGHT);
    world.wire.say(SENDS);
    await settled();

    void link.tryWay({ policy: 'relay', relays: [{ urls: 'turn:a' }] });
    world.wire.say({ ...SENDS, connection: 5 });
    await settled();

    expect(world.peers.map(({ connectionState }) => connectionState)).toEqual(['closed', 'new']);
    expect(world.peer.getConfiguration().iceServers).toEqual([{ urls: 'turn:a' }]);
  });

  it('says why the server has sent it away, then and later', async () => {
    const { world, link } = await opened();
    const trying = link.tryWay(STRAIGHT);
    world.wire.say({ type: 'goodbye', code: 'media_off', text: '' });

    await expect(trying).rejects.toEqual(new ProbeEnded('media_off'));
    await expect(link.tryWay(STRAIGHT)).rejects.toMatchObject({ code: 'media_off' });
  });

  it('finds a server that cannot be reached', async () => {
    const refused = new MediaWorld();
    const silent = new MediaWorld();
    const links = [refused, silent].map((world) =>
      new ProbeLink(SEAT, world.surroundings, () => ({ audio: null, video: null })).open(),
    );
    const outcomes = Promise.allSettled(links);
    await settled();
    refused.wire.breakOff();
    await silent.clock.pass(SOCKET_PATIENCE_MS);

    expect((await outcomes).map((each) => (each as PromiseRejectedResult).reason as unknown)).toMatchObject([
      { code: 'unreachable' },
      { code: 'unreachable' },
    ]);
    expect(silent.wire.isClosed).toBe(true);
  });

  it('lets everything go', async () => {
    const { world, link } = await opened();
    void link.tryWay(STRAIGHT);
    world.wire.say(SENDS);
    await settled();

    link.close();

    expect([world.wire.isClosed, world.peer.connectionState]).toEqual([true, 'closed']);
  });
});
