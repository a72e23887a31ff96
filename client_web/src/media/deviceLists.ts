/** The cameras, microphones and loudspeakers of a machine, as a person chooses among them. Pure. */

/** What a device is used for. */
export type DeviceUse = 'microphone' | 'camera' | 'loudspeaker';

/** A device, by the browser's name for it on this page, and by the name that is printed on it or nearly so. */
export interface DeviceRef {
  readonly id: string;
  readonly label: string;
}

export type DeviceLists = Readonly<Record<DeviceUse, readonly DeviceRef[]>>;

/** What a person has chosen; null leaves it to the system. */
export type ChosenDevices = Readonly<Record<DeviceUse, DeviceRef | null>>;

export const NO_DEVICES: DeviceLists = { microphone: [], camera: [], loudspeaker: [] };

export const NOTHING_CHOSEN: ChosenDevices = { microphone: null, camera: null, loudspeaker: null };

const KINDS: Readonly<Record<DeviceUse, MediaDeviceKind>> = {
  microphone: 'audioinput',
  camera: 'videoinput',
  loudspeaker: 'audiooutput',
};

/** Chromium lists these beside the devices that they stand for. */
const STAND_INS = ['default', 'communications'];

/** The devices by use; without those that have no name yet, as before the person has allowed any. */
export function listDevices(found: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]): DeviceLists {
  const of = (use: DeviceUse): DeviceRef[] =>
    found
      .filter(({ kind, deviceId }) => kind === KINDS[use] && deviceId !== '' && !STAND_INS.includes(deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphone: of('microphone'), camera: of('camera'), loudspeaker: of('loudspeaker') };
}

/** Whether a chosen device is plugged in; a list without names says nothing about that. */
export function isThere(device: DeviceRef, among: readonly DeviceRef[]): boolean {
  return among.length === 0 || among.some(({ id }) => id === device.id);
}
