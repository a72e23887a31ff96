import { expect, test } from 'vitest';

import type { Alias, RoomView } from '../../protocol/generated';
import { fold } from '../../session/fold';
import { parseLine } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import type { Connection, Me } from '../roomPort';
import { shortCode } from '../shortCode';
import { venueRows, waitingForConfirmation, type SeatRow } from './seatRows';

const PLAIN = GOLDEN_LOGS.find(({ name }) => name === 'plain')?.lines.map(parseLine) ?? [];

/** The room just before a line that meets a condition. */
function before(isMet: (view: RoomView) => boolean): RoomView {
  let view = fold([]);
  for (const line of PLAIN) {
    const next = fold([line], view);
    if (isMet(next)) return view;
    view = next;
  }
  throw new RangeError('The log never comes so far.');
}

function shown(
  view: RoomView,
  by: Alias = 'H1',
  more: { progress?: Alias; presence?: Alias[]; connection?: Connection } = {},
) {
  const seat = view.seats[by];
  if (seat === undefined) throw new RangeError('There is no such seat.');
  const me: Me = { room: 'r', alias: by, role: seat.role, venue: seat.venue, fingerprint: '00' };
  const lot = Object.keys(view.lots)[0] ?? '';
  const progress = more.progress
    ? { [more.progress]: { lot, stage: 'examination' as const, filled: 3, total: 9 } }
    : {};
  const connection = more.connection ?? { state: 'open' };
  return venueRows({ view, me, presence: new Set(more.presence ?? []), progress, connection });
}

const rowsOf = (view: RoomView, by?: Alias): SeatRow[] => shown(view, by).flatMap(({ rows }) => [...rows]);
const members = (rows: readonly SeatRow[]) => rows.filter(({ checkIn }) => checkIn !== null);

test('the own venue comes first, and only its seats can be acted on', () => {
  const venues = shown(before((view) => view.phase === 'check_in'));

  expect(venues.map(({ isOwn }) => isOwn)).toEqual([true, ...venues.slice(1).map(() => false)]);
  expect(venues.slice(1).flatMap(({ rows }) => rows.flatMap(({ acts }) => acts))).toEqual([]);
  expect(venues[0]?.rows.find(({ alias }) => alias === 'H1')?.acts).toEqual([]);
});

test('a seat goes from vacant over enrolled to confirmed, with the code of its key', () => {
  const enrolled = before((view) => view.seats['E1']?.confirmed === true);
  const row = rowsOf(enrolled).find(({ alias }) => alias === 'E1');

  expect(row).toMatchObject({
    key: 'enrolled',
    code: shortCode(enrolled.seats['E1']?.key ?? ''),
    acts: ['confirm', 'move'],
  });
  expect(waitingForConfirmation(shown(enrolled)).map(({ alias }) => alias)).toEqual(['E1']);
  const vacant = rowsOf(before((view) => view.seats['E1']?.key != null)).find(({ alias }) => alias === 'E1');
  expect(vacant).toMatchObject({ key: 'vacant', code: null, acts: ['issue_code'] });
  const confirmed = rowsOf(before((view) => view.phase === 'closed')).find(({ alias }) => alias === 'E1');
  expect(confirmed).toMatchObject({ key: 'confirmed', acts: ['move'] });
});

test('members show their sheets: pending, filled in, handed in', () => {
  const examination = before((view) =>
    Object.values(view.lots).some((lot) => (lot.stages.examination?.rounds[0]?.handed_in.length ?? 0) > 1),
  );
  const rows = members(shown(examination, 'H1', { progress: 'E2' }).flatMap(({ rows: ofVenue }) => [...ofVenue]));

  const marks = Object.fromEntries(rows.map(({ alias, sheets }) => [alias, sheets.map(({ state }) => state).join()]));
  const [done] = Object.values(examination.lots).flatMap((lot) => lot.stages.examination?.rounds[0]?.handed_in ?? []);
  expect(marks[done ?? '']).toBe('handed_in');
  expect(new Set(Object.values(marks))).toEqual(new Set(['handed_in', 'filling', 'pending']));
});

test('whether a supervisor is here is told to nobody', () => {
  const view = before((next) => next.phase === 'check_in');
  const rows = shown(view, 'H1', { presence: ['H1', 'S1'] }).flatMap(({ rows: ofVenue }) => [...ofVenue]);

  const presence = Object.fromEntries(rows.map(({ alias, presence: told }) => [alias, told]));
  expect(presence['H1']).toBe('present');
  expect(presence['E1']).toBe('away');
  expect(rows.filter(({ role }) => role === 'supervisor' || role === 'auditor').map((row) => row.presence)).toEqual(
    rows.filter(({ role }) => role === 'supervisor' || role === 'auditor').map(() => 'unseen'),
  );
});

test('a page that is not connected does not know who is here', () => {
  const view = before((next) => next.phase === 'check_in');
  const rows = shown(view, 'H1', { connection: { state: 'reconnecting', since: 0 } }).flatMap(({ rows: all }) => [
    ...all,
  ]);

  expect(new Set(rows.map(({ presence }) => presence))).toEqual(new Set(['unknown', 'unseen']));
});

test('nothing can be done in a closed room', () => {
  const closed = fold(PLAIN);

  expect(closed.phase).toBe('closed');
  expect(rowsOf(closed).flatMap(({ acts }) => acts)).toEqual([]);
});
