/** How a lot's report and its signing grow, line by line; the same as in `server/domain/folds/reports.py`. */

import type {
  Alias,
  AnnexFiled,
  AnnexSigned,
  DissentStated,
  LineHead,
  Millis,
  RefusalMinute,
  RefusalMinuted,
  Report,
  ReportAnswered,
  ReportFiled,
  ReportIssued,
  ReportRevised,
  ReportSealed,
  SigningEnd,
  SigningOpened,
} from '../protocol/generated';
import { LineOutOfPlace } from './lineOutOfPlace';

/** The events that change a report once its signing is open. */
export type ReportEvent =
  | ReportIssued
  | ReportAnswered
  | ReportRevised
  | DissentStated
  | AnnexSigned
  | AnnexFiled
  | RefusalMinuted
  | RefusalMinute
  | ReportSealed
  | ReportFiled;

/** A version of the report before its content is known. */
export function openedReport({ version, members }: SigningOpened): Report {
  return {
    version,
    members,
    ends: {},
    ended_at: {},
    issued: null,
    latest: null,
    dissents: {},
    minutes: {},
    annexes: [],
    annex_files: {},
    filed: null,
    sealed_at: null,
  };
}

/**
 * The report after one more of its events.
 *
 * @throws {LineOutOfPlace} no signing is open.
 */
export function changedReport(
  report: Report | null,
  event: ReportEvent,
  { by, seq, at }: Pick<LineHead, 'by' | 'seq' | 'at'>,
): Report {
  if (report === null) throw new LineOutOfPlace('The signing follows a report.');
  switch (event.type) {
    case 'report_issued':
      return { ...report, issued: event, latest: event.certified };
    case 'report_answered':
      return ended(report, by, event.end, at);
    case 'report_revised':
      return { ...report, latest: event.file };
    case 'dissent_stated':
      return { ...report, dissents: { ...report.dissents, [by]: event.text } };
    case 'annex_signed':
      return { ...report, annexes: [...report.annexes, by] };
    case 'annex_filed':
      return { ...report, annex_files: { ...report.annex_files, [by]: event.file } };
    case 'refusal_minuted':
      return ended(report, event.member, 'deemed_agreed', at);
    case 'refusal_minute':
      return { ...report, minutes: { ...report.minutes, [event.member]: event.minute } };
    case 'report_sealed':
      return { ...report, sealed_at: seq };
    case 'report_filed':
      return { ...report, filed: event, latest: event.report };
  }
}

function ended(report: Report, member: Alias, end: SigningEnd, at: Millis): Report {
  return { ...report, ends: { ...report.ends, [member]: end }, ended_at: { ...report.ended_at, [member]: at } };
}
