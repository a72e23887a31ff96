import { expect, it } from 'vitest';

import { drawToken } from './wallPass';

it('draws 32 bytes as text that fits a header, and hashes the text', () => {
  const token = drawToken(new Uint8Array(32).fill(0xfb));

  expect(token.text).toBe('-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s');
  expect(token.sha256).toBe('0Rg1yn7b0R1hLInM2pf4BU3eT3hIX/W1iTNui9njUxU=');
});

it('never draws the same again', () => {
  expect(drawToken().text).not.toBe(drawToken().text);
});
