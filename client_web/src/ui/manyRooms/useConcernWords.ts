/** A concern in words, for whoever shows it. */

import { useI18n } from 'vue-i18n';

import { usePauseReason } from '../pauseReason';
import type { Concern } from './concerns';

export function useConcernWords(): (concern: Concern) => string {
  const { t } = useI18n();
  const reasonOf = usePauseReason();

  function factOf({ kind, fact, gap }: Concern): string {
    if (kind === 'unrecorded' || kind === 'camera') return t(`recording.gap.${gap ?? 'never'}`);
    return kind === 'paused' ? reasonOf(fact) : fact;
  }

  return (concern) => {
    const { kind, seats } = concern;
    const others = kind === 'talk_open' && seats.length === 1 ? [t('talks.committee')] : [];
    const named = [...seats, ...others].join(t('list.separator'));
    return t(`many.concern.${kind}`, { seats: named, fact: factOf(concern) });
  };
}
