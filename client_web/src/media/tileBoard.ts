/** The tiles of one connection: what its lines have brought, source by source. Pure. */

import type { Alias } from '../protocol/generated';
import type { LineCounts } from './mediaConnection';
import type { Shown, Tile, TrackState } from './mediaPort';
import { sourcesOf, type MediaKind, type OfferedLines } from './negotiation';
import { SpeechMeter, TrackFlow } from './trackFlow';

/** One seat that may send. */
interface Source {
  readonly flows: Readonly<Record<MediaKind, TrackFlow>>;
  readonly speech: SpeechMeter;
  readonly states: Record<MediaKind, TrackState>;
  isSpeaking: boolean;
}

const NOTHING: LineCounts = { packets: 0, level: 0 };

export class TileBoard {
  readonly #sources = new Map<Alias, Source>();

  /**
   * Takes what has been counted.
   *
   * @param counts - by SSRC.
   * @param isExpected - whether a track of an alias ought to come now: by the rules, and because it is switched on.
   */
  observe(
    lines: OfferedLines,
    counts: ReadonlyMap<number, LineCounts>,
    isExpected: (source: Alias, kind: MediaKind) => boolean,
    now: number,
  ): void {
    for (const { alias, track, kind, ssrc } of lines.receiving) {
      if (track === 'screen') continue;
      const source = this.#source(alias);
      const { packets, level } = counts.get(ssrc) ?? NOTHING;
      const state = source.flows[kind].observe(packets, isExpected(alias, kind), now);
      source.states[kind] = state;
      if (kind === 'audio') source.isSpeaking = source.speech.observe(state === 'flowing' ? level : 0, now);
    }
  }

  /** A tile for each source, in the order of the lines. */
  tiles(
    lines: OfferedLines,
    streams: ReadonlyMap<string, MediaStream>,
    paused: ReadonlySet<Alias>,
    shownOf: (source: Alias) => Shown | null,
  ): Tile[] {
    return sourcesOf(lines).map((alias) => {
      const { states, isSpeaking } = this.#source(alias);
      const stream = streams.get(alias) ?? null;
      return { alias, stream, ...states, speaking: isSpeaking, isPaused: paused.has(alias), shown: shownOf(alias) };
    });
  }

  #source(alias: Alias): Source {
    const known = this.#sources.get(alias);
    if (known !== undefined) return known;
    const fresh: Source = {
      flows: { audio: new TrackFlow(), video: new TrackFlow() },
      speech: new SpeechMeter(),
      states: { audio: 'waiting', video: 'waiting' },
      isSpeaking: false,
    };
    this.#sources.set(alias, fresh);
    return fresh;
  }
}
