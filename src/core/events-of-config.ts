import type {CatalogueEntry} from './operational-event.ts';

/** Of a configuration that is read again while the gateway runs. */
export const eventsOfConfig: readonly CatalogueEntry[] = [
  {
    code: 'config.reload_refused',
    severity: 'critical',
    sentence: 'The configuration has mistakes: nothing of it was taken over, the former one goes on.',
    whatToDo: 'Correct the places it names and reload; until then a restart would not come up.',
  },
  {
    code: 'config.needs_restart',
    severity: 'warning',
    sentence: 'A setting that can not change while the gateway runs is another one now; all others were taken over.',
    whatToDo: 'Restart the gateway when it suits: replicas one after the other.',
  },
  {
    code: 'config.leaving',
    severity: 'notice',
    sentence: 'A channel, carrier or platform left the configuration: it takes nothing new and finishes what it owes.',
    whatToDo: 'Nothing; the console shows it until it is empty. A restart before that makes dead letters of its queue.',
  },
  {
    code: 'config.watch_failed',
    severity: 'warning',
    sentence: 'The configuration files can not be watched: changes are noticed later, by looking.',
    whatToDo: 'Look at the folder and at the limits of the machine (inotify), or reload by SIGHUP or the API.',
  },
  {
    code: 'links.change_waits',
    severity: 'critical',
    sentence: 'A link under changed settings does not come up: the others stay under the former ones until it does.',
    whatToDo: 'See why that link is refused; correct the settings and reload.',
  },
];
