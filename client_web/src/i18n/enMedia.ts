/** Sound and pictures. */

export const media = {
  media: {
    controls: 'Own microphone and camera',
    microphone: 'Microphone',
    camera: 'Camera',
    loudspeaker: 'Loudspeaker',
    on: 'on',
    off: 'off',
    starting: 'starting',
    failed: 'not available',
    retry: 'Try again',
    settings: 'Settings',
    settings_title: 'Settings of sound and pictures',
    hand_lowered: '{by} has lowered your hand.',
    resting: 'While sheets are filled in alone, and in a pause, members neither see nor hear each other.',
    server_failing:
      "The server's sound and pictures fail again and again; they are started anew by themselves. Until then there are none, and nothing is recorded. Please have the server's administrator look at its log.",
    reconnecting: 'Sound and pictures are interrupted; connecting again by itself.',
    unreached: {
      title: 'Sound and pictures find no way to the server. It is tried again and again.',
      here: 'Firefox leads no sound and pictures over the loopback address (127.0.0.1). Please connect this computer to any network (without internet will do), start the server or the demo again and reload this page; or open this page in an up-to-date Chrome or Edge.',
      elsewhere:
        'This page has reached the server, but not its port for sound and pictures; most often a network that lets no UDP through is the cause. Please ask the staff, or open the pre-check (/precheck on this server), which shows the way that fails.',
    },
    gesture: { title: 'The sound is not on yet.', open: 'Turn the sound on' },
    trouble: {
      denied: {
        title: '{device}: the browser does not allow it.',
        what_to_do: 'Please click the icon at the left of the address bar, choose “Allow”, then press “Try again”.',
      },
      missing: {
        title: '{device}: none was found.',
        what_to_do: 'Please check that it is plugged in; it is then used by itself.',
      },
      in_use: {
        title: '{device}: another program is using it.',
        what_to_do: 'Please close that program, then press “Try again”.',
      },
      insecure: {
        title: '{device}: it cannot be used under this address.',
        what_to_do: 'Please open this page under an address that begins with https, or ask the staff.',
      },
      unsupported: {
        title: '{device}: this browser has not the format of this system (VP8 for pictures, Opus for sound).',
        what_to_do:
          'Nothing of this kind can be sent or received here. Please open this page in an up-to-date Chrome or Edge, or in the browser that the staff provide.',
      },
      failed: {
        title: '{device}: it did not start.',
        what_to_do: 'Please unplug it and plug it in again, then press “Try again”, or ask the staff.',
      },
    },
  },
  layout: {
    title: 'Layout',
    documents: 'Documents large',
    main_venue: 'Main venue large',
    grid: 'Grid',
    speaker: 'Speaker large',
  },
  privacy: {
    covered: 'covered',
    voice_changed: 'voice changed',
    as_others_see: 'you, as others see you',
    stalled: {
      picture:
        'The covering of your picture has stalled: other members see black, not your picture as it is. It is begun again by itself. If it does not work within seconds, please close programs that keep this computer busy and reload this page, or use an up-to-date Chrome or Edge.',
      voice:
        'The changing of your voice has stalled: other members do not hear you, nor your own voice. It is begun again by itself. If it does not work within seconds, please plug in headphones or a loudspeaker and check the output of the system (without any, Firefox changes no voice), or use an up-to-date Chrome or Edge.',
    },
  },
  devices: {
    system: 'Chosen by the system',
    nameless: 'Device {place}',
    in_use: 'In use: {device}',
    preview: 'Your picture',
    no_preview: 'The camera is not on: there is no picture.',
    level: 'Level of the microphone',
    level_hint: 'Please say a few words: the bar should move. It is measured on this machine alone.',
    no_level: 'The microphone has not started: there is no level.',
    play: 'Play a test sound',
    playing: 'Playing',
    play_failed: 'This loudspeaker cannot play. Please choose another one.',
    lost: {
      microphone: 'The microphone “{device}” is gone; another one is used. You can choose one under “Settings”.',
      camera: 'The camera “{device}” is gone; another one is used. You can choose one under “Settings”.',
      loudspeaker: "The loudspeaker “{device}” is gone; the system's own is used. It is used again once it is back.",
    },
  },
  drops: {
    foreign:
      'Seat {alias}: much comes that is forged in its name or repeated. All of it is refused; sound, pictures and the record are not touched. If it goes on, please have the network of that seat looked at.',
    unreadable:
      'Seat {alias}: it sends much that is no sound and no picture of this system, which is refused. Please have the page reloaded there; if it goes on, use the browser that the staff provide, or another computer.',
    too_many:
      'Seat {alias}: it sends more than sound and pictures take. What is too much is dropped, so they may break up. Please look for other programs that send on that computer.',
    strays:
      'Very much of unknown origin comes to the port of the server for sound and pictures. All of it is refused; if sound or pictures break up, please have the network administrator block it at the firewall.',
  },
  hands: {
    title: 'Raised hands, in order',
    raise: 'Raise hand',
    put_down: 'Lower hand',
    lower: 'Lower',
    shortcut: 'Shortcut: {alt} and {key} together',
  },
  talk: {
    setting: 'Push to talk',
    hint: 'The microphone is off, and on while the space bar or the button “Hold to talk” is held. Where text is typed, and on buttons, the space bar works as ever.',
    hold: 'Hold to talk',
    talking: 'Talking; let go to end',
  },
};
