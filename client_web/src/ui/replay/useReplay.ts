/** Where a replay stands: the moment, whose eyes, the part of the time that the timeline shows. */

import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue';

import type { Alias, Millis } from '../../protocol/generated';
import { Perspective } from '../../replay/perspective';
import { sinceOf, sinceWritten, type Mark, type ReplayTable } from '../../replay/replayTable';
import { between, holding, zoomed, type Span } from '../../replay/span';
import { cursorAt, cursorOn, stepOf, stepsOf, type Cursor, type Step } from '../../replay/steps';
import type { Line } from '../../session/line';
import type { RoomPort } from '../roomPort';
import { replayPort } from './replayPort';

/** What parts a sitting: between two of these lies a stretch that one looks at as a whole. */
const PARTING: readonly Mark['code'][] = ['phase', 'pause', 'resume', 'close'];

export interface Replay {
  /** As it was closed. */
  readonly room: RoomPort;
  readonly lines: readonly Line[];
  readonly steps: readonly Step[];
  readonly marks: readonly Mark[];
  readonly whole: Span;
  readonly cursor: Readonly<Ref<Cursor>>;
  /** Lines of the record at the moment. */
  readonly size: ComputedRef<number>;
  readonly span: Readonly<Ref<Span>>;
  /** Null for the whole record. */
  readonly viewer: Readonly<Ref<Alias | null>>;
  readonly perspective: ComputedRef<Perspective>;
  /** The room as the viewer saw it at the moment. */
  readonly port: ComputedRef<RoomPort>;
  readonly lookAs: (viewer: Alias | null) => void;
  readonly moveTo: (at: Millis) => void;
  readonly goToStep: (step: number) => void;
  /** To the step of a line. */
  readonly goToLine: (seq: number) => void;
  /** To the next mark, or to the one before. */
  readonly goToMark: (direction: 1 | -1) => void;
  readonly zoom: (to: 'in' | 'out' | 'stretch' | 'whole') => void;
}

/** Begins at the end: what the room came to. `room.lines` is the whole record. */
export function useReplay(room: RoomPort, table: ReplayTable): Replay {
  const lines = room.lines;
  const steps = stepsOf(lines);
  const whole: Span = { from: steps[0]?.at ?? 0, to: steps.at(-1)?.at ?? 0 };
  const markedSteps = [...new Set(table.marks.map(({ seq }) => stepOf(steps, seq)))];
  const partings = table.marks.filter(({ code }) => PARTING.includes(code)).map(({ at }) => at);
  const perspectives = new Map<Alias | null, Perspective>();

  const cursor = shallowRef(cursorOn(steps, steps.length - 1));
  const span = shallowRef(whole);
  const viewer = ref<Alias | null>(null);
  const size = computed(() => steps[cursor.value.step]?.size ?? 0);
  const perspective = computed(() => perspectiveOf(viewer.value));
  const port = computed(() => {
    const { value: seen } = perspective;
    return replayPort(room, seen.viewAt(size.value), seen.linesAt(size.value));
  });

  function perspectiveOf(alias: Alias | null): Perspective {
    const known = perspectives.get(alias);
    if (known !== undefined) return known;
    const sight = alias === null ? undefined : table.aliases[alias];
    const since = sight === undefined ? sinceWritten(table.size) : sinceOf(sight, table.size);
    const made = new Perspective(lines, since);
    perspectives.set(alias, made);
    return made;
  }

  function show(next: Cursor): void {
    cursor.value = next;
    span.value = holding(span.value, next.at, whole);
  }

  function goToStep(step: number): void {
    show(cursorOn(steps, step));
  }

  function goToMark(direction: 1 | -1): void {
    const { step } = cursor.value;
    const before = markedSteps.filter((each) => each < step).at(-1);
    const next = direction === 1 ? markedSteps.find((each) => each > step) : before;
    goToStep(next ?? (direction === 1 ? steps.length - 1 : 0));
  }

  function zoom(to: 'in' | 'out' | 'stretch' | 'whole'): void {
    const { at } = cursor.value;
    if (to === 'whole') span.value = whole;
    else if (to === 'stretch') span.value = between(partings, at, whole);
    else span.value = zoomed(span.value, at, to === 'in' ? 0.5 : 2, whole);
  }

  return {
    room,
    lines,
    steps,
    marks: table.marks,
    whole,
    cursor,
    size,
    span,
    viewer,
    perspective,
    port,
    lookAs: (alias) => {
      viewer.value = alias;
    },
    moveTo: (at) => {
      show(cursorAt(steps, Math.min(Math.max(at, whole.from), whole.to)));
    },
    goToStep,
    goToLine: (seq) => {
      goToStep(stepOf(steps, seq));
    },
    goToMark,
    zoom,
  };
}
