import { describe, expect, it } from 'vitest';

import { NOTHING_CHOSEN } from './deviceLists';
import { OwnDevices } from './ownDevices';
import { SimulatedDevices, type SimulatedTrack } from './testWorld/devices';
import { settled } from './testWorld/mediaWorld';

/** The devices of a seat, with the track that is sent of each kind. */
function makeDevices(world: SimulatedDevices, chosen = NOTHING_CHOSEN) {
  const sent: Record<string, SimulatedTrack | null> = {};
  const listener = {
    changed: () => undefined,
    track: (kind: string, track: MediaStreamTrack | null) => {
      sent[kind] = track as SimulatedTrack | null;
    },
  };
  const own = new OwnDevices(world.asBrowser, listener, chosen);
  return { own, sent, states: () => [own.device('audio'), own.device('video')] };
}

const BUILT_IN = { id: 'c1', label: '内置' };
const PLUGGED = { id: 'c2', label: '外接' };

/** A machine with these cameras. */
function withCameras(...labels: string[]): SimulatedDevices {
  const world = new SimulatedDevices();
  world.plugged.push(
    ...labels.map((label, place) => ({ kind: 'videoinput', deviceId: `c${place + 1}`, label }) as const),
  );
  return world;
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

  it('lists what is plugged in once it may be named', async () => {
    const world = withCameras('内置', '外接');
    const { own } = makeDevices(world);
    const before = own.lists;

    own.start();
    await settled();

    expect([before.camera, own.lists.camera]).toEqual([[], [BUILT_IN, PLUGGED]]);
    expect(own.inUse('video')).toEqual({ chosen: null, label: '内置', lost: null });
  });

  it('changes to the device that is chosen, and lets the other one go', async () => {
    const world = withCameras('内置', '外接');
    const { own, sent, states } = makeDevices(world);
    own.start();
    await settled();
    const first = world.latest('video');

    own.choose('video', PLUGGED);
    const meanwhile = [states()[1], sent['video']];
    await settled();

    expect(meanwhile).toEqual([ON, first]);
    expect([sent['video']?.label, first.isLive, states()[1]]).toEqual(['外接', false, ON]);
    expect(own.inUse('video')).toEqual({ chosen: PLUGGED, label: '外接', lost: null });
  });

  it('begins with the device that was chosen before', async () => {
    const world = withCameras('内置', '外接');
    const { own, sent } = makeDevices(world, { ...NOTHING_CHOSEN, camera: PLUGGED });

    own.start();
    await settled();

    expect(sent['video']?.label).toBe('外接');
  });

  it('has another device stand in for one that was pulled out, says so, and goes back to it by itself', async () => {
    const world = withCameras('内置', '外接');
    const { own, sent } = makeDevices(world, { ...NOTHING_CHOSEN, camera: PLUGGED });
    own.start();
    await settled();

    world.pullOut('外接');
    await settled();
    const without = [sent['video']?.label, own.inUse('video')];
    world.plugged.push({ kind: 'videoinput', deviceId: PLUGGED.id, label: PLUGGED.label });
    world.plugIn();
    await settled();

    expect(without).toEqual(['内置', { chosen: PLUGGED, label: '内置', lost: '外接' }]);
    expect([sent['video']?.label, own.inUse('video').lost]).toEqual(['外接', null]);
  });

  it('says which device is gone also where nobody has chosen it, until that was noted', async () => {
    const world = withCameras('内置', '外接');
    const { own } = makeDevices(world);
    own.start();
    await settled();

    world.pullOut('内置');
    await settled();
    const lost = own.inUse('video');
    own.noteLost('video');

    expect([lost, own.inUse('video').lost]).toEqual([{ chosen: null, label: '外接', lost: '内置' }, null]);
  });

  it('uses the chosen loudspeaker as long as it is there', async () => {
    const world = new SimulatedDevices();
    const speakers = ['s1', 's2'].map((id) => ({ kind: 'audiooutput', deviceId: id, label: `扬声器 ${id}` }) as const);
    world.plugged.push(...speakers);
    const { own } = makeDevices(world);
    own.start();
    await settled();

    const chosen = { id: 's2', label: '扬声器 s2' };
    own.chooseLoudspeaker(chosen);
    const there = own.loudspeaker;
    world.pullOut('扬声器 s2');
    await settled();

    expect([there, own.loudspeaker]).toEqual([
      { chosen, label: '扬声器 s2', lost: null },
      { chosen, label: null, lost: '扬声器 s2' },
    ]);
  });

  it('says that a microphone failed although it is switched off, and asks for it all the same', async () => {
    const world = new SimulatedDevices();
    world.trouble.audio = 'NotAllowedError';
    const { own, states } = makeDevices(world);
    own.set('audio', false);

    own.start();
    await settled();

    expect(states()).toEqual([{ state: 'failed', trouble: 'denied' }, ON]);
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
