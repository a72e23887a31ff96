import { describe, expect, it } from 'vitest';

import { createMedia, LOOK_EVERY_MS } from './createMedia';
import { PATIENCE_MS } from './keptLink';
import type { MediaState } from './mediaPort';
import { MediaWorld, settled } from './testWorld/mediaWorld';
import { offerOf, ssrcOf } from './testWorld/sdp';
import { connected, offer, SEAT, started } from './testWorld/seat';

const VIEW_OF_W1 = { alias: 'W1', track: 'video', lines: 180, pinned: false };
const UNKNOWN = { chosen: null, label: null, lost: null };

describe('createMedia', () => {
  it('does nothing before it is started', () => {
    const world = new MediaWorld();

    const { state } = createMedia(SEAT, world.surroundings);

    expect(state).toEqual({
      link: { state: 'off' },
      tiles: [],
      screens: [],
      own: {
        publishes: null,
        stream: null,
        sound: null,
        microphone: { state: 'off' },
        camera: { state: 'off' },
        speaking: false,
        protection: { picture: 'none', voice: 'none' },
        covered: null,
        hand: { isUp: false, loweredBy: null },
        screens: { screen: { state: 'off' }, desktop: { state: 'off' } },
        lists: { microphone: [], camera: [], loudspeaker: [] },
        uses: { microphone: UNKNOWN, camera: UNKNOWN, loudspeaker: UNKNOWN },
      },
      drops: { seats: [], strays: false },
      isServerFailing: false,
      isHeard: false,
      needsGesture: false,
    });
    expect(world.wires).toEqual([]);
  });

  it('answers the offer, asks for the devices and shows the others', async () => {
    const { world, media } = await started();
    await offer(world);
    const connecting = media.state.link;
    world.peer.become('connected');

    expect(world.wire.heard.slice(1)).toEqual([
      { type: 'media_answer', connection: 77, revision: 1, sdp: world.peer.localDescription?.sdp },
      { type: 'show_seat', camera: 'on', microphone: 'on', hand: false, screen: false },
    ]);
    expect([connecting, media.state.link]).toEqual([{ state: 'connecting' }, { state: 'connected' }]);
    expect(media.state.tiles.map(({ alias, stream }) => [alias, stream?.id])).toEqual([
      ['W1', 'W1'],
      ['E3', 'E3'],
    ]);
    expect(media.state.own).toMatchObject({ publishes: true, microphone: { state: 'on' }, camera: { state: 'on' } });
    expect(world.peer.sent('video')).toBe(world.devices.latest('video'));
  });

  it('asks a seat that only watches for nothing', async () => {
    const { world, media } = await started();

    await offer(world, 77, 1, offerOf(['E1'], []));

    expect([media.state.own.publishes, world.devices.requests]).toEqual([false, []]);
  });

  it('tells who is seen and who speaks, and calls back only where something has changed', async () => {
    const { world, media } = await connected();
    const states: MediaState[] = [];
    const leave = media.subscribe((state) => states.push(state));
    world.peer.stats = [
      { type: 'inbound-rtp', ssrc: ssrcOf(1, 'audio'), packetsReceived: 20, audioLevel: 0.4 },
      { type: 'inbound-rtp', ssrc: ssrcOf(1, 'video'), packetsReceived: 90 },
      { type: 'media-source', kind: 'audio', audioLevel: 0.4 },
    ];

    await world.clock.pass(2 * LOOK_EVERY_MS);
    leave();
    await world.clock.pass(2 * LOOK_EVERY_MS);

    expect(states).toHaveLength(1);
    expect(states[0]?.tiles.map(({ alias, audio, video, speaking }) => [alias, audio, video, speaking])).toEqual([
      ['W1', 'waiting', 'waiting', false],
      ['E3', 'flowing', 'flowing', true],
    ]);
    expect(states[0]?.own.speaking).toBe(true);
  });

  it('takes the relays into its connection, and looks for a way anew when a new pass comes', async () => {
    const { world } = await started();
    const relays = { type: 'media_relays', urls: ['turn:a:3478'], username: '1:E1', credential: 'one' } as const;
    world.wire.say(relays);
    const before = world.wire.heard.length;
    await offer(world);
    const first = world.peer.getConfiguration().iceServers;

    world.wire.say({ ...relays, username: '2:E1', credential: 'two' });

    expect([before, first]).toEqual([1, [{ urls: ['turn:a:3478'], username: '1:E1', credential: 'one' }]]);
    expect(world.peer.getConfiguration()).toEqual({
      bundlePolicy: 'max-bundle',
      iceServers: [{ urls: ['turn:a:3478'], username: '2:E1', credential: 'two' }],
    });
    expect(world.wire.heard.at(-1)).toEqual({ type: 'restart_media' });
  });

  it('replaces the peer connection when the server offers another one, and sends the same devices', async () => {
    const { world, media } = await connected();

    await offer(world, 78);
    const meanwhile = media.state.tiles.map(({ alias }) => alias);
    world.peer.become('connected');

    expect(world.peers.map(({ connectionState }) => connectionState)).toEqual(['closed', 'connected']);
    expect(world.peer.sent('audio')).toBe(world.devices.latest('audio'));
    expect([meanwhile, world.devices.requests.length]).toEqual([['W1', 'E3'], 1]);
  });

  it('takes a new revision on the connection there is', async () => {
    const { world, media } = await connected();

    await offer(world, 77, 2, offerOf(['W1', 'E3', 'E9']));

    expect(world.peers).toHaveLength(1);
    expect(media.state.tiles.map(({ alias }) => alias)).toEqual(['W1', 'E3', 'E9']);
    expect(media.state.link).toEqual({ state: 'connected' });
  });

  it('ends with the goodbye that no return would change, and can be started again', async () => {
    const { world, media } = await connected();

    world.wire.say({ type: 'goodbye', code: 'seat_taken', text: '' });
    const ended = [
      media.state.link,
      media.state.tiles,
      world.peer.connectionState,
      world.devices.latest('video').isLive,
    ];
    media.start();
    await settled();

    expect(ended).toEqual([{ state: 'ended', code: 'seat_taken' }, [], 'closed', false]);
    expect([media.state.link, world.wires.length]).toEqual([{ state: 'connecting' }, 2]);
  });

  it('lets everything go when it is stopped', async () => {
    const { world, media } = await connected();

    media.stop();
    world.network.dispatchEvent(new Event('online'));
    await world.clock.pass(10 * PATIENCE_MS);

    expect([media.state.link, media.state.tiles]).toEqual([{ state: 'off' }, []]);
    expect([world.wires.length, world.wire.isClosed, world.peer.connectionState]).toEqual([1, true, 'closed']);
    expect(world.devices.tracks.map(({ isLive }) => isLive)).toEqual([false, false]);
  });

  it('has where the server drops much of what comes and that its media fail, until another socket tells it anew', async () => {
    const { world, media } = await connected();
    const seats = [{ alias: 'E3', cause: 'foreign' }] as const;

    world.wire.say({ type: 'drops_seen', seats, strays: true });
    world.wire.say({ type: 'media_failing', on: true });
    const told = [media.state.drops, media.state.isServerFailing];
    world.wire.breakOff();
    await world.clock.pass(0);
    world.wire.open();

    expect(told).toEqual([{ seats, strays: true }, true]);
    expect([media.state.drops, media.state.isServerFailing]).toEqual([{ seats: [], strays: false }, false]);
  });

  it('says that sound needs a gesture, until there was one', () => {
    const world = new MediaWorld();
    world.isSoundBlocked = true;
    const media = createMedia(SEAT, world.surroundings);
    const before = media.state.needsGesture;

    world.isSoundBlocked = false;
    media.resumeSound();

    expect([before, media.state.needsGesture]).toEqual([true, false]);
  });

  it('hears nothing, sends nothing and asks for no other picture than it is told to', async () => {
    const world = new MediaWorld();
    const media = createMedia(SEAT, world.surroundings);
    media.setHearing(false);
    media.setSending(false);
    media.setPictures(['E3']);
    media.start();
    await settled();
    world.wire.open();
    await offer(world);
    world.peer.become('connected');

    expect(world.wire.heard).toMatchObject([
      { type: 'join_media', hears: false },
      { type: 'media_answer' },
      {
        type: 'view_tiles',
        tiles: [
          { ...VIEW_OF_W1, lines: 0 },
          { ...VIEW_OF_W1, alias: 'E3' },
        ],
      },
      { type: 'show_seat', camera: 'off', microphone: 'off' },
    ]);
    expect([world.devices.requests, media.state.isHeard, media.state.own.publishes]).toEqual([[], false, true]);
  });

  it('hears the room once the server says so, and sends again when it is to', async () => {
    const world = new MediaWorld();
    const media = createMedia(SEAT, world.surroundings);
    media.setHearing(false);
    media.setSending(false);
    media.start();
    await settled();
    world.wire.open();
    await offer(world);
    world.peer.become('connected');

    media.setHearing(true);
    const asked = [media.state.isHeard, world.wire.heard.at(-1)];
    world.wire.say({ type: 'room_heard', on: true });
    media.setSending(true);
    await settled();
    const sent = world.peer.sent('audio');
    const isHeard = media.state.isHeard;
    media.setSending(false);
    media.setHearing(false);

    expect(asked).toEqual([false, { type: 'hear_room', on: true }]);
    expect([isHeard, sent]).toEqual([true, world.devices.latest('audio')]);
    expect([media.state.isHeard, world.devices.latest('audio').isLive, world.peer.sent('audio')]).toEqual([
      false,
      false,
      null,
    ]);
  });
});
