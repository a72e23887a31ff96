/** Where the pages of a document stand in its frame, and which of them are looked at. All lengths in CSS pixels. */

/** Of a page, in points or any other unit: only the proportion counts. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** Part of the frame that is looked at. */
export interface Sight {
  readonly top: number;
  readonly height: number;
}

/** One page's place, from the top of the first. */
export interface PagePlace {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Between two pages. */
export const PAGE_GAP = 16;

/** Widths of a page as parts of the frame's width. */
export const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;
export const FIT = 1;

/** The pages one under the other, each this wide. */
export function pagePlaces(sizes: readonly PageSize[], width: number): PagePlace[] {
  let top = 0;
  return sizes.map((size) => {
    const place = { top, width, height: Math.round((width * size.height) / size.width) };
    top += place.height + PAGE_GAP;
    return place;
  });
}

/** The page in the middle of what is looked at, from 1; 0 where there is none. */
export function currentPage(places: readonly PagePlace[], { top, height }: Sight): number {
  const middle = top + height / 2;
  const next = places.findIndex((place) => place.top > middle);
  return next < 0 ? places.length : Math.max(next, 1);
}

/** Whether a page is in sight, or within one height of the frame of it: it is drawn before it is reached. */
export function isNear(place: PagePlace, { top, height }: Sight): boolean {
  return place.top < top + 2 * height && place.top + place.height > top - height;
}

/** The next zoom that is larger, or smaller; the same at the end. */
export function steppedZoom(zoom: number, step: 1 | -1): number {
  const larger = ZOOMS.find((each) => each > zoom);
  const smaller = ZOOMS.filter((each) => each < zoom).at(-1);
  return (step === 1 ? larger : smaller) ?? zoom;
}

/** What a key asks for: a way to go in the document, or another size of it. */
export type ViewerKey = 'down' | 'up' | 'start' | 'end' | 'larger' | 'smaller';

const KEYS: Readonly<Record<string, ViewerKey>> = {
  PageDown: 'down',
  PageUp: 'up',
  Home: 'start',
  End: 'end',
  '+': 'larger',
  '=': 'larger', // the same key without Shift
  '-': 'smaller',
};

/** What this key asks the viewer for; none with Ctrl, Alt or Meta, which are the browser's. */
export function viewerKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>): ViewerKey | null {
  return event.ctrlKey || event.altKey || event.metaKey ? null : (KEYS[event.key] ?? null);
}
