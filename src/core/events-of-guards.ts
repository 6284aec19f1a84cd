import type {CatalogueEntry} from './operational-event.ts';

/** Of what keeps channels from doing harm. */
export const eventsOfGuards: readonly CatalogueEntry[] = [
  {
    code: 'guard.loop',
    severity: 'critical',
    sentence: 'A phone and the platform answer each other without a pause; the text was stopped (RateLimited).',
    whatToDo: 'Look at who answers there: an auto-reply or a bot. Texts pass again after a pause of loopGuard.within.',
  },
  {
    code: 'guard.daily_cap_reached',
    severity: 'critical',
    sentence: "A channel's dailySegments are used up; its texts fail with RateLimited until midnight in its timeZone.",
    whatToDo:
      'Look at what is sent so much. When it is meant: raise dailySegments, and replay the dead letters daily_cap.',
  },
  {
    code: 'guard.daily_cap_near',
    severity: 'warning',
    sentence: "Four fifths of a channel's dailySegments of today are used.",
    whatToDo: 'Look whether what is sent is meant; raise dailySegments before they are used up.',
  },
  {
    code: 'guard.country',
    severity: 'warning',
    sentence: 'A text to a phone of a country that is not allowed was stopped (MessageNotAllowed).',
    whatToDo: "When such phones are your customers': name their countries in the channel's allowedCountries.",
  },
  {
    code: 'guard.only_to',
    severity: 'notice',
    sentence: 'A text to a phone that is not in onlyTo was stopped (MessageNotAllowed).',
    whatToDo: 'Nothing while you test; take onlyTo out of a channel that serves for real.',
  },
  {
    code: 'guard.outside_hours',
    severity: 'notice',
    sentence: 'A text of class bulk came outside the sendingHours of its channel and expired.',
    whatToDo: 'Let campaigns end earlier, or say sendingHours.outside: wait.',
  },
];
