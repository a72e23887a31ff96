import { expect, test } from 'vitest';

import { goldenReplay } from '../../replay/testWorld/goldenReplays';
import { breakSpans, recordingBreaks } from './recordingGaps';

const { lines } = goldenReplay('recorded');
const at = (seq: number): number => lines[seq]?.head.at ?? 0;
/** The last line of a kind about a track. */
function seqOf(type: 'recording_began' | 'recording_gap', alias: string, kind: string): number {
  const found = lines.filter(({ event }) => event.type === type && event.alias === alias && event.kind === kind);
  return found.at(-1)?.head.seq ?? -1;
}

test('a break goes from its line to the one by which the recording began again; what is not wanted is none', () => {
  const between = (alias: string, kind: 'audio' | 'video', gap: 'silent' | 'disconnected') => {
    const seq = seqOf('recording_gap', alias, kind);
    return { seq, alias, kind, gap, from: at(seq), to: at(seqOf('recording_began', alias, kind)) };
  };

  expect(recordingBreaks(lines)).toEqual([
    between('E2', 'video', 'silent'),
    between('W1', 'audio', 'disconnected'),
    between('W1', 'video', 'disconnected'),
  ]);
  expect(lines[seqOf('recording_gap', 'E4', 'video')]?.event).toMatchObject({ gap: 'not_wanted' });
});

test('one that has no end yet lasts up to the moment', () => {
  const gap = seqOf('recording_gap', 'E2', 'video');
  const breaks = recordingBreaks(lines.slice(0, gap + 1));

  expect(breaks.map(({ alias, to }) => [alias, to])).toEqual([['E2', null]]);
  expect(breakSpans(breaks, at(gap) + 5000)).toEqual([{ from: at(gap), to: at(gap) + 5000 }]);
});

test('a shared screen comes and goes', () => {
  const shared = lines.map((line) =>
    line.event.type === 'recording_gap' ? { ...line, event: { ...line.event, kind: 'screen' as const } } : line,
  );

  expect(recordingBreaks(shared)).toEqual([]);
});
