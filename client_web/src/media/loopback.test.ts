import { describe, expect, it } from 'vitest';

import { isLoopback } from './loopback';

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['demo.localhost', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['[::1]', true],
    ['127.example.cn', false],
    ['10.127.0.1', false],
    ['notlocalhost', false],
    ['pingbiao.example', false],
  ])('finds of %s: %s', (hostname, isOwn) => {
    expect(isLoopback(hostname)).toBe(isOwn);
  });
});
