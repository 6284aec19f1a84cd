import {eventsOfCarriers} from './events-of-carriers.ts';
import {eventsOfConfig} from './events-of-config.ts';
import {eventsOfDelivery} from './events-of-delivery.ts';
import {eventsOfGuards} from './events-of-guards.ts';
import {eventsOfParties} from './events-of-parties.ts';
import {eventsOfStore} from './events-of-store.ts';
import type {CatalogueEntry} from './operational-event.ts';

/** Every code the gateway logs as a warning or an error; a test holds it against the sources. */
export const eventsCatalogue: readonly CatalogueEntry[] = [
  ...eventsOfDelivery,
  ...eventsOfGuards,
  ...eventsOfStore,
  ...eventsOfCarriers,
  ...eventsOfParties,
  ...eventsOfConfig,
];

const byCode = new Map(eventsCatalogue.map(entry => [entry.code, entry]));

export function findInCatalogue(code: string): CatalogueEntry | undefined {
  return byCode.get(code);
}
