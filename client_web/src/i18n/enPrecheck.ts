/** The pre-check. */

export const precheck = {
  precheck: {
    title: 'Check before you take your seat',
    lead: 'Looks at whether this computer and its network are good for the evaluation; it takes about a minute. Put on your headset or switch on the loudspeaker, and allow camera and microphone when the browser asks.',
    seat: 'Seat {alias}',
    no_seat: 'No seat has been entered: this computer can be checked already, its network once a seat is entered.',
    start: 'Start the check',
    again: 'Check again',
    print: 'Print the result',
    to_room: 'Back to the room',
    to_door: 'Enter a seat code',
    from_door: 'Check this computer first',
    results: 'Result',
    made_at: 'Checked at {time}',
    logged:
      'Once you are back in the room and the staff have confirmed your seat, the result goes into the record, where only the operators of your venue and the main venue, witnesses and supervisors see it.',
    running: 'Checking…',
    level: 'Loudness at the microphone',
    own_picture: 'This camera',
    returned_picture: 'The picture as it comes back from the server',
    part: {
      browser: 'Browser',
      https: 'Secure connection',
      clock: "Computer's clock",
      socket: 'Data connection',
      camera: 'Camera',
      microphone: 'Microphone',
      loudspeaker: 'Headset or loudspeaker',
      udp: 'Sound and pictures, straight',
      relay: 'Sound and pictures, by relay',
      line: 'Quality of the line',
    },
    state: { waiting: 'Waiting', running: 'Checking', asking: 'Your turn' },
    mark: { passed: 'Good', warned: 'Note', failed: 'Failed', skipped: 'Not checked' },
    sign: {
      passed: 'Passed: everything is good, you can take part.',
      warned: 'You can take part; please note: {parts}.',
      failed: 'Not passed: {parts}. Please do what stands below, or show this page to the staff.',
    },
    sign_of_computer: {
      passed: 'This computer can be used. Its network has not been checked: check once more when a seat is entered.',
      warned: 'This computer can be used; please note: {parts}. Its network can be checked once a seat is entered.',
      failed: 'This computer did not pass: {parts}. Please do what stands below, or show this page to the staff.',
    },
    ask: {
      speak: 'Please say a few words into the microphone until the bar moves.',
      tone: 'Two notes are being played. Do you hear them?',
      heard: 'I hear them',
      unheard: 'I hear nothing',
      once_more: 'Play again',
    },
    found: {
      browser: {
        fit: 'This browser can be used.',
        in_front:
          'This browser can be used. But in a room that covers faces, others see black while this page is minimised or behind another tab.',
        old: 'This browser is too old; it lacks: {lacking}.',
      },
      https: {
        trusted: 'Encrypted, and the certificate is trusted.',
        local: 'The server runs on this very computer.',
        untrusted: "Encrypted, but this computer does not trust the server's certificate yet.",
        insecure: 'This address is not encrypted: no camera, no microphone, no signing.',
      },
      clock: {
        right: "{seconds} s off the server's clock.",
        off: "{seconds} s off the server's clock.",
        wrong: "{seconds} s off the server's clock: the time is wrong.",
        unknown: 'The server did not tell the time.',
      },
      socket: {
        open: 'Data flow freely.',
        no_seat: 'Can be checked once a seat is entered.',
        not_tried: 'Not checked this time.',
        blocked: 'The data connection (WebSocket) is blocked or breaks.',
        refused: 'The server did not take the check. {refusal}',
      },
      camera: {
        seen: 'There is a picture, {width}×{height}.',
        dark: 'The camera works, but its picture is black.',
        denied: 'The browser does not allow the camera.',
        missing: 'No camera was found.',
        in_use: 'Another program holds the camera.',
        insecure: 'The camera cannot be used under this address.',
        failed: 'The camera did not start.',
      },
      microphone: {
        heard: 'You are heard.',
        silent: 'The microphone works, but is silent.',
        unmeasured:
          'The microphone works, but the browser has no loudspeaker to use: it can neither measure the sound nor change the voice.',
        denied: 'The browser does not allow the microphone.',
        missing: 'No microphone was found.',
        in_use: 'Another program holds the microphone.',
        insecure: 'The microphone cannot be used under this address.',
        failed: 'The microphone did not start.',
      },
      loudspeaker: {
        heard: 'You heard the notes.',
        unheard: 'You did not hear the notes.',
        unable: 'The browser cannot play sound.',
      },
      udp: {
        straight: 'Sound and pictures reach the server straight (UDP).',
        relayed: 'The network lets no sound and pictures straight through (UDP); they take the relay.',
        blocked: 'The network lets no sound and pictures straight through (UDP), and no relay can be used.',
        loopback: 'Sound and pictures do not reach the server on this computer.',
        no_media: 'This server runs without sound and pictures.',
        no_seat: 'Can be checked once a seat is entered.',
        not_tried: 'Not checked this time.',
      },
      relay: {
        usable: 'Every relay can be used ({count}).',
        partly: 'Some relays cannot be reached: {broken}.',
        unusable: 'No relay can be reached: {broken}; the straight way works, so none is needed now.',
        blocked: 'No relay can be reached: {broken}.',
        none: 'There is no relay to check.',
        missing: 'This server has no relay.',
        no_seat: 'Can be checked once a seat is entered.',
        not_tried: 'Not checked this time.',
      },
      line: {
        good: '{kbit} kbit/s, {lost} % lost, {trip} ms there and back.',
        lossy: '{lost} % lost: sound and pictures will falter ({trip} ms there and back, {kbit} kbit/s).',
        narrow:
          'Too little bandwidth: pictures pass only at a lower size ({kbit} kbit/s, {lost} % lost, {trip} ms there and back).',
        slow: '{trip} ms there and back: talking will lag ({lost} % lost, {kbit} kbit/s).',
        bad: 'The line is too bad: {lost} % lost, {trip} ms there and back, {kbit} kbit/s.',
        nothing: 'Connected, but sound and pictures do not come back.',
        no_seat: 'Can be checked once a seat is entered.',
        not_tried: 'Not checked this time.',
      },
    },
    advice: {
      browser: {
        in_front:
          'Keep this page in front, or use an up-to-date Chrome or Edge, or the browser that the staff provide.',
        old: 'Please use the browser that the staff provide, or update this one.',
      },
      https: {
        untrusted: 'Ask the staff to open SERVER/trust on this computer and to install the certificate as it says.',
        insecure: 'Please open this page under an address that begins with https.',
      },
      clock: {
        off: "Please switch on “set time automatically” in the system's settings.",
        wrong: "Ask the staff to set this computer's date and time, then check again.",
        unknown: 'Check the network cable, or check again in a moment.',
      },
      socket: {
        no_seat: 'Enter your seat code, and open the check from the room.',
        not_tried: 'Mend what stands above, and check again.',
        blocked:
          "Ask the network's staff to let WebSockets (wss) of this server through proxy and firewall, uninspected.",
        refused: "Check again in a minute; if it stays so, tell the main venue's operator.",
      },
      camera: {
        dark: 'Open the cover over the lens, switch on the light, and check again.',
        denied: 'Click the sign at the left of the address bar, allow the camera, and check again.',
        missing: 'See whether the camera is plugged in, and check again.',
        in_use: 'Close the program that uses the camera, and check again.',
        insecure: 'Please open this page under an address that begins with https.',
        failed: 'Unplug the camera, plug it in, and check again; if it stays so, take another camera.',
      },
      microphone: {
        silent: "Look at the mute switch and at the system's input device, say a few words, and check again.",
        unmeasured: "Plug in a headset or loudspeakers, look at the system's output device, and check again.",
        denied: 'Click the sign at the left of the address bar, allow the microphone, and check again.',
        missing: 'See whether the microphone is plugged in, and check again.',
        in_use: 'Close the program that uses the microphone, and check again.',
        insecure: 'Please open this page under an address that begins with https.',
        failed: 'Unplug the microphone, plug it in, and check again; if it stays so, take another one.',
      },
      loudspeaker: {
        unheard: "Look at plug, volume and mute switch, and at the system's output device, and check again.",
        unable: 'See whether this computer has a sound output at all, and check again.',
      },
      udp: {
        relayed:
          "You can take part, with some delay. It is better if the network's staff open UDP port {port} of this server.",
        blocked:
          "Ask the network's staff to open UDP port {port} of this server; failing that, ask the main venue's operator for a relay (TURN, port 443).",
        loopback:
          'Firefox leads no sound and pictures over the loopback address (127.0.0.1): connect this computer to any network, start the server or the demo again; or use an up-to-date Chrome or Edge.',
        no_media: "If this evaluation needs sound and pictures, ask the main venue's operator to switch them on.",
        no_seat: 'Enter your seat code, and open the check from the room.',
        not_tried: 'Mend what stands above, and check again.',
      },
      relay: {
        partly: "The others work, so you can take part; the main venue's operator should look at the broken one.",
        unusable: "You can take part; the main venue's operator should look at the relay (lianping doctor).",
        blocked:
          "Ask the network's staff to open these addresses and ports, and the main venue's operator to look at the relay (lianping doctor).",
        none: 'Nothing to do: a relay is needed only where there is no straight way.',
        missing:
          "None is needed once the straight way is open; failing that, ask the main venue's operator for one (TURN).",
        no_seat: 'Enter your seat code, and open the check from the room.',
        not_tried: 'Mend what stands above, and check again.',
      },
      line: {
        lossy: 'Use a network cable, stop downloads and films on this line, and check again.',
        narrow:
          'The evaluation can go on, but pictures will be unclear, and pause where there are many. Stop downloads and films on this line, or ask for more bandwidth.',
        slow: "Use a network cable, or ask the network's staff to look at the line to the main venue.",
        bad: 'Use a network cable, stop downloads and films on this line; if it stays so, ask for more bandwidth.',
        nothing: "Check again; if it stays so, show this page to the main venue's operator.",
        no_seat: 'Enter your seat code, and open the check from the room.',
        not_tried: 'Mend what stands above, and check again.',
      },
    },
    own: {
      none: 'Before it begins, please check this computer and its network.',
      passed: 'Check before the seat: good',
      warned: 'Check before the seat: please note {parts}',
      failed: 'Check before the seat: failed {parts}',
    },
    desk: {
      none: 'Computer not checked',
      passed: 'Checked: good',
      warned: 'Checked, note: {parts}',
      failed: 'Check failed: {parts}',
    },
  },
};
