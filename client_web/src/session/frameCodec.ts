/** Frames as bytes: msgpack, with the types that the server is generated from. */

import { decode, encode } from '@msgpack/msgpack';

import type { AnyFromSeat, AnyToSeat } from '../protocol/generated';

/** Bytes that are no frame: a server of another version. */
export class MalformedFrame extends Error {
  override name = 'MalformedFrame';
}

/** The bytes of a frame from this seat. */
export function encodeFrame(frame: AnyFromSeat): Uint8Array<ArrayBuffer> {
  return encode(frame);
}

/**
 * A frame from the server. Its fields are taken at the server's word; what has to be believed is signed.
 *
 * @throws {MalformedFrame} if the bytes are no map with a `type`.
 */
export function decodeFrame(data: Uint8Array): AnyToSeat {
  const frame = decoded(data);
  if (typeof frame !== 'object' || frame === null || typeof (frame as { type?: unknown }).type !== 'string') {
    throw new MalformedFrame('The frame has no type.');
  }
  return frame as AnyToSeat;
}

function decoded(data: Uint8Array): unknown {
  try {
    return decode(data);
  } catch (error) {
    throw new MalformedFrame('The frame is no msgpack.', { cause: error });
  }
}
