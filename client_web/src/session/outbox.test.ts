import { describe, expect, it } from 'vitest';

import type { Refused } from '../protocol/generated';
import type { SignedCommandText } from './commands';
import { Outbox } from './outbox';

function command(n: number): SignedCommandText {
  return { n, text: `{"n":${n}}`, signature: Uint8Array.of(n), key: 'ab' };
}

function submit(n: number): object {
  return { type: 'submit', text: `{"n":${n}}`, signature: Uint8Array.of(n), key: 'ab' };
}

function refused(n: number | null): Refused {
  return { type: 'refused', code: 'wrong_phase', text: '', n };
}

describe('Outbox', () => {
  it('sends every command once, by its number', () => {
    const outbox = new Outbox();
    outbox.add(command(2));
    outbox.add(command(1));

    expect([outbox.due(0), outbox.due(0)]).toEqual([[submit(1), submit(2)], []]);
  });

  it('sends what has no answer again after the connection was lost, with the same bytes', () => {
    const outbox = new Outbox();
    outbox.add(command(1));
    outbox.add(command(2));
    outbox.due(0);
    outbox.handleAnswer({ type: 'accepted', n: 1, first: 4, last: 5 });

    outbox.handleClosed();

    expect([outbox.due(9), outbox.size]).toEqual([[submit(2)], 1]);
  });

  it('knows which answers are to its commands', () => {
    const outbox = new Outbox();
    outbox.add(command(1));

    const known = [refused(null), refused(2), refused(1), refused(1)].map((answer) => outbox.handleAnswer(answer));

    expect([known, outbox.size]).toEqual([[false, false, true, false], 0]);
  });

  it('loses patience a quarter of a minute after it sent', () => {
    const outbox = new Outbox();
    const times = [outbox.timer];
    outbox.add(command(1));
    times.push(outbox.timer);
    outbox.due(1000);
    times.push(outbox.timer);
    outbox.handleClosed();
    times.push(outbox.timer);

    expect(times).toEqual([Infinity, Infinity, 16_000, Infinity]);
  });

  it('gives everything up when it is cleared', () => {
    const outbox = new Outbox();
    outbox.add(command(1));

    outbox.clear();

    expect([outbox.size, outbox.due(0)]).toEqual([0, []]);
  });
});
