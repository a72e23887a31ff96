import { expect, test } from 'vitest';

import type { LotState, Report, RoomOpened } from '../../protocol/generated';
import { openedReport } from '../../session/foldReport';
import { EMPTY_LOT } from '../../session/testWorld/views';
import { endings, hasResult, maySign, memberTitle, openEndings, openLots, owesAnnex, waitedFor } from './endings';

const REPORT: Report = {
  ...openedReport({ type: 'signing_opened', lot: 'L1', version: 1, members: ['E1', 'E2', 'E3', 'E4'] }),
  ends: { E1: 'signed', E2: 'refused', E3: 'refused_with_dissent' },
  dissents: { E3: '报价分有误。' },
  minutes: {},
};
const PEOPLE = { opening: null, people: { E1: { name: '王龘', organisation: '', title: '' } } };
const NAMELESS = { people: {}, opening: { policy: { member_names: 'never', retention_years: 15 } } as RoomOpened };

test('every member is told with what is known', () => {
  const open = { dissent: null, minute: null, annex: null };

  expect(endings(REPORT, PEOPLE)).toEqual([
    { alias: 'E1', name: '王龘', end: 'signed', ...open },
    { alias: 'E2', name: null, end: 'refused', ...open },
    { alias: 'E3', name: null, end: 'refused_with_dissent', ...open, dissent: '报价分有误。' },
    { alias: 'E4', name: null, end: null, ...open },
  ]);
});

test('who has refused without reasons is waited for like who has done nothing', () => {
  expect(openEndings(REPORT, PEOPLE).map(({ alias }) => alias)).toEqual(['E2', 'E4']);
});

test('who has signed under an alias is waited for until the annex is signed', () => {
  const annexed = { ...REPORT, annexes: ['E1'] };
  const waiting = (report: Report, view: Parameters<typeof waitedFor>[1]) =>
    waitedFor(report, view).map(({ alias }) => alias);

  expect(waiting(REPORT, PEOPLE)).toEqual(['E2', 'E4']);
  expect(waiting(REPORT, NAMELESS)).toEqual(['E1', 'E2', 'E4']);
  expect(waiting(annexed, NAMELESS)).toEqual(['E2', 'E4']);
  expect(['E1', 'E3', 'E4'].filter((alias) => owesAnnex(REPORT, alias, NAMELESS))).toEqual(['E1']);
  expect(endings(annexed, NAMELESS).map(({ annex }) => annex)).toEqual(['signed', null, null, null]);
  expect(endings(REPORT, NAMELESS)[0]?.annex).toBe('owed');
});

test('a member may sign until the signing is ended for them, and nobody else may', () => {
  expect(['E1', 'E2', 'E3', 'E4', 'W1'].filter((alias) => maySign(REPORT, alias))).toEqual(['E2', 'E4']);
  expect(maySign(null, 'E1')).toBe(false);
});

test('a member is called by alias until the name is known', () => {
  expect([memberTitle({ alias: 'E1', name: '王龘' }), memberTitle({ alias: 'E2', name: null })]).toEqual([
    'E1 王龘',
    'E2',
  ]);
});

test('a lot has its result from the lock on', () => {
  const lot = (phase: LotState['phase']): LotState => ({ ...EMPTY_LOT, phase });

  expect(openLots({ lots: { L1: lot('locked'), L2: lot('summary'), L3: lot('sealed'), L4: lot('prices') } })).toEqual([
    'L2',
    'L4',
  ]);
  expect([hasResult(lot('signing')), hasResult(undefined)]).toEqual([true, false]);
});
