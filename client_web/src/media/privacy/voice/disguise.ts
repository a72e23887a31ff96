/** What a voice is changed into: drawn for each page at random, and told to nobody. Pure. */

/** A frequency of the own voice, and where it goes; in hertz. */
export type Move = readonly [from: number, to: number];

export interface Disguise {
  /** Where the changed voice lies, whoever speaks; in hertz. */
  readonly pitch: number;
  /** How the formants move, by rising frequency; from 0 to 0 and half of the rate to itself besides. */
  readonly moves: readonly Move[];
}

/** Of the first formant, and of the second and third. */
const ANCHORS = [800, 2400] as const;

/** Another size of throat: each region is moved on its own, never by less than an eighth. */
const SMALLER = { least: 1.125, most: 1.22, pitch: [180, 215] } as const;
const LARGER = { least: 0.8, most: 0.875, pitch: [115, 145] } as const;

/** @param random - from 0 up to 1; every call another one. */
export function drawDisguise(random: () => number): Disguise {
  const { least, most, pitch } = random() < 0.5 ? SMALLER : LARGER;
  return {
    pitch: between(pitch[0], pitch[1], random()),
    moves: ANCHORS.map((anchor) => [anchor, anchor * between(least, most, random())]),
  };
}

/** Where a frequency goes. */
export function moved(hertz: number, moves: readonly Move[], top: number): number {
  return along(hertz, [[0, 0], ...moves, [top, top]]);
}

/** Where a frequency of the changed voice comes from. */
export function unmoved(hertz: number, moves: readonly Move[], top: number): number {
  return along(hertz, [[0, 0], ...moves.map(([from, to]): Move => [to, from]), [top, top]]);
}

function along(hertz: number, points: readonly Move[]): number {
  const after = Math.max(
    1,
    points.findIndex(([from]) => from >= hertz),
  );
  const [[x0, y0], [x1, y1]] = [points[after - 1] ?? [0, 0], points[after] ?? [hertz, hertz]];
  return y0 + ((hertz - x0) * (y1 - y0)) / (x1 - x0);
}

function between(least: number, most: number, share: number): number {
  return least + share * (most - least);
}
