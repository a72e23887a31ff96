/** English: calling the staff, at the seat that calls and at the desk that answers. */

import type { calls as chinese } from './zhCNCalls';

export const calls: typeof chinese = {
  calls: {
    call: 'Call the staff',
    choose: 'Choose a reason; the staff of your venue are told as soon as you press it.',
    not_confirmed: 'You can call from here once your seat is confirmed. For now, please raise your hand.',
    called_already: 'called',
    need: { device: 'Device fault', network: 'Network, sound or picture', unwell: 'Feeling unwell', other: 'Other' },
    waiting: 'Called; the staff will come to your seat.',
    answered: 'The staff have answered and are on their way.',
    desk: 'Calls',
    title: '(Call) {seats}',
    calling: 'Calls: {need}',
    since: 'waiting',
    answer: 'Answer',
    elsewhere: 'For the staff of {venue}',
    notice: 'Calls the staff: {needs}. For the staff of {venue}.',
    bell: { on: 'The bell is on; press to mute', off: 'The bell is off; press to switch it on' },
  },
};
