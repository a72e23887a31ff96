/** A protected version of a track, and what it tells of itself. */

import type { MediaKind } from '../negotiation';

/** What a mask tells. */
export interface MaskListener {
  /** It has just passed something on that is protected. */
  readonly alive: () => void;
  /** It cannot be had, or has broken. */
  readonly failed: () => void;
}

/** One that is at work. What it was made of never gets into `track`: where nothing protected comes, nothing does. */
export interface Mask {
  /** What others get. */
  readonly track: MediaStreamTrack;
  /** The same, to be shown to the person. */
  readonly stream: MediaStream;
  /** Black or silence instead of what came last, until something protected comes again. */
  hide(): void;
  /** Lets everything go. */
  end(): void;
}

/** Begins to mask a track. */
export type BeginMask = (bare: MediaStreamTrack, listener: MaskListener) => Mask;

/** One for each kind. */
export type Masks = Readonly<Record<MediaKind, BeginMask>>;
