import { describe, expect, it } from 'vitest';

import type { Phase, Talk } from '../../protocol/generated';
import { heardRoom, heldTalk, roomOfKey, type Listenable } from './heardRoom';

function room(number: number, phase: Phase = 'check_in', talk: Talk | null = null): Listenable {
  return { room: `R${number}`, number, alias: 'W1', view: { phase, talk }, hasEnded: false };
}

const TALK: Talk = { asker: 'E2', agent: 'G1', member: 'E2', topic: 'procedure', witness: 'W1', opened_at: 7 };
const ROOMS = [room(1), room(2), room(3)];

describe('the room that is heard', () => {
  it('is the chosen one, and no other', () => {
    expect(heardRoom(ROOMS, 'R2', null)).toBe('R2');
    expect(heardRoom(ROOMS, null, null)).toBeNull();
    expect(heardRoom(ROOMS, 'R9', null)).toBeNull();
  });

  it('is the one whose own page is shown, whatever was chosen', () => {
    expect(heardRoom(ROOMS, 'R2', 'R3')).toBe('R3');
    expect(heardRoom(ROOMS, null, 'R3')).toBe('R3');
  });

  it('is none once it is closed, or this page is not in it any more', () => {
    expect(heardRoom([room(1, 'closed')], 'R1', null)).toBeNull();
    expect(heardRoom([{ ...room(1), hasEnded: true }], 'R1', null)).toBeNull();
  });

  it('may be chosen before its lines have come', () => {
    expect(heardRoom([{ ...room(1), view: null }], 'R1', null)).toBe('R1');
  });
});

describe('a talk that ends with the listening', () => {
  it('is the one to which the own seat listens in the room that is heard', () => {
    const rooms = [room(1), room(2, 'check_in', TALK), room(3, 'check_in', { ...TALK, witness: 'W2' })];

    expect(['R1', 'R2', 'R3', null].map((heard) => heldTalk(rooms, heard))).toEqual([null, 'R2', null, null]);
  });
});

describe('a key', () => {
  it('chooses the room with its number, or none', () => {
    expect(['1', '3', '0'].map((key) => roomOfKey(key, ROOMS))).toEqual(['R1', 'R3', null]);
  });

  it('chooses nothing where there is no such room, or nothing to hear', () => {
    expect(['4', 'a', 'Enter'].map((key) => roomOfKey(key, ROOMS))).toEqual([undefined, undefined, undefined]);
    expect(roomOfKey('1', [room(1, 'closed')])).toBeUndefined();
  });
});
