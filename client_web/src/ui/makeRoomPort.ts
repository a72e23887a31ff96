/** From the live session to what Vue can watch. */

import { shallowReactive } from 'vue';

import type { Alias, RoomId } from '../protocol/generated';
import { CommandRefused, CommandUnanswered, type Room } from '../session/room';
import type { Alarm, ConnectionState, RoomSnapshot } from '../session/roomSnapshot';
import { openSheets } from '../session/roomView';
import { cellKey, type Answer, type Connection, type Notice, type RoomPort, type TypedCell } from './roomPort';

/** As much of a live room as the interface needs. */
export type LiveRoom = Pick<
  Room,
  | 'snapshot'
  | 'lines'
  | 'rawLine'
  | 'token'
  | 'subscribe'
  | 'submit'
  | 'enrol'
  | 'typeCell'
  | 'cells'
  | 'showProgress'
  | 'serverNow'
  | 'leave'
  | 'keyFingerprint'
>;

/** A clock offset that differs by less is the same: nothing is drawn anew for it. */
const CLOCK_TOLERANCE_MS = 300;

const NOT_ENROLLED: Notice = { kind: 'alarm', code: 'not_enrolled' };

/** Refusals that pass by themselves: the store is slow or comes back, the room is opened from its log again. */
const PASSING: readonly string[] = ['store_unavailable', 'store_unwritable', 'room_stopped'];

const ENROL_AGAIN_MS = 2_000;

type Fields = { -readonly [Name in keyof RoomPort]: RoomPort[Name] };

/**
 * The port of a seat. A seat that no device holds is bound to this device's key at once.
 *
 * `startAnew` gives the seat a new key where this device's one was revoked: the person comes back to a device that the
 * seat had been moved away from.
 */
export function makeRoomPort(
  live: LiveRoom,
  room: RoomId,
  alias: Alias,
  startAnew: () => void,
  now: () => number = Date.now,
): RoomPort {
  const first = live.snapshot;
  const dismissed = new Set<string>();
  let isEnrolling = false;
  let isNotEnrolled = false;
  let enrolLater: ReturnType<typeof setTimeout> | undefined;

  const port: Fields = shallowReactive({
    view: first.view,
    lines: live.lines,
    me: null,
    connection: { state: 'connecting' },
    record: { held: 0, signed: 0, witnessed: 0 },
    proof: first.proof,
    clockOffset: 0,
    cells: {},
    progress: {},
    presence: new Set(),
    notices: [],
    get token() {
      return live.token;
    },
    rawLine: (seq) => live.rawLine(seq),
    submit: (command) => answered(live.submit(command)),
    saveCell: (sheet, cell, value) => {
      live.typeCell(sheet, cell, value);
      port.cells = cellsOf(live, live.snapshot, alias); // at once: the next key may follow before any news
    },
    showProgress: (sheet, filled, total) => {
      live.showProgress({ lot: sheet.lot, stage: sheet.stage, filled, total });
    },
    dismiss: (notice) => {
      dismissed.add(notice.code);
      port.notices = port.notices.filter((other) => other !== notice);
    },
    close: () => {
      stop();
      clearTimeout(enrolLater);
      live.leave();
    },
  } satisfies RoomPort);

  const stop = live.subscribe(take);
  take(first);
  return port;

  function take(snapshot: RoomSnapshot): void {
    const { view, size, proof, connected, progress } = snapshot;
    if (port.view !== view) port.lines = live.lines;
    port.view = view;
    port.connection = connectionOf(snapshot.connection, port.connection, now);
    port.record = { held: size, signed: proof.verified?.size ?? 0, witnessed: proof.witnessed };
    port.proof = proof;
    port.presence = new Set(connected);
    port.progress = progress;
    port.cells = cellsOf(live, snapshot, alias);
    takeNotices(snapshot);
    takeClock();
    takeSeat(snapshot);
  }

  function takeNotices({ alarms, view }: RoomSnapshot): void {
    const isStillOut = isNotEnrolled && view.seats[alias]?.key !== live.keyFingerprint;
    const notices = [...noticesOf(alarms), ...(isStillOut ? [NOT_ENROLLED] : [])];
    port.notices = notices.filter(({ code }) => !dismissed.has(code));
  }

  function takeClock(): void {
    const serverNow = live.serverNow();
    if (serverNow === null) return;
    const offset = serverNow - now();
    if (Math.abs(offset - port.clockOffset) > CLOCK_TOLERANCE_MS) port.clockOffset = offset;
  }

  function takeSeat({ view, connection }: RoomSnapshot): void {
    const seat = view.seats[alias];
    if (seat === undefined) return;
    port.me ??= { room, alias, role: seat.role, venue: seat.venue, fingerprint: live.keyFingerprint };
    const canEnrol = seat.key === null && view.phase !== 'closed';
    if (canEnrol && connection.state === 'live' && !isEnrolling) void enrol();
  }

  async function enrol(): Promise<void> {
    isEnrolling = true;
    const answer = await answered(live.enrol()).catch((error: unknown) => {
      tellNotEnrolled();
      throw error;
    });
    if (answer.accepted) return;
    if (answer.code === 'stale_view') {
      enrolAgain(); // the room moved on in the meantime
      return;
    }
    if (answer.code === 'key_unusable') {
      startAnew();
      return;
    }
    tellNotEnrolled(); // for good, but for refusals that pass: the person reloads the page
    if (PASSING.includes(answer.code)) enrolLater = setTimeout(enrolAgain, ENROL_AGAIN_MS);
  }

  function enrolAgain(): void {
    isEnrolling = false;
    takeSeat(live.snapshot);
  }

  function tellNotEnrolled(): void {
    isNotEnrolled = true;
    takeNotices(live.snapshot);
  }
}

async function answered(accepted: Promise<unknown>): Promise<Answer> {
  try {
    await accepted;
    return { accepted: true };
  } catch (error) {
    if (error instanceof CommandRefused || error instanceof CommandUnanswered) {
      return { accepted: false, code: error.code };
    }
    throw error;
  }
}

function connectionOf(live: ConnectionState, before: Connection, now: () => number): Connection {
  if (live.state === 'ended') return { state: 'ended', code: live.code };
  if (live.state === 'live') return before.state === 'open' ? before : { state: 'open' };
  return before.state === 'open' ? { state: 'reconnecting', since: now() } : before;
}

function cellsOf(live: LiveRoom, { view, connection }: RoomSnapshot, alias: Alias): Record<string, TypedCell> {
  const unsaved = connection.state === 'live' ? 'saving' : 'waiting';
  const cells: Record<string, TypedCell> = {};
  for (const { lot, stage, round } of openSheets(view, alias)) {
    if (lot === null) continue;
    const sheet = { lot, stage, round };
    for (const [cell, { value, isSaved }] of live.cells(sheet)) {
      cells[cellKey(sheet, cell)] = { value, state: isSaved ? 'saved' : unsaved };
    }
  }
  return cells;
}

function noticesOf(alarms: readonly Alarm[]): Notice[] {
  const codes = [...new Set(alarms.map(({ kind }) => kind))];
  return codes.map((code) => ({ kind: code === 'other_device_refused' ? 'warning' : 'alarm', code }));
}
