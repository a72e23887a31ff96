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
  /** The annex that names who has signed under an alias; null for a member who has none to sign. */
  readonly annex: 'owed' | 'signed' | null;
}

type Signed = Pick<RoomView, 'people' | 'opening'>;

/** Every member who is asked to sign, in the order in which they were planned. */
export function endings(report: Report, view: Signed): MemberEnding[] {
  return report.members.map((alias) => ({
    alias,
    name: entry(view.people, alias)?.name ?? null,
    end: entry(report.ends, alias) ?? null,
    dissent: entry(report.dissents, alias) ?? null,
    minute: entry(report.minutes, alias) ?? null,
    annex: report.annexes.includes(alias) ? 'signed' : owesAnnex(report, alias, view) ? 'owed' : null,
  }));
}

/** A member who has not ended the signing can still sign, or state a dissent; the same as in `rules/reports.py`. */
export function isOpen(end: SigningEnd | null): boolean {
  return end === null || end === 'refused';
}

/** Whether nothing is left for the member to do. */
export function isDone({ end, annex }: MemberEnding): boolean {
  return !isOpen(end) && annex !== 'owed';
}

/** Who has not answered, or has refused without reasons: whom the chair can minute. */
export function openEndings(report: Report, view: Signed): MemberEnding[] {
  return endings(report, view).filter(({ end }) => isOpen(end));
}

/** Who keeps the report from being sealed; the same as in `gates.py`. */
export function waitedFor(report: Report, view: Signed): MemberEnding[] {
  return endings(report, view).filter((row) => !isDone(row));
}

/** Whether the report names no member, and each who signs it signs a named annex too. */
export function signsUnderAlias({ opening }: Pick<RoomView, 'opening'>): boolean {
  return opening?.policy.member_names === 'never';
}

const SIGNED_ENDS: readonly (SigningEnd | undefined)[] = ['signed', 'signed_with_dissent'];

/** Whether a member has signed the report under the alias, and not yet the annex that names the person. */
export function owesAnnex(report: Report, alias: Alias, view: Pick<RoomView, 'opening'>): boolean {
  const hasSigned = SIGNED_ENDS.includes(entry(report.ends, alias));
  return signsUnderAlias(view) && hasSigned && !report.annexes.includes(alias);
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
