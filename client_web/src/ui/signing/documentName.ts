/** Under which name a document of a lot is saved. */

import type { LotId, RoomView } from '../../protocol/generated';

/** What no file system takes. Source: Windows, "Naming Files, Paths, and Namespaces". */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]/gu;

const LONGEST = 120;

/** The tender's title, the lot's where there are several, and what it is. */
export function documentName({ opening }: Pick<RoomView, 'opening'>, lot: LotId, what: string): string {
  const isOne = Object.keys(opening?.lots ?? {}).length <= 1;
  const parts = [opening?.title ?? '', isOne ? '' : (opening?.lots[lot]?.title ?? lot)].filter((part) => part !== '');
  return `${parts.join(' ').replace(FORBIDDEN, ' ').slice(0, LONGEST)} ${what}`.trim();
}
