import { describe, expect, it } from 'vitest';

import { NO_DEVICES } from '../../media/deviceLists';
import type { MediaState, Tile as MediaTile } from '../../media/mediaPort';
import type { LotState, RoomOpened, RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { EMPTY_LOT, seat } from '../../session/testWorld/views';
import type { Me } from '../roomPort';
import { raisedHands, tilesOf, type Tile } from './tiles';

const STREAM = new EventTarget() as unknown as MediaStream;
const ME: Me = { room: 'r', alias: 'E1', role: 'expert', venue: 'jia', fingerprint: '00' };
const UNKNOWN = { chosen: null, label: null, lost: null };
const OWN: MediaState['own'] = {
  publishes: true,
  stream: STREAM,
  sound: null,
  microphone: { state: 'on' },
  camera: { state: 'on' },
  speaking: false,
  protection: { picture: 'none', voice: 'none' },
  covered: null,
  hand: { isUp: false, loweredBy: null },
  screens: { screen: { state: 'off' }, desktop: { state: 'off' } },
  lists: NO_DEVICES,
  uses: { microphone: UNKNOWN, camera: UNKNOWN, loudspeaker: UNKNOWN },
};
const ALONE: LotState = {
  ...EMPTY_LOT,
  stages: { ...EMPTY_LOT.stages, scoring: { rounds: [{ pending: ['E1'], handed_in: [], revealed_at: null }] } },
};

const VENUES = { jia: { name: '甲', main: true }, yi: { name: '乙', main: false } };

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  opening: { venues: VENUES } as unknown as RoomOpened,
  phase: 'evaluation',
  chair: 'E2',
  seats: {
    E1: seat('expert'),
    E2: seat('expert', { venue: 'yi' }),
    V1: seat('venue_operator', { venue: 'yi' }),
    S1: seat('supervisor'),
  },
};

function mediaOf(changes: Partial<MediaTile> = {}, own: Partial<MediaState['own']> = {}): MediaState {
  const tile: MediaTile = {
    alias: 'E2',
    stream: STREAM,
    audio: 'flowing',
    video: 'flowing',
    speaking: false,
    isPaused: false,
    isCovered: false,
    isVoiceChanged: false,
    shown: { camera: 'on', microphone: 'on', hand: null, screen: false },
    ...changes,
  };
  const all = { tiles: [tile], screens: [], own: { ...OWN, ...own } };
  return {
    link: { state: 'connected' },
    ...all,
    drops: { seats: [], strays: false },
    isServerFailing: false,
    isHeard: true,
    needsGesture: false,
  };
}

function tileOf(alias: string, media: MediaState | null, view: Partial<RoomView> = {}, here = ['E1', 'E2', 'V1']) {
  const tiles = tilesOf({ view: { ...ROOM, ...view }, presence: new Set(here), me: ME }, media);
  const tile = tiles.find((each) => each.alias === alias);
  if (tile === undefined) throw new RangeError(`${alias} has no tile.`);
  return tile;
}

describe('tilesOf', () => {
  it('shows everyone but those who are not to be seen, by place and venue', () => {
    const tiles = tilesOf({ view: ROOM, presence: new Set(['E1']), me: ME }, mediaOf());

    expect(tiles.map(({ alias, role, venue, isMainVenue }) => [alias, role, venue, isMainVenue])).toEqual([
      ['E1', 'expert', '甲', true],
      ['E2', 'chair', '乙', false],
      ['V1', 'venue_operator', '乙', false],
    ]);
  });

  it('shows the picture that comes', () => {
    expect(tileOf('E2', mediaOf({ speaking: true }))).toMatchObject({
      state: 'present',
      rule: null,
      stream: STREAM,
      hasPicture: true,
      speaking: true,
      microphone: 'on',
      isHandUp: false,
    });
  });

  it.each<[string, Partial<MediaTile>, Partial<RoomView>, Partial<Tile>]>([
    ['paused', { isPaused: true, video: 'waiting' }, {}, { state: 'paused', stream: STREAM, hasPicture: false }],
    ['interrupted', { video: 'stalled' }, {}, { state: 'stalled', stream: STREAM, hasPicture: false }],
    [
      'switched off there',
      { video: 'waiting', shown: { camera: 'off', microphone: 'off', hand: null, screen: false } },
      {},
      { state: 'camera_off', stream: STREAM, hasPicture: false, microphone: 'off' },
    ],
    [
      'not to be had there',
      { video: 'waiting', shown: { camera: 'failed', microphone: 'on', hand: null, screen: false } },
      {},
      { state: 'camera_failed' },
    ],
    [
      'black, as its covering has stalled there',
      {
        isCovered: true,
        isVoiceChanged: true,
        shown: { camera: 'stalled', microphone: 'stalled', hand: null, screen: false },
      },
      {},
      { state: 'camera_stalled', stream: STREAM, microphone: 'stalled' },
    ],
    [
      'come as it is, whatever has stalled',
      { shown: { camera: 'stalled', microphone: 'stalled', hand: null, screen: false } },
      {},
      { state: 'present', hasPicture: true, microphone: 'on' },
    ],
    ['not yet come', { video: 'waiting', audio: 'waiting', shown: null }, {}, { state: 'present', stream: null }],
    [
      'at rest while sheets are filled in',
      { video: 'stalled' },
      { lots: { L1: ALONE } },
      { state: 'resting', rule: 'alone', stream: null, microphone: null },
    ],
    ['at rest in a pause', {}, { paused: '断电' }, { state: 'resting', rule: 'paused' }],
  ])('tells a picture that is %s', (_, tile, view, expected) => {
    expect(tileOf('E2', mediaOf(tile), view)).toMatchObject(expected);
  });

  it('tells of one who is never seen, away or gone', () => {
    expect(tileOf('V1', mediaOf())).toMatchObject({ state: 'resting', rule: 'never' });
    expect(tileOf('E2', null, {}, ['E1']).state).toBe('away');
    expect(tileOf('E2', mediaOf(), { seats: { ...ROOM.seats, E2: seat('expert', { left_at: 9 }) } }).state).toBe(
      'left',
    );
  });

  it.each<[string, Partial<MediaTile>, Partial<Tile>]>([
    ['sound and picture come', {}, { state: 'present', stream: STREAM, hasPicture: true }],
    ['its sound comes', { video: 'stalled' }, { state: 'stalled', stream: STREAM, hasPicture: false }],
    ['its picture comes', { audio: 'stalled' }, { state: 'present', stream: STREAM, hasPicture: true }],
    ['nothing comes any more', { audio: 'stalled', video: 'stalled' }, { state: 'away', stream: null }],
    ['nothing has come yet', { audio: 'waiting', video: 'waiting' }, { state: 'away', stream: null }],
  ])('tells of a seat whose page is away while %s', (_, tile, expected) => {
    expect(tileOf('E2', mediaOf(tile), {}, ['E1'])).toMatchObject(expected);
  });

  it('claims nothing without media', () => {
    expect([tileOf('E2', null), tileOf('V1', null)].map(({ state, rule }) => [state, rule])).toEqual([
      ['present', null],
      ['present', null],
    ]);
  });

  it('shows the own seat covered where it is covered for others, and nothing while there is no mosaic', () => {
    const covered = new EventTarget() as unknown as MediaStream;
    const protection = { picture: 'working', voice: 'working' } as const;

    expect(tileOf('E1', mediaOf({}, { covered, protection }))).toMatchObject({
      stream: covered,
      isCovered: true,
      isVoiceChanged: true,
    });
    const stalled = { picture: 'stalled', voice: 'stalled' } as const;
    expect(tileOf('E1', mediaOf({}, { covered, protection: stalled, speaking: true }))).toMatchObject({
      state: 'camera_stalled',
      microphone: 'stalled',
      speaking: false,
    });
    expect(tileOf('E1', mediaOf({}, { covered: null, protection }))).toMatchObject({ stream: null, hasPicture: false });
  });

  it('shows the own seat as the others see it', () => {
    const off = mediaOf({}, { stream: null, camera: { state: 'off' }, hand: { isUp: true, loweredBy: null } });
    const missing = mediaOf({}, { stream: null, camera: { state: 'failed', trouble: 'missing' } });

    expect(tileOf('E1', off)).toMatchObject({
      state: 'camera_off',
      hasPicture: false,
      isHandUp: true,
      handSince: null,
    });
    expect(tileOf('E1', missing).state).toBe('camera_failed');
    const unsupported = mediaOf({ video: 'waiting' }, { camera: { state: 'failed', trouble: 'unsupported' } });
    expect([tileOf('E1', unsupported).state, tileOf('E2', unsupported).state]).toEqual([
      'camera_failed',
      'unsupported',
    ]);
    expect(tileOf('E1', unsupported).hasPicture).toBe(false);
    const cameraless = mediaOf({ shown: null, video: 'waiting' }, { camera: unsupported.own.camera });
    expect(tileOf('E2', cameraless).state).toBe('present');
    expect(tileOf('E1', mediaOf())).toMatchObject({ state: 'present', stream: STREAM, hasPicture: true });
  });
});

describe('raisedHands', () => {
  it('has the longest raised first', () => {
    const tile = tileOf('E2', mediaOf());
    const since = (alias: string, handSince: number | null): Tile => ({ ...tile, alias, handSince });

    const raised = raisedHands([since('E5', 30), since('E4', null), since('E3', 10), since('E2', 30)]);

    expect(raised.map(({ alias }) => alias)).toEqual(['E3', 'E2', 'E5']);
  });
});
