/** Shared screens, and desktops that are recorded. */

import type { screens as chinese } from './zhCNScreens';

export const screens: typeof chinese = {
  screens: {
    share: 'Share a screen',
    stop: 'Stop sharing',
    of: 'Screen of {seat}',
    fold: 'Fold the screen away',
    unfold: 'Show the screen',
    state: {
      opening: 'Opening…',
      paused: 'The line is slow: the screen is paused, the sound goes on',
      stalled: 'The screen has been interrupted; waiting for it to come back',
    },
    own: {
      title: 'You are sharing a screen',
      seen_by: 'Seen now by: {seats}.',
      seen_by_nobody: 'Nobody sees it now.',
      and: ', ',
      agent: 'Members see it only in a talk to which a witness listens.',
      ended_by_rule:
        'The rules of the room have ended the sharing: none in a pause or while sheets are filled in alone.',
    },
    desktop: {
      title: 'This room asks for a recording of your desktop.',
      what: 'The whole screen is recorded all the time and kept. Open nothing on it that is not about the evaluation.',
      seen_by_nobody:
        'Nobody sees it during the evaluation, and it is sent to no other seat; after the close those entitled may look at it.',
      required:
        'Without it neither ballot nor sheet can be handed in. After pressing the button, choose the entire screen.',
      begin: 'Start recording the desktop',
      again: 'Start recording the desktop again',
      on: 'Your desktop is being recorded.',
      ended: 'The recording of the desktop has stopped.',
      not_sure: 'This browser does not say whether the entire screen was chosen; please make sure that it was.',
    },
    trouble: {
      denied:
        'No screen was chosen, or the browser does not allow it. Press the button again, choose, and press Share.',
      too_much: 'The entire screen cannot be shared: your own page stands on it. Choose a window or a tab.',
      too_little: 'That was not the entire screen. Press the button again and choose the entire screen.',
      unsupported: 'This browser cannot record a screen. Please call the staff.',
      failed: 'The screen cannot be opened. Try again; if that does not help, call the staff.',
    },
  },
};
