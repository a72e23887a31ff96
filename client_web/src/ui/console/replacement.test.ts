import { expect, test } from 'vitest';

import type { Alias, RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import { isFreeAlias, replacement, successorAlias } from './replacement';

const SEAT = seat('expert');

const withSeats = (...aliases: Alias[]): RoomView => ({
  ...EMPTY_VIEW,
  seats: Object.fromEntries(aliases.map((alias) => [alias, SEAT])),
});

test('the successor gets the next number of the same letters, numbers of those who left included', () => {
  expect(successorAlias('E3', withSeats('E1', 'E3', 'E7', 'H1'))).toBe('E8');
  expect(successorAlias('R1', withSeats('R1', 'E7'))).toBe('R2');
  expect(successorAlias('ZB2', withSeats('Z9', 'ZB2'))).toBe('ZB3');
});

test.each(['e8', 'E08', 'E', '8', 'E1000', 'ABC1', '', 'E1', 'toString'])('%j can be no new alias', (alias) => {
  expect(isFreeAlias(alias, withSeats('E1'))).toBe(false);
});

test('a whole form is a command, half of one is none', () => {
  const form = { reason: '突发疾病', successor: 'E8', name: '林晓', organisation: '', title: '' };
  const view = withSeats('E1', 'E3');

  expect(replacement('E3', form, view)).toEqual({
    type: 'replace_member',
    member: 'E3',
    reason: '突发疾病',
    successor: 'E8',
    person: { name: '林晓', organisation: '', title: '' },
  });
  expect(replacement('E3', { ...form, name: ' ' }, view)).toBeNull();
  expect(replacement('E3', { ...form, reason: '' }, view)).toBeNull();
  expect(replacement('E3', { ...form, successor: 'E1' }, view)).toBeNull();
});
