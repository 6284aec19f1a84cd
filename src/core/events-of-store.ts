import type {CatalogueEntry} from './operational-event.ts';

/** Of the database and the replicas that share it. */
export const eventsOfStore: readonly CatalogueEntry[] = [
  {
    code: 'store.connection_lost',
    severity: 'warning',
    sentence: 'A connection to the database broke; another one is made.',
    whatToDo: 'When it lasts: look at the database and the network; nothing new is taken until it answers.',
  },
  {
    code: 'store.commit_in_doubt',
    severity: 'warning',
    sentence:
      'The database did not answer a commit: whether it was written is found out before anything is done again.',
    whatToDo: 'Look at the database and the network.',
  },
  {
    code: 'store.waits',
    severity: 'warning',
    sentence: 'The database can not be reached at the start; it is tried again.',
    whatToDo: 'Look at the address in store, the database and the network.',
  },
  {
    code: 'store.not_durable',
    severity: 'warning',
    sentence: 'The database may lose at a power cut what it has committed: texts would be lost, and others sent twice.',
    whatToDo:
      'Turn the setting on that `why` names; it is one of the whole server. full_page_writes may be off on a file system that never tears a page (ZFS).',
  },
  {
    code: 'store.newer',
    severity: 'notice',
    sentence: 'A newer version of the gateway has changed the database already; this one goes on beside it.',
    whatToDo: 'Finish the update soon.',
  },
  {
    code: 'store.hears_nothing',
    severity: 'warning',
    sentence: 'Notifications of the database do not arrive: replicas look for each other’s work once a second.',
    whatToDo: 'Name the pooler in store (pooler=transaction), or connect without one.',
  },
  {
    code: 'store.restored',
    severity: 'critical',
    sentence:
      'The store is a backup that was restored: what it still owed was set aside, for it may have left long ago.',
    whatToDo:
      'Decide about the dead letters restored and restored_receipt (README, "Restore"); import the opt-outs that came since the backup.',
  },
  {
    code: 'export.not_ended',
    severity: 'notice',
    sentence: 'An export has ended and its row in the audit could not be closed.',
    whatToDo: "Nothing for the export; see to the store's disk or database.",
  },
  {
    code: 'store.beat_failed',
    severity: 'warning',
    sentence: 'A replica could not say that it is alive; after 10 s others take its work over.',
    whatToDo: 'Look at the database and the network between.',
  },
  {
    code: 'store.given_up',
    severity: 'critical',
    sentence: 'This replica was away so long that others took its work over; it begins anew.',
    whatToDo: 'Look for what held it up: the network, the database, a process without CPU.',
  },
  {
    code: 'links.lease_failed',
    severity: 'warning',
    sentence: 'Which replica may hold which link to a carrier could not be agreed on; what is held is kept for now.',
    whatToDo: 'Look at the database and the network between.',
  },
  {
    code: 'links.given_up',
    severity: 'critical',
    sentence: 'This replica gave its links to a carrier up, so that another one may have them.',
    whatToDo: 'Look at the database and the network between; they are made again when it answers.',
  },
  {
    code: 'privacy.not_tidied',
    severity: 'warning',
    sentence: 'A phone was forgotten, and traces of it may still stand in unused bytes of the store.',
    whatToDo: 'Read why (room on the disk, a right in the database); then run forget with --rewrite in a quiet hour.',
  },
];
