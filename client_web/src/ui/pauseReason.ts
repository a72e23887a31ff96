/** Why a room is paused: what the server itself says is told in the page's language, what a person wrote as it is. */

import { useI18n } from 'vue-i18n';

import { NO_SPACE } from '../protocol/generated';

/** The message for a reason of the server's own; null for a person's. */
export function serverReason(reason: string): string | null {
  return reason === NO_SPACE ? 'pause.no_space' : null;
}

export function usePauseReason(): (reason: string) => string {
  const { t } = useI18n();
  return (reason) => {
    const key = serverReason(reason);
    return key === null ? reason : t(key);
  };
}
