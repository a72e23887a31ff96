import { encode } from '@msgpack/msgpack';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';

import { decodeFrame, encodeFrame, MalformedFrame } from './frameCodec';

/** Frames as the server packs them: examples of `server/protocol.md`. */
const SAVE_CELL =
  '87a474797065a9736176655f63656c6ca36c6f74a131a57374616765a773636f72696e67a5726f756e6401a463656c6ca8412f6d6574686f64' +
  'a576616c7565a436312e35a776657273696f6e02';
const WELCOME =
  '88a474797065a777656c636f6d65a5616c696173a24531a4726f6c65a6657870657274a576656e7565a36a6961a473697a652ca36e6f77cf' +
  '0000019bc9ae4500a66c6173745f6e07a563656c6c739186a36c6f74a131a57374616765a773636f72696e67a5726f756e6401a463656c6c' +
  'a8412f6d6574686f64a576616c7565a436312e35a776657273696f6e02';
const LINES = '82a474797065a56c696e6573a56c696e65739192ce00011170c4027b7d';

const CELL = { lot: '1', stage: 'scoring', round: 1, cell: 'A/method', value: '61.5', version: 2 } as const;

describe('encodeFrame', () => {
  it('writes what the server reads', () => {
    expect(bytesToHex(encodeFrame({ type: 'save_cell', ...CELL }))).toBe(SAVE_CELL);
  });

  it('writes bytes as bytes', () => {
    const frame = encodeFrame({ type: 'submit', text: '', signature: Uint8Array.of(1, 2), key: '' });

    expect(bytesToHex(frame)).toContain('c4020102');
  });
});

describe('decodeFrame', () => {
  it('reads what the server writes', () => {
    expect(decodeFrame(hexToBytes(WELCOME))).toEqual({
      type: 'welcome',
      alias: 'E1',
      role: 'expert',
      venue: 'jia',
      size: 44,
      now: 1768615200000,
      last_n: 7,
      cells: [CELL],
    });
  });

  it('reads lines as places and bytes', () => {
    expect(decodeFrame(hexToBytes(LINES))).toEqual({ type: 'lines', lines: [[70_000, Uint8Array.of(0x7b, 0x7d)]] });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['half a frame', hexToBytes(WELCOME).slice(0, 40)],
    ['a frame and more', Uint8Array.of(...hexToBytes(LINES), 0xc0)],
    ['no map', encode('lines')],
    ['null', encode(null)],
    ['a map without a type', encode({ lines: [] })],
    ['a type that is no text', encode({ type: 1 })],
  ])('refuses %s', (_, data) => {
    expect(() => decodeFrame(data)).toThrow(MalformedFrame);
  });
});
