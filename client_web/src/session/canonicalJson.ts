/**
 * The one text of a JSON value, which commands are signed over and lines are hashed over.
 *
 * Fractions are refused: points and prices travel as decimal strings, so no two programs can print one number two ways.
 *
 * Source: RFC 8785 (JCS), without its 3.2.2.3 for anything but safe integers.
 */

/** What can be signed: `number` stands for the integers from -(2^53 - 1) to 2^53 - 1. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** A value has no canonical text. */
export class NotCanonical extends Error {
  override name = 'NotCanonical';
}

/**
 * The canonical text of a value; its UTF-8 bytes are what is signed.
 *
 * @throws {NotCanonical} for fractions, integers beyond 2^53 - 1, lone surrogates, `undefined` and objects of a class.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalInteger(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  return canonicalObject(value);
}

function canonicalString(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new NotCanonical('A string with half a character has no UTF-8 form.');
  return JSON.stringify(value); // escapes as RFC 8785, 3.2.2.2 does: that text was written after ECMAScript's
}

function canonicalInteger(value: number): string {
  if (!Number.isSafeInteger(value)) throw new NotCanonical(`${value} is no safe integer.`);
  return JSON.stringify(value);
}

function canonicalObject(value: Readonly<Record<string, JsonValue>>): string {
  if (!isPlainObject(value)) throw new NotCanonical('Only plain objects have a canonical text.');
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // by UTF-16 code units: RFC 8785, 3.2.3
    .map(([name, member]) => `${canonicalString(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** `Array.isArray`, which by its type does not know read-only arrays. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether an object is a literal or was parsed, by what it is and not by its type: maps, dates and `undefined` are none. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
