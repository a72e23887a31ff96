/**
 * A line of the record: one event in its place, read from the bytes that are hashed.
 *
 * Bytes that are not the canonical text of their own content are refused, so that no line reads two ways.
 */

import type { AnyEvent, FlatLine, LineHead } from '../protocol/generated';
import { canonicalJson, NotCanonical, type JsonValue } from './canonicalJson';

/** An event with its envelope. */
export interface Line {
  readonly head: LineHead;
  readonly event: AnyEvent;
}

/** The bytes are no line. */
export class MalformedLine extends Error {
  override name = 'MalformedLine';
}

/**
 * The event that stands in a line; whether this page knows its type is for the fold to say.
 *
 * @throws {MalformedLine} if the bytes are not the canonical text of an object with a line's head.
 */
export function parseLine(raw: Uint8Array): Line {
  const fields = parseCanonical(raw);
  if (!hasHead(fields)) throw new MalformedLine('The line has no head, or no type.');
  const { seq, at, by, salt, cause, signed, ...event } = fields;
  const head = { seq, at, by, salt, ...(cause !== undefined && { cause }), ...(signed !== undefined && { signed }) };
  return { head, event };
}

function parseCanonical(raw: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    const value = JSON.parse(text) as JsonValue;
    if (canonicalJson(value) === text) return value;
  } catch (error) {
    // A TypeError is the decoder's word for bytes that are not UTF-8.
    if (!(error instanceof SyntaxError || error instanceof TypeError || error instanceof NotCanonical)) throw error;
  }
  throw new MalformedLine('The line is not in its canonical form.');
}

/** Whether the fields by which every line is placed are there; the event's own fields are taken at the server's word. */
function hasHead(fields: unknown): fields is FlatLine {
  if (typeof fields !== 'object' || fields === null) return false;
  const { seq, at, by, salt, type } = fields as Partial<Record<keyof FlatLine, unknown>>;
  return (
    typeof seq === 'number' &&
    typeof at === 'number' &&
    typeof by === 'string' &&
    typeof salt === 'string' &&
    typeof type === 'string'
  );
}
