import { expect, test } from 'vitest';

import { shortCode } from './shortCode';

test('a fingerprint becomes twelve digits in groups of four', () => {
  expect(shortCode('00000004d2'.padEnd(64, 'f'))).toBe('0000 0000 1234');
  expect(shortCode('ffffffffff'.padEnd(64, '0'))).toBe('0995 1162 7775');
});
