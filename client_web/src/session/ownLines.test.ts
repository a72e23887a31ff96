import { describe, expect, it } from 'vitest';

import type { AnyEvent } from '../protocol/generated';
import { canonicalJson } from './canonicalJson';
import { commandDigest } from './commands';
import { parseLine, type Line } from './line';
import { isFaithful, OwnLines } from './ownLines';
import { GOLDEN_LOGS } from './testWorld/goldenLogs';

let seq = 0;

function line(event: AnyEvent, by = 'system'): Line {
  return { head: { seq: seq++, at: 0, by, salt: '' }, event };
}

function enrolled(alias: string, key: string): Line {
  return line({ type: 'seat_enrolled', alias, key, spki: '', certificate: '' }, alias);
}

const PLEDGE: AnyEvent = { type: 'pledge_made' };

describe('OwnLines', () => {
  it('claims the lines under the alias while the key is mine', () => {
    const mine = line(PLEDGE, 'E1');
    const lines = [line(PLEDGE, 'E1'), enrolled('E1', 'my key'), mine, line(PLEDGE, 'E2')];

    expect(new OwnLines('E1', 'my key').take(lines)).toEqual([mine]);
  });

  it('claims nothing while another device speaks for the alias', () => {
    const lines = [enrolled('E1', 'another key'), line(PLEDGE, 'E1')];

    expect(new OwnLines('E1', 'my key').take(lines)).toEqual([]);
  });

  it('claims the enrolment that takes the alias away without a release', () => {
    const theft = enrolled('E1', 'another key');
    const lines = [enrolled('E1', 'my key'), theft, line(PLEDGE, 'E1')];

    expect(new OwnLines('E1', 'my key').take(lines)).toEqual([theft]);
  });

  it.each<AnyEvent>([
    { type: 'seat_released', alias: 'E1', key: 'my key', reason: '' },
    { type: 'member_replaced', member: 'E1', successor: 'E9', reason: '' },
  ])('claims nothing after $type', (event) => {
    const own = new OwnLines('E1', 'my key');
    own.take([enrolled('E1', 'my key'), line(event, 'O1')]);

    expect(own.take([line(PLEDGE, 'E1')])).toEqual([]);
  });
});

function bearing(event: AnyEvent, command: Readonly<Record<string, string>>, cause?: string): Line {
  const text = canonicalJson(command);
  const signed = { text, key: '', signature: '' };
  return { head: { seq: 0, at: 0, by: 'E1', salt: '', cause: cause ?? commandDigest(text), signed }, event };
}

describe('isFaithful', () => {
  it('says yes to every line that the server made of a command', () => {
    const broken = GOLDEN_LOGS.flatMap((log) => log.lines.map(parseLine).filter((each) => !isFaithful(each)));

    expect(broken).toEqual([]);
  });

  it.each<[boolean, string, AnyEvent, Readonly<Record<string, string>>]>([
    [true, 'the same content', { type: 'room_paused', reason: '断电' }, { type: 'pause_room', reason: '断电' }],
    [true, 'spaces dropped', { type: 'room_paused', reason: '断电' }, { type: 'pause_room', reason: ' 断电\n' }],
    [false, 'other content', { type: 'room_paused', reason: '断电' }, { type: 'pause_room', reason: '停电' }],
    [true, 'nothing in common', { type: 'room_resumed' }, { type: 'resume_room' }],
  ])('%j: %s', (verdict, _, event, command) => {
    expect(isFaithful(bearing(event, command))).toBe(verdict);
  });

  it('says no to a cause that is not the digest of the command', () => {
    const event: AnyEvent = { type: 'room_resumed' };

    expect(isFaithful(bearing(event, { type: 'resume_room' }, 'ab'.repeat(32)))).toBe(false);
  });

  it('compares sheets cell by cell', () => {
    const sheet = { A: { t1: '13.5' } };
    const event: AnyEvent = { type: 'sheet_scored', lot: '1', round: 1, points: sheet };
    const text = canonicalJson({ lot: '1', points: { A: { t1: '13.50' } }, round: 1, type: 'hand_in_scores' });
    const signed = { text, key: '', signature: '' };
    const head = { seq: 0, at: 0, by: 'E1', salt: '', cause: commandDigest(text), signed };

    expect(isFaithful({ head, event })).toBe(false);
  });
});
