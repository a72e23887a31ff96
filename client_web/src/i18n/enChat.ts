/** What members write to each other. */

export const chat = {
  chat: {
    title: 'Messages of the committee',
    lead: 'Members see them; witness and supervisor read along. All of it stands in the record and cannot be taken back.',
    log: 'Messages so far',
    empty: 'Nobody has written anything yet.',
    close: 'Close',
    label: 'Write to the committee',
    send: 'Send',
    left: '{count} characters left',
    too_long: '{count} characters too many; please send it in parts',
    unread: '{count} unread',
    unread_said: '{count} unread messages of the committee.',
    silence: {
      reads: 'You can read here, and not write.',
      unconfirmed: 'You can write once the staff have confirmed this seat.',
      before_check_in: 'You can write once the check-in has begun.',
      paused: 'The evaluation is paused. You can write once it goes on.',
      alone: 'While sheets are filled in alone, members do not write to each other. You can go on afterwards.',
      closed: 'The room is closed: nothing more can be written.',
    },
  },
};
