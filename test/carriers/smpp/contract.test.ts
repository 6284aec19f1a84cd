import test from 'ava';
import type {SubmitFault} from '../../../src/sandbox/smsc/faults.ts';
import {type Answer, carrierContract} from '../contract.ts';
import {entry, openAccount, openSmsc, toOutbound} from './account.ts';

const faults: Record<Answer, SubmitFault> = {
  takes: {pass: true},
  refuses: {status: 0x0b},
  'cannot now': {status: 0x08},
  throttles: {status: 0x58},
  'says nothing': {silent: true},
};

carrierContract(test, async t => {
  const smsc = await openSmsc(t, {latencyMs: 20});
  const {carrier} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1, responseTimeout: '300ms'});
  return {
    carrier,
    outbound: toOutbound('a text of the contract'),
    entry,
    next: answer => void smsc.faults.next.push(faults[answer]),
    submissions: () => smsc.submits.length,
  };
});
