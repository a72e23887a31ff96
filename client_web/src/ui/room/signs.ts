/** Signs of seats and of what one can do with them, as paths in a square of 24. */

const CAMERA = 'M3 7h11a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1zM15 11l6-3v8l-6-3';
const MICROPHONE = 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3';
const STROKE = 'M3 3l18 18';

export const SIGNS = {
  present: ['M12 6a6 6 0 1 0 0 12a6 6 0 0 0 0-12M12 10a2 2 0 1 0 0 4a2 2 0 0 0 0-4'],
  away: ['M7 17l10-10M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18'],
  resting: ['M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M7.5 12h9'],
  camera: [CAMERA],
  camera_off: [CAMERA, STROKE],
  microphone: [MICROPHONE],
  microphone_off: [MICROPHONE, STROKE],
  stalled: ['M12 3L2 20h20zM12 10v5M12 17.4v.2'],
  speaking: ['M4 10v4h4l5 4V6l-5 4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11'],
  screen: ['M3 4h18v12H3zM8 20h8M12 16v4'],
  pin: ['M9 3h6l-1 6 3 3v2H7v-2l3-3zM12 14v7'],
  hand: [
    'M8 12V6a1.5 1.5 0 0 1 3 0v5M11 11V4a1.5 1.5 0 0 1 3 0v7M14 11V6a1.5 1.5 0 0 1 3 0v6',
    'M17 9.5a1.5 1.5 0 0 1 3 0V15a6.5 6.5 0 0 1-6.5 6.5c-3.5 0-5-1.5-6.5-4.5L4.2 13.2a1.6 1.6 0 0 1 2.8-1.6L8 13.5',
  ],
} as const;

export type SignName = keyof typeof SIGNS;
