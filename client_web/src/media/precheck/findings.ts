/** What a pre-check can find, part by part: the codes by which the interface words it. */

import type { PrecheckMark, PrecheckPart } from '../../protocol/generated';

/** Every finding there is, with its mark; `skipped` ones are told and not reported. */
export const FINDINGS = {
  browser: { fit: 'passed', in_front: 'warned', old: 'failed' },
  https: { trusted: 'passed', local: 'passed', untrusted: 'warned', insecure: 'failed' },
  clock: { right: 'passed', off: 'warned', wrong: 'failed', unknown: 'failed' },
  socket: { open: 'passed', no_seat: 'skipped', not_tried: 'skipped', blocked: 'failed', refused: 'failed' },
  camera: {
    seen: 'passed',
    dark: 'warned',
    denied: 'failed',
    missing: 'failed',
    in_use: 'failed',
    insecure: 'failed',
    failed: 'failed',
  },
  microphone: {
    heard: 'passed',
    silent: 'warned',
    unmeasured: 'warned',
    denied: 'failed',
    missing: 'failed',
    in_use: 'failed',
    insecure: 'failed',
    failed: 'failed',
  },
  loudspeaker: { heard: 'passed', unheard: 'failed', unable: 'failed' },
  udp: {
    straight: 'passed',
    relayed: 'warned',
    blocked: 'failed',
    loopback: 'failed',
    no_media: 'skipped',
    no_seat: 'skipped',
    not_tried: 'skipped',
  },
  relay: {
    usable: 'passed',
    partly: 'warned',
    unusable: 'warned',
    blocked: 'failed',
    none: 'skipped',
    missing: 'skipped',
    no_seat: 'skipped',
    not_tried: 'skipped',
  },
  line: {
    good: 'passed',
    lossy: 'warned',
    narrow: 'warned',
    slow: 'warned',
    bad: 'failed',
    nothing: 'failed',
    no_seat: 'skipped',
    not_tried: 'skipped',
  },
} as const satisfies Record<PrecheckPart, Record<string, PrecheckMark | 'skipped'>>;

/** The codes of a part. */
export type Code<Part extends PrecheckPart> = keyof (typeof FINDINGS)[Part] & string;

/** What a sentence is filled with; a list is joined as its language does it. */
export type Facts = Readonly<Record<string, string | number | readonly string[]>>;

/** What was found of one part. */
export interface Finding {
  readonly part: PrecheckPart;
  readonly code: string;
  readonly mark: PrecheckMark | 'skipped';
  readonly facts: Facts;
}

/** The finding of a part with this code. */
export function finding<Part extends PrecheckPart>(part: Part, code: Code<Part>, facts: Facts = {}): Finding {
  const marks: Readonly<Record<string, PrecheckMark | 'skipped'>> = FINDINGS[part];
  return { part, code, mark: marks[code] ?? 'failed', facts };
}

/** The mark of all together: the worst. */
export function overall(findings: readonly Finding[]): PrecheckMark {
  const marks = findings.map(({ mark }) => mark);
  if (marks.includes('failed')) return 'failed';
  return marks.includes('warned') ? 'warned' : 'passed';
}
