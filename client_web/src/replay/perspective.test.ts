import { describe, expect, it } from 'vitest';

import { fold } from '../session/fold';
import { EMPTY_VIEW } from '../session/roomView';
import { knownThen } from '../session/testWorld/goldenLogs';
import { Perspective } from './perspective';
import { sinceOf, sinceWritten } from './replayTable';
import { stepsOf } from './steps';
import { GOLDEN_REPLAYS, goldenReplay, type GoldenReplay } from './testWorld/goldenReplays';

function perspectiveOf({ lines, table }: GoldenReplay, alias: string): Perspective {
  const sight = table.aliases[alias];
  return new Perspective(lines, sight === undefined ? sinceWritten(table.size) : sinceOf(sight, table.size));
}

describe('golden logs', () => {
  it.each(GOLDEN_REPLAYS)(
    '$name: at the end each alias sees what the server says, and the record is whole',
    (golden) => {
      for (const [alias, { view }] of Object.entries(golden.log.views)) {
        const seen = perspectiveOf(golden, alias).viewAt(golden.table.size);

        expect(knownThen(seen, view)).toEqual(view);
      }
    },
  );

  it.each(GOLDEN_REPLAYS)(
    '$name: at every step the view is the fold of the lines held, in any order asked',
    (golden) => {
      const sizes = stepsOf(golden.lines).map(({ size }) => size);
      const mixed = [...sizes].sort((a, b) => ((a * 37) % 101) - ((b * 37) % 101));
      for (const alias of Object.keys(golden.log.views)) {
        const perspective = perspectiveOf(golden, alias);
        for (const size of mixed) expect(perspective.viewAt(size)).toEqual(fold(perspective.linesAt(size)));
      }
    },
  );
});

describe('a perspective', () => {
  const golden = goldenReplay('plain');

  it('holds no points of the others before the reveal, and all of them after it', () => {
    const reveals = golden.table.marks.filter(({ code, lot }) => code === 'reveal' && lot !== null);
    const scored = reveals.at(-1)?.seq ?? 0;
    const ofE2 = perspectiveOf(golden, 'E2');
    const [lot = ''] = Object.keys(ofE2.viewAt(golden.table.size).lots);

    expect(Object.keys(ofE2.viewAt(scored).lots[lot]?.points ?? {})).toEqual(['E2']);
    expect(Object.keys(ofE2.viewAt(scored + 1).lots[lot]?.points ?? {}).length).toBe(5);
  });

  it('is empty before the alias had a seat, and ends when the alias left', () => {
    const replaced = goldenReplay('replaced-members');
    const planned = replaced.table.aliases['E6']?.planned ?? 0;
    const left = planned - 1; // the line before: E1 makes way for E6

    expect(perspectiveOf(replaced, 'E6').viewAt(planned)).toBe(EMPTY_VIEW);
    expect(perspectiveOf(replaced, 'E6').viewAt(planned + 1).opening).not.toBeNull();
    expect(perspectiveOf(replaced, 'E1').linesAt(replaced.table.size).at(-1)?.head.seq).toBe(left);
  });

  it('gives the same object for the same moment, so that nothing is drawn anew', () => {
    const perspective = perspectiveOf(golden, 'E2');

    expect(perspective.viewAt(50)).toBe(perspective.viewAt(50));
  });
});
