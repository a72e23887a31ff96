import { describe, expect, it } from 'vitest';

import { MalformedLine, parseLine } from './line';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe('parseLine', () => {
  it('parts the head from the event', () => {
    const raw = '{"alias":"E3","at":5,"by":"system","role":"expert","salt":"AA==","seq":2,"type":"seat_planned"}';

    const line = parseLine(bytes(raw));

    expect(line).toEqual({
      head: { seq: 2, at: 5, by: 'system', salt: 'AA==' },
      event: { type: 'seat_planned', alias: 'E3', role: 'expert' },
    });
  });

  it('keeps cause and signed command in the head', () => {
    const signed = '{"key":"ab","signature":"AA==","text":"{}"}';
    const raw = `{"at":5,"by":"E3","cause":"cd","salt":"AA==","seq":2,"signed":${signed},"type":"pledge_made"}`;

    const { head, event } = parseLine(bytes(raw));

    expect([head.cause, head.signed?.key, event]).toEqual(['cd', 'ab', { type: 'pledge_made' }]);
  });

  it.each([
    ['a space', '{"at":5, "by":"E3","salt":"","seq":2,"type":"pledge_made"}'],
    ['keys out of order', '{"by":"E3","at":5,"salt":"","seq":2,"type":"pledge_made"}'],
    ['a key twice', '{"at":5,"at":5,"by":"E3","salt":"","seq":2,"type":"pledge_made"}'],
    ['a fraction', '{"at":5,"by":"E3","salt":"","seq":2,"type":"pledge_made","x":1.5}'],
    ['a byte order mark', '\ufeff{"at":5,"by":"E3","salt":"","seq":2,"type":"pledge_made"}'],
    ['a line feed', '{"at":5,"by":"E3","salt":"","seq":2,"type":"pledge_made"}\n'],
    ['no type', '{"at":5,"by":"E3","salt":"","seq":2}'],
    ['a place that is no number', '{"at":5,"by":"E3","salt":"","seq":"2","type":"pledge_made"}'],
    ['an array', '[]'],
    ['nothing', 'null'],
    ['half a line', '{"at":5,"by":"E3"'],
  ])('refuses %s', (_, raw) => {
    expect(() => parseLine(bytes(raw))).toThrow(MalformedLine);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseLine(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(MalformedLine);
  });
});
