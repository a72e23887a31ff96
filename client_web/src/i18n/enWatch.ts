/** English: the pages of those who watch: witness, agent, supervisor. */

import type { watch as chinese } from './zhCNWatch';

export const watch: typeof chinese = {
  overview: {
    seat: {
      vacant: 'no device',
      unconfirmed: 'to confirm',
      confirmed: 'confirmed',
      present: 'online',
      away: 'not connected',
      unknown: 'not known',
    },
    enlarge: 'Enlarge the picture',
    enlarge_short: 'Enlarge',
    picture: 'Picture of seat {seat} · {venue}',
    no_picture: 'There is no picture now.',
    progress: 'Progress',
    step: {
      check_in: 'Check-in',
      chair_election: 'Election of the chair',
      examination: 'Examination',
      scoring: 'Scoring',
      prices: 'Prices',
      summary: 'Summary and lock',
      signing: 'Report and signing',
    },
    step_state: { done: 'done', current: 'under way', ahead: 'to come' },
    parts: '{done} of {all}',
    missing: 'Missing:',
    signing: 'Signing',
    signed: 'Version {version}: {ended} of {all} have ended the signing',
    sealed: 'Sealed.',
    not_signed: 'not yet',
    dissent: 'Dissent:',
    minute: 'Minuted by the chair:',
    changes: 'Changes of members',
    change: '{successor} takes the place of {member}',
    documents: 'Report files',
    document: { report: 'Evaluation report, signed and sealed', signing_record: 'Record of the signing' },
    open: 'Read',
    keep: 'Save',
    put_away: 'Put away',
    verdicts: "The members' findings",
    returned: 'Why sheets were given back',
    unseen: 'The other seats are not told whether you are here, and neither see nor hear you.',
  },
};
