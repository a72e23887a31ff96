/**
 * What an offer of the server asks of this page. Pure.
 *
 * The server makes every offer and fixes its lines when the seat joins: one for each own track (`recvonly`, seen from
 * the server; its `mid` is the track's name), then one for each track of others that it may ever get (`sendonly`; its
 * `mid` is alias and track). A route begins and ends without negotiation. Source: RFC 8829, RFC 8830 (msid).
 */

import { MEDIA_TRACK_VALUES, type Alias, type MediaTrack } from '../protocol/generated';

export type MediaKind = 'audio' | 'video';

/** A line on which another seat's track comes. */
export interface ReceivingLine {
  readonly mid: string;
  readonly alias: Alias;
  readonly track: MediaTrack;
  readonly kind: MediaKind;
  /** What is shown together: sound and picture of a person stand under the alias, a screen by itself. */
  readonly stream: string;
  /** By which the browser's statistics name it, in every version. */
  readonly ssrc: number;
}

/** The lines of an offer. */
export interface OfferedLines {
  /** The own tracks; none for a seat that only watches. */
  readonly sending: readonly MediaTrack[];
  /** In the order of the offer. */
  readonly receiving: readonly ReceivingLine[];
}

/** Before the first offer. */
export const NO_LINES: OfferedLines = { sending: [], receiving: [] };

/** The text is no offer of this server. */
export class MalformedOffer extends Error {
  override name = 'MalformedOffer';
}

/**
 * The lines of an offer.
 *
 * @throws {MalformedOffer} if a line has no `mid`, or neither asks for a track nor names the one that it carries.
 */
export function readOffer(sdp: string): OfferedLines {
  const sending: MediaTrack[] = [];
  const receiving: ReceivingLine[] = [];
  for (const section of sections(sdp)) {
    const kind = kindOf(section);
    const mid = attribute(section, 'mid');
    if (mid === undefined) throw new MalformedOffer('A line of the offer has no mid.');
    if (section.includes('a=recvonly')) sending.push(trackOf(mid));
    else receiving.push({ mid, kind, ...carriedBy(mid), ...streamOf(section, mid) });
  }
  return { sending, receiving };
}

/** The one codec of a kind, as the server offers it. */
const CODECS: Readonly<Record<MediaKind, RegExp>> = {
  audio: /^a=rtpmap:\d+ opus\/48000/i,
  video: /^a=rtpmap:\d+ VP8\/90000/i,
};

/** The kinds of which an answer takes no line at all: the browser that gave it has not their codec. */
export function refusedKinds(answer: string): MediaKind[] {
  const all = sections(answer);
  return (['audio', 'video'] as const).filter((kind) => {
    const lines = all.filter(([head]) => head?.startsWith(`m=${kind} `));
    return lines.length > 0 && !lines.some((section) => isTaken(section, CODECS[kind]));
  });
}

/** Source: RFC 8829, 5.3.1: a line that is refused has port 0. */
function isTaken([head, ...attributes]: string[], codec: RegExp): boolean {
  return head?.split(' ')[1] !== '0' && attributes.some((line) => codec.test(line));
}

/** The aliases that have lines for picture and sound, each once, in the order of the offer. */
export function sourcesOf(lines: OfferedLines): Alias[] {
  return [...new Set(lines.receiving.filter(({ track }) => track !== 'screen').map(({ alias }) => alias))];
}

/** For which own track a transceiver stands; null for one that receives. */
export function ownTrack(lines: OfferedLines, mid: string | null): MediaTrack | null {
  return lines.sending.find((track) => track === mid) ?? null;
}

/** Whose line it is, and of what. */
function carriedBy(mid: string): { alias: Alias; track: MediaTrack } {
  const dash = mid.lastIndexOf('-');
  return { alias: mid.slice(0, Math.max(dash, 0)), track: trackOf(mid.slice(dash + 1)) };
}

function trackOf(name: string): MediaTrack {
  const track = MEDIA_TRACK_VALUES.find((value) => value === name);
  if (track === undefined) throw new MalformedOffer(`This page knows no track ${name}.`);
  return track;
}

function streamOf(section: string[], mid: string): { stream: string; ssrc: number } {
  return { stream: first(section, 'msid', mid), ssrc: Number(first(section, 'ssrc', mid)) };
}

/** The media sections of a description, each as its lines. */
function sections(sdp: string): string[][] {
  const found: string[][] = [];
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) found.push([line]);
    else found.at(-1)?.push(line);
  }
  return found;
}

function kindOf([head]: string[]): MediaKind {
  if (head?.startsWith('m=audio ')) return 'audio';
  if (head?.startsWith('m=video ')) return 'video';
  throw new MalformedOffer(`This page has no track for ${head ?? 'nothing'}.`);
}

function attribute(section: string[], name: string): string | undefined {
  const start = `a=${name}:`;
  return section.find((line) => line.startsWith(start))?.slice(start.length);
}

/** The first word of an attribute. */
function first(section: string[], name: string, mid: string): string {
  const word = attribute(section, name)?.split(' ')[0];
  if (word === undefined || word === '') throw new MalformedOffer(`The line ${mid} has no ${name}.`);
  return word;
}
