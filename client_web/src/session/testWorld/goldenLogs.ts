/** The golden logs that server and page are both held to: `tests/vectors/logs/<name>/`. */

import type { RoomView } from '../../protocol/generated';

/** What one viewer is shown of a log, and sees. */
export interface GoldenView {
  readonly seqs: readonly number[];
  readonly view: RoomView;
}

/** One log, as it was written by the rules of its time. */
export interface GoldenLog {
  readonly name: string;
  /** The exact bytes of every line. */
  readonly lines: readonly Uint8Array[];
  /** By alias; `*` is the whole truth. */
  readonly views: Readonly<Record<string, GoldenView>>;
  readonly head: { readonly size: number; readonly root: string };
}

const LINES = import.meta.glob<string>('../../../../tests/vectors/logs/*/lines.jsonl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const VIEWS = import.meta.glob<GoldenLog['views']>('../../../../tests/vectors/logs/*/views.json', {
  import: 'default',
  eager: true,
});
const HEADS = import.meta.glob<GoldenLog['head']>('../../../../tests/vectors/logs/*/head.json', {
  import: 'default',
  eager: true,
});

/** Every golden log there is. */
export const GOLDEN_LOGS: readonly GoldenLog[] = Object.entries(LINES).map(([path, text]) => {
  const folder = path.slice(0, -'lines.jsonl'.length);
  return {
    name: folder.split('/').at(-2) ?? folder,
    lines: text
      .split('\n')
      .slice(0, -1)
      .map((line) => new TextEncoder().encode(line)),
    views: found(VIEWS, `${folder}views.json`),
    head: found(HEADS, `${folder}head.json`),
  };
});

const LATER_FIELDS: readonly string[] = [
  ...['opened_at', 'files', 'report', 'document_keys', 'names_opened_at', 'calls'],
  ...['named', 'annexes', 'annex_files', 'joined_at'],
  ...['prechecks', 'talk', 'talk_requests', 'past_talks', 'cameras', 'walls'],
  ...['recordings', 'pieces', 'recording_space', 'recordings_checked', 'waivers'],
];

/** What is given, without the fields of later versions that a log written before them lacks. */
export function knownThen(given: unknown, stored: unknown): unknown {
  if (!isRecord(given) || !isRecord(stored)) return given;
  const kept = Object.entries(given).filter(([name]) => name in stored || !LATER_FIELDS.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, knownThen(value, stored[name])]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function found<T>(files: Readonly<Record<string, T>>, path: string): T {
  const file = files[path];
  if (file === undefined) throw new Error(`The golden log has no ${path}.`);
  return file;
}
