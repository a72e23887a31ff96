/** Counts of a way at two moments, and what they say of the line in between. */

import type { Millis } from '../../protocol/generated';
import type { Sample } from './judge';
import type { Way } from './probeLink';

/** What the browser has counted by a moment. */
export interface Counts {
  readonly at: Millis;
  readonly sent: number;
  readonly sentAgain: number;
  readonly came: number;
  readonly lost: number;
  readonly octets: number;
  readonly frames: number;
  /** Height of the latest picture. */
  readonly lines: number;
  /** Of the latest answer to a check of the path. */
  readonly roundTrip: Millis;
}

/** As much of the statistics as is counted here. Source: W3C webrtc-stats. */
interface Entry {
  readonly type: string;
  readonly packetsSent?: number;
  readonly retransmittedPacketsSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly bytesReceived?: number;
  readonly framesDecoded?: number;
  readonly frameHeight?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
}

/** What the browser has counted on both connections of a way. */
export async function counted({ sender, taker }: Way, now: () => Millis): Promise<Counts> {
  const [sent, taken] = await Promise.all([entries(sender), entries(taker)]);
  const outgoing = sent.filter(({ type }) => type === 'outbound-rtp');
  const incoming = taken.filter(({ type }) => type === 'inbound-rtp');
  const path = sent.find(({ type, nominated }) => type === 'candidate-pair' && nominated === true);
  return {
    at: now(),
    sent: sum(outgoing, ({ packetsSent }) => packetsSent),
    sentAgain: sum(outgoing, ({ retransmittedPacketsSent }) => retransmittedPacketsSent),
    came: sum(incoming, ({ packetsReceived }) => packetsReceived),
    lost: sum(incoming, ({ packetsLost }) => packetsLost),
    octets: sum(incoming, ({ bytesReceived }) => bytesReceived),
    frames: sum(incoming, ({ framesDecoded }) => framesDecoded),
    lines: sum(incoming, ({ frameHeight }) => frameHeight),
    roundTrip: Math.round((path?.currentRoundTripTime ?? 0) * 1000),
  };
}

/** The line between two counts: losses that were made good by sending again count as losses. */
export function sampleOf(before: Counts, after: Counts): Sample {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000);
  const came = after.came - before.came;
  const missing = Math.max(0, after.lost - before.lost);
  const downwards = missing / Math.max(1, came + missing);
  const upwards = (after.sentAgain - before.sentAgain) / Math.max(1, after.sent - before.sent);
  return {
    kbit_s: Math.round(((after.octets - before.octets) * 8) / 1000 / seconds),
    lost_permille: Math.round(1000 * Math.min(1, Math.max(downwards, upwards))),
    round_trip_ms: after.roundTrip,
    frames_per_s: (after.frames - before.frames) / seconds,
    lines: after.lines,
  };
}

async function entries(peer: RTCPeerConnection): Promise<Entry[]> {
  const report = (await peer.getStats()) as unknown as ReadonlyMap<string, Entry>;
  return [...report.values()];
}

function sum(found: readonly Entry[], count: (entry: Entry) => number | undefined): number {
  return found.reduce((total, entry) => total + (count(entry) ?? 0), 0);
}
