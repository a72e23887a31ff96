/**
 * What an offer of the server asks of this page. Pure.
 *
 * The server makes every offer and fixes its lines when the seat joins: `audio` and `video` for the seat's own tracks
 * (`recvonly`, seen from the server), then a pair for each alias that it may ever see or hear (`sendonly`; the stream's
 * id is the alias). A route begins and ends without negotiation. Source: RFC 8829, RFC 8830 (msid).
 */

import type { Alias } from '../protocol/generated';

export type MediaKind = 'audio' | 'video';

/** A line on which another seat's track comes. */
export interface ReceivingLine {
  readonly mid: string;
  readonly alias: Alias;
  readonly kind: MediaKind;
  /** By which the browser's statistics name it, in every version. */
  readonly ssrc: number;
}

/** The lines of an offer. */
export interface OfferedLines {
  /** `mid` of the lines for the own tracks; empty for a seat that only watches. */
  readonly sending: Readonly<Partial<Record<MediaKind, string>>>;
  /** In the order of the offer. */
  readonly receiving: readonly ReceivingLine[];
}

/** Before the first offer. */
export const NO_LINES: OfferedLines = { sending: {}, receiving: [] };

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
  const sending: Partial<Record<MediaKind, string>> = {};
  const receiving: ReceivingLine[] = [];
  for (const section of sections(sdp)) {
    const kind = kindOf(section);
    const mid = attribute(section, 'mid');
    if (mid === undefined) throw new MalformedOffer('A line of the offer has no mid.');
    if (section.includes('a=recvonly')) sending[kind] = mid;
    else receiving.push({ mid, kind, alias: first(section, 'msid', mid), ssrc: Number(first(section, 'ssrc', mid)) });
  }
  return { sending, receiving };
}

/** The aliases that have lines, each once, in the order of the offer. */
export function sourcesOf(lines: OfferedLines): Alias[] {
  return [...new Set(lines.receiving.map(({ alias }) => alias))];
}

/** For which own track a transceiver stands; null for one that receives. */
export function ownKind(lines: OfferedLines, mid: string | null): MediaKind | null {
  if (mid === null) return null;
  if (mid === lines.sending.audio) return 'audio';
  return mid === lines.sending.video ? 'video' : null;
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
