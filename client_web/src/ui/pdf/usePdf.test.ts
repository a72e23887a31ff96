import { expect, test } from 'vitest';

import { ReportFalse } from '../../session/reportSignature';
import { RoomFileRefused } from '../../session/roomFiles';
import { problemOf } from './usePdf';

test.each<[Error, string]>([
  [new RoomFileRefused('file_altered'), 'altered'],
  [new ReportFalse(), 'altered'],
  [new RoomFileRefused('file_unknown'), 'missing'],
  [new RoomFileRefused('file_missing'), 'missing'],
  [new RoomFileRefused('unreachable'), 'unreachable'],
  [new RoomFileRefused('http_503'), 'unreachable'],
  [new Error('Invalid PDF structure.'), 'unreadable'],
])('%s is told as %s', (error, problem) => {
  expect(problemOf(error)).toBe(problem);
});
