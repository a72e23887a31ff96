/** What measured figures mean for a sitting. Pure; the thresholds are ours and stand here alone. */

import type { MeasuredLine, Millis } from '../../protocol/generated';
import { finding, type Facts, type Finding } from './findings';

/** A page's own clock is for reading only; from here on it misleads a person, and later it breaks certificates. */
const CLOCK_OFF_MS = 5_000;
const CLOCK_WRONG_MS = 300_000;

/** Opus conceals about so much; beyond it words get lost. Source: RFC 7587, 3.3 (in-band FEC is for single losses). */
const LOSSY_PERMILLE = 20;
const BAD_PERMILLE = 100;

/** One way of 150 ms and more disturbs a conversation. Source: ITU-T G.114. */
const SLOW_ROUND_TRIP_MS = 400;

/** Of a picture that can be looked at. */
const FEWEST_FRAMES_PER_S = 5;

/** Of the own picture's lines: where fewer come back, the line carries only its smaller layer. */
const FEWEST_LINES = 0.75;

/** The clock of this computer; `null` where the server did not answer. */
export function judgeClock(offset: Millis | null): Finding {
  if (offset === null) return finding('clock', 'unknown');
  const ahead = Math.abs(offset);
  const facts = { seconds: Math.round(ahead / 1000) };
  if (ahead < CLOCK_OFF_MS) return finding('clock', 'right', facts);
  return finding('clock', ahead < CLOCK_WRONG_MS ? 'off' : 'wrong', facts);
}

/** How far this clock is ahead, from questions to the server with the times of asking and of the answer here. */
export function clockOffset(
  answers: readonly { readonly asked: Millis; readonly came: Millis; readonly server: Millis }[],
): Millis | null {
  const [best] = [...answers].sort((a, b) => a.came - a.asked - (b.came - b.asked));
  return best === undefined ? null : Math.round((best.asked + best.came) / 2 - best.server);
}

/** A relay that was tried. */
export interface TriedRelay {
  readonly url: string;
  readonly works: boolean;
}

/** The server's media port. */
export interface MediaAddress {
  readonly port: number;
  /** Whether the server runs on this computer. */
  readonly isLocal: boolean;
}

/** Straight over UDP to the media port, and around over the relays. */
export function judgeWays(
  isStraight: boolean,
  relays: readonly TriedRelay[],
  { port, isLocal }: MediaAddress,
): [Finding, Finding] {
  const working = relays.filter(({ works }) => works);
  const broken = relays.filter(({ works }) => !works);
  const facts: Facts = { broken: broken.map(({ url }) => shownRelay(url)), count: working.length };
  if (isStraight) return [finding('udp', 'straight'), relayFinding(working.length, broken.length, facts)];
  if (working.length > 0)
    return [finding('udp', 'relayed', { port }), relayFinding(working.length, broken.length, facts)];
  const around = relays.length === 0 ? finding('relay', 'missing') : finding('relay', 'blocked', facts);
  return [finding('udp', isLocal ? 'loopback' : 'blocked', { port }), around];
}

function relayFinding(working: number, broken: number, facts: Facts): Finding {
  if (working + broken === 0) return finding('relay', 'none');
  if (working === 0) return finding('relay', 'unusable', facts);
  return finding('relay', broken === 0 ? 'usable' : 'partly', facts);
}

/** A relay's address as an operator's network people know it: `host 443/TCP (TLS)`. */
export function shownRelay(url: string): string {
  const [, scheme = 'turn', host = url, port, transport] =
    /^(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/.exec(url) ?? [];
  const isSecure = scheme === 'turns';
  const number = port ?? (isSecure ? '5349' : '3478');
  return `${host} ${number}/${(transport ?? (isSecure ? 'tcp' : 'udp')).toUpperCase()}${isSecure ? ' (TLS)' : ''}`;
}

/** What came back of the own picture and sound, besides the figures that are reported. */
export interface Sample extends MeasuredLine {
  readonly frames_per_s: number;
  /** Height of the picture that comes back; 0 while there is none. */
  readonly lines: number;
}

/**
 * The line, with real media on it.
 *
 * @param ownLines - height of the own picture; 0 without a camera.
 */
export function judgeLine(sample: Sample, ownLines: number): Finding {
  const { kbit_s, lost_permille, round_trip_ms, frames_per_s, lines } = sample;
  const facts = { kbit: kbit_s, lost: (lost_permille / 10).toFixed(1), trip: round_trip_ms };
  if (kbit_s === 0) return finding('line', 'nothing', facts);
  if (lost_permille >= BAD_PERMILLE || (ownLines > 0 && frames_per_s < FEWEST_FRAMES_PER_S)) {
    return finding('line', 'bad', facts);
  }
  if (lost_permille >= LOSSY_PERMILLE) return finding('line', 'lossy', facts);
  if (lines < FEWEST_LINES * ownLines) return finding('line', 'narrow', facts);
  return finding('line', round_trip_ms >= SLOW_ROUND_TRIP_MS ? 'slow' : 'good', facts);
}
