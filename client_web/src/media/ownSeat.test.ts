import { describe, expect, it } from 'vitest';

import { LOOK_EVERY_MS } from './createMedia';
import { BEGUN_WITHIN_MS } from './privacy/ownMasks';
import { MediaWorld, settled } from './testWorld/mediaWorld';
import { offerOf } from './testWorld/sdp';
import { connected, offer, started } from './testWorld/seat';

describe('OwnSeat', () => {
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

  it('hears by itself whether the person speaks where the browser does not count it', async () => {
    const { world, media } = await connected();
    await settled();
    world.peer.stats = [{ type: 'media-source', kind: 'audio' }];
    world.loudness = 0.2;
    await world.clock.pass(LOOK_EVERY_MS);
    const loud = [media.state.own.speaking, world.heard];
    const microphone = world.devices.latest('audio');
    world.loudness = 0;
    await world.clock.pass(3 * LOOK_EVERY_MS);
    const quiet = media.state.own.speaking;
    media.stop();

    expect(loud).toEqual([true, microphone]);
    expect([quiet, world.heard]).toEqual([false, null]);
  });

  it('leaves the counting to a browser that counts', async () => {
    const { world, media } = await connected();
    world.peer.stats = [{ type: 'media-source', kind: 'audio', audioLevel: 0.2 }];

    await world.clock.pass(LOOK_EVERY_MS);

    expect([media.state.own.speaking, world.heard]).toEqual([true, null]);
  });

  it('sends no tone where nothing is sent', async () => {
    const { world, media } = await started();

    await media.soundTone();

    expect(world.tones).toEqual([]);
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
});
