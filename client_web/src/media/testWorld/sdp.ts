/** Offers as the server makes them, as far as a page reads them. */

import type { MediaTrack } from '../../protocol/generated';
import type { MediaKind } from '../negotiation';

/** The SSRC of the nth source's line in these offers. */
export function ssrcOf(place: number, kind: MediaKind): number {
  return 1000 + 2 * place + (kind === 'audio' ? 0 : 1);
}

/** The SSRC of the line for the nth shared screen. */
export function screenSsrcOf(place: number): number {
  return 9000 + place;
}

/** An offer with lines for the own tracks (unless the seat only watches), for these sources, and for these screens. */
export function offerOf(
  sources: readonly string[],
  own: readonly MediaTrack[] = ['audio', 'video'],
  screens: readonly string[] = [],
): string {
  const lines = [
    'v=0',
    'o=- 77 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=setup:passive',
    ...own.flatMap((track) => media(track.endsWith('audio') ? 'audio' : 'video', track, ['a=recvonly'])),
    ...sources.flatMap((alias, place) =>
      (['audio', 'video'] as const).flatMap((kind) =>
        media(kind, `${alias}-${kind}`, [
          'a=sendonly',
          `a=msid:${alias} ${alias}-${kind}`,
          `a=ssrc:${ssrcOf(place, kind)} cname:${alias}`,
        ]),
      ),
    ),
    ...screens.flatMap((alias, place) =>
      media('video', `${alias}-screen`, [
        'a=sendonly',
        `a=msid:${alias}-screen ${alias}-screen`,
        `a=ssrc:${screenSsrcOf(place)} cname:${alias}`,
      ]),
    ),
    '',
  ];
  return lines.join('\r\n');
}

function media(kind: MediaKind, mid: string, rest: readonly string[]): string[] {
  const [type, codec] = kind === 'audio' ? [111, 'opus/48000/2'] : [96, 'VP8/90000'];
  return [`m=${kind} 9 UDP/TLS/RTP/SAVPF ${type}`, `a=mid:${mid}`, `a=rtpmap:${type} ${codec}`, ...rest];
}
