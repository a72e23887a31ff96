import { describe, expect, it } from 'vitest';

import type { MediaState, Tile } from '../../media/mediaPort';
import type { RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import { cameraPictures, hasCamera, mayManage } from './cameraPictures';

const VIEW: RoomView = {
  ...EMPTY_VIEW,
  seats: {
    H1: seat('host_operator'),
    V1: seat('venue_operator', { venue: 'yi' }),
    W1: seat('witness'),
    S1: seat('supervisor', { venue: 'yi' }),
    E1: seat('expert'),
    A1: seat('agent'),
  },
  cameras: {
    C1: { venue: 'jia', label: '场地全景', removed_at: null },
    C2: { venue: 'jia', label: '走廊', removed_at: 9 },
    C3: { venue: 'yi', label: '入口', removed_at: null },
  },
};

const QUIET: Tile = {
  alias: 'C1',
  stream: null,
  audio: 'waiting',
  video: 'waiting',
  speaking: false,
  isPaused: false,
  isCovered: false,
  isVoiceChanged: false,
  shown: null,
};

function stateOf(tile: Partial<Tile>): string | undefined {
  const media = { tiles: [{ ...QUIET, ...tile }] } as unknown as MediaState;
  return cameraPictures(VIEW, 'W1', media)[0]?.state;
}

describe('room cameras', () => {
  it('are seen by who watches over the room, and at the own venue by its operator', () => {
    const seen = Object.keys(VIEW.seats).map((me) => [me, cameraPictures(VIEW, me, null).map(({ alias }) => alias)]);

    expect(Object.fromEntries(seen)).toEqual({
      H1: ['C1', 'C3'],
      V1: ['C3'],
      W1: ['C1', 'C3'],
      S1: ['C1', 'C3'],
      E1: [],
      A1: [],
    });
  });

  it('are seen to by the venue’s operator and the main venue’s', () => {
    const managing = (venue: string): string[] =>
      Object.keys(VIEW.seats).filter((me) => mayManage(VIEW.seats[me], venue));

    expect(managing('jia')).toEqual(['H1']);
    expect(managing('yi')).toEqual(['H1', 'V1']);
  });

  it('say why no picture is there', () => {
    expect(stateOf({})).toBe('waiting');
    expect(stateOf({ video: 'flowing', audio: 'stalled' })).toBe('live');
    expect(stateOf({ video: 'stalled', isPaused: true })).toBe('paused');
    expect(stateOf({ video: 'stalled', audio: 'flowing' })).toBe('interrupted');
    expect(stateOf({ audio: 'flowing' })).toBe('sound_only');
    expect(cameraPictures(VIEW, 'W1', null)[0]?.state).toBe('waiting');
  });

  it('are gone once they are taken away', () => {
    expect(['C1', 'C2', 'C9', 'constructor'].filter((alias) => hasCamera(VIEW, alias))).toEqual(['C1']);
  });
});
