import { expect, test } from 'vitest';

import { NOTHING_CHOSEN } from '../../media/deviceLists';
import { keepDevice, keptDevices } from './deviceChoices';

function newStorage(text?: string): Storage {
  const kept = new Map<string, string>(text === undefined ? [] : [['lianping.devices', text]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  } as unknown as Storage;
}

test('each device is found again, and can be left to the system again', () => {
  const storage = newStorage();
  const [camera, microphone] = [
    { id: 'c1', label: '摄像头' },
    { id: 'm1', label: '麦克风' },
  ];

  keepDevice('camera', camera, storage);
  keepDevice('microphone', microphone, storage);
  const both = keptDevices(storage);
  keepDevice('camera', null, storage);

  expect([both, keptDevices(storage)]).toEqual([
    { ...NOTHING_CHOSEN, camera, microphone },
    { ...NOTHING_CHOSEN, microphone },
  ]);
});

test.each(['{', 'null', '7', '{"camera":"c1","microphone":{"id":3}}'])('%s is no choice', (text) => {
  expect(keptDevices(newStorage(text))).toEqual(NOTHING_CHOSEN);
});
