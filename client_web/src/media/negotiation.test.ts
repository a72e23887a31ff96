import { describe, expect, it } from 'vitest';

import { MalformedOffer, ownTrack, readOffer, sourcesOf } from './negotiation';
import { offerOf } from './testWorld/sdp';

describe('readOffer', () => {
  it('finds the own lines and those of the other seats, in the order of the offer', () => {
    const lines = readOffer(offerOf(['W1', 'E3']));

    expect(lines).toEqual({
      sending: ['audio', 'video'],
      receiving: [
        { mid: 'W1-audio', alias: 'W1', track: 'audio', kind: 'audio', stream: 'W1', ssrc: 1000 },
        { mid: 'W1-video', alias: 'W1', track: 'video', kind: 'video', stream: 'W1', ssrc: 1001 },
        { mid: 'E3-audio', alias: 'E3', track: 'audio', kind: 'audio', stream: 'E3', ssrc: 1002 },
        { mid: 'E3-video', alias: 'E3', track: 'video', kind: 'video', stream: 'E3', ssrc: 1003 },
      ],
    });
    expect(sourcesOf(lines)).toEqual(['W1', 'E3']);
  });

  it('tells a screen from the person who shares it', () => {
    const screen = [
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'a=mid:E3-screen',
      'a=msid:E3-screen E3-screen',
      'a=ssrc:5 cname:E3',
    ];

    expect(readOffer(screen.join('\r\n')).receiving).toEqual([
      { mid: 'E3-screen', alias: 'E3', track: 'screen', kind: 'video', stream: 'E3-screen', ssrc: 5 },
    ]);
  });

  it('finds nothing to send for a seat that only watches', () => {
    expect(readOffer(offerOf(['E1'], [])).sending).toEqual([]);
  });

  it.each([
    ['a line of data', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0'],
    ['a line without mid', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=recvonly'],
    ['a line of an unknown track', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:E3-smell\r\na=msid:E3 x\r\na=ssrc:5 x'],
    ['an own line of an unknown track', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:smell\r\na=recvonly'],
    ['a line without msid', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:E3-audio\r\na=ssrc:5 cname:E3'],
    ['a line without ssrc', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:E3-audio\r\na=msid:E3 E3-audio'],
    ['a line with an empty msid', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:E3-audio\r\na=msid:\r\na=ssrc:5 x'],
  ])('refuses %s', (_, section) => {
    expect(() => readOffer(`v=0\r\n${section}\r\n`)).toThrow(MalformedOffer);
  });
});

describe('ownTrack', () => {
  it.each([
    ['audio', 'audio'],
    ['video', 'video'],
    ['E3-audio', null],
    [null, null],
  ])('of %s is %s', (mid, kind) => {
    expect(ownTrack(readOffer(offerOf(['E3'])), mid)).toBe(kind);
  });

  it('knows no own line where there is none', () => {
    expect(ownTrack(readOffer(offerOf(['E3'], ['audio'])), 'video')).toBeNull();
  });
});
