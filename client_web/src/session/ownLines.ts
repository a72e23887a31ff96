/**
 * Lines under this seat's alias, held against what this seat signed.
 *
 * While the seat's key is this device's, nobody else can cause a line under its alias: one with a `cause` that was
 * not signed here, or with other content than the command that it bears, is a forgery of the host.
 */

import type { Alias, AnyEvent, Digest } from '../protocol/generated';
import { canonicalJson, type JsonValue } from './canonicalJson';
import { commandDigest } from './commands';
import type { Line } from './line';

/** Watches the lines of one alias in their order. */
export class OwnLines {
  readonly #alias: Alias;
  readonly #key: Digest;
  #isMine = false;

  /** `key`: fingerprint of this device's command key. */
  constructor(alias: Alias, key: Digest) {
    this.#alias = alias;
    this.#key = key;
  }

  /** Those of these lines that this device must have signed. */
  take(lines: readonly Line[]): Line[] {
    return lines.filter((line) => {
      const wasMine = this.#isMine;
      this.#follow(line.event);
      return wasMine && line.head.by === this.#alias;
    });
  }

  /** Keeps up with whose key speaks for the alias. */
  #follow(event: AnyEvent): void {
    if (event.type === 'seat_enrolled' && event.alias === this.#alias) this.#isMine = event.key === this.#key;
    if (event.type === 'seat_released' && event.alias === this.#alias) this.#isMine = false;
    if (event.type === 'member_replaced' && event.member === this.#alias) this.#isMine = false;
  }
}

/** Whether a line that bears its command says what the command says; lines that bear none say nothing here. */
export function isFaithful({ head, event }: Line): boolean {
  if (head.signed === undefined) return true;
  if (commandDigest(head.signed.text) !== head.cause) return false;
  const command = JSON.parse(head.signed.text) as Readonly<Record<string, JsonValue>>;
  return Object.entries(event)
    .filter(([name]) => name !== 'type' && Object.hasOwn(command, name))
    .every(([name, value]) => sameContent(value as JsonValue, command[name] ?? null));
}

/** Equal but for the spaces around texts, which the server drops. */
function sameContent(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(trimmed(a)) === canonicalJson(trimmed(b));
}

function trimmed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replace(/^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu, '');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: JsonValue) => trimmed(each));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, trimmed(each)]));
}
