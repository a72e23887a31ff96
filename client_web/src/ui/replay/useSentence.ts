/** A line of the record in the page's language. */

import { useI18n } from 'vue-i18n';

import type { Line } from '../../session/line';
import { withTitles } from '../console/happenings';
import type { RoomPort } from '../roomPort';
import { sentenceOf } from './lineSentence';

/** Gives the sentence of a line of this room. */
export function useSentence(room: Pick<RoomPort, 'view'>): (line: Line) => string {
  const { t } = useI18n();
  return (line) => {
    const { key, facts, words } = sentenceOf(line);
    const translated = Object.entries(words).map(([name, word]) => [name, t(word)] as const);
    const named = withTitles(facts, room.view.opening?.lots ?? {});
    return t(key, { ...named, ...Object.fromEntries(translated) });
  };
}
