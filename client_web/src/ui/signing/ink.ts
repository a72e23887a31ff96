/** From what a signature pad holds to the strokes that go to the server, and back. */

import type { InkPoint, Stroke } from '../../session/askRevision';

/** A point on the pad, in its own pixels. */
export interface PadPoint {
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}

/** The pad's size in its own pixels. */
export interface PadSize {
  readonly width: number;
  readonly height: number;
}

/** Width to height of the place for a signature on the report: 44 mm and 18 mm. */
export const PAD_RATIO = 44 / 18;

/** The server takes 200 strokes and 4000 points; see `server/reports/handwriting.py`. */
export const MOST_STROKES = 200;
const MOST_POINTS = 3600;

/** Part of the pad's width or height that a line has at least; less is a slip of the pen. */
const SMALLEST_EXTENT = 0.05;

/** What a device says that cannot tell. */
const MIDDLE_PRESSURE = 0.5;

/** The strokes as parts of the pad; with more points than the server takes, every second one is left out. */
export function strokesOf(groups: readonly (readonly PadPoint[])[], size: PadSize): Stroke[] {
  let strokes: Stroke[] = groups
    .map((points) => points.map((point) => inkPoint(point, size)))
    .filter((each) => each.length > 0);
  while (strokes.reduce((sum, stroke) => sum + stroke.length, 0) > MOST_POINTS && strokes.some(isLong)) {
    strokes = strokes.map(thinned);
  }
  return strokes;
}

/** The strokes as points of a pad of this size. */
export function padPoints(strokes: readonly Stroke[], { width, height }: PadSize): PadPoint[][] {
  return strokes.map((stroke) => stroke.map(({ x, y, pressure }) => ({ x: x * width, y: y * height, pressure })));
}

/** Whether there is a line that can be seen, and not more than the server takes. */
export function isUsable(strokes: readonly Stroke[]): boolean {
  return strokes.length <= MOST_STROKES && strokes.some((stroke) => extent(stroke) >= SMALLEST_EXTENT);
}

function inkPoint({ x, y, pressure }: PadPoint, { width, height }: PadSize): InkPoint {
  return { x: share(x / width), y: share(y / height), pressure: pressure > 0 ? share(pressure) : MIDDLE_PRESSURE };
}

/** From 0 to 1, in ten thousandths: finer than any pen, and short to send. */
function share(part: number): number {
  return Math.round(Math.min(1, Math.max(0, part)) * 10_000) / 10_000;
}

function isLong(stroke: Stroke): boolean {
  return stroke.length > 2;
}

/** The stroke with every second point, and both ends. */
function thinned(stroke: Stroke): Stroke {
  return stroke.filter((_, index) => index % 2 === 0 || index === stroke.length - 1);
}

function extent(stroke: Stroke): number {
  const range = (values: number[]): number => Math.max(...values) - Math.min(...values);
  return Math.max(range(stroke.map(({ x }) => x)), range(stroke.map(({ y }) => y)));
}
