/** English: room cameras. */

import type { cameras as chinese } from './zhCNCameras';

export const cameras: typeof chinese = {
  cameras: {
    title: 'Room cameras',
    none: 'There are no room cameras yet.',
    add: 'Add a room camera',
    add_confirm: 'Add',
    add_text:
      'A room camera shows a whole venue. Its sound and picture go to witness, supervisor and operators only, and are recorded. Members do not see it, but are told that it is there.',
    usual_label: 'Whole room',
    venue: 'Venue',
    label: 'What it shows',
    connect: 'Connect',
    withdraw: {
      open: 'Withdraw token',
      title: 'Withdraw the token of room camera {camera} {label}',
      text: 'The token is good no more, and what is sent with it ends at once. The camera stays in the list; “Connect” issues a new token.',
      done: 'The token of {camera} is withdrawn.',
    },
    remove: 'Remove',
    remove_title: 'Remove room camera {camera} {label}',
    remove_text: 'Picture and recording stop at once; what was recorded is kept. The number is not used again.',
    state: {
      waiting: 'No signal yet',
      interrupted: 'Signal interrupted',
      paused: 'Picture held back: slow line',
      sound_only: 'Sound without a picture',
      live: 'Receiving',
    },
    pass: {
      title: 'Connect room camera {camera} {label}',
      use: 'In the encoder or OBS choose the service “WHIP”, fill in the server address and the bearer token below, then start streaming.',
      address: 'Server address',
      pass: 'Bearer token',
      copy: 'Copy',
      copied: 'Copied',
      once: 'The token is shown this once and is good until {time}. “Connect” again issues a new one; the old one ends at once, and with it what it sends.',
      done: 'Filled in',
    },
  },
};
