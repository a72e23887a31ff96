import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick, shallowReactive } from 'vue';

import type { MediaPort, MediaState } from '../../media/mediaPort';
import type { RoomId, RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import type { KeptSeat } from '../entry/keptSeat';
import type { RoomPort } from '../roomPort';
import { pageStorage } from '../testWorld/pageStorage';
import { makeManyRooms } from './manyRooms';

const VIEW: RoomView = {
  ...EMPTY_VIEW,
  phase: 'check_in',
  seats: { W1: seat('witness'), G1: seat('agent'), E1: seat('expert'), E2: seat('expert') },
};
const TALK = { asker: 'E2', agent: 'G1', member: 'E2', topic: 'procedure', witness: 'W1', opened_at: 7 } as const;

type Changing<T> = { -readonly [Name in keyof T]: T[Name] };

/** The media of one room, as far as they are told anything. */
class SmallMedia {
  readonly told: string[] = [];
  state = { needsGesture: false } as MediaState;
  #listener: (state: MediaState) => void = () => undefined;

  readonly port = {
    state: this.state,
    subscribe: (listener: (state: MediaState) => void) => {
      this.#listener = listener;
      return () => undefined;
    },
    start: () => this.told.push('start'),
    stop: () => this.told.push('stop'),
    setHearing: (on: boolean) => this.told.push(on ? 'hears' : 'deaf'),
    setSending: (on: boolean) => this.told.push(on ? 'sends' : 'mute'),
    setPictures: (sources: readonly string[] | null) => this.told.push(`sees ${sources?.join(' ') ?? 'all'}`),
  } as unknown as MediaPort;

  /** The browser plays sound, or does not yet. */
  touched(needsGesture: boolean): void {
    this.#listener({ needsGesture } as MediaState);
  }

  /** What it was told since the last time. */
  news(): string[] {
    return this.told.splice(0);
  }
}

/** The rooms of one window, on a server that lets every seat in. */
class Window {
  readonly ports = new Map<RoomId, Changing<RoomPort>>();
  readonly media = new Map<RoomId, SmallMedia>();
  readonly closed: RoomId[] = [];
  readonly keepers = new Map<RoomId, (seat: KeptSeat) => void>();
  readonly rooms;

  constructor(storage = pageStorage()) {
    const opener = {
      openPort: ({ room, alias }: KeptSeat, keep: (seat: KeptSeat) => void) => {
        this.keepers.set(room, keep);
        const port = shallowReactive({
          view: VIEW,
          lines: [],
          me: { room, alias, role: 'witness', venue: 'jia', fingerprint: '00' },
          connection: { state: 'open' },
          clockOffset: 0,
          presence: new Set(['E1', 'E2']),
          notices: [],
          close: () => this.closed.push(room),
        }) as unknown as Changing<RoomPort>;
        this.ports.set(room, port);
        return Promise.resolve(port);
      },
      openMedia: ({ me }: RoomPort) => {
        const media = new SmallMedia();
        this.media.set(me?.room ?? '', media);
        return Promise.resolve(media.port);
      },
    };
    this.rooms = makeManyRooms(opener, storage);
  }

  async enter(...rooms: RoomId[]): Promise<void> {
    this.rooms.open();
    for (const room of rooms) this.rooms.add({ room, alias: 'W1', token: `token of ${room}` });
    await settled();
  }

  /** What each room's media were told since the last time. */
  news(): Record<RoomId, string[]> {
    return Object.fromEntries([...this.media].map(([room, media]) => [room, media.news()]));
  }

  change(room: RoomId, fields: Partial<Changing<RoomPort>>): Promise<void> {
    const port = this.ports.get(room);
    if (port === undefined) throw new Error(`${room} is not open.`);
    Object.assign(port, fields);
    return settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTick();
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => {
    vi.useRealTimers();
  };
});

describe('several rooms side by side', () => {
  it('begin without sound, without the own devices and without pictures', async () => {
    const page = new Window();

    await page.enter('R1', 'R2');

    const quiet = ['deaf', 'mute', 'sees ', 'start'];
    expect(page.news()).toEqual({ R1: quiet, R2: quiet });
    expect(page.rooms.heard.value).toBeNull();
  });

  it('are heard one at a time', async () => {
    const page = new Window();
    await page.enter('R1', 'R2', 'R3');
    page.news();

    page.rooms.listen('R2');
    const first = page.news();
    page.rooms.listen('R3');
    const second = page.news();
    page.rooms.listen(null);

    expect(first).toEqual({ R1: [], R2: ['hears'], R3: [] });
    expect(second).toEqual({ R1: [], R2: ['deaf'], R3: ['hears'] });
    expect(page.news()).toEqual({ R1: [], R2: [], R3: ['deaf'] });
  });

  it('are not heard before the browser plays sound', async () => {
    const page = new Window();
    await page.enter('R1');
    const media = page.media.get('R1');
    media?.touched(true);
    page.news();

    page.rooms.listen('R1');
    const blocked = media?.news();
    media?.touched(false);

    expect([blocked, media?.news()]).toEqual([[], ['hears']]);
  });

  it('show the picture of those that are on the screen', async () => {
    const page = new Window();
    await page.enter('R1', 'R2');
    page.news();

    page.rooms.setOnScreen('R1', true);
    const shown = page.news();
    page.rooms.choosePicture('R1', 'E2');
    const chosen = page.news();
    page.rooms.showPictures(false);

    expect(shown).toEqual({ R1: ['sees E1'], R2: [] });
    expect(chosen).toEqual({ R1: ['sees E2'], R2: [] });
    expect(page.news()).toEqual({ R1: ['sees '], R2: [] });
  });

  it('lend a room to its own page, which is heard, sends and shows everybody, and take it back', async () => {
    const page = new Window();
    await page.enter('R1', 'R2');
    page.rooms.listen('R1');
    page.news();

    page.rooms.showWhole('R2');
    const lent = page.news();
    page.rooms.leaveWhole('R1');
    page.rooms.leaveWhole('R2');

    expect(lent).toEqual({ R1: ['deaf'], R2: ['hears', 'sends', 'sees all'] });
    expect(page.news()).toEqual({ R1: [], R2: ['mute', 'sees '] });
    expect([page.rooms.heard.value, page.closed]).toEqual(['R2', []]);
  });

  it('keep the newest token of each, and come back without codes', async () => {
    const storage = pageStorage();
    const page = new Window(storage);
    await page.enter('R1', 'R2');
    page.keepers.get('R1')?.({ room: 'R1', alias: 'W1', token: 'newer' });
    page.rooms.listen('R2');

    const again = new Window(storage);
    await again.enter();
    again.keepers.get('R2')?.({ room: 'R2', alias: 'W1', token: 'newest' });

    expect(again.rooms.rooms.value.map(({ number, room }) => `${number} ${room}`)).toEqual(['1 R1', '2 R2']);
    expect(again.rooms.heard.value).toBe('R2');
    expect(storage.getItem('lianping.rooms')).toContain('"newer"');
    expect(storage.getItem('lianping.rooms')).toContain('"newest"');
  });

  it('let a room go that is taken off, and all of them when the page is left', async () => {
    const page = new Window();
    await page.enter('R1', 'R2');
    page.news();

    page.rooms.remove('R1');
    const one = [page.closed.splice(0), page.news()['R1']];
    page.rooms.close();

    expect(one).toEqual([['R1'], ['stop']]);
    expect([page.closed, page.rooms.rooms.value, page.rooms.has('R1'), page.rooms.has('R2')]).toEqual([
      ['R2'],
      [],
      false,
      true,
    ]);
  });
});

describe('a room that closes', () => {
  it('goes to the end, is heard no more and asks for nothing', async () => {
    const page = new Window();
    await page.enter('R1', 'R2');
    page.rooms.listen('R1');
    page.news();

    await page.change('R1', { view: { ...VIEW, phase: 'closed', paused: '停电' } });

    expect(page.rooms.rooms.value.map(({ room }) => room)).toEqual(['R2', 'R1']);
    expect([page.rooms.heard.value, page.news()['R1'], page.rooms.concerns.value]).toEqual([
      null,
      ['deaf', 'stop'],
      [],
    ]);
  });
});

describe('what asks for attention', () => {
  const ASKED = { ...VIEW, talk_requests: { E2: { agent: 'G1', member: 'E2', topic: 'other', asked_at: 9 } } } as const;

  it('comes from all rooms, and calls for as long as somebody waits', async () => {
    const page = new Window();
    await page.enter('R1', 'R2');
    await page.change('R1', { view: { ...VIEW, paused: '停电' } });
    const paused = page.rooms.calls.value;
    vi.advanceTimersByTime(3000);
    const later = page.rooms.calls.value;
    await page.change('R2', { view: ASKED });
    vi.advanceTimersByTime(60_000);

    expect([paused, later, page.rooms.calls.value]).toEqual([true, false, true]);
    expect(page.rooms.concerns.value.map(({ kind, number }) => `${kind} ${number}`)).toEqual([
      'talk_asked 2',
      'paused 1',
    ]);
  });

  it('tells which talk would end with another room', async () => {
    const page = new Window();
    await page.enter('R1', 'R2');
    page.rooms.listen('R1');

    await page.change('R1', { view: { ...VIEW, talk: TALK } });
    const held = page.rooms.heldTalk.value;
    page.rooms.listen('R2');

    expect([held, page.rooms.heldTalk.value]).toEqual(['R1', null]);
  });

  it('names a member who has been away for a while', async () => {
    const page = new Window();
    await page.enter('R1');

    await page.change('R1', { presence: new Set(['E1']) });
    const atOnce = page.rooms.concerns.value.length;
    vi.advanceTimersByTime(7000);
    await settled();

    expect(atOnce).toBe(0);
    expect(page.rooms.concerns.value).toMatchObject([{ kind: 'away', seats: ['E2'] }]);
  });
});

describe('a room that cannot be opened', () => {
  it('is told, and opened anew when asked to', async () => {
    const page = new Window();
    await page.enter('R1');
    await page.change('R1', { connection: { state: 'ended', code: 'taken_over' } });
    const ended = page.rooms.concerns.value.map(({ kind }) => kind);

    page.rooms.reopen('R1');
    await settled();

    expect(ended).toEqual(['ended']);
    expect([page.closed, page.rooms.concerns.value]).toEqual([['R1'], []]);
  });
});
