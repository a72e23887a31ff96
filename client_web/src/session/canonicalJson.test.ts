import { describe, expect, it } from 'vitest';

import { canonicalJson, NotCanonical, type JsonValue } from './canonicalJson';

describe('canonicalJson', () => {
  it('writes the string and the literals of RFC 8785, 3.2.2', () => {
    const value = {
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };

    const text = canonicalJson(value);

    expect(text).toBe('{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
  });

  it('sorts names by UTF-16 code units, as in RFC 8785, 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };

    const text = canonicalJson(value);

    expect(text).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
        '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  it.each([
    ['every control character', '\u0000\b\t\n\u000b\f\r\u001f\u007f', '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\u007f"'],
    ['line separators as they are', '\u2028\u2029', '"\u2028\u2029"'],
    ['Chinese as it is', '评标委员会', '"评标委员会"'],
  ])('writes %s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    [0, '0'],
    [-0, '0'], // RFC 8785, appendix B
    [-1, '-1'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [Number.MIN_SAFE_INTEGER, '-9007199254740991'],
  ])('writes the integer %d', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    [[], '[]'],
    [{}, '{}'],
    [[[], {}, [1, [2]]], '[[],{},[1,[2]]]'],
    [{ b: { d: 1, c: 2 }, a: [{ f: 3, e: 4 }] }, '{"a":[{"e":4,"f":3}],"b":{"c":2,"d":1}}'],
    [JSON.parse('{"__proto__":1,"a":2}') as JsonValue, '{"__proto__":1,"a":2}'],
  ])('writes nested values: %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    ['a fraction', 13.5],
    ['an integer that a double cannot tell from its neighbour', 2 ** 53],
    ['not a number', NaN],
    ['infinity', Infinity],
    ['half of a surrogate pair', 'a\ud83d'],
    ['half of a surrogate pair in a name', { '\ude00': 1 }],
    ['undefined', { a: undefined }],
    ['a hole in an array', new Array<JsonValue>(1)],
    ['a big integer', [1n]],
    ['a map', new Map([['a', 1]])],
    ['a date', { at: new Date(0) }],
    ['bytes', new Uint8Array(2)],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow(NotCanonical);
  });
});
