/** The record as a list: what an alias held of it at a moment, newest first, and what was only a hash to the alias. */

import type { Alias, AnyEvent, Seq } from '../../protocol/generated';
import type { Perspective } from '../../replay/perspective';
import type { Line } from '../../session/line';

/** What a person looks for: lines by what they are about. */
export const LINE_KINDS = [
  ...(['proceeding', 'seats', 'sheets', 'results', 'bids', 'report', 'staff'] as const),
  ...(['messages', 'talks', 'recording', 'walls'] as const),
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

export interface LineRow {
  readonly seq: Seq;
  /** None where the alias held its hash only. */
  readonly line: Line | null;
}

export interface LineFilter {
  /** Who did it, or whom it is about. */
  readonly alias: Alias | null;
  readonly kind: LineKind | null;
}

/** The rows up to a size of the record, newest first; a filter passes over what the alias could not read. */
export function lineRows(
  lines: readonly Line[],
  perspective: Perspective,
  size: number,
  { alias, kind }: LineFilter,
): LineRow[] {
  const all = lines.slice(0, size).map((line, seq) => ({ seq, line: perspective.sees(seq, size) ? line : null }));
  const isAsked = ({ line }: LineRow): boolean => {
    if (line === null) return alias === null && kind === null;
    return (alias === null || isAbout(line, alias)) && (kind === null || KIND_OF[line.event.type] === kind);
  };
  return all.filter(isAsked).reverse();
}

/** Whether an alias did it, or it is about the alias. */
function isAbout({ head, event }: Line, alias: Alias): boolean {
  const about = event as { readonly alias?: Alias; readonly member?: Alias; readonly successor?: Alias };
  return [head.by, about.alias, about.member, about.successor].includes(alias);
}

const KIND_OF: Readonly<Record<AnyEvent['type'], LineKind>> = {
  room_opened: 'proceeding',
  phase_changed: 'proceeding',
  lot_phase_changed: 'proceeding',
  round_opened: 'proceeding',
  stage_revealed: 'proceeding',
  room_paused: 'proceeding',
  room_resumed: 'proceeding',
  room_closed: 'proceeding',
  seat_planned: 'seats',
  person_sealed: 'seats',
  seat_enrolled: 'seats',
  seat_confirmed: 'seats',
  seat_released: 'seats',
  recusal_stated: 'seats',
  recusal_grounds: 'seats',
  pledge_made: 'seats',
  member_replaced: 'seats',
  names_opened: 'seats',
  ballot_cast: 'sheets',
  sheet_handed_in: 'sheets',
  sheet_examined: 'sheets',
  sheet_scored: 'sheets',
  sheet_returned: 'sheets',
  return_grounds: 'sheets',
  chair_elected: 'results',
  examination_concluded: 'results',
  bids_admitted: 'results',
  members_scored: 'results',
  lot_drawn: 'results',
  prices_scored: 'results',
  bids_ranked: 'results',
  result_locked: 'results',
  bidders_listed: 'bids',
  bid_sealed: 'bids',
  bid_file_listed: 'bids',
  prices_opened: 'bids',
  document_key_certified: 'report',
  signing_opened: 'report',
  report_issued: 'report',
  report_answered: 'report',
  report_revised: 'report',
  dissent_stated: 'report',
  annex_signed: 'report',
  annex_filed: 'report',
  refusal_minuted: 'report',
  refusal_minute: 'report',
  report_sealed: 'report',
  report_filed: 'report',
  staff_called: 'staff',
  precheck_reported: 'staff',
  staff_call_answered: 'staff',
  message_sent: 'messages',
  room_camera_added: 'recording',
  room_camera_removed: 'recording',
  talk_asked: 'talks',
  talk_opened: 'talks',
  talk_ended: 'talks',
  recording_began: 'recording',
  recording_gap: 'recording',
  media_recorded: 'recording',
  recording_space_told: 'recording',
  recordings_checked: 'recording',
  recording_waived: 'recording',
  wall_pass_given: 'walls',
  wall_pass_withdrawn: 'walls',
  wall_player_came: 'walls',
  wall_player_left: 'walls',
};
