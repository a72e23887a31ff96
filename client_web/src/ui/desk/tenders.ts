/** Tender files and rooms, as the server's desk answers; `server/web/tenders.py` says the same. */

import type { Alias, BidAlias, LotId, Millis, Role, RoomId } from '../../protocol/generated';
import type { ServerAnswer } from '../askServer';
import { askAsOperator } from './operatorSession';
import { fetchTelling, type SendProgress } from './sendForm';

/** One thing to mend in a file, in the language that was asked for. */
export interface Mistake {
  /** In the file, from 1. */
  readonly line: number;
  /** Such as `lots.L1.bids.A.price`; empty for the file as a whole. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
  /** The law that wants it, if one does. */
  readonly source: string | null;
}

/** A PDF that a tender file names; it is sent when the room is created. */
export interface WantedFile {
  readonly lot: LotId;
  readonly bid: BidAlias;
  readonly title: string;
  /** From the tender file's folder, with `/`. */
  readonly file: string;
}

/** What a whole file would open. */
export interface TenderSummary {
  readonly title: string;
  readonly venues: number;
  readonly seats: number;
  readonly lots: number;
  readonly bids: number;
  readonly files: readonly WantedFile[];
}

export interface Checked {
  /** Empty for a whole file. */
  readonly mistakes: readonly Mistake[];
  readonly tender: TenderSummary | null;
}

export interface RoomRecord {
  readonly room: RoomId;
  readonly title: string;
  readonly created_at: Millis;
}

/** A seat of a new room, with the code that is given this once. */
export interface SeatCode {
  readonly alias: Alias;
  readonly role: Role;
  readonly venue_name: string;
  readonly name: string;
  readonly code: string;
}

export interface OpenedRoom {
  readonly room: RoomId;
  readonly title: string;
  readonly seats: readonly SeatCode[];
}

/** A file as it is sent: its bytes as they are, so that the server judges their encoding too. */
export interface TenderFile {
  readonly name: string;
  readonly content: string | Blob;
}

/** Bytes of a file. Source: `server/tender/tender_file.py`. */
export const SIZE_LIMIT = 1024 * 1024;

export function isTooLarge({ content }: TenderFile): boolean {
  return new Blob([content]).size > SIZE_LIMIT;
}

/** Every mistake of a file; nothing is created. */
export function checkTender(file: TenderFile, language: string): Promise<ServerAnswer<Checked>> {
  return askAsOperator(`/api/tenders/check?${query(file, language)}`, { method: 'POST', body: file.content });
}

/** Opens a room for a whole file and the PDFs that it names, by their names in it. */
export function createRoom(
  file: TenderFile,
  pdfs: ReadonlyMap<string, Blob>,
  language: string,
  onProgress: SendProgress,
): Promise<ServerAnswer<OpenedRoom>> {
  const form = new FormData();
  form.append('tender', new Blob([file.content]));
  for (const [name, pdf] of pdfs) form.append(`file:${name}`, pdf);
  const question = { method: 'POST', body: form } as const;
  return askAsOperator(`/api/rooms?${query(file, language)}`, question, fetchTelling(onProgress));
}

/** Every room, the oldest first. */
export function listRooms(): Promise<ServerAnswer<{ readonly rooms: readonly RoomRecord[] }>> {
  return askAsOperator('/api/rooms');
}

function query({ name }: TenderFile, language: string): string {
  return new URLSearchParams({ name, lang: language === 'en' ? 'en' : 'zh' }).toString();
}

/** From and to of a line in a text, without its end; the last line for one beyond. */
export function lineRange(text: string, line: number): [from: number, to: number] {
  let from = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', from);
    if (end < 0) break;
    from = end + 1;
  }
  const to = text.indexOf('\n', from);
  return [from, to < 0 ? text.length : to];
}
