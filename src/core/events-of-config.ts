import type {CatalogueEntry} from './operational-event.ts';

/** Of a configuration that is read again while the gateway runs. */
export const eventsOfConfig: readonly CatalogueEntry[] = [
  {
    code: 'links.change_waits',
    severity: 'critical',
    sentence: 'A link under changed settings does not come up: the others stay under the former ones until it does.',
    whatToDo: 'See why that link is refused; correct the settings and reload.',
  },
];
