import type {CatalogueEntry} from './operational-event.ts';

/** Of what comes in and goes out on the platforms' side, and of the process itself. */
export const eventsOfParties: readonly CatalogueEntry[] = [
  {
    code: 'outbound.unreadable',
    severity: 'critical',
    sentence:
      'A rightly signed webhook had no recipient or content where the gateway looks; it is kept as a dead letter.',
    whatToDo: "Compare the raw body with the platform's contract settings, then replay the dead letter.",
  },
  {
    code: 'inbound.unroutable',
    severity: 'critical',
    sentence: 'A text from a phone came for a number that is no channel of that carrier; it is kept as a dead letter.',
    whatToDo: "Add the channel, or the carrier entry's address, or tell the carrier; then replay it.",
  },
  {
    code: 'inbound.incomplete',
    severity: 'warning',
    sentence: 'Parts of a long text from a phone never came; the rest was delivered with a notice.',
    whatToDo: 'Often: ask the carrier; parts may go to another account or bind.',
  },
  {
    code: 'inbound.answered_not_stored',
    severity: 'warning',
    sentence: 'Which texts were answered could not be written down; equal ones within 10 minutes count as repetitions.',
    whatToDo: "See to the store's disk or database; it is tried again every second.",
  },
  {
    code: 'inbound.post_unavailable',
    severity: 'warning',
    sentence: 'The platform did not take a text from a phone; it is posted again.',
    whatToDo: 'Nothing once. When it lasts: see what the platform answers in the message.',
  },
  {
    code: 'inbound.post_unknown',
    severity: 'warning',
    sentence: 'The platform gave no answer to a text from a phone; it is posted again with the same id.',
    whatToDo: 'When it lasts: look at the way to the platform, and its time-out.',
  },
  {
    code: 'inbound.post_refused',
    severity: 'critical',
    sentence: 'The platform refused a text from a phone for good; it is a dead letter.',
    whatToDo: 'Read the answer in the message; correct the contract settings, then replay.',
  },
  {
    code: 'receipt.post_unavailable',
    severity: 'warning',
    sentence: 'The platform did not take a receipt; it is posted again.',
    whatToDo: 'Nothing once. When it lasts: see what the platform answers in the message.',
  },
  {
    code: 'receipt.post_unknown',
    severity: 'warning',
    sentence: 'The platform gave no answer to a receipt; it is posted again.',
    whatToDo: 'When it lasts: look at the way to the platform, and its time-out.',
  },
  {
    code: 'receipt.post_refused',
    severity: 'critical',
    sentence: 'The platform refused a receipt for good; it is a dead letter.',
    whatToDo: 'Read the answer in the message; correct the contract settings, then replay.',
  },
  {
    code: 'nexus.webhook.refused',
    severity: 'warning',
    sentence: 'A webhook was refused: signature, channel or body was not right.',
    whatToDo:
      'Compare webhookSecret with the webhook secret of the service Async; many from one source may be an attack.',
  },
  {
    code: 'nexus.webhook.left_out',
    severity: 'notice',
    sentence: 'Part of a rich message can not be said as a text and was left out.',
    whatToDo: 'Nothing, or change what agents and bots send on this channel.',
  },
  {
    code: 'nexus.media.left_behind',
    severity: 'warning',
    sentence: 'A file of a text from a phone could not be handed to Nexus; the text went without it.',
    whatToDo: 'Read why; raise the size limit or correct the media settings.',
  },
  {
    code: 'nexus.signature.report_only',
    severity: 'critical',
    sentence: 'Signatures of webhooks are only reported until the time named: anybody can send texts.',
    whatToDo: 'Take contract.reportOnlyUntil away as soon as onboarding is over.',
  },
  {
    code: 'nexus.signature.reported',
    severity: 'critical',
    sentence: 'A webhook with a wrong signature was let through, because the contract says report only.',
    whatToDo: 'Correct webhookSecret, then take contract.reportOnlyUntil away.',
  },
  {
    code: 'record.failed',
    severity: 'warning',
    sentence: 'What should be recorded could not be written; messages are not touched by it.',
    whatToDo: 'See to the folder the recordings go to, and its disk.',
  },
  {
    code: 'config.warning',
    severity: 'notice',
    sentence: 'The configuration is valid and has something to look at.',
    whatToDo: 'Read it once and decide.',
  },
  {
    code: 'http.connection',
    severity: 'notice',
    sentence: 'A connection broke while it was answered.',
    whatToDo: 'Nothing once. Often: look at the balancer in front.',
  },
  {
    code: 'http.server',
    severity: 'critical',
    sentence: 'A port of ours failed.',
    whatToDo: 'Look at the limits of the machine (open files, memory).',
  },
  {
    code: 'http.refused',
    severity: 'critical',
    sentence: 'A request was answered 5XX: nothing could be stored, or the gateway failed at it.',
    whatToDo: "See to the store's disk or database, or to why the queue is full; callers come again.",
  },
  {
    code: 'console.sign_in_refused',
    severity: 'warning',
    sentence: 'Somebody tried to sign in to the console with a token that is nobody’s.',
    whatToDo: 'Nothing once. Many: see who reaches the management port.',
  },
  {
    code: 'console.sign_in_limited',
    severity: 'warning',
    sentence: 'An address sent ten wrong tokens to the console within a minute: it must wait until that is over.',
    whatToDo: 'See who that is (the balancer in front, when one is); keep the management port to those who need it.',
  },
  {
    code: 'api.token_refused',
    severity: 'warning',
    sentence:
      'Somebody asked the API or for metrics with a token that is nobody’s; told once a minute, with how often since it was told last.',
    whatToDo:
      'Few: a scraper or a script has an old token. Many: somebody tries them out; keep the management port to those who need it.',
  },
  {
    code: 'console.fault',
    severity: 'warning',
    sentence: 'A page of the console failed.',
    whatToDo: 'Report it with the line; messages are not touched by it.',
  },
  {
    code: 'events.webhook_failed',
    severity: 'warning',
    sentence: 'The address in management.eventWebhook could not be told of a critical event.',
    whatToDo: 'See to that address; events stand in the log all the same.',
  },
  {
    code: 'traces.not_taken',
    severity: 'warning',
    sentence: 'The collector took no traces, or refused some: told once a minute while it lasts.',
    whatToDo: 'See to traces.endpoint and the collector; messages are not touched by it.',
  },
  {
    code: 'gateway.stop_failed',
    severity: 'warning',
    sentence: 'A part of the gateway did not stop in order.',
    whatToDo: 'Nothing is lost; report it with the lines around.',
  },
];
