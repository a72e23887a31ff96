import { describe, expect, it } from 'vitest';

import { MediaConnection } from './mediaConnection';
import { SimulatedTrack } from './testWorld/devices';
import { SimulatedPeer } from './testWorld/peers';
import { offerOf } from './testWorld/sdp';

function track(kind: 'audio' | 'video'): { simulated: SimulatedTrack; asBrowser: MediaStreamTrack } {
  const simulated = new SimulatedTrack(kind);
  return { simulated, asBrowser: simulated as unknown as MediaStreamTrack };
}

function makeConnection(peer: SimulatedPeer, own = {}) {
  const told: string[] = [];
  const connection = new MediaConnection(77, peer.asBrowser, own, {
    streamed: () => told.push('streamed'),
    healthChanged: () => told.push('health'),
  });
  return { connection, told };
}

describe('MediaConnection', () => {
  it('answers with the own lines to send and the others to receive', async () => {
    const peer = new SimulatedPeer();
    const camera = track('video');
    const { connection, told } = makeConnection(peer, { video: camera.asBrowser });

    const answer = await connection.answer(offerOf(['E3']));

    expect(answer).toBe('answer 1 audio:sendonly video:sendonly E3-audio:recvonly E3-video:recvonly');
    expect([peer.sent('video'), peer.sent('audio')]).toEqual([camera.simulated, null]);
    expect(told).toEqual(['streamed', 'streamed']);
    expect([...connection.streams.keys()]).toEqual(['E3']);
  });

  it('knows for which kinds the browser has no codec', async () => {
    const peer = new SimulatedPeer();
    peer.answer = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n';
    const { connection } = makeConnection(peer);
    const before = connection.refused;

    await connection.answer(offerOf(['E3']));

    expect([before, connection.refused]).toEqual([[], ['video']]);
  });

  it('says how large each layer of the own picture is', async () => {
    const peer = new SimulatedPeer();
    peer.rids = ['l', 'h'];
    const { connection } = makeConnection(peer);

    await connection.answer(offerOf(['E3']));

    const video = peer.transceivers.find(({ mid }) => mid === 'video');
    expect(video?.encodings.map(({ rid, scaleResolutionDownBy }) => [rid, scaleResolutionDownBy])).toEqual([
      ['l', 2],
      ['h', 1],
    ]);
  });

  it('leaves a single picture as it is', async () => {
    const peer = new SimulatedPeer();
    peer.rids = [''];
    const { connection } = makeConnection(peer);

    await connection.answer(offerOf(['E3']));

    expect(peer.transceivers.find(({ mid }) => mid === 'video')?.encodings).toEqual([{ rid: '' }]);
  });

  it('takes later offers one after the other and keeps the own tracks', async () => {
    const peer = new SimulatedPeer();
    const { connection } = makeConnection(peer);
    const microphone = track('audio');

    const first = connection.answer(offerOf(['E3']));
    const second = connection.answer(offerOf(['E3', 'E4']));
    await Promise.all([first, second]);
    await connection.setOwnTrack('audio', microphone.asBrowser);

    expect(peer.offers).toEqual([offerOf(['E3']), offerOf(['E3', 'E4'])]);
    expect([...connection.streams.keys()]).toEqual(['E3', 'E4']);
    expect(peer.sent('audio')).toBe(microphone.simulated);
    expect(connection.lines.receiving.map(({ mid }) => mid)).toEqual(['E3-audio', 'E3-video', 'E4-audio', 'E4-video']);
  });

  it('sends a track from its first offer on that was there before it', async () => {
    const peer = new SimulatedPeer();
    const { connection } = makeConnection(peer);
    const camera = track('video');

    await connection.setOwnTrack('video', camera.asBrowser);
    await connection.answer(offerOf(['E3']));

    expect(peer.sent('video')).toBe(camera.simulated);
  });

  it('refuses what is no offer and answers the next one', async () => {
    const { connection } = makeConnection(new SimulatedPeer());

    await expect(connection.answer('m=text')).rejects.toThrow('no track for m=text');

    expect(await connection.answer(offerOf(['E3'], []))).toContain('E3-audio:recvonly');
  });

  it.each<[RTCPeerConnectionState, string]>([
    ['new', 'pending'],
    ['connecting', 'pending'],
    ['connected', 'connected'],
    ['disconnected', 'broken'],
    ['failed', 'broken'],
  ])('is, while %s, %s', (state, health) => {
    const peer = new SimulatedPeer();
    const { connection, told } = makeConnection(peer);

    peer.become(state);

    expect([connection.health, told]).toEqual([health, ['health']]);
  });

  it('counts by SSRC, and the own level', async () => {
    const peer = new SimulatedPeer();
    peer.stats = [
      { type: 'inbound-rtp', ssrc: 1000, packetsReceived: 50, audioLevel: 0.25 },
      { type: 'inbound-rtp', ssrc: 1001 },
      { type: 'media-source', kind: 'audio', audioLevel: 0.5 },
      { type: 'media-source', kind: 'video' },
      { type: 'candidate-pair', bytesReceived: 900 },
      { type: 'candidate-pair', bytesReceived: 80 },
      { type: 'candidate-pair' },
      { type: 'transport' },
    ];

    expect(await makeConnection(peer).connection.counts()).toEqual({
      lines: new Map([
        [1000, { packets: 50, level: 0.25 }],
        [1001, { packets: 0, level: 0 }],
      ]),
      ownLevel: 0.5,
      octets: 980,
    });
  });

  it('puts no track on a connection that is closed', async () => {
    const peer = new SimulatedPeer();
    const { connection } = makeConnection(peer);
    await connection.answer(offerOf([]));

    connection.close();
    await connection.setOwnTrack('audio', track('audio').asBrowser);

    expect([peer.connectionState, peer.sent('audio')]).toEqual(['closed', null]);
  });
});
