/**
 * The room as the interface uses it: one reactive object over the live session.
 *
 * A component reads its fields in templates and computed values (`room.view.phase`) and calls its verbs; it never
 * touches socket or keys. Fields are replaced as wholes and never changed in place.
 */

import type { Alias, AnyCommand, Digest, Millis, Role, RoomId, RoomView, Seq, VenueId } from '../protocol/generated';
import type { SheetRef } from '../session/draftCells';
import type { Line } from '../session/line';
import type { Proof } from '../session/lineStore';
import type { EndCode } from '../session/roomSnapshot';

export type { SheetRef };

/** Who sits at this page. */
export interface Me {
  readonly room: RoomId;
  readonly alias: Alias;
  /** As planned; the elected chair is `view.chair`. */
  readonly role: Role;
  readonly venue: VenueId;
  /** Of this device's command key. */
  readonly fingerprint: Digest;
}

/** `reconnecting`: by itself, `since` by this machine's clock. `ended`: for good. */
export type Connection =
  | { readonly state: 'connecting' | 'open' }
  | { readonly state: 'reconnecting'; readonly since: Millis }
  | { readonly state: 'ended'; readonly code: EndCode };

/** How far the record has gone: lines held, signed by the log, cosigned by a quorum of witnesses. */
export interface RecordMarks {
  readonly held: number;
  readonly signed: number;
  readonly witnessed: number;
}

/** A typed cell. `waiting`: not at the server yet, because the connection is down. */
export interface TypedCell {
  readonly value: string;
  readonly state: 'saved' | 'saving' | 'waiting';
}

/** How far somebody is with a sheet. */
export interface SheetProgress extends Pick<SheetRef, 'lot' | 'stage'> {
  readonly filled: number;
  readonly total: number;
}

/** Something to tell the person that no line of the room says; `code` is translated. An alarm stays. */
export interface Notice {
  readonly kind: 'warning' | 'alarm';
  readonly code: 'record_contradicted' | 'line_not_mine' | 'line_altered' | 'other_device_refused' | 'not_enrolled';
}

/** What became of a command. `code`: a rejection's, or why no answer came. */
export type Answer = { readonly accepted: true } | { readonly accepted: false; readonly code: string };

export interface RoomPort {
  /** What this viewer's lines fold to. */
  readonly view: RoomView;
  /** Those lines themselves, in their order in the record. */
  readonly lines: readonly Line[];
  /** Null before the room's lines have come. */
  readonly me: Me | null;
  readonly connection: Connection;
  readonly record: RecordMarks;
  /** The latest head that this page has computed and found signed. */
  readonly proof: Proof;
  /** The server's clock minus this machine's. */
  readonly clockOffset: Millis;
  /** Own typed cells of every open sheet by `cellKey`. */
  readonly cells: Readonly<Record<string, TypedCell>>;
  readonly progress: Readonly<Record<Alias, SheetProgress>>;
  /** Aliases whose pages are connected now. */
  readonly presence: ReadonlySet<Alias>;
  readonly notices: readonly Notice[];
  /** The seat's present token, for what is asked beside the socket. */
  readonly token: string;
  /** The bytes of a line, where this viewer may see it and it has come. */
  readonly rawLine: (seq: Seq) => Uint8Array | undefined;
  /** Signs and sends; answered once the command is durable, or refused. */
  readonly submit: (command: AnyCommand) => Promise<Answer>;
  /** Keeps a typed cell at the server, over as many connections as that takes; empty clears it. */
  readonly saveCell: (sheet: SheetRef, cell: string, value: string) => void;
  /** Tells the room how far this sheet is. */
  readonly showProgress: (sheet: SheetRef, filled: number, total: number) => void;
  readonly dismiss: (notice: Notice) => void;
  /** Leaves the room; for when the page is put away. */
  readonly close: () => void;
}

/** The name under which `cells` holds a cell of a sheet. */
export function cellKey(sheet: SheetRef, cell: string): string {
  return `${sheet.lot}/${sheet.stage}/${sheet.round}/${cell}`;
}
