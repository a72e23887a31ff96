/** Replacing a member: whether it is possible, and the command from what the operator has typed. */

import type { Alias, ReplaceMember, RoomView } from '../../protocol/generated';
import { mayAsk } from '../../session/roomView';
import type { RoomPort } from '../roomPort';
import { replacementBlockers } from './gates';

/** Whether this operator can replace a member now. */
export function mayReplace({ view, me }: Pick<RoomPort, 'view' | 'me'>): boolean {
  return me !== null && mayAsk(view, me.alias, 'replace_member') && replacementBlockers(view).length === 0;
}

export interface ReplacementForm {
  readonly reason: string;
  readonly successor: Alias;
  readonly name: string;
  readonly organisation: string;
  readonly title: string;
}

/** The form of an alias. Source: `server/domain/rules/members.py`. */
const ALIAS_FORM = /^[A-Z]{1,2}[1-9][0-9]{0,2}$/;

/** Whether a successor can have this alias: of the right form, and never given in this room. */
export function isFreeAlias(alias: Alias, view: RoomView): boolean {
  return ALIAS_FORM.test(alias) && !Object.hasOwn(view.seats, alias);
}

/** An alias for a member's successor: the same letters, the number after the highest one given. */
export function successorAlias(member: Alias, view: RoomView): Alias {
  const letters = lettersOf(member);
  const numbers = Object.keys(view.seats)
    .filter((alias) => lettersOf(alias) === letters)
    .map((alias) => Number(alias.slice(letters.length)));
  return `${letters}${Math.max(0, ...numbers) + 1}`;
}

function lettersOf(alias: Alias): string {
  return alias.replace(/\d+$/, '');
}

/** The command, or null while something is missing. */
export function replacement(member: Alias, form: ReplacementForm, view: RoomView): ReplaceMember | null {
  const { reason, successor, name, organisation, title } = form;
  if (reason.trim() === '' || name.trim() === '' || !isFreeAlias(successor, view)) return null;
  return { type: 'replace_member', member, reason, successor, person: { name, organisation, title } };
}
