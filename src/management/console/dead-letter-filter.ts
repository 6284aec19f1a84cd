import {toAddress, withoutPrefix} from '../../core/address.ts';
import {Refusal} from '../../core/refusal.ts';
import type {DeadLetterFilter} from '../../store/store.ts';
import {type Html, html} from './html.ts';

export const deadLetterReasons: Readonly<Record<string, string>> = {
  unreadable: 'A signed webhook that could not be read',
  unroutable: 'A text from a phone to a number that is no channel',
  refused: 'Refused by the carrier for good',
  undelivered: 'Given up by the carrier',
  expired: 'Not sent in its time',
  unknown: 'It may or may not have been sent',
  restored: 'Waited in a backup that was restored: it may have left long ago',
  restored_receipt: 'Its receipt waited in a backup that was restored',
  post_refused: 'Refused by the platform for good',
  post_unanswered: 'Not taken by the platform for a day',
  plan_changed: 'Settings changed between its segments',
  only_to: 'Its channel may send to test phones only',
  country: 'Its channel may not send to that country',
  loop: 'Too many between one pair in quick succession',
  daily_cap: 'Its channel had sent its segments of the day',
  outside_hours: 'It came outside the channel’s sending hours',
  no_channel: 'Its channel left the configuration',
  no_carrier: 'Its channel no longer uses that carrier',
  unsupported: 'No text can say what the platform sent',
};

const states = ['failed', 'expired', 'unknown', 'sent', 'delivered'] as const;
const priorities = ['interactive', 'bulk'] as const;

type Asked = Pick<URLSearchParams, 'get'>;

/** Of an address or a form. What can't be read is a mistake: without it more would fit than was meant. */
export function readFilter(asked: Asked): DeadLetterFilter {
  const text = (name: string) => asked.get(name)?.trim() || undefined;
  const phone = text('phone');
  const address = phone === undefined ? undefined : toAddress(phone);
  if (phone !== undefined && address === undefined) {
    throw new Refusal(400, 'no_phone', 'Write the phone number with its country code, such as +14155550123.');
  }
  const all = {
    reason: text('reason'),
    channel: text('channel'),
    carrier: text('carrier'),
    priority: readWord('priority', priorities, text('priority')),
    state: readWord('state', states, text('state')),
    phone: address === undefined ? undefined : withoutPrefix(address),
    since: readTime(text('since')),
    until: readTime(text('until')),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) satisfies DeadLetterFilter;
}

/** The same filter in the fields of another form. */
export function toHidden(query: URLSearchParams): Html {
  return html`${fields.map(name => html`<input type="hidden" name="${name}" value="${query.get(name) ?? ''}">`)}`;
}

export function toFilterForm(query: URLSearchParams): Html {
  const {reason, ...rest} = readFilter(query);
  return html`<form class="card" method="get" action="/console/dead-letters"><p class="box"><label for="reason">Reason</label>
<span><select id="reason" name="reason"><option value="">all</option>${Object.entries(deadLetterReasons).map(
    ([code, words]) => html`<option value="${code}"${code === reason && html` selected`}>${code}: ${words}</option>`,
  )}</select> <button>Show</button></span></p>
<details${Object.keys(rest).length > 0 && html` open`}><summary>Channel, carrier, phone, time</summary><div class="fields">
${(['channel', 'carrier', 'phone'] as const).map(name => toField(name, query))}
${toChoice('state', states, query)}${toChoice('priority', priorities, query)}
<p><label for="since">Dead since (UTC)</label><input id="since" name="since" type="datetime-local" value="${query.get('since') ?? ''}"></p>
<p><label for="until">and before (UTC)</label><input id="until" name="until" type="datetime-local" value="${query.get('until') ?? ''}"></p>
</div></details></form>`;
}

const fields = ['reason', 'channel', 'carrier', 'phone', 'state', 'priority', 'since', 'until'] as const;

function toField(name: string, query: URLSearchParams): Html {
  const label = name.replace(/^./, first => first.toUpperCase());
  return html`<p><label for="${name}">${label}</label><input id="${name}" name="${name}" value="${query.get(name) ?? ''}" maxlength="100" autocomplete="off"></p>`;
}

function toChoice(name: string, words: readonly string[], query: URLSearchParams): Html {
  const label = name.replace(/^./, first => first.toUpperCase());
  const options = words.map(
    word => html`<option value="${word}"${word === query.get(name) && html` selected`}>${word}</option>`,
  );
  return html`<p><label for="${name}">${label}</label><select id="${name}" name="${name}"><option value="">any</option>${options}</select></p>`;
}

function readWord<Word extends string>(name: string, words: readonly Word[], given: string | undefined) {
  const known = words.find(word => word === given);
  if (given !== undefined && known === undefined) {
    throw new Refusal(400, 'no_such_word', `There is no ${name} of that name: choose ${words.join(', ')}.`);
  }
  return known;
}

function readTime(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const at = Date.parse(`${given}Z`);
  if (!Number.isNaN(at)) return at;
  throw new Refusal(400, 'no_time', 'Write the time as year, month, day, hour and minute, such as 2026-11-20T22:10.');
}
