/** What has happened in the room, told from its lines: who came, who was confirmed, which step began. */

import type { Alias, AnyEvent, LotId, Millis, Seq, TalkAsked, TalkEnded, TalkOpened } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { serverReason } from '../pauseReason';
import { checkRows } from '../recording/checkRows';

/** One sentence of the feed: the message `console.feed.<code>`. */
export interface Happening {
  readonly seq: Seq;
  readonly at: Millis;
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
  readonly code: string;
  /** For the sentence as they are. */
  readonly facts: Readonly<Record<string, string>>;
  /** For the sentence once they are translated: message keys by name. */
  readonly words: Readonly<Record<string, string>>;
}

/** Whether a sentence is about something that asks for attention. */
export function isNotable({ tone }: Happening): boolean {
  return tone === 'warn' || tone === 'bad';
}

type Told = Pick<Happening, 'code'> & Partial<Pick<Happening, 'tone' | 'facts' | 'words'>>;

/** The feed, newest first. */
export function happenings(lines: readonly Line[]): Happening[] {
  return lines
    .flatMap(({ head: { seq, at, by }, event }): Happening[] => {
      const told = tell(by, event);
      return told ? [{ seq, at, tone: 'plain', facts: {}, words: {}, ...told }] : [];
    })
    .reverse();
}

/** The facts as people know them: a lot by its title. */
export function withTitles(
  facts: Happening['facts'],
  lots: Readonly<Record<LotId, { readonly title: string }>>,
): Happening['facts'] {
  const { lot } = facts;
  const title = lot === undefined ? undefined : lots[lot]?.title;
  return title === undefined ? facts : { ...facts, lot: title };
}

function tell(by: Alias, event: AnyEvent): Told | null {
  return (
    tellOfSeats(by, event) ??
    tellOfMembers(by, event) ??
    tellOfSigning(by, event) ??
    tellOfTalks(by, event) ??
    tellOfRecording(by, event) ??
    tellOfProceeding(event)
  );
}

function tellOfSeats(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'seat_enrolled':
      return { code: 'seat_enrolled', facts: { seat: event.alias } };
    case 'seat_confirmed':
      return { code: 'seat_confirmed', tone: 'good', facts: { seat: event.alias, by } };
    case 'seat_released':
      return { code: 'seat_released', tone: 'warn', facts: { seat: event.alias, by, reason: event.reason } };
    case 'member_replaced': {
      const { member, successor, reason } = event;
      return { code: 'member_replaced', tone: 'warn', facts: { seat: member, successor, reason } };
    }
    case 'staff_called':
      return { code: 'staff_called', tone: 'warn', facts: { seat: by }, words: { need: `calls.need.${event.need}` } };
    case 'staff_call_answered':
      return { code: 'staff_call_answered', tone: 'good', facts: { seat: event.alias, by } };
    default:
      return null;
  }
}

function tellOfMembers(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'recusal_stated':
      return event.conflict
        ? { code: 'conflict_stated', tone: 'bad', facts: { seat: by } }
        : { code: 'no_conflict_stated', facts: { seat: by } };
    case 'pledge_made':
      return { code: 'pledge_made', facts: { seat: by } };
    case 'sheet_handed_in':
      return { code: 'sheet_handed_in', facts: { seat: by }, words: { sheet: `console.sheet.${event.stage}` } };
    case 'sheet_returned': {
      const words = { sheet: `console.sheet.${event.stage}` };
      return { code: 'sheet_returned', tone: 'warn', facts: { seat: event.member }, words };
    }
    default:
      return null;
  }
}

function tellOfSigning(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'signing_opened':
      return { code: 'signing_opened', facts: { lot: event.lot, version: String(event.version) } };
    case 'report_answered':
      return {
        code: 'report_answered',
        tone: event.end === 'signed' ? 'good' : 'warn',
        facts: { seat: by, lot: event.lot },
        words: { end: `signing_end.${event.end}` },
      };
    case 'annex_signed':
      return { code: 'annex_signed', tone: 'good', facts: { seat: by, lot: event.lot } };
    case 'refusal_minuted':
      return { code: 'refusal_minuted', tone: 'warn', facts: { seat: event.member, lot: event.lot } };
    default:
      return null;
  }
}

function tellOfTalks(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'talk_asked':
      return {
        code: talkCode(event),
        tone: 'warn',
        facts: { seat: by, agent: event.agent, member: event.member ?? '' },
        words: { topic: `talks.topic.${event.topic}` },
      };
    case 'talk_opened':
      return {
        code: talkCode(event),
        tone: 'good',
        facts: { witness: by, agent: event.agent, member: event.member ?? '' },
        words: { topic: `talks.topic.${event.topic}` },
      };
    case 'talk_ended':
      return {
        code: talkCode(event),
        facts: { agent: event.agent, member: event.member ?? '' },
        words: { end: `talks.end.${event.end}` },
      };
    default:
      return null;
  }
}

/** The sentence about a talk with one member, or with the whole committee. */
function talkCode({ type, member }: TalkAsked | TalkOpened | TalkEnded): string {
  return member === null ? `${type}_committee` : type;
}

function tellOfRecording(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'room_camera_added':
      return { code: event.type, facts: { by, camera: event.alias, label: event.label } };
    case 'room_camera_removed':
      return { code: event.type, facts: { by, camera: event.alias } };
    case 'recording_began':
      if (event.kind === 'screen') return null; // a shared screen comes and goes
      return { code: event.type, facts: { seat: event.alias }, words: { device: `recording.kind.${event.kind}` } };
    case 'recording_gap': {
      if (event.kind === 'screen') return null;
      const words = { device: `recording.kind.${event.kind}`, gap: `recording.gap.${event.gap}` };
      return { code: event.type, tone: 'warn', facts: { seat: event.alias }, words };
    }
    case 'recording_space_told':
      return event.minutes === null
        ? { code: 'recording_space_enough', tone: 'good' }
        : { code: 'recording_space_low', tone: 'bad', facts: { minutes: String(event.minutes) } };
    case 'recording_waived': {
      const words = { device: `recording.kind.${event.kind}` };
      return { code: event.type, tone: 'warn', facts: { seat: event.alias, reason: event.reason }, words };
    }
    case 'recordings_checked': {
      const found = checkRows(event).length;
      return found === 0 && event.examined === event.pieces
        ? { code: 'recordings_whole', tone: 'good' }
        : { code: 'recordings_found', tone: 'warn', facts: { count: String(found) } };
    }
    default:
      return null;
  }
}

function tellOfProceeding(event: AnyEvent): Told | null {
  switch (event.type) {
    case 'room_opened':
      return { code: 'room_opened' };
    case 'phase_changed':
      return { code: 'phase_changed', words: { phase: `phase.${event.phase}` } };
    case 'lot_phase_changed':
      return { code: 'lot_phase_changed', facts: { lot: event.lot }, words: { phase: `phase.${event.phase}` } };
    case 'chair_elected':
      return { code: 'chair_elected', tone: 'good', facts: { seat: event.chair } };
    case 'stage_revealed':
      return { code: 'stage_revealed', words: { sheet: `console.sheet.${event.stage}` } };
    case 'room_paused': {
      const key = serverReason(event.reason);
      const told = key === null ? { facts: { reason: event.reason } } : { words: { reason: key } };
      return { code: 'room_paused', tone: 'warn', ...told };
    }
    case 'room_resumed':
      return { code: 'room_resumed', tone: 'good' };
    case 'room_closed':
      return { code: 'room_closed', tone: 'bad', facts: { reason: event.reason } };
    default:
      return null;
  }
}
