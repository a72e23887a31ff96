/** 评委会文字交流: what has been written, who may read it, and why somebody cannot write now. Pure. */

import type { Alias, Millis, Role, RoomView, Seq } from '../../protocol/generated';
import { mayConfer } from '../../media/mayConfer';
import type { Line } from '../../session/line';
import { entry, membersOf } from '../../session/roomView';

/** What the server takes, in characters. */
export const MESSAGE_LIMIT = 400;

/** One message, with its place in the record. */
export interface Message {
  readonly seq: Seq;
  readonly at: Millis;
  readonly by: Alias;
  readonly text: string;
}

/** The messages among the lines that this viewer holds. */
export function messagesOf(lines: readonly Line[]): Message[] {
  return lines.flatMap(({ head, event }) =>
    event.type === 'message_sent' ? [{ seq: head.seq, at: head.at, by: head.by, text: event.text }] : [],
  );
}

/** How many messages of others stand behind the last one that was read. */
export function unreadOf(messages: readonly Message[], readUpTo: Seq, me: Alias): number {
  return messages.filter(({ seq, by }) => seq > readUpTo && by !== me).length;
}

/** Those who read along and write nothing. */
const READERS: readonly Role[] = ['witness', 'supervisor'];

/** Whether a seat has the panel at all. */
export function hasChat(view: RoomView, alias: Alias): boolean {
  return membersOf(view).includes(alias) || READERS.includes(entry(view.seats, alias)?.role ?? 'auditor');
}

/** Why a seat cannot write now. `reads`: its role only reads along. */
export type Silence = 'reads' | 'unconfirmed' | 'before_check_in' | 'paused' | 'alone' | 'closed';

/** The reason; null where the seat can write. The server decides by the same rule. */
export function silenceOf(view: RoomView, alias: Alias): Silence | null {
  if (!membersOf(view).includes(alias)) return 'reads';
  if (view.phase === 'closed') return 'closed';
  if (entry(view.seats, alias)?.confirmed !== true) return 'unconfirmed';
  if (view.phase === 'prepared') return 'before_check_in';
  if (view.paused !== null) return 'paused';
  return mayConfer(view) ? null : 'alone';
}
