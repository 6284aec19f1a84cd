import test from 'ava';
import {readTerms, type Terms} from '../../../src/management/console/terms.ts';

const common = {description: '', priority: 'bulk' as const, carriers: ['smsc-a']};
const channels = [
  {...common, id: 'support', platform: 'acme', address: '+16504661149'},
  {...common, id: 'support', platform: 'other', address: '+16504661150'},
  {...common, id: 'offers', platform: 'other', address: '44636'},
];

const reads = test.macro({
  exec(t, text: string, ...readings: Terms[]) {
    t.deepEqual(
      readTerms(text, {channels, carriers: ['smsc-a']}).map(({terms}) => terms),
      readings,
    );
  },
  title: (_, text) => `reads ${text}`,
});

test(reads, 'support', {channel: 'support'});
test(reads, 'support failed', {channel: 'support', state: 'failed'});
test(reads, '16504661150', {channel: 'support', platform: 'other'});
test(reads, '+1 650 466-1150', {channel: 'support', platform: 'other'});
test(reads, '44636', {channel: 'offers', platform: 'other'});
test(reads, '3847562910', {phone: '+3847562910'}, {carrierMessageId: '3847562910'});
test(reads, '4711', {phone: '4711'}, {carrierMessageId: '4711'});
test(reads, 'failed 4711', {state: 'failed', phone: '4711'}, {state: 'failed', carrierMessageId: '4711'});
test(reads, '+14155550123', {phone: '+14155550123'});
test(reads, '1 415 555 0123', {phone: '+14155550123'});
test(reads, '0000016e', {carrierMessageId: '0000016e'}, {phone: '0000016e'});
test(reads, 'My Bank', {carrierMessageId: 'Bank'}, {phone: 'My Bank'});
test(reads, 'failed Bank', {state: 'failed', carrierMessageId: 'Bank'});
