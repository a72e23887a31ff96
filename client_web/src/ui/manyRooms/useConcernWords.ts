/** A concern in words, for whoever shows it. */

import { useI18n } from 'vue-i18n';

import type { Concern } from './concerns';

export function useConcernWords(): (concern: Concern) => string {
  const { t } = useI18n();
  return ({ kind, seats, fact, gap }) => {
    const others = kind === 'talk_open' && seats.length === 1 ? [t('talks.committee')] : [];
    return t(`many.concern.${kind}`, {
      seats: [...seats, ...others].join(t('list.separator')),
      fact: kind === 'unrecorded' || kind === 'camera' ? t(`recording.gap.${gap ?? 'never'}`) : fact,
    });
  };
}
