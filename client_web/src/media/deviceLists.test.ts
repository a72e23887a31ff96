import { expect, test } from 'vitest';

import { isThere, listDevices } from './deviceLists';

test('devices are listed by use, without stand-ins and without those that have no name', () => {
  const lists = listDevices([
    { kind: 'audioinput', deviceId: 'default', label: '默认 - 麦克风' },
    { kind: 'audioinput', deviceId: 'm1', label: '麦克风' },
    { kind: 'videoinput', deviceId: 'c1', label: '摄像头' },
    { kind: 'videoinput', deviceId: '', label: '' },
    { kind: 'audiooutput', deviceId: 'communications', label: '通讯 - 扬声器' },
    { kind: 'audiooutput', deviceId: 's1', label: '扬声器' },
  ]);

  expect(lists).toEqual({
    microphone: [{ id: 'm1', label: '麦克风' }],
    camera: [{ id: 'c1', label: '摄像头' }],
    loudspeaker: [{ id: 's1', label: '扬声器' }],
  });
});

test('a device is missed only where others are known', () => {
  const [one, two] = [
    { id: 'm1', label: '麦克风' },
    { id: 'm2', label: '耳机' },
  ];

  expect([isThere(one, []), isThere(one, [two]), isThere(one, [two, one])]).toEqual([true, false, true]);
});
