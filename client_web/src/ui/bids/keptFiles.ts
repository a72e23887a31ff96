/** Files that were looked at lately, so that going back and forth between bids asks the server once. */

import type { Digest, DocumentFile } from '../../protocol/generated';
import type { FileProgress } from '../../session/roomFiles';

export type FetchFile = (file: DocumentFile, onProgress: FileProgress) => Promise<Uint8Array>;

/** Bytes that are kept: what a weak machine has to spare. */
const KEPT_LIMIT = 64 * 1024 * 1024;

/** Fetches like `fetch`, and keeps the latest files as long as they fit into the limit together. */
export function keepingFiles(fetch: FetchFile, limit = KEPT_LIMIT): FetchFile {
  const kept = new Map<Digest, Uint8Array>();

  function keep(sha256: Digest, bytes: Uint8Array): void {
    kept.delete(sha256);
    kept.set(sha256, bytes); // the latest is the last
    let size = [...kept.values()].reduce((sum, each) => sum + each.length, 0);
    for (const [oldest, { length }] of kept) {
      if (size <= limit) break;
      kept.delete(oldest);
      size -= length;
    }
  }

  return async (file, onProgress) => {
    const bytes = kept.get(file.sha256) ?? (await fetch(file, onProgress));
    keep(file.sha256, bytes);
    return bytes;
  };
}
