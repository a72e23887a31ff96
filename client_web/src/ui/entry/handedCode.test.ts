import { expect, test } from 'vitest';

import { takeHandedCode } from './handedCode';

function opened(hash: string) {
  const shown: string[] = [];
  const digits = takeHandedCode(
    { hash, pathname: '/', search: '' },
    { replaceState: (_data, _unused, url) => shown.push(String(url)) },
  );
  return { digits, shown };
}

test('a code in the address is taken and leaves the address', () => {
  expect(opened('#code=12345678')).toEqual({ digits: '12345678', shown: ['/'] });
  expect(opened('#code=1234%205678')).toEqual({ digits: '12345678', shown: ['/'] });
});

test('half a code leaves the address too, and is no code', () => {
  expect(opened('#code=1234')).toEqual({ digits: null, shown: ['/'] });
});

test('an address without a code stays as it is', () => {
  expect(opened('')).toEqual({ digits: null, shown: [] });
  expect(opened('#work')).toEqual({ digits: null, shown: [] });
});
