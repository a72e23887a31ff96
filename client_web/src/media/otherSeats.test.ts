import { describe, expect, it } from 'vitest';

import { LOOK_EVERY_MS } from './createMedia';
import { MediaWorld, settled } from './testWorld/mediaWorld';
import { offerOf, ssrcOf } from './testWorld/sdp';
import { connected, started } from './testWorld/seat';

const VIEW_OF_W1 = { alias: 'W1', track: 'video', lines: 180, pinned: false };

describe('OtherSeats', () => {
  it('shows what another seat says of itself, and awaits no picture of a camera that is off', async () => {
    const { world, media } = await connected();
    world.peer.stats = [{ type: 'inbound-rtp', ssrc: ssrcOf(1, 'video'), packetsReceived: 90 }];
    await world.clock.pass(LOOK_EVERY_MS);
    const shown = { camera: 'off', microphone: 'on', hand: 1_768_615_000_000, screen: false } as const;

    world.wire.say({ type: 'seat_shown', alias: 'E3', ...shown });
    await world.clock.pass(5000);

    expect(media.state.tiles.map(({ video, shown }) => [video, shown])).toEqual([
      ['waiting', null],
      ['waiting', shown],
    ]);
  });

  it('tells how large the others are shown, each change once, and all of it on a new socket', async () => {
    const { world, media } = await connected();
    const show = (clientHeight: number): void => {
      const stream = media.state.tiles[1]?.stream;
      world.videos = [{ srcObject: stream, clientHeight, isPinned: clientHeight > 500 }];
    };
    const views = () => world.wire.heard.filter(({ type }) => type === 'view_tiles');

    for (const height of [270, 270, 720]) {
      show(height);
      await world.clock.pass(LOOK_EVERY_MS);
    }
    const told = views();
    world.wire.breakOff();
    await world.clock.pass(0);
    world.wire.open();
    await world.clock.pass(LOOK_EVERY_MS);

    expect(told).toEqual([
      { type: 'view_tiles', tiles: [VIEW_OF_W1, { alias: 'E3', track: 'video', lines: 270, pinned: false }] },
      { type: 'view_tiles', tiles: [VIEW_OF_W1, { alias: 'E3', track: 'video', lines: 720, pinned: true }] },
    ]);
    expect(views()).toEqual([told[1]]);
  });

  it('says whose picture its line does not carry, until it does again', async () => {
    const { world, media } = await connected();
    const paused = () => media.state.tiles.filter(({ isPaused }) => isPaused).map(({ alias }) => alias);

    world.wire.say({ type: 'pictures_paused', pictures: [{ alias: 'E3', track: 'video' }] });
    const first = paused();
    world.wire.say({ type: 'pictures_paused', pictures: [] });
    const second = paused();

    expect([first, second]).toEqual([['E3'], []]);
  });

  it('has the screen of another seat, and says when it is held back', async () => {
    const world = new MediaWorld();
    const { media } = await started(world);
    world.wire.say({ type: 'media_offer', connection: 7, revision: 1, sdp: offerOf(['E3'], undefined, ['H1']) });
    await settled();
    world.wire.say({ type: 'seat_shown', alias: 'H1', camera: 'on', microphone: 'on', hand: null, screen: true });
    world.wire.say({ type: 'pictures_paused', pictures: [{ alias: 'H1', track: 'screen' }] });

    expect(media.state.tiles.map(({ alias }) => alias)).toEqual(['E3']);
    expect(media.state.screens).toMatchObject([{ alias: 'H1', isShown: true, isPaused: true, state: 'waiting' }]);
    expect(media.state.screens[0]?.stream?.id).toBe('H1-screen');
  });

  it('takes nothing for stalled that it does not ask for', async () => {
    const { world, media } = await connected();
    const packets = { packetsReceived: 90 };
    world.peer.stats = [
      { type: 'inbound-rtp', ssrc: ssrcOf(1, 'audio'), ...packets },
      { type: 'inbound-rtp', ssrc: ssrcOf(1, 'video'), ...packets },
    ];
    await world.clock.pass(2 * LOOK_EVERY_MS);

    media.setHearing(false);
    media.setPictures(['W1']);
    await world.clock.pass(20 * LOOK_EVERY_MS);

    expect(media.state.tiles.map(({ audio, video }) => [audio, video])).toEqual([
      ['waiting', 'waiting'],
      ['waiting', 'waiting'],
    ]);
  });
});
