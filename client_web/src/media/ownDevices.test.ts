import { describe, expect, it } from 'vitest';

import { OwnDevices } from './ownDevices';
import { SimulatedDevices, type SimulatedTrack } from './testWorld/devices';
import { settled } from './testWorld/mediaWorld';

/** The devices of a seat, with the track that is sent of each kind. */
function makeDevices(world: SimulatedDevices) {
  const sent: Record<string, SimulatedTrack | null> = {};
  const own = new OwnDevices(world.asBrowser, {
    changed: () => undefined,
    track: (kind, track) => (sent[kind] = track as SimulatedTrack | null),
  });
  return { own, sent, states: () => [own.device('audio'), own.device('video')] };
}

const ON = { state: 'on' };
const OFF = { state: 'off' };

describe('OwnDevices', () => {
  it('asks for both at once and sends them', async () => {
    const world = new SimulatedDevices();
    const { own, sent, states } = makeDevices(world);
    const before = states();

    own.start();
    own.start();
    const starting = states();
    await settled();

    expect(world.requests).toEqual([['audio', 'video']]);
    expect([before, starting, states()]).toEqual([
      [OFF, OFF],
      [{ state: 'starting' }, { state: 'starting' }],
      [ON, ON],
    ]);
    expect(sent).toEqual({ audio: world.latest('audio'), video: world.latest('video') });
    expect(own.stream?.id).toBe('own-1');
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'in_use'],
    ['InvalidStateError', 'failed'],
  ])('goes on with the microphone where the camera gives %s', async (name, trouble) => {
    const world = new SimulatedDevices();
    world.trouble.video = name;
    const { own, sent, states } = makeDevices(world);

    own.start();
    await settled();

    expect(world.requests).toEqual([['audio', 'video'], ['audio'], ['video']]);
    expect(states()).toEqual([ON, { state: 'failed', trouble }]);
    expect(Object.keys(sent)).toEqual(['audio']);
  });

  it('says that the page is insecure where the browser offers no devices', async () => {
    const own = new OwnDevices(undefined, { changed: () => undefined, track: () => undefined });

    own.start();
    await settled();

    expect(own.device('video')).toEqual({ state: 'failed', trouble: 'insecure' });
  });

  it('has a microphone that is off send silence, and lets a camera go that is off', async () => {
    const world = new SimulatedDevices();
    const { own, sent, states } = makeDevices(world);
    own.start();
    await settled();
    const [microphone, camera] = [world.latest('audio'), world.latest('video')];

    own.set('audio', false);
    own.set('video', false);
    const off = [states(), microphone.enabled, microphone.isLive, camera.isLive, sent['video'], own.stream];
    own.set('audio', true);
    own.set('video', true);
    await settled();

    expect(off).toEqual([[OFF, OFF], false, true, false, null, null]);
    expect(states()).toEqual([ON, ON]);
    expect([sent['audio'], microphone.enabled]).toEqual([microphone, true]);
    expect([sent['video'], world.requests]).toEqual([world.latest('video'), [['audio', 'video'], ['video']]]);
  });

  it('does not send a camera that was switched off while it was asked for', async () => {
    const world = new SimulatedDevices();
    world.isPrompting = true;
    const { own, sent, states } = makeDevices(world);
    own.start();
    own.set('video', false);
    own.set('audio', false);

    world.prompts[0]?.answer();
    await settled();

    expect(states()).toEqual([OFF, OFF]);
    expect([sent['video'], world.latest('video').isLive]).toEqual([undefined, false]);
    expect([world.latest('audio').isLive, world.latest('audio').enabled]).toEqual([true, false]);
  });

  it('gets a device back that was pulled out, once it is there again', async () => {
    const world = new SimulatedDevices();
    const { own, sent, states } = makeDevices(world);
    own.start();
    await settled();

    world.trouble.audio = 'NotFoundError';
    world.latest('audio').pullOut();
    await settled();
    const without = [states(), sent['audio']];
    delete world.trouble.audio;
    world.plugIn();
    await settled();

    expect(without).toEqual([[{ state: 'failed', trouble: 'missing' }, ON], null]);
    expect([states(), sent['audio']]).toEqual([[ON, ON], world.latest('audio')]);
  });

  it('tries again when the person switches a failed device on', async () => {
    const world = new SimulatedDevices();
    world.trouble.video = 'NotAllowedError';
    const { own, states } = makeDevices(world);
    own.start();
    await settled();

    delete world.trouble.video;
    own.set('video', true);
    await settled();

    expect(states()).toEqual([ON, ON]);
  });

  it('lets everything go at the end, and what comes later too', async () => {
    const world = new SimulatedDevices();
    const { own, sent } = makeDevices(world);
    own.start();
    await settled();
    world.isPrompting = true;
    world.latest('video').pullOut();
    own.stop();
    world.plugIn();
    world.prompts[0]?.answer();
    await settled();

    expect(world.tracks.map(({ isLive }) => isLive)).toEqual([false, false, false]);
    expect(sent).toEqual({ audio: null, video: null });
    expect(world.requests).toEqual([['audio', 'video'], ['video']]);
  });
});
