/** English: what is recorded and what is not. */

import type { recording as chinese } from './zhCNRecording';

export const recording: typeof chinese = {
  recording: {
    kind: { audio: 'microphone', video: 'camera', screen: 'shared screen', desktop: 'desktop' },
    and: ' and ',
    gap: {
      never: 'not recorded yet',
      not_wanted: 'stopped as asked',
      disconnected: 'sound and pictures are disconnected',
      silent: 'no signal; it may be switched off',
      no_key_frame: 'the picture is not complete',
      disk_full: "the server's disk is full",
      disk_slow: "the server's disk is too slow",
      disk_failed: "the server's disk has failed",
      media_process_ended: 'the media service was interrupted and is coming back',
      server_restarted: 'the server was started again; the recording is coming back',
    },
    part: {
      audio: 'sound',
      video: 'picture',
      screen: 'shared screen',
      desktop: 'desktop',
      masked_audio: 'altered voice',
      masked_video: 'masked picture',
    },
    and_then: ', ',
    length: { hours: '{count} h', minutes: '{count} min', seconds: '{count} s' },
    check: {
      title: 'The recordings, examined',
      running: 'The recordings are being examined…',
      progress: 'The recordings are being examined: {examined} of {pieces} pieces',
      failed:
        'The recordings could not be examined. Go back and try again; if the room is closed now, they are examined once more and the result is recorded.',
      partly: 'Only {examined} of {pieces} pieces were examined.',
      clean: 'Nothing is missing; no picture stands still or is black, no sound is silent.',
      never: '– the {part} was never recorded',
      gaps: '– the {part} was not recorded for {length}',
      still: '– the {part} stood still for {length}',
      dark: '– the {part} was black for {length}',
      silent: '– the {part} was silent for {length}',
      unreadable: '– {count} pieces of the {part} cannot be decoded',
      apart: '({length} of it in pauses or while members work alone: no fault)',
      waived: '(waived)',
      more: ' and others',
    },
    own: {
      title: 'Not recorded: your {devices}. Nothing can be handed in now.',
      text: 'Please switch on camera and microphone. If they are on, wait some seconds; if nothing changes, call the staff.',
      desktop: 'Press “Start recording the desktop” above.',
    },
    missing: {
      title: 'Seats and room cameras that are not recorded',
      waits:
        'A member whose camera, microphone or required desktop is not recorded cannot hand in a ballot or a sheet.',
    },
    waive: {
      open: 'Waive the recording of the {device} of {seat}',
      title: 'Waive the recording of the {device} of {seat}?',
      text: 'From then on {seat} can hand in ballots and sheets while the {device} is not recorded. Everybody in this room sees the decision and its reason, and both stand in the record; it cannot be taken back.',
      reason: 'Reason',
      hint: 'For example: the camera is broken, and so is the spare one.',
      confirm: 'Waive the recording',
      told: 'The recording of the {device} of {seat} is waived.',
      why: 'Reason: {reason}',
    },
    space: {
      title: 'The disk holds about {minutes} more minutes of recording.',
      text: 'Please free space on the server soon; with 5 minutes left the room is paused.',
      paused: 'The room is paused. Please free space on the server, and resume once this notice is gone.',
    },
  },
};
