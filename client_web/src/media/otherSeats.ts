/** The other seats: what comes of them, what they say of themselves, and how large the page shows them. */

import type { Alias, PicturesPaused, SeatShown, ViewTiles } from '../protocol/generated';
import type { LineCounts } from './mediaConnection';
import type { SharedScreen, Shown, Tile } from './mediaPort';
import type { MediaKind, OfferedLines } from './negotiation';
import { ScreenBoard } from './screenBoard';
import { SeatStates } from './seatStates';
import { TileBoard } from './tileBoard';
import { tileViews, type ShownVideo } from './tileViews';

/** What is expected to come. */
export interface Expected {
  /** Whether the rules let this seat see and hear another one now; a track without packets is stalled only then. */
  readonly isExpected: (source: Alias) => boolean;
  /** The same of another seat's screen; none is looked at where it is left out. */
  readonly isScreenExpected?: (source: Alias) => boolean;
}

type Streams = ReadonlyMap<string, MediaStream>;

export class OtherSeats {
  readonly #isExpected: (source: Alias) => boolean;
  readonly #isScreenExpected: (source: Alias) => boolean;
  readonly #states = new SeatStates();
  #tiles = new TileBoard();
  #screens = new ScreenBoard();
  /** Whose pictures the page wants; null for all. */
  #wanted: readonly Alias[] | null = null;
  /** Whose picture this seat's line does not carry. */
  #paused: ReadonlySet<Alias> = new Set();
  #pausedScreens: ReadonlySet<Alias> = new Set();
  /** What the server was last told of the page, as text. */
  #viewTold = '';

  constructor({ isExpected, isScreenExpected }: Expected) {
    this.#isExpected = isExpected;
    this.#isScreenExpected = isScreenExpected ?? (() => false);
  }

  /** A socket begins: the server tells everything anew, and is to be told. */
  begin(): void {
    this.#states.begin();
    this.#viewTold = '';
  }

  /** A connection begins: nothing has come over it yet. */
  beginConnection(): void {
    this.#tiles = new TileBoard();
    this.#screens = new ScreenBoard();
    this.#paused = this.#pausedScreens = new Set();
  }

  /** The pictures of these are wanted; null for all. */
  want(sources: readonly Alias[] | null): void {
    this.#wanted = sources;
  }

  get areAllWanted(): boolean {
    return this.#wanted === null;
  }

  /** What the server tells of another seat. */
  take(shown: SeatShown): void {
    this.#states.take(shown);
  }

  /** The server holds these pictures back, and no others. */
  pause({ pictures }: PicturesPaused): void {
    this.#paused = new Set(pictures.filter(({ track }) => track !== 'screen').map(({ alias }) => alias));
    this.#pausedScreens = new Set(pictures.filter(({ track }) => track === 'screen').map(({ alias }) => alias));
  }

  /**
   * Takes what has been counted.
   *
   * @param counts - by SSRC.
   * @param isHeard - whether the page plays the room's sound.
   */
  observe(lines: OfferedLines, counts: ReadonlyMap<number, LineCounts>, isHeard: boolean, now: number): void {
    const isDue = (source: Alias, kind: MediaKind): boolean =>
      this.#isExpected(source) &&
      this.#states.isSent(source, kind) &&
      (kind === 'audio' ? isHeard : this.#isWanted(source) && !this.#paused.has(source));
    const isScreenDue = (source: Alias): boolean =>
      this.#isScreenExpected(source) && this.#states.of(source)?.screen === true && !this.#pausedScreens.has(source);
    this.#tiles.observe(lines, counts, isDue, now);
    this.#screens.observe(lines, counts, isScreenDue, now);
  }

  /** A tile for each, in the order of the lines. */
  tiles(lines: OfferedLines, streams: Streams): Tile[] {
    return this.#tiles.tiles(lines, streams, this.#paused, this.#shownOf);
  }

  /** Their screens. */
  screens(lines: OfferedLines, streams: Streams): SharedScreen[] {
    return this.#screens.screens(lines, streams, this.#pausedScreens, this.#shownOf);
  }

  /** What the server is to be told of how large each is shown, unless it knows. */
  viewNews(lines: OfferedLines, streams: Streams, videos: readonly ShownVideo[], ratio: number): ViewTiles | null {
    const tiles = tileViews(lines, streams, videos, ratio, this.#wanted);
    const view = JSON.stringify(tiles);
    if (view === this.#viewTold || tiles.length === 0) return null;
    this.#viewTold = view;
    return { type: 'view_tiles', tiles };
  }

  #isWanted(source: Alias): boolean {
    return this.#wanted?.includes(source) ?? true;
  }

  readonly #shownOf = (source: Alias): Shown | null => this.#states.of(source);
}
