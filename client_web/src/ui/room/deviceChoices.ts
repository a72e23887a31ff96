/** Which devices were chosen on this machine: whoever sits here next finds them again. */

import { NOTHING_CHOSEN, type ChosenDevices, type DeviceRef, type DeviceUse } from '../../media/deviceLists';

const KEPT_UNDER = 'lianping.devices';

/** The devices chosen last; none where that is damaged. */
export function keptDevices(storage: Storage = localStorage): ChosenDevices {
  const kept = read(storage.getItem(KEPT_UNDER));
  return {
    microphone: deviceOf(kept.microphone),
    camera: deviceOf(kept.camera),
    loudspeaker: deviceOf(kept.loudspeaker),
  };
}

export function keepDevice(use: DeviceUse, device: DeviceRef | null, storage: Storage = localStorage): void {
  storage.setItem(KEPT_UNDER, JSON.stringify({ ...keptDevices(storage), [use]: device }));
}

function deviceOf(kept: unknown): DeviceRef | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { id, label } = kept as Partial<Record<keyof DeviceRef, unknown>>;
  return typeof id === 'string' && typeof label === 'string' ? { id, label } : null;
}

function read(text: string | null): Partial<Record<DeviceUse, unknown>> {
  try {
    const kept: unknown = JSON.parse(text ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : NOTHING_CHOSEN;
  } catch {
    return NOTHING_CHOSEN;
  }
}
