import { expect, it } from 'vitest';

import { zhCN } from '../i18n/zhCN';
import { NO_SPACE } from '../protocol/generated';
import { serverReason } from './pauseReason';

it('is translated where the server gives it, and reads in Chinese as it stands in the record', () => {
  expect(serverReason(NO_SPACE)).toBe('pause.no_space');
  expect(zhCN.pause.no_space).toBe(NO_SPACE);
});

it("is a person's own words else", () => {
  expect(serverReason('副场断电')).toBeNull();
});
