import type {ExecutionContext, TestFn} from 'ava';
import type {Carrier, Plan} from '../../src/carriers/carrier.ts';
import type {CarrierEntry} from '../../src/core/channel.ts';
import type {Outbound} from '../../src/core/message.ts';
import type {Outcome, Refused} from '../../src/core/outcome.ts';
import {until} from '../helpers/until.ts';

/** How the far side meets the next submission. */
export type Answer = 'takes' | 'refuses' | 'cannot now' | 'throttles' | 'says nothing';

export interface CarrierSetup {
  /** Not yet started; stopped by the suite's tests or by a teardown. Its response time-out is short. */
  carrier: Carrier;
  outbound: Outbound;
  entry: CarrierEntry;
  /** Tells the peer what to do with the next submission. */
  next(answer: Answer): void;
  /** How many submissions the peer has seen. */
  submissions(): number;
}

/** What every carrier promises (`src/carriers/carrier.ts`), tried on a real peer. */
export function carrierContract(test: TestFn, create: (t: ExecutionContext) => Promise<CarrierSetup>): void {
  const outcomes: ReadonlyArray<[Answer, Outcome['kind'], string?]> = [
    ['takes', 'taken'],
    ['refuses', 'refused', 'message'],
    ['cannot now', 'unavailable', 'message'],
    ['throttles', 'unavailable', 'throttled'],
    ['says nothing', 'unknown'],
  ];
  for (const [answer, kind, scope] of outcomes) {
    test(`contract: a peer that ${answer} makes the segment ${kind}${scope === undefined ? '' : ` (${scope})`}`, async t => {
      const setup = await started(t, create);
      setup.next(answer);
      const outcome = await setup.carrier.send(submissionOf(setup));
      t.is(outcome.kind, kind);
      t.is<string | undefined, string | undefined>('scope' in outcome ? outcome.scope : undefined, scope);
      if ('reason' in outcome) t.true(outcome.reason.message.length > 0);
      t.false(JSON.stringify(outcome).includes(setup.outbound.text));
    });
  }

  test('contract: a plan is the same for the same text, and asks nobody', async t => {
    const setup = await create(t);
    t.teardown(() => setup.carrier.stop());
    t.deepEqual(planOf(setup), planOf(setup));
    t.is(setup.submissions(), 0);
  });

  test('contract: a stopped carrier has no window and sends nothing', async t => {
    const setup = await started(t, create);
    const submission = submissionOf(setup);
    await setup.carrier.stop();
    t.is(setup.carrier.window(), 0);
    t.like(await setup.carrier.send(submission), {kind: 'unavailable', scope: 'throttled'});
    t.is(setup.submissions(), 0);
    await t.notThrowsAsync(setup.carrier.stop());
  });

  test('contract: stopping waits for what is in flight', async t => {
    const setup = await started(t, create);
    const sent = setup.carrier.send(submissionOf(setup));
    await until('the submission', () => setup.submissions() === 1);
    await setup.carrier.stop();
    t.is((await sent).kind, 'taken');
  });

  test('contract: its status names it and tells its window', async t => {
    const {carrier} = await started(t, create);
    const status = carrier.status();
    t.is(status.name, carrier.name);
    t.true(status.usable);
    t.is(status.window.size, carrier.window());
    t.is(status.window.used, 0);
  });
}

async function started(
  t: ExecutionContext,
  create: (t: ExecutionContext) => Promise<CarrierSetup>,
): Promise<CarrierSetup> {
  const setup = await create(t);
  t.teardown(() => setup.carrier.stop());
  await setup.carrier.start();
  await until('a window', () => setup.carrier.window() > 0);
  return setup;
}

function submissionOf(setup: CarrierSetup) {
  const {outbound, entry} = setup;
  const plan = planOf(setup);
  if (!('segments' in plan)) throw new Error('the contract needs a text this carrier can plan');
  return {
    outbound,
    entry,
    priority: 'interactive' as const,
    plan,
    segment: 0,
    reference: 1,
    attempt: 1,
    sendWithinMs: 60_000,
    deliverWithinMs: 86_400_000,
  };
}

function planOf({carrier, outbound, entry}: CarrierSetup): Plan | Refused {
  return carrier.plan(outbound, entry);
}
