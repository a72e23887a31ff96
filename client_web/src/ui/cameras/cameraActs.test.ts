import { expect, it } from 'vitest';

import { cameraActs } from './cameraActs';
import type { PulledCamera } from './cameraSource';

const PULLED: PulledCamera = {
  ...{ address: 'rtsp://10.0.0.7/1', state: 'live', detail: '', sound: 'sent' },
  has_rare_key_frames: false,
};

it('a camera that has never come is to be connected', () => {
  expect(cameraActs('waiting', undefined)).toEqual({ next: 'connect', others: ['pull', 'withdraw', 'remove'] });
});

it('one that has come wants nothing: a new token would end what comes', () => {
  const others = ['connect', 'pull', 'withdraw', 'remove'];

  expect(cameraActs('live', undefined)).toEqual({ next: null, others });
  expect(cameraActs('interrupted', undefined)).toEqual({ next: null, others });
});

it('one that is pulled has no token, and where it is not let in its address and password are to be changed', () => {
  expect(cameraActs('live', PULLED)).toEqual({ next: null, others: ['pull', 'connect', 'remove'] });
  expect(cameraActs('waiting', { ...PULLED, state: 'wrong_password' })).toEqual({
    next: 'pull',
    others: ['connect', 'remove'],
  });
  expect(cameraActs('interrupted', { ...PULLED, state: 'interrupted' }).next).toBeNull();
});
