/** How large the page shows each seat, so that the server sends the picture that fits. Pure. */

import type { Alias, TileView } from '../protocol/generated';
import type { OfferedLines } from './negotiation';

/** One picture on the page. */
export interface ShownVideo {
  readonly srcObject: unknown;
  /** In CSS pixels; 0 while it is folded away. */
  readonly clientHeight: number;
  readonly isPinned: boolean;
}

/** For a picture that has no size yet: it has to come before it can be shown. */
export const SMALLEST_LINES = 180;
const MOST_LINES = 8640;

/**
 * What to tell the server.
 *
 * @param lines - on which pictures may come.
 * @param streams - by the name in a line.
 * @param ratio - device pixels to a CSS pixel.
 * @param only - the sources whose pictures are wanted, whatever stands on the page; null for all.
 */
export function tileViews(
  lines: OfferedLines,
  streams: ReadonlyMap<string, unknown>,
  videos: readonly ShownVideo[],
  ratio: number,
  only: readonly Alias[] | null = null,
): TileView[] {
  const pictures = lines.receiving.filter(({ kind, stream }) => kind === 'video' && streams.has(stream));
  return pictures.map(({ alias, track, stream }) => {
    const shown = videos.filter(({ srcObject }) => srcObject === streams.get(stream));
    const isWanted = only?.includes(alias) ?? true;
    const height = Math.max(0, ...shown.map(({ clientHeight }) => Math.round(clientHeight * ratio)));
    return {
      alias,
      track,
      lines: isWanted ? Math.min(Math.max(height, SMALLEST_LINES), MOST_LINES) : 0,
      pinned: shown.some(({ isPinned }) => isPinned),
    };
  });
}

/** Those of this document; what stands inside an element with `data-pinned` is pinned. */
export function videosOf(root: ParentNode): ShownVideo[] {
  return [...root.querySelectorAll('video')].map((video) => ({
    srcObject: video.srcObject,
    clientHeight: video.clientHeight,
    isPinned: video.closest('[data-pinned]') !== null,
  }));
}
