/** English: what is recorded and what is not. */

import type { recording as chinese } from './zhCNRecording';

export const recording: typeof chinese = {
  recording: {
    kind: { audio: 'microphone', video: 'camera' },
    and: ' and ',
    gap: {
      never: 'not recorded yet',
      not_wanted: 'not recorded any more',
      disconnected: 'sound and pictures are disconnected',
      silent: 'no signal; it may be switched off',
      no_key_frame: 'the picture is not complete',
      disk_full: 'the server’s disk is full',
      disk_slow: 'the server’s disk is too slow',
      disk_failed: 'the server’s disk has failed',
      media_process_ended: 'the media service was interrupted and is coming back',
      server_restarted: 'the server was started again; the recording is coming back',
    },
    own: {
      title: 'Your {devices} is not recorded, so nothing can be handed in now.',
      text: 'Please switch on camera and microphone. If they are on, wait some seconds; if nothing changes, call the staff.',
    },
    missing: {
      title: 'Seats that are not recorded',
      waits: 'A member whose camera or microphone is not recorded cannot hand in a ballot or a sheet.',
    },
    space: {
      title: 'The disk holds about {minutes} more minutes of recording.',
      text: 'Please free space on the server soon; with 5 minutes left the room is paused.',
    },
  },
};
