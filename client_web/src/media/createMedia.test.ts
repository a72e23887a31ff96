import { describe, expect, it } from 'vitest';

import { createMedia, LOOK_AGAIN_MS, LOOK_EVERY_MS, OFFER_WITHIN_MS, PATIENCE_MS } from './createMedia';
import type { MediaState } from './mediaPort';
import { BEGUN_WITHIN_MS } from './privacy/ownMasks';
import { MediaWorld, settled } from './testWorld/mediaWorld';
import { offerOf, ssrcOf } from './testWorld/sdp';

const SEAT = {
  room: 'r1',
  token: () => 'token',
  key: { fingerprint: 'f'.repeat(64), signJoin: () => Promise.resolve(new Uint8Array(64)) },
  isExpected: () => true,
};

const VIEW_OF_W1 = { alias: 'W1', track: 'video', lines: 180, pinned: false };
const UNKNOWN = { chosen: null, label: null, lost: null };

/** A seat whose media were started. */
async function started(world = new MediaWorld()) {
  const media = createMedia(SEAT, world.surroundings);
  media.start();
  await settled();
  world.wire.open();
  return { world, media };
}

/** The server offers, the page answers. */
async function offer(world: MediaWorld, connection = 77, revision = 1, sdp = offerOf(['W1', 'E3'])): Promise<void> {
  world.wire.say({ type: 'media_offer', connection, revision, sdp });
  await settled();
}

/** A seat that sees the others. */
async function connected(world = new MediaWorld()) {
  const seat = await started(world);
  await offer(world);
  world.peer.become('connected');
  return seat;
}

/** Pictures come for so many looks, and then nothing more. */
async function fallenSilent(world: MediaWorld): Promise<void> {
  for (let octets = 10_000; octets <= 60_000; octets += 10_000) {
    world.peer.stats = [{ type: 'candidate-pair', bytesReceived: octets }];
    await world.clock.pass(LOOK_EVERY_MS);
  }
  await world.clock.pass(LOOK_EVERY_MS + LOOK_AGAIN_MS);
}

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
      isHeard: false,
      needsGesture: false,
    });
    expect(world.wires).toEqual([]);
  });

  it('says of a camera that has not failed that this browser lacks the codec of its picture', async () => {
    const world = new MediaWorld();
    const { media } = await started(world);
    world.answer = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n';
    await offer(world);

    expect(media.state.own).toMatchObject({
      microphone: { state: 'on' },
      camera: { state: 'failed', trouble: 'unsupported' },
    });
    expect(world.wire.heard.at(-1)).toEqual({
      type: 'show_seat',
      camera: 'failed',
      microphone: 'on',
      hand: false,
      screen: false,
    });
  });

  it('sends a tone beside the microphone, and then the microphone alone again', async () => {
    const { world, media } = await connected();
    await settled();
    const sent = () => world.peer.transceivers.find(({ mid }) => mid === 'audio')?.track;
    const microphone = world.devices.latest('audio');

    const toned = media.soundTone();
    await settled();
    const during = sent();
    const [tone, ...others] = world.tones;
    tone?.end();
    await toned;

    expect([during, others]).toEqual([tone?.track, []]);
    expect(sent()).toBe(microphone);
    expect(tone?.track.isLive).toBe(false);
  });

  it('sends the tone in the changed voice as well, and never the bare voice there', async () => {
    const { world, media } = await started();
    await offer(world, 77, 1, offerOf(['W1'], ['audio', 'video', 'masked_audio']));
    await settled();
    const masked = world.masked.get('audio');

    const toned = media.soundTone();
    await settled();
    const [, tone] = world.tones;
    const during = world.peer.sent('masked_audio');
    for (const each of world.tones) each.end();
    await toned;

    expect(world.tones).toHaveLength(2);
    expect(tone?.voice).toBe(masked);
    expect([during, world.peer.sent('masked_audio')]).toEqual([tone?.track, masked]);
  });

  it('sends no tone where nothing is sent', async () => {
    const { world, media } = await started();

    await media.soundTone();

    expect(world.tones).toEqual([]);
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

  it('answers before the person has allowed the devices, and sends them as soon as they are there', async () => {
    const { world, media } = await started();
    world.devices.isPrompting = true;
    await offer(world);
    const meanwhile = [world.wire.heard[1]?.type, media.state.own.camera];

    world.devices.prompts[0]?.answer();
    await settled();

    expect(meanwhile).toEqual(['media_answer', { state: 'starting' }]);
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

  it('switches microphone and camera', async () => {
    const { world, media } = await connected();

    media.setMicrophone(false);
    media.setCamera(false);

    expect(media.state.own).toMatchObject({ microphone: { state: 'off' }, camera: { state: 'off' }, stream: null });
    expect([world.devices.latest('audio').enabled, world.peer.sent('video')]).toEqual([false, null]);
  });

  it('tells what the person switches, each change once, and all of it on a new connection', async () => {
    const { world, media } = await connected();
    const first = world.wire;

    media.setCamera(false);
    media.setCamera(false);
    media.setHand(true);
    first.breakOff();
    await world.clock.pass(0);
    world.wire.open();

    const told = { type: 'show_seat', camera: 'off', microphone: 'on', hand: true, screen: false };
    expect(first.heard.filter(({ type }) => type === 'show_seat').slice(1)).toEqual([{ ...told, hand: false }, told]);
    expect(world.wire.heard.slice(1)).toContainEqual(told);
  });

  it('tells nothing of a seat that only watches', async () => {
    const { world, media } = await started();
    await offer(world, 77, 1, offerOf(['E1'], []));

    media.setHand(true);

    expect(world.wire.heard.map(({ type }) => type)).toEqual(['join_media', 'media_answer']);
  });

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

  it('says who has lowered the hand, and asks to lower that of others', async () => {
    const { world, media } = await connected();
    media.setHand(true);

    world.wire.say({ type: 'hand_lowered', by: 'H1' });
    media.lowerHand('E3');

    expect(media.state.own.hand).toEqual({ isUp: false, loweredBy: 'H1' });
    expect(world.wire.heard.slice(-2)).toEqual([
      { type: 'show_seat', camera: 'on', microphone: 'on', hand: false, screen: false },
      { type: 'lower_hand', alias: 'E3' },
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

  it('has where the server drops much of what comes, until another socket tells it anew', async () => {
    const { world, media } = await connected();
    const seats = [{ alias: 'E3', cause: 'foreign' }] as const;

    world.wire.say({ type: 'drops_seen', seats, strays: true });
    const told = media.state.drops;
    world.wire.breakOff();
    await world.clock.pass(0);
    world.wire.open();

    expect(told).toEqual({ seats, strays: true });
    expect(media.state.drops).toEqual({ seats: [], strays: false });
  });

  it('shows a screen once the person has chosen one, and tells of it', async () => {
    const world = new MediaWorld();
    const { media } = await started(world);
    world.wire.say({
      type: 'media_offer',
      connection: 7,
      revision: 1,
      sdp: offerOf(['E3'], ['audio', 'video', 'screen']),
    });
    await settled();
    world.devices.surface = 'window';

    media.startScreen('screen');
    await settled();

    const line = world.peer.transceivers.find(({ mid }) => mid === 'screen');
    expect(media.state.own.screens.screen).toEqual({ state: 'on', isSure: true });
    expect(world.peer.sent('screen')).toBe(world.devices.latest('video'));
    expect(line?.encodings).toEqual([{ active: true, maxBitrate: 1_500_000, maxFramerate: 8, priority: 'medium' }]);
    expect(line?.degradation).toBe('maintain-resolution');
    expect(world.wire.heard.at(-1)).toMatchObject({ type: 'show_seat', screen: true });

    media.stopScreen('screen');

    expect(world.peer.sent('screen')).toBeNull();
    expect(world.wire.heard.at(-1)).toMatchObject({ type: 'show_seat', screen: false });
  });

  it('lets the screens go at its end', async () => {
    const world = new MediaWorld();
    const { media } = await started(world);
    world.devices.surface = 'monitor';
    media.startScreen('desktop');
    await settled();

    media.stop();

    expect(world.devices.latest('video').isLive).toBe(false);
    expect(media.state.own.screens.desktop).toEqual({ state: 'off' });
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

  it('says that sound needs a gesture, until there was one', () => {
    const world = new MediaWorld();
    world.isSoundBlocked = true;
    const media = createMedia(SEAT, world.surroundings);
    const before = media.state.needsGesture;

    world.isSoundBlocked = false;
    media.resumeSound();

    expect([before, media.state.needsGesture]).toEqual([true, false]);
  });

  it('sends a protected version beside the bare one where the server asks for it, and never one in place of the other', async () => {
    const { world, media } = await started();
    await offer(world, 77, 1, offerOf(['W1'], ['audio', 'video', 'masked_video']));
    world.peer.become('connected');

    expect(world.peer.sent('video')).toBe(world.devices.latest('video'));
    expect(world.peer.sent('masked_video')).toBe(world.masked.get('video'));
    expect(media.state.own.protection).toEqual({ picture: 'working', voice: 'none' });

    await world.clock.pass(BEGUN_WITHIN_MS + 200); // it gives no sign of life

    expect(media.state.own.protection).toEqual({ picture: 'stalled', voice: 'none' });
    expect(world.peer.sent('masked_video')).toBe(world.masked.get('video'));

    media.setCamera(false);
    await settled();
    expect([world.peer.sent('video'), world.peer.sent('masked_video')]).toEqual([null, null]);
    expect(media.state.own.covered).toBeNull();
  });

  it('protects the same tracks on a new connection', async () => {
    const { world } = await started();
    const sdp = offerOf(['W1'], ['audio', 'video', 'masked_audio']);
    await offer(world, 77, 1, sdp);
    await offer(world, 78, 1, sdp);

    expect(world.peers).toHaveLength(2);
    expect(world.peer.sent('masked_audio')).toBe(world.masked.get('audio'));
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
