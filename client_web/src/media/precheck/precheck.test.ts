import { describe, expect, it } from 'vitest';

import type { PrecheckPart } from '../../protocol/generated';
import { MediaWorld, settled } from '../testWorld/mediaWorld';
import { offerOf } from '../testWorld/sdp';
import { MEASURE_MS, Precheck, reportOf, SETTLE_MS, type PrecheckState, type PrecheckSurroundings } from './precheck';
import { WAY_PATIENCE_MS } from './probeLink';

const SEAT = {
  room: 'r1',
  token: () => 'token',
  key: { fingerprint: 'f'.repeat(64), signJoin: () => Promise.resolve(new Uint8Array(64)) },
};

/** A computer in small, and what its pre-check tells. */
function computer(change: Partial<PrecheckSurroundings> = {}, seat: typeof SEAT | null = SEAT) {
  const world = new MediaWorld();
  const states: PrecheckState[] = [];
  const around: PrecheckSurroundings = {
    ...world.surroundings,
    lacks: () => [],
    coversInFrontAlone: () => false,
    transport: () => Promise.resolve('trusted'),
    isLocal: false,
    date: () => 1_000_000,
    askTime: () => Promise.resolve(1_000_200),
    loudest: (_, __, tell) => {
      tell(0.3);
      return Promise.resolve(0.3);
    },
    brightness: () => Promise.resolve(90),
    playTone: () => Promise.resolve(true),
    ...change,
  };
  const check = new Precheck(seat, around, (state) => states.push(state));
  return { world, check, states };
}

/** The finding of a part. */
function found({ rows }: PrecheckState, part: PrecheckPart): string | undefined {
  return rows.find((row) => row.part === part)?.finding?.code;
}

type Computer = ReturnType<typeof computer>;

/** The server's two offers of a way; they connect if the way stands, and count what comes back. */
async function offer({ world }: Computer, number: number, stands: boolean): Promise<void> {
  world.wire.say({ type: 'media_offer', connection: number, revision: 1, sdp: offerOf([]) });
  world.wire.say({ type: 'media_offer', connection: number + 1, revision: 1, sdp: offerOf(['P1'], []) });
  await settled();
  const [sender, taker] = world.peers.slice(-2);
  if (sender === undefined || taker === undefined || !stands) {
    await world.clock.pass(WAY_PATIENCE_MS);
    return;
  }
  sender.become('connected');
  taker.become('connected');
  await settled();
  await world.clock.pass(SETTLE_MS);
  sender.stats = [
    { type: 'outbound-rtp', packetsSent: 1000 },
    { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.03 },
  ];
  taker.stats = [
    {
      type: 'inbound-rtp',
      packetsReceived: 1000,
      packetsLost: 0,
      bytesReceived: 800_000,
      framesDecoded: 120,
      frameHeight: 360,
    },
  ];
  await world.clock.pass(MEASURE_MS);
}

/** Begins, and comes to where the socket stands. */
async function begun(at: Computer): Promise<void> {
  void at.check.start();
  await settled();
  await settled();
  at.world.wires.at(-1)?.open();
  await settled();
}

describe('Precheck', () => {
  it('passes a computer on which everything works, once the person has heard the tone', async () => {
    const at = computer();
    await begun(at);
    const meanwhile = at.check.state;
    await offer(at, 1, true);
    at.check.answerTone(true);
    await settled();

    const { state } = at.check;
    expect(meanwhile.rows.find(({ part }) => part === 'loudspeaker')?.state).toBe('asking');
    expect(state.phase).toBe('over');
    expect(state.rows.map(({ finding }) => finding?.code)).toEqual([
      'fit',
      'trusted',
      'right',
      'open',
      'seen',
      'heard',
      'heard',
      'straight',
      'none',
      'good',
    ]);
    expect(reportOf(state)).toEqual({
      type: 'report_precheck',
      marks: {
        browser: 'passed',
        https: 'passed',
        clock: 'passed',
        socket: 'passed',
        camera: 'passed',
        microphone: 'passed',
        loudspeaker: 'passed',
        udp: 'passed',
        line: 'passed',
      },
      clock_offset_ms: -200,
      line: { kbit_s: 800, lost_permille: 0, round_trip_ms: 30 },
    });
    expect(at.states.some(({ level }) => level === 0.3)).toBe(true);
    expect(at.states.some(({ returned }) => returned?.id === 'P1')).toBe(true);
  });

  it('lets camera, microphone and connections go at the end', async () => {
    const at = computer();
    await begun(at);
    await offer(at, 1, true);
    at.check.answerTone(true);
    await settled();

    expect(at.world.devices.tracks.map(({ isLive }) => isLive)).toEqual([false, false]);
    expect([at.world.wire.isClosed, ...at.world.peers.map(({ connectionState }) => connectionState)]).toEqual([
      true,
      'closed',
      'closed',
    ]);
    expect([at.check.state.picture, at.check.state.returned]).toEqual([null, null]);
  });

  it('tries each relay alone where UDP does not come through, and measures over the first that works', async () => {
    const at = computer();
    await begun(at);
    at.world.wire.say({
      type: 'media_relays',
      urls: ['turn:relay.cn:3478?transport=udp', 'turns:relay.cn:443?transport=tcp'],
      username: '1:E1',
      credential: 'c',
    });
    await offer(at, 1, false);
    await offer(at, 3, false);
    await offer(at, 5, true);
    at.check.answerTone(true);
    await settled();

    const { state } = at.check;
    expect(['udp', 'relay', 'line'].map((part) => found(state, part as PrecheckPart))).toEqual([
      'relayed',
      'partly',
      'good',
    ]);
    expect(state.rows.find(({ part }) => part === 'relay')?.finding?.facts).toEqual({
      broken: ['relay.cn 3478/UDP'],
      count: 1,
    });
    expect(at.world.peers.map((peer) => peer.getConfiguration().iceServers?.[0]?.urls)).toEqual([
      undefined,
      undefined,
      'turn:relay.cn:3478?transport=udp',
      'turn:relay.cn:3478?transport=udp',
      'turns:relay.cn:443?transport=tcp',
      'turns:relay.cn:443?transport=tcp',
    ]);
  });

  it('finds that no way leads to the server', async () => {
    const at = computer();
    await begun(at);
    await offer(at, 1, false);
    at.check.answerTone(true);
    await settled();

    expect(['udp', 'relay', 'line'].map((part) => found(at.check.state, part as PrecheckPart))).toEqual([
      'blocked',
      'missing',
      'not_tried',
    ]);
  });

  it.each([
    ['media_off', ['open', 'no_media']],
    ['probes_busy', ['refused', 'not_tried']],
  ])('tells a server that says %s', async (code, codes) => {
    const at = computer();
    await begun(at);
    at.world.wire.say({ type: 'goodbye', code, text: '' });
    await settled();
    at.check.answerTone(true);
    await settled();

    expect([found(at.check.state, 'socket'), found(at.check.state, 'udp')]).toEqual(codes);
    expect(at.check.state.phase).toBe('over');
  });

  it('finds a network that lets no WebSocket through', async () => {
    const at = computer();
    void at.check.start();
    await settled();
    await settled();
    at.world.wire.breakOff();
    at.check.answerTone(true);
    await settled();

    expect([found(at.check.state, 'socket'), found(at.check.state, 'udp')]).toEqual(['blocked', 'not_tried']);
  });

  it('tries no way for a computer that has entered no seat', async () => {
    const at = computer({}, null);
    void at.check.start();
    await settled();
    await settled();
    at.check.answerTone(true);
    await settled();

    expect(at.world.wires).toEqual([]);
    expect(found(at.check.state, 'socket')).toBe('no_seat');
    expect(reportOf(at.check.state).marks).not.toHaveProperty('udp');
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'in_use'],
  ])('says why a camera cannot be had: %s', async (name, code) => {
    const at = computer({}, null);
    at.world.devices.trouble.video = name;
    void at.check.start();
    await settled();
    await settled();
    at.check.answerTone(true);
    await settled();

    expect([found(at.check.state, 'camera'), found(at.check.state, 'microphone')]).toEqual([code, 'heard']);
  });

  it('finds what a person would not notice: a covered lens, a silent microphone, a wrong clock', async () => {
    const at = computer(
      {
        brightness: () => Promise.resolve(3),
        loudest: () => Promise.resolve(0.001),
        askTime: () => Promise.resolve(1_000_000 - 90_000),
      },
      null,
    );
    void at.check.start();
    await settled();
    await settled();
    at.check.answerTone(false);
    await settled();

    expect(
      ['camera', 'microphone', 'clock', 'loudspeaker'].map((part) => found(at.check.state, part as PrecheckPart)),
    ).toEqual(['dark', 'silent', 'off', 'unheard']);
  });

  it('says what a browser lacks, and that the page is not safe', async () => {
    const at = computer({ lacks: () => ['WebRTC', 'dialog'], transport: () => Promise.resolve('insecure') }, null);
    void at.check.start();
    await settled();

    expect(at.check.state.rows[0]?.finding).toMatchObject({ code: 'old', facts: { lacking: ['WebRTC', 'dialog'] } });
    expect(found(at.check.state, 'https')).toBe('insecure');
  });

  it('says that a mosaic needs the page in front, and of a microphone that cannot be measured', async () => {
    const at = computer({ coversInFrontAlone: () => true, loudest: () => Promise.reject(new Error('no sound')) }, null);
    void at.check.start();
    await settled();
    await settled();

    expect([found(at.check.state, 'browser'), found(at.check.state, 'microphone')]).toEqual(['in_front', 'unmeasured']);
  });

  it('blames no network for a browser that could not use it', async () => {
    const at = computer({ lacks: () => ['WebRTC'] });
    void at.check.start();
    await settled();
    await settled();
    at.check.answerTone(true);
    await settled();

    expect(at.world.wires).toEqual([]);
    expect(reportOf(at.check.state).marks).toMatchObject({ browser: 'failed' });
    expect(['socket', 'udp', 'relay'].map((part) => found(at.check.state, part as PrecheckPart))).toEqual([
      'not_tried',
      'not_tried',
      'not_tried',
    ]);
  });

  it('begins anew, and hears nothing of the run before', async () => {
    const at = computer({}, null);
    void at.check.start();
    await settled();
    await settled();

    void at.check.start();
    await settled();
    await settled();
    const asking = at.check.state.rows.find(({ part }) => part === 'loudspeaker');
    at.check.answerTone(true);
    await settled();

    expect([asking?.state, at.check.state.phase]).toEqual(['asking', 'over']);
  });
});
