import {z} from 'zod';
import {Refusal} from '../../core/refusal.ts';
import type {StopFilter} from '../../core/stop.ts';
import {phone, time} from '../filters.ts';
import type {ManagementParts} from '../parts.ts';
import {describe, matching, nothingPaused} from '../queues.ts';
import {refuseMixed, refuseMixedDrain, refuseNoTime} from '../stop-filter.ts';
import type {Answer, Visit} from './door.ts';
import {html} from './html.ts';
import {kindWords} from './queue-tables.ts';
import {toHidden} from './stop-forms.ts';
import {toNumber} from './words.ts';

const optional = z
  .string()
  .max(200)
  .transform(value => (value === '' ? undefined : value))
  .optional();

const filterForm = z
  .object({
    kind: z.enum(['outbound', 'inbound', 'receipt']).optional(),
    platform: optional,
    channel: optional,
    carrier: optional,
    priority: z
      .enum(['interactive', 'bulk', ''])
      .transform(value => (value === '' ? undefined : value))
      .optional(),
    phone: optional.pipe(phone.optional()),
    acceptedAfter: z.preprocess(toUtc, time.optional()),
    acceptedBefore: z.preprocess(toUtc, time.optional()),
  })
  .transform(filter => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));

/** A browser's field for a time knows no zone: it is asked for in UTC. */
function toUtc(value: unknown): unknown {
  if (value === '') return undefined;
  return typeof value === 'string' && /T[\d:]+$/.test(value) ? `${value}Z` : value;
}

/** The stop button: pause, resume, drain, and a purge that counts before it acts. */
export function createStop(parts: ManagementParts) {
  const {operations} = parts;

  async function pause({form, session}: Visit): Promise<Answer> {
    const filter = toFilter(form);
    refuseMixed(filter);
    matching(parts, filter);
    await operations.pause(filter, toReason(form), session.by);
    return {to: '/console/?done=paused#stop'};
  }

  async function drain({form, session}: Visit): Promise<Answer> {
    const {acceptedAfter, acceptedBefore, ...rest} = toFilter(form);
    const filter = toOutbound(rest);
    if (acceptedAfter !== undefined || acceptedBefore !== undefined) throw noTimes();
    refuseMixedDrain(filter);
    matching(parts, filter);
    await operations.drain(filter, toReason(form), session.by);
    return {to: '/console/?done=draining#stop'};
  }

  async function resume({form, session}: Visit): Promise<Answer> {
    const filter = toFilter(form);
    if (!(await operations.resume(filter, session.by))) throw await nothingPaused(parts, filter);
    return {to: '/console/?done=resumed#stop'};
  }

  async function purge({form, session}: Visit): Promise<Answer> {
    const filter = toOutbound(toFilter(form));
    refuseNoTime(filter);
    matching(parts, filter);
    if (form.get('confirm') === 'yes') {
      const {purged} = await operations.purge(filter, toReason(form), session.by);
      return {to: `/console/?done=purged&count=${purged}#stop`};
    }
    const {waiting, underWay} = await operations.countToPurge(filter);
    const body = html`<p class="notice odd" role="alert"><strong>${toNumber(waiting)}</strong> waiting texts of <strong>${describe(filter)}</strong> will end as failed.
The platform gets a Failed receipt for each. This can't be undone. ${toNumber(underWay)} more are being sent at this moment: they are left alone.</p>
<form method="post" action="/console/purge" class="buttons"><input type="hidden" name="formKey" value="${session.formKey}">
<input type="hidden" name="confirm" value="yes"><input type="hidden" name="reason" value="${toReason(form)}">${toHidden(filter)}
<button class="danger">Purge ${toNumber(waiting)} texts</button> <a href="/console/#stop">Leave them</a></form>`;
    return {title: 'Purge', body};
  }

  return {pause, resume, drain, purge};
}

function noTimes(): Refusal {
  const message = 'A drain is about what is still to come: leave the times empty, go back and choose again.';
  return new Refusal(400, 'invalid_filter', message);
}

/** Who chose the posts to platforms would stop the texts to phones. */
function toOutbound(filter: StopFilter): StopFilter & {kind: 'outbound'} {
  const {kind = 'outbound', ...rest} = filter;
  if (kind === 'outbound') return {...rest, kind};
  const message = `${kindWords[kind]} are paused and resumed only: go back and choose ${kindWords.outbound}, or pause. Nothing was changed.`;
  throw new Refusal(400, 'mixed_filter', message);
}

function toFilter(form: URLSearchParams): StopFilter {
  const parsed = filterForm.safeParse(Object.fromEntries(form));
  if (parsed.success) return parsed.data;
  const written = parsed.error.issues.filter(({code}) => code === 'custom').map(({message}) => message);
  const [sentence = 'the form holds a choice that is not offered'] = written;
  throw new Refusal(400, 'invalid_filter', `Go back and choose again: ${sentence}.`);
}

function toReason(form: URLSearchParams): string {
  return (form.get('reason') ?? '').trim().slice(0, 200) || 'by hand';
}
