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
    way: 'How its picture comes',
    way_encoder: 'An encoder or OBS sends it (WHIP)',
    way_pulled: 'The server pulls it from a network camera (RTSP)',
    connect: 'Connect',
    anew: {
      title: 'Connect room camera {camera} {label} anew?',
      text: 'What comes now ends at once, and so does its token or address. Picture and recording are interrupted until it is sent with the new token.',
      confirm: 'Issue a new token',
    },
    more: 'More',
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
    pull: {
      button: 'Pull',
      change: 'Change the address',
      title: 'Have the server pull room camera {camera} {label}',
      text: 'The server pulls the picture from the network camera by RTSP. An earlier token or address ends at once.',
      confirm: 'Start',
      address: 'Address of the camera',
      example: 'For example rtsp://192.168.1.64:554/Streaming/Channels/101',
      user: 'Name',
      password: 'Password',
      demands:
        'Set the camera to H.264 without B-frames, a key frame (I-frame) every 1 to 2 s, sound G.711. Use an account that may only view. The password is kept encrypted and not shown again.',
      from: 'Pulled by the server: {address}',
      no_sound: "The camera's sound is not G.711, so only the picture comes. Set its sound to G.711.",
      rare_keys:
        'Key frames are too rare: the picture comes late and the recording has gaps. Set the I-frame interval of the camera to 1 or 2 s.',
      state: {
        connecting: 'Connecting to the camera…',
        live: 'Connected to the camera.',
        interrupted: 'The camera has gone; connecting again by itself.',
        wrong_password:
          'The camera does not take this name or password. It is not tried again by itself, so that the account is not locked; please change it.',
        forbidden:
          "The camera's address lies outside the allowed networks; nothing was connected. Check it, or have the server's settings changed.",
        unreachable: 'The camera does not answer; trying again by itself. Check its power, its cable and the address.',
        no_camera: 'What answers at this address is no RTSP camera. Check address and port.',
        no_stream:
          'The camera has no such stream, or does not send over TCP. Check what follows the port in the address.',
        bad_codec: 'The camera sends {codec}, which cannot be played. Set its picture to H.264.',
        b_frames: "The camera's picture uses B-frames, which browsers cannot play. Switch them off at the camera.",
        no_picture: 'The camera answers, but no picture comes; trying again by itself. See whether the camera works.',
        media_away: 'Sound and pictures of the server are being started; please wait.',
      },
    },
    pass: {
      title: 'Connect room camera {camera} {label}',
      use: 'In the encoder or OBS choose the service “WHIP”, fill in the server address and the bearer token below, then start streaming.',
      address: 'Server address',
      pass: 'Bearer token',
      once: 'The token is shown this once and is good until {time}. “Connect” again issues a new one; the old one ends at once, and with it what it sends.',
      done: 'Filled in',
    },
  },
};
