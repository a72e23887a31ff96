/** The people of a room as tiles of the video wall. */

import type { MediaState } from '../../media/mediaPort';
import type { Alias, Role } from '../../protocol/generated';
import { seatsOf, venueName } from '../committee';
import type { RoomPort } from '../roomPort';

/** One seat on the wall. */
export interface Tile {
  readonly alias: Alias;
  readonly role: Role;
  /** The venue's name. */
  readonly venue: string;
  /** None while nothing of the seat comes. */
  readonly stream: MediaStream | null;
  /** Whether the stream holds a picture now, and not the sound alone. */
  readonly hasPicture: boolean;
  readonly speaking: boolean;
  /** `stalled`: the seat is connected, and its picture ought to come. */
  readonly state: 'present' | 'stalled' | 'away' | 'left';
}

/** Those whom nobody is shown: their presence is not told either. */
const UNSEEN: readonly Role[] = ['supervisor', 'auditor'];

/** What comes of one seat. */
type Coming = Pick<Tile, 'stream' | 'hasPicture' | 'speaking'> & { readonly isStalled: boolean };

const NOTHING: Coming = { stream: null, hasPicture: false, speaking: false, isStalled: false };

/** The tiles of everyone but the unseen, chair first marked as such; `media` while there are any. */
export function tilesOf(
  { view, presence, me }: Pick<RoomPort, 'view' | 'presence' | 'me'>,
  media: MediaState | null = null,
): Tile[] {
  return seatsOf(view)
    .filter(([, seat]) => !UNSEEN.includes(seat.role))
    .map(([alias, seat]) => {
      const { isStalled, ...coming } = alias === me?.alias ? ownOf(media) : comingOf(media, alias);
      return {
        alias,
        role: alias === view.chair ? 'chair' : seat.role,
        venue: venueName(view, seat.venue),
        ...coming,
        state: seat.left_at !== null ? 'left' : !presence.has(alias) ? 'away' : isStalled ? 'stalled' : 'present',
      };
    });
}

function ownOf(media: MediaState | null): Coming {
  if (media === null) return NOTHING;
  const { stream, speaking } = media.own;
  return { stream, hasPicture: stream !== null, speaking, isStalled: false };
}

function comingOf(media: MediaState | null, alias: Alias): Coming {
  const tile = media?.tiles.find((each) => each.alias === alias);
  if (tile === undefined) return NOTHING;
  const comes = tile.video !== 'waiting' || tile.audio !== 'waiting';
  return {
    stream: comes ? tile.stream : null,
    hasPicture: tile.video === 'flowing',
    speaking: tile.speaking,
    isStalled: tile.video === 'stalled',
  };
}
