import { describe, expect, it } from 'vitest';

import { changedReport, openedReport } from './foldReport';
import { LineOutOfPlace } from './lineOutOfPlace';

const PLACE = { by: 'E1', seq: 90, at: 1_774_400_090_000 };
const OPENED = openedReport({ type: 'signing_opened', lot: 'L1', version: 2, members: ['E1', 'E2'] });

describe('a report', () => {
  it('begins without content, signatures or ends', () => {
    expect(OPENED).toEqual({
      version: 2,
      members: ['E1', 'E2'],
      ends: {},
      ended_at: {},
      issued: null,
      latest: null,
      dissents: {},
      minutes: {},
      filed: null,
      sealed_at: null,
    });
  });

  it('keeps the end of each member, the later one where there are two', () => {
    const refused = changedReport(OPENED, { type: 'report_answered', lot: 'L1', version: 2, end: 'refused' }, PLACE);
    const minuted = changedReport(refused, { type: 'refusal_minuted', lot: 'L1', version: 2, member: 'E1' }, PLACE);

    expect(refused.ends).toEqual({ E1: 'refused' });
    expect(refused.ended_at).toEqual({ E1: PLACE.at });
    expect(minuted.ends).toEqual({ E1: 'deemed_agreed' });
  });

  it('has no events before its signing is open', () => {
    expect(() => changedReport(null, { type: 'report_sealed', lot: 'L1', version: 2 }, PLACE)).toThrow(LineOutOfPlace);
  });
});
