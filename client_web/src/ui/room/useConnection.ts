/** How a connection is named to a person: a short break is no alarm, a long one is. */

import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';

import type { Connection } from '../roomPort';

export type ConnectionName = 'connecting' | 'open' | 'reconnecting' | 'interrupted' | 'ended';

/** After so long a page that comes back by itself says that the connection is interrupted. */
const LONG_BREAK_MS = 20_000;

/** The connection's name, kept up to date while time passes. */
export function useConnection(connection: () => Connection): ComputedRef<ConnectionName> {
  const now = ref(Date.now());
  const ticking = setInterval(() => {
    now.value = Date.now();
  }, 1000);
  onScopeDispose(() => {
    clearInterval(ticking);
  });
  return computed(() => connectionName(connection(), now.value));
}

/** The name at a time. */
export function connectionName(connection: Connection, now: number): ConnectionName {
  if (connection.state !== 'reconnecting') return connection.state;
  return now - connection.since > LONG_BREAK_MS ? 'interrupted' : 'reconnecting';
}
