import { describe, expect, it } from 'vitest';

import { PRECHECK_PART_VALUES } from '../../protocol/generated';
import { finding, FINDINGS, overall } from './findings';

describe('findings', () => {
  it('knows every part, each with a way to pass', () => {
    expect(Object.keys(FINDINGS)).toEqual(PRECHECK_PART_VALUES);
    for (const codes of Object.values(FINDINGS)) expect(Object.values(codes)).toContain('passed');
  });

  it('gives each code its mark', () => {
    expect(finding('clock', 'off', { seconds: 7 })).toEqual({
      part: 'clock',
      code: 'off',
      mark: 'warned',
      facts: { seconds: 7 },
    });
  });

  it('is as good as its worst part; what was skipped does not count', () => {
    const passed = finding('clock', 'right');
    const skipped = finding('relay', 'none');
    const warned = finding('line', 'lossy');

    expect(overall([passed, skipped])).toBe('passed');
    expect(overall([passed, warned, skipped])).toBe('warned');
    expect(overall([finding('udp', 'blocked'), warned, passed])).toBe('failed');
  });
});
