/** Files that stand beside the record: fetched, and believed only if they are what the record names. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import type { DocumentFile, LotId, RoomId } from '../protocol/generated';

/**
 * Why a file cannot be had. `file_altered`: what came is not what the record names, and nothing of it may be shown;
 * `unreachable`: no answer; anything else is the server's own code, or `http_` with the status of an answer without one.
 */
export class RoomFileRefused extends Error {
  override name = 'RoomFileRefused';
  readonly code: string;

  constructor(code: string) {
    super(`The file cannot be had: ${code}.`);
    this.code = code;
  }
}

/** Told how much of the file has come, from 0 to 1. */
export type FileProgress = (part: number) => void;

export interface FileRequest {
  readonly room: RoomId;
  /** As a line of the record names it. */
  readonly file: DocumentFile;
  /** The seat's. */
  readonly token: string;
  readonly onProgress?: FileProgress;
}

/**
 * The file's bytes.
 *
 * @throws {RoomFileRefused}
 */
export async function fetchRoomFile(request: FileRequest, fetching: typeof fetch = fetch): Promise<Uint8Array> {
  const { room, file, token } = request;
  const path = `/api/rooms/${encodeURIComponent(room)}/files/${file.sha256}`;
  const bytes = await reached(async () => {
    const answer = await fetching(path, { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store' });
    if (!answer.ok) throw new RoomFileRefused(await refusalIn(answer));
    return await read(answer, file.size, request.onProgress);
  });
  if (bytesToHex(sha256(bytes)) !== file.sha256) throw new RoomFileRefused('file_altered');
  return bytes;
}

/** Whose annex it is: of the seat with this token. */
export interface AnnexPlace extends Pick<FileRequest, 'room' | 'token'> {
  readonly lot: LotId;
  /** Of the report. */
  readonly version: number;
}

/** Bytes of an annex, one page, at the most. */
const LARGEST_ANNEX = 4 * 1024 * 1024;

/**
 * The member's own annex to a report, to be read and signed. No line names it yet: what is signed are these bytes.
 *
 * @throws {RoomFileRefused}
 */
export async function fetchAnnex(
  { room, lot, version, token }: AnnexPlace,
  fetching: typeof fetch = fetch,
): Promise<Uint8Array> {
  const path = `/api/rooms/${encodeURIComponent(room)}/lots/${encodeURIComponent(lot)}/annex/${version}`;
  return await reached(async () => {
    const answer = await fetching(path, { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store' });
    if (!answer.ok) throw new RoomFileRefused(await refusalIn(answer));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length > LARGEST_ANNEX) throw new RoomFileRefused('file_altered');
    return bytes;
  });
}

/** What the step gives; a connection that fails in it is `unreachable`. */
async function reached<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof RoomFileRefused) throw error;
    throw new RoomFileRefused('unreachable');
  }
}

async function refusalIn(answer: Response): Promise<string> {
  try {
    const { code } = (await answer.json()) as { code?: unknown };
    if (typeof code === 'string') return code;
  } catch {
    // not ours: a proxy's page
  }
  return `http_${answer.status}`;
}

/** The whole body; not one byte more than the record says. */
async function read(answer: Response, size: number, onProgress?: FileProgress): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let held = 0;
  const reader = answer.body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (piece?.value === undefined) break;
    if (held + piece.value.length > size) {
      await reader?.cancel();
      throw new RoomFileRefused('file_altered');
    }
    bytes.set(piece.value, held);
    held += piece.value.length;
    onProgress?.(held / size);
  }
  if (held < size) throw new RoomFileRefused('file_altered');
  return bytes;
}
