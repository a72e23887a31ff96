import { describe, expect, it } from 'vitest';

import { SimulatedPeer } from '../testWorld/peers';
import { counted, sampleOf, type Counts } from './measure';

const NOTHING: Counts = {
  at: 0,
  sent: 0,
  sentAgain: 0,
  came: 0,
  lost: 0,
  octets: 0,
  frames: 0,
  lines: 0,
  roundTrip: 0,
};

describe('counted', () => {
  it('adds picture and sound, and takes the path in use', async () => {
    const [sender, taker] = [new SimulatedPeer(), new SimulatedPeer()];
    sender.stats = [
      { type: 'outbound-rtp', packetsSent: 100, retransmittedPacketsSent: 4 },
      { type: 'outbound-rtp', packetsSent: 50 },
      { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
      { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.0384 },
    ];
    taker.stats = [
      {
        type: 'inbound-rtp',
        packetsReceived: 90,
        packetsLost: 3,
        bytesReceived: 9000,
        framesDecoded: 15,
        frameHeight: 360,
      },
      { type: 'inbound-rtp', packetsReceived: 50, packetsLost: 0, bytesReceived: 1000 },
      { type: 'transport' },
    ];

    const way = { sender: sender.asBrowser, taker: taker.asBrowser, stream: null };

    expect(await counted(way, () => 1234)).toEqual({
      at: 1234,
      sent: 150,
      sentAgain: 4,
      came: 140,
      lost: 3,
      octets: 10_000,
      frames: 15,
      lines: 360,
      roundTrip: 38,
    });
  });

  it('is nothing before anything was sent', async () => {
    const peer = new SimulatedPeer().asBrowser;

    expect(await counted({ sender: peer, taker: peer, stream: null }, () => 0)).toEqual(NOTHING);
  });
});

describe('sampleOf', () => {
  it('measures what came between the two', () => {
    const before: Counts = { ...NOTHING, at: 1000, sent: 50, came: 40, octets: 1000, frames: 5 };
    const after: Counts = {
      ...before,
      at: 9000,
      sent: 1050,
      came: 1030,
      lost: 10,
      octets: 801_000,
      frames: 125,
      lines: 180,
      roundTrip: 40,
    };

    expect(sampleOf(before, after)).toEqual({
      kbit_s: 800,
      lost_permille: 10,
      round_trip_ms: 40,
      frames_per_s: 15,
      lines: 180,
    });
  });

  it('counts as lost what had to be sent again', () => {
    const after = { ...NOTHING, at: 1000, sent: 100, sentAgain: 7, came: 100, octets: 1 };

    expect(sampleOf(NOTHING, after).lost_permille).toBe(70);
  });

  it('has lost nothing where late packets have turned up', () => {
    expect(sampleOf({ ...NOTHING, lost: 5 }, { ...NOTHING, at: 1000, lost: 2, came: 9 }).lost_permille).toBe(0);
  });
});
