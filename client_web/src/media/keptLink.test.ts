import { describe, expect, it } from 'vitest';

import { LOOK_AGAIN_MS, LOOK_EVERY_MS } from './createMedia';
import { OFFER_WITHIN_MS, PATIENCE_MS } from './keptLink';
import { settled, type MediaWorld } from './testWorld/mediaWorld';
import { connected, offer, started } from './testWorld/seat';

/** Pictures come for so many looks, and then nothing more. */
async function fallenSilent(world: MediaWorld): Promise<void> {
  for (let octets = 10_000; octets <= 60_000; octets += 10_000) {
    world.peer.stats = [{ type: 'candidate-pair', bytesReceived: octets }];
    await world.clock.pass(LOOK_EVERY_MS);
  }
  await world.clock.pass(LOOK_EVERY_MS + LOOK_AGAIN_MS);
}

describe('KeptLink', () => {
  it.each(['disconnected', 'failed'] as const)('asks for a restart when ICE is %s', async (state) => {
    const { world, media } = await connected();

    world.peer.become(state);
    const broken = [world.wire.heard.at(-1), media.state.link];
    await offer(world, 77, 2);
    const answered = media.state.link;
    world.peer.become('connected');

    expect(broken).toEqual([{ type: 'restart_media' }, { state: 'reconnecting' }]);
    expect(world.wire.heard.map(({ type }) => type)).toEqual([
      'join_media',
      'media_answer',
      'show_seat',
      'restart_media',
      'media_answer',
    ]);
    expect([answered, media.state.link]).toEqual([{ state: 'reconnecting' }, { state: 'connected' }]);
  });

  it('asks for a restart when the network has changed', async () => {
    const { world, media } = await connected();

    world.network.dispatchEvent(new Event('online'));
    const meanwhile = media.state.link;
    await offer(world, 77, 2);
    await world.clock.pass(2 * PATIENCE_MS);

    expect([meanwhile, media.state.link]).toEqual([{ state: 'reconnecting' }, { state: 'connected' }]);
    expect(world.wires).toHaveLength(1);
  });

  it('asks for another way as soon as nothing comes any more, without a word to the person', async () => {
    const { world, media } = await connected();

    await fallenSilent(world);
    const asked = [world.wire.heard.at(-1), media.state.link];
    await offer(world, 77, 2);
    await world.clock.pass(OFFER_WITHIN_MS);

    expect(asked).toEqual([{ type: 'restart_media' }, { state: 'connected' }]);
    expect([world.wires.length, world.peers.length, media.state.link]).toEqual([1, 1, { state: 'connected' }]);
  });

  it('asks over a new socket where the old one has no answer, and keeps the connection', async () => {
    const { world, media } = await connected();

    await fallenSilent(world);
    await world.clock.pass(OFFER_WITHIN_MS);
    const meanwhile = media.state.link;
    world.wire.open();
    await offer(world, 77, 2);

    expect(meanwhile).toEqual({ state: 'reconnecting' });
    expect(world.wires.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(world.wire.heard[0]).toMatchObject({ type: 'join_media', connection: 77 });
    expect([world.peers.length, media.state.link]).toEqual([1, { state: 'connected' }]);
  });

  it('tries a socket at once that waits while the network comes back', async () => {
    const { world } = await connected();
    for (let lost = 0; lost < 3; lost++) {
      world.wire.breakOff();
      await world.clock.pass(lost < 2 ? 300 : 0);
    }
    const waiting = world.wires.length;

    world.network.dispatchEvent(new Event('online'));
    await settled();

    expect([waiting, world.wires.length]).toEqual([3, 4]);
  });

  it('names no connection that has never stood, or that did not come back', async () => {
    const { world } = await started();
    await offer(world);
    await world.clock.pass(PATIENCE_MS);
    world.wire.open();
    await offer(world, 78);
    world.peer.become('connected');
    world.peer.become('failed');
    await world.clock.pass(PATIENCE_MS);
    world.wire.open();

    expect(world.wires.map(({ heard }) => heard[0])).toMatchObject(Array(3).fill({ connection: null }));
  });

  it('keeps the connection through a cut of any length, and gives it the time to come back', async () => {
    const { world, media } = await connected();
    world.peer.become('disconnected');
    world.wire.breakOff();
    await world.clock.pass(3.5 * PATIENCE_MS);
    world.wire.open();
    await world.clock.pass(PATIENCE_MS - 1);
    await offer(world, 77, 2);
    world.peer.become('connected');

    expect(world.wire.heard[0]).toMatchObject({ type: 'join_media', connection: 77 });
    expect([world.peers.length, media.state.link]).toEqual([1, { state: 'connected' }]);
  });

  it('joins again where a restart brings no connection in time', async () => {
    const { world } = await connected();

    world.peer.become('disconnected');
    await world.clock.pass(PATIENCE_MS);

    expect(world.wires.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('says that no way to the server is found, until one is', async () => {
    const { world, media } = await started();
    await offer(world);
    await world.clock.pass(PATIENCE_MS - 1);
    const before = media.state.link;
    await world.clock.pass(1);
    const unreached = media.state.link;
    world.wire.open();
    await offer(world, 78);
    const again = media.state.link;
    world.peer.become('connected');

    expect([before, unreached, again]).toEqual([
      { state: 'connecting' },
      { state: 'unreached' },
      { state: 'unreached' },
    ]);
    expect(media.state.link).toEqual({ state: 'connected' });
  });

  it('does not say so where the server offers nothing', async () => {
    const { world, media } = await started();

    await world.clock.pass(2 * PATIENCE_MS);

    expect(media.state.link).toEqual({ state: 'connecting' });
  });

  it('joins again and again where an offer cannot be answered', async () => {
    const { world } = await started();
    await offer(world, 77, 1, 'm=text');
    await world.clock.pass(PATIENCE_MS);
    world.wire.open();
    await offer(world, 78, 1, 'm=text');
    await world.clock.pass(PATIENCE_MS);

    expect(world.wires).toHaveLength(3);
  });

  it.each([
    ['silent', 2],
    ['handshake_failed', 2],
    ['closed_by_peer', 2],
    ['replaced', 1],
  ])('after a connection that is gone (%s) has %i sockets', async (reason, sockets) => {
    const { world, media } = await connected();

    world.wire.say({ type: 'media_gone', connection: 12, reason });
    const others = world.wires.length;
    world.wire.say({ type: 'media_gone', connection: 77, reason });
    await settled();

    expect([others, world.wires.length]).toEqual([1, sockets]);
    expect(media.state.link).toEqual({ state: 'reconnecting' });
  });

  it('shows what there is while the socket comes back, and leaves its pace to it', async () => {
    const { world, media } = await connected();
    for (let lost = 0; lost < 6; lost++) {
      world.wire.breakOff();
      await world.clock.pass(0);
      await world.clock.pass(lost < 1 ? 0 : 7000);
    }

    expect([media.state.link, media.state.tiles.length]).toEqual([{ state: 'reconnecting' }, 2]);
    expect(world.wires.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  });
});
