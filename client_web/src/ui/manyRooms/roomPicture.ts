/** The one small picture that stands for a room: which there are, which is shown, which comes next. Pure. */

import type { Alias, RoomView } from '../../protocol/generated';
import { entry, membersOf } from '../../session/roomView';
import { cameraPictures } from '../cameras/cameraPictures';

/** Room cameras first, then the members; those who are not there are left out. */
export function pictureChoices(view: RoomView, me: Alias, presence: ReadonlySet<Alias>): Alias[] {
  const cameras = cameraPictures(view, me, null).map(({ alias }) => alias);
  const members = membersOf(view).filter(
    (alias) => entry(view.seats, alias)?.confirmed === true && presence.has(alias),
  );
  return [...cameras, ...members];
}

/** The chosen one as long as there is one, else the first; null where there is none. */
export function shownPicture(chosen: Alias | null, choices: readonly Alias[]): Alias | null {
  return choices.find((alias) => alias === chosen) ?? choices[0] ?? null;
}

/** The one after that which is shown; after the last the first. */
export function nextPicture(shown: Alias | null, choices: readonly Alias[]): Alias | null {
  return choices[(choices.findIndex((alias) => alias === shown) + 1) % choices.length] ?? null;
}
