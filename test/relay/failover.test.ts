import test from 'ava';
import type {Channel} from '../../src/core/channel.ts';
import type {Log} from '../../src/core/log.ts';
import {createFailover, type FailoverOptions} from '../../src/relay/failover.ts';

const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};
const to = '+14155550123';
const carriers = ['a', 'b', 'c'].map(carrier => ({
  carrier,
  address: '+16504661149',
  senderMayChange: false,
  options: {},
}));
const channel = {platform: 'acme', id: 'c1', priority: 'bulk', carriers, failoverAfterMs: 0} as unknown as Channel;

/** Three carriers for one channel. */
function start({down = []}: {down?: string[]} = {}) {
  const account = (name: string) => ({window: () => (down.includes(name) ? 0 : 10), status: () => ({})});
  return createFailover({
    carriers: () => new Map(carriers.map(({carrier}) => [carrier, account(carrier)])),
    rests: () => false,
    gates: {isOpen: () => true},
    log: silent,
  } as unknown as FailoverOptions);
}

test('what is refused at its first try goes to the first other carrier of the list, and from then on only down the list', t => {
  const {afterRefusal} = start();
  t.is(afterRefusal(channel, 'b', to, true), 'a');
  t.is(afterRefusal(channel, 'a', to, false), 'b');
  t.is(afterRefusal(channel, 'b', to, false), 'c');
  t.is(afterRefusal(channel, 'c', to, false), undefined);
});

test('on its way down it passes over a carrier without a link', t => {
  const {afterRefusal} = start({down: ['b']});
  t.is(afterRefusal(channel, 'a', to, false), 'c');
});
