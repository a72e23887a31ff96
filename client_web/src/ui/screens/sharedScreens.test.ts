import { describe, expect, it } from 'vitest';

import type { MediaState, SharedScreen } from '../../media/mediaPort';
import type { RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import { shownScreens } from './sharedScreens';

const VIEW: RoomView = {
  ...EMPTY_VIEW,
  phase: 'check_in',
  seats: { H1: seat('host_operator'), A1: seat('agent'), E1: seat('expert') },
};
const ROOM = { view: VIEW, presence: new Set(['H1', 'A1', 'E1']), me: { alias: 'E1' } } as unknown as Parameters<
  typeof shownScreens
>[0];
const STREAM = { id: 'H1-screen' } as MediaStream;
const SCREEN: SharedScreen = { alias: 'H1', stream: STREAM, state: 'flowing', isPaused: false, isShown: true };

function media(...screens: SharedScreen[]): MediaState {
  return { link: { state: 'connected' }, screens } as unknown as MediaState;
}

describe('shownScreens', () => {
  it.each<[string, Partial<SharedScreen>, string]>([
    ['that comes', {}, 'live'],
    ['that has not come yet', { state: 'waiting' }, 'opening'],
    ['that ought to come', { state: 'stalled' }, 'stalled'],
    ['that the line does not carry', { state: 'stalled', isPaused: true }, 'paused'],
  ])('has a screen %s', (_, changes, state) => {
    expect(shownScreens(ROOM, media({ ...SCREEN, ...changes }))).toEqual([{ alias: 'H1', stream: STREAM, state }]);
  });

  it.each<[string, SharedScreen]>([
    ['is not shown', { ...SCREEN, isShown: false }],
    ['is not for this seat', { ...SCREEN, alias: 'A1' }],
  ])('leaves out one that %s', (_, screen) => {
    expect(shownScreens(ROOM, media(screen))).toEqual([]);
  });

  it('has none of a seat that is away, without media, and after their end', () => {
    expect(shownScreens({ ...ROOM, presence: new Set(['E1']) }, media(SCREEN))).toEqual([]);
    expect(shownScreens(ROOM, null)).toEqual([]);
    expect(shownScreens(ROOM, { ...media(SCREEN), link: { state: 'ended', code: 'seat_taken' } })).toEqual([]);
  });
});
