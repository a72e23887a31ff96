/** A line of the record in the page's language. */

import { useI18n } from 'vue-i18n';

import type { Line } from '../../session/line';
import { sentenceOf } from './lineSentence';

/** Gives the sentence of a line. */
export function useSentence(): (line: Line) => string {
  const { t } = useI18n();
  return (line) => {
    const { key, facts, words } = sentenceOf(line);
    const translated = Object.entries(words).map(([name, word]) => [name, t(word)] as const);
    return t(key, { ...facts, ...Object.fromEntries(translated) });
  };
}
