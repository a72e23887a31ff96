/** What a page is given to show: one object, a new one after every change. */

import type { Alias, GoodbyeCode, Progress, RoomView, Seq } from '../protocol/generated';
import type { ContradictionReason, Proof } from './lineStore';

/** Where the connection stands; `waiting`: it comes back by itself. */
export type ConnectionState =
  | { readonly state: 'waiting' | 'connecting' | 'live' }
  | { readonly state: 'ended'; readonly code: EndCode; readonly text: string };

/** Why a page does not come back by itself; `page_outdated`: it has to be loaded anew. */
export type EndCode = GoodbyeCode | 'page_outdated' | 'left';

/** Something that a person has to know and that does not go away. */
export type Alarm =
  | { readonly kind: 'record_contradicted'; readonly reason: ContradictionReason; readonly at: number }
  | { readonly kind: 'line_not_mine' | 'line_altered'; readonly at: Seq }
  | { readonly kind: 'other_device_refused' };

/** The room as one seat has it now. */
export interface RoomSnapshot {
  readonly connection: ConnectionState;
  /** What the lines fold to; `opening` is null before they have come. */
  readonly view: RoomView;
  /** Places of the record that are known without a gap. */
  readonly size: number;
  readonly proof: Proof;
  /** The seats that are connected now. */
  readonly connected: readonly Alias[];
  /** The latest word on how far somebody is with a sheet. */
  readonly progress: Readonly<Record<Alias, Progress>>;
  /** Cells that the server does not keep yet. */
  readonly unsavedCells: number;
  /** Commands that wait for an answer. */
  readonly unanswered: number;
  readonly alarms: readonly Alarm[];
}
