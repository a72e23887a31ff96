/** The seat's token: how long it is good for, and when to ask for the next one. Whether it is genuine the server says. */

import type { Millis } from '../protocol/generated';

/** A token's times, in seconds since 1970-01-01 UTC by the server's clock. */
export interface TokenTimes {
  readonly issued: number;
  readonly ends: number;
}

/** The times in a token; null if it is none of ours. Source: RFC 7519, 4.1. */
export function tokenTimes(token: string): TokenTimes | null {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const { iat, exp } = claims as { iat?: unknown; exp?: unknown };
    return typeof iat === 'number' && typeof exp === 'number' ? { issued: iat, ends: exp } : null;
  } catch {
    return null;
  }
}

/** Part of its life after which the next token is asked for. */
const REFRESH_AFTER = 0.6;

/** What was asked for is asked for again after so long. */
const ASK_AGAIN_MS = 30_000;

/** Keeps the token fresh while the connection lives, by the server's clock. */
export class SeatToken {
  #token: string;
  #serverAhead: number | null = null;
  #askAt = Infinity;

  constructor(token: string) {
    this.#token = token;
  }

  get token(): string {
    return this.#token;
  }

  /** When the next token is to be asked for, by the page's own clock. */
  get timer(): number {
    return this.#askAt;
  }

  /** The server's clock, in milliseconds since 1970-01-01 UTC; null before it has told it. */
  serverNow(now: number): Millis | null {
    return this.#serverAhead === null ? null : Math.round(now + this.#serverAhead);
  }

  /** The server has told its clock. */
  handleServerTime(now: number, serverNow: Millis): void {
    this.#serverAhead = serverNow - now;
    this.#plan();
  }

  /** The next token has come. */
  handleFresh(token: string): void {
    this.#token = token;
    this.#plan();
  }

  /** Whether to ask for the next token now; a yes holds for a while. */
  isDue(now: number): boolean {
    if (now < this.#askAt) return false;
    this.#askAt = now + ASK_AGAIN_MS;
    return true;
  }

  #plan(): void {
    const times = tokenTimes(this.#token);
    if (times === null || this.#serverAhead === null) return;
    const askAt = times.issued + (times.ends - times.issued) * REFRESH_AFTER;
    this.#askAt = askAt * 1000 - this.#serverAhead;
  }
}
