/**
 * The rooms that this window watches side by side: each opened once, with its own seat, and kept open while one of them
 * is looked at whole. One is heard at a time; of the others no sound comes, and of none a picture that is not looked at.
 */

import { computed, effectScope, ref, shallowReactive, shallowRef, watch, type EffectScope, type Ref } from 'vue';

import type { MediaPort, MediaState } from '../../media/mediaPort';
import type { Alias, Millis, RoomId } from '../../protocol/generated';
import { membersOf } from '../../session/roomView';
import type { KeptSeat } from '../entry/keptSeat';
import type { Me, RoomPort } from '../roomPort';
import { observed, type Absences } from './absences';
import { byUrgency, concernKey, concernsOf, isUrgent, type Concern } from './concerns';
import { heardRoom, heldTalk, isListenable, type Listenable } from './heardRoom';
import {
  changed,
  keepRooms,
  keptRooms,
  MOST_ROOMS,
  withoutRoom,
  withSeat,
  type KeptRoom,
  type KeptRooms,
} from './keptRooms';
import { pictureChoices, shownPicture } from './roomPicture';

/** One of them; its fields are replaced as wholes. */
export interface OpenRoom {
  readonly room: RoomId;
  /** Of the own seat. */
  readonly alias: Alias;
  readonly number: number;
  /** Null before it is open. */
  readonly port: RoomPort | null;
  /** Null before its media have begun. */
  readonly media: MediaPort | null;
  readonly state: MediaState | null;
  /** It cannot be opened. */
  readonly hasFailed: boolean;
  readonly absences: Absences;
  readonly isOnScreen: boolean;
}

/** How a room is opened. */
export interface RoomOpener {
  /** `keep` takes the seat with each new token, `beginAgain` opens the room anew. */
  readonly openPort: (seat: KeptSeat, keep: (seat: KeptSeat) => void, beginAgain: () => void) => Promise<RoomPort>;
  readonly openMedia: (port: RoomPort, me: Me) => Promise<MediaPort>;
}

export interface ManyRooms {
  /** Closed ones last, else by their numbers. */
  readonly rooms: Readonly<Ref<readonly OpenRoom[]>>;
  readonly heard: Readonly<Ref<RoomId | null>>;
  readonly hasPictures: Readonly<Ref<boolean>>;
  /** Whose picture stands for each room; null where there is none. */
  readonly pictures: Readonly<Ref<ReadonlyMap<RoomId, Alias | null>>>;
  /** In which the own seat listens to a talk that ends with the listening. */
  readonly heldTalk: Readonly<Ref<RoomId | null>>;
  /** The most urgent first. */
  readonly concerns: Readonly<Ref<readonly Concern[]>>;
  /** Whether somebody waits for the officer, or something has just come up. */
  readonly calls: Readonly<Ref<boolean>>;
  readonly isOpen: Readonly<Ref<boolean>>;
  readonly isFull: Readonly<Ref<boolean>>;
  readonly find: (room: RoomId) => OpenRoom | undefined;
  /** Whether a room is one of them, open or not. */
  readonly has: (room: RoomId) => boolean;
  /** Opens all that are kept. */
  readonly open: () => void;
  /** Leaves all; they are kept. */
  readonly close: () => void;
  readonly add: (seat: KeptSeat) => void;
  readonly remove: (room: RoomId) => void;
  /** Opens a room anew, after its connection has ended. */
  readonly reopen: (room: RoomId) => void;
  /** Hears this room and no other; null for none. */
  readonly listen: (room: RoomId | null) => void;
  readonly choosePicture: (room: RoomId, picture: Alias) => void;
  readonly showPictures: (on: boolean) => void;
  readonly setOnScreen: (room: RoomId, isOnScreen: boolean) => void;
  /** The room whose own page is shown is heard, sends and shows everybody. */
  readonly showWhole: (room: RoomId) => void;
  /** Its own page is put away. */
  readonly leaveWhole: (room: RoomId) => void;
  /** This machine's, second by second. */
  readonly clock: Readonly<Ref<Millis>>;
}

/** So long something new calls. */
const FRESH_MS = 1500;

type Fields = { -readonly [Name in keyof OpenRoom]: OpenRoom[Name] };

export function makeManyRooms(
  opener: RoomOpener,
  storage: Storage = sessionStorage,
  now: () => Millis = Date.now,
): ManyRooms {
  const kept = shallowRef<KeptRooms>(keptRooms(storage));
  const open = shallowRef<readonly Fields[]>([]);
  const isOpen = ref(false);
  const whole = shallowRef<RoomId | null>(null);
  const clock = ref(now());
  const freshUntil = ref(0);
  const lives = new Map<RoomId, EffectScope>();
  const ownLife = effectScope(true);
  let ticking: ReturnType<typeof setInterval> | undefined;

  const listenables = computed(() => open.value.map(listenable));
  const heard = computed(() => heardRoom(listenables.value, kept.value.heard, whole.value));
  const rooms = computed(() => [...open.value].sort((a, b) => Number(isClosed(a)) - Number(isClosed(b))));
  const pictures = computed(() => new Map(open.value.map((room) => [room.room, pictureOf(room)])));
  const concerns = computed(() =>
    byUrgency(open.value.flatMap((room) => concernsOf(room, clock.value + (room.port?.clockOffset ?? 0)))),
  );
  const urgent = computed(() => concerns.value.filter(isUrgent).map(concernKey));
  const calls = computed(
    () => concerns.value.some(({ kind }) => kind === 'talk_asked') || clock.value < freshUntil.value,
  );

  ownLife.run(() => {
    watch(urgent, (keys, before) => {
      if (keys.some((key) => !before.includes(key))) freshUntil.value = clock.value + FRESH_MS;
    });
  });

  function keep(next: KeptRooms): void {
    kept.value = next;
    keepRooms(next, storage);
  }

  // -- one room ------------------------------------------------------------------------------------------------------

  function begin({ room, alias, token, number }: KeptRoom): void {
    const nothing = { port: null, media: null, state: null, hasFailed: false, absences: new Map<Alias, Millis>() };
    const fields: Fields = shallowReactive({ room, alias, number, ...nothing, isOnScreen: false });
    const life = effectScope(true);
    lives.set(room, life);
    open.value = [...open.value, fields].sort((a, b) => a.number - b.number);
    life.run(() => {
      watch(
        () => fields.port?.me ?? null,
        (me) => {
          if (me !== null && fields.media === null) void beginMedia(fields, me, life);
        },
      );
      watch([clock, () => fields.port?.presence], () => {
        look(fields);
      });
    });
    void openPort(fields, { room, alias, token }, life);
  }

  async function openPort(fields: Fields, seat: KeptSeat, life: EffectScope): Promise<void> {
    try {
      const port = await opener.openPort(
        seat,
        ({ room, token }) => {
          if (life.active) keep(changed(kept.value, room, { token }));
        },
        () => {
          reopen(seat.room);
        },
      );
      if (life.active) fields.port = port;
      else port.close();
    } catch {
      fields.hasFailed = true;
    }
  }

  async function beginMedia(fields: Fields, me: Me, life: EffectScope): Promise<void> {
    const { port } = fields;
    if (port === null || isOver(fields)) return;
    const media = await opener.openMedia(port, me);
    if (!life.active || fields.media !== null) return;
    fields.media = media;
    fields.state = media.state;
    media.subscribe((state) => (fields.state = state));
    life.run(() => {
      steer(fields, media);
    });
    media.start();
  }

  /** Has the media follow what is looked at and listened to, at once. */
  function steer(fields: Fields, media: MediaPort): void {
    const at_once = { immediate: true, flush: 'sync' } as const;
    watch(
      () => heard.value === fields.room && fields.state?.needsGesture === false,
      (on) => {
        media.setHearing(on);
      },
      at_once,
    );
    watch(
      () => whole.value === fields.room,
      (on) => {
        media.setSending(on);
      },
      at_once,
    );
    watch(
      () => wantedPictures(fields),
      (wanted, before) => {
        if (before === undefined || String(wanted) !== String(before)) media.setPictures(wanted);
      },
      at_once,
    );
    watch(
      () => isOver(fields),
      (over) => {
        if (over) media.stop();
      },
    );
  }

  /** Null for all of them, while the room is looked at whole. */
  function wantedPictures({ room, isOnScreen }: OpenRoom): readonly Alias[] | null {
    if (whole.value === room) return null;
    const picture = pictures.value.get(room) ?? null;
    return kept.value.hasPictures && isOnScreen && picture !== null ? [picture] : [];
  }

  function pictureOf({ room, alias, port }: OpenRoom): Alias | null {
    if (port === null) return null;
    const chosen = kept.value.rooms.find((each) => each.room === room)?.picture ?? null;
    return shownPicture(chosen, pictureChoices(port.view, alias, port.presence));
  }

  function look(fields: Fields): void {
    const { port } = fields;
    if (port?.connection.state !== 'open') return;
    const { view, presence, clockOffset } = port;
    fields.absences = observed(fields.absences, membersOf(view), presence, clock.value + clockOffset);
  }

  function end(room: RoomId): void {
    const fields = find(room);
    lives.get(room)?.stop();
    lives.delete(room);
    open.value = open.value.filter((each) => each !== fields);
    fields?.media?.stop();
    fields?.port?.close();
  }

  // -- verbs ---------------------------------------------------------------------------------------------------------

  function find(room: RoomId): Fields | undefined {
    return open.value.find((each) => each.room === room);
  }

  function reopen(room: RoomId): void {
    const seat = kept.value.rooms.find((each) => each.room === room);
    if (!isOpen.value || seat === undefined) return;
    end(room);
    begin(seat);
  }

  return {
    rooms,
    heard,
    hasPictures: computed(() => kept.value.hasPictures),
    pictures,
    heldTalk: computed(() => heldTalk(listenables.value, heard.value)),
    concerns,
    calls,
    isOpen,
    isFull: computed(() => kept.value.rooms.length >= MOST_ROOMS),
    find,
    has: (room) => kept.value.rooms.some((each) => each.room === room),
    open: () => {
      if (isOpen.value) return;
      isOpen.value = true;
      kept.value = keptRooms(storage);
      for (const room of kept.value.rooms) begin(room);
      ticking = setInterval(() => {
        clock.value = now();
      }, 1000);
    },
    close: () => {
      clearInterval(ticking);
      isOpen.value = false;
      whole.value = null;
      for (const { room } of open.value) end(room);
    },
    add: (seat) => {
      keep(withSeat(kept.value, seat));
      reopen(seat.room);
    },
    remove: (room) => {
      end(room);
      keep(withoutRoom(kept.value, room));
    },
    reopen,
    listen: (room) => {
      keep({ ...kept.value, heard: room });
    },
    choosePicture: (room, picture) => {
      keep(changed(kept.value, room, { picture }));
    },
    showPictures: (hasPictures) => {
      keep({ ...kept.value, hasPictures });
    },
    setOnScreen: (room, isOnScreen) => {
      const fields = find(room);
      if (fields !== undefined) fields.isOnScreen = isOnScreen;
    },
    showWhole: (room) => {
      whole.value = room;
      keep({ ...kept.value, heard: room });
    },
    leaveWhole: (room) => {
      if (whole.value === room) whole.value = null; // else another one has taken its place
    },
    clock,
  };
}

/** Whether nothing comes of a room any more. */
function isOver(room: OpenRoom): boolean {
  return !isListenable(listenable(room));
}

function isClosed({ port }: OpenRoom): boolean {
  return port?.view.phase === 'closed';
}

/** As much of it as says whether it can be heard. */
export function listenable({ room, number, alias, port, hasFailed }: OpenRoom): Listenable {
  const hasEnded = hasFailed || port?.connection.state === 'ended';
  return { room, number, alias, view: port?.view ?? null, hasEnded };
}
