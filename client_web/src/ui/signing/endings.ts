/** How the signing of a report stands: who has ended it and how, and who is still waited for. */

import type { Alias, LotId, LotState, Report, RoomView, SigningEnd } from '../../protocol/generated';
import { entry } from '../../session/roomView';

/** One member of a report. */
export interface MemberEnding {
  readonly alias: Alias;
  /** Null while names are closed to this viewer. */
  readonly name: string | null;
  readonly end: SigningEnd | null;
  /** Null where there is none, or this viewer may not see it. */
  readonly dissent: string | null;
  /** The chair's, about a refusal. */
  readonly minute: string | null;
}

/** Every member who is asked to sign, in the order in which they were planned. */
export function endings(report: Report, { people }: Pick<RoomView, 'people'>): MemberEnding[] {
  return report.members.map((alias) => ({
    alias,
    name: entry(people, alias)?.name ?? null,
    end: entry(report.ends, alias) ?? null,
    dissent: entry(report.dissents, alias) ?? null,
    minute: entry(report.minutes, alias) ?? null,
  }));
}

/** A member who has not ended the signing can still sign, or state a dissent; the same as in `rules/reports.py`. */
export function isOpen(end: SigningEnd | null): boolean {
  return end === null || end === 'refused';
}

/** Who keeps the report from being sealed; the same as in `gates.py`. */
export function openEndings(report: Report, view: Pick<RoomView, 'people'>): MemberEnding[] {
  return endings(report, view).filter(({ end }) => isOpen(end));
}

/** Whether the member is asked to sign, and can. */
export function maySign(report: Report | null, alias: Alias): boolean {
  return report?.members.includes(alias) === true && isOpen(entry(report.ends, alias) ?? null);
}

/** A member as the pages call them: by alias, and by name once it is known. */
export function memberTitle({ alias, name }: Pick<MemberEnding, 'alias' | 'name'>): string {
  return name === null ? alias : `${alias} ${name}`;
}

const WITH_RESULT: readonly LotState['phase'][] = ['locked', 'signing', 'sealed'];

/** Whether a lot's result is locked. */
export function hasResult(lot: LotState | undefined): boolean {
  return lot !== undefined && WITH_RESULT.includes(lot.phase);
}

/** The lots whose result is still open: no report is issued before them. */
export function openLots({ lots }: Pick<RoomView, 'lots'>): LotId[] {
  return Object.keys(lots).filter((id) => !hasResult(lots[id]));
}
