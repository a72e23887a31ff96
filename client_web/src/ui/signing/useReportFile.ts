/** A report's revisions as sources of the viewer: fetched, checked against the record, and against one another. */

import { shallowRef, type ShallowRef } from 'vue';

import type { DocumentFile } from '../../protocol/generated';
import { checkBase } from '../../session/reportSignature';
import { fetchRoomFile, type FileProgress } from '../../session/roomFiles';
import type { PdfSource } from '../pdf/usePdf';
import type { Me, RoomPort } from '../roomPort';

/** The file's bytes. @throws {RoomFileRefused} */
export function fetchFile(
  room: RoomPort,
  me: Pick<Me, 'room'>,
  file: DocumentFile,
  onProgress?: FileProgress,
): Promise<Uint8Array> {
  return fetchRoomFile({ room: me.room, file, token: room.token, ...(onProgress && { onProgress }) });
}

/** What the person is shown, with the bytes once they are there. */
export interface ReportFile {
  readonly source: PdfSource;
  readonly bytes: Readonly<ShallowRef<Uint8Array | null>>;
}

/** A file of the room. */
export function roomFile(room: RoomPort, me: Me, file: DocumentFile): ReportFile {
  const bytes = shallowRef<Uint8Array | null>(null);
  const source = async (onProgress: FileProgress): Promise<Uint8Array> => {
    bytes.value = await fetchFile(room, me, file, onProgress);
    return bytes.value;
  };
  return { source, bytes };
}

/** A report that waits for the member's signature; `certified` is what a signature will be held to. */
export interface ReportToSign {
  readonly source: PdfSource;
  readonly certified: Readonly<ShallowRef<Uint8Array | null>>;
}

/**
 * A report to read and sign. It is shown with the signatures that it has by now; one that is not the certified report
 * with signatures of other members is not shown at all.
 */
export function reportToSign(
  room: RoomPort,
  me: Me,
  files: Record<'certified' | 'latest', DocumentFile>,
): ReportToSign {
  const certified = shallowRef<Uint8Array | null>(null);
  const source = async (onProgress: FileProgress): Promise<Uint8Array> => {
    const isSame = files.latest.sha256 === files.certified.sha256;
    const latest = await fetchFile(room, me, files.latest, onProgress);
    const issued = isSame ? latest : await fetchFile(room, me, files.certified);
    checkBase({ certified: issued, latest }, me.alias);
    certified.value = issued;
    return latest;
  };
  return { source, certified };
}
