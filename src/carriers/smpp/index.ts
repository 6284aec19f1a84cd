import {defineCarrier} from '../carrier.ts';
import {createAccount} from './account.ts';
import {createExamination} from './examine.ts';
import {type SmppOptions, smppEntry, smppOptions} from './options/schema.ts';

export const smpp = defineCarrier<SmppOptions>({
  type: 'smpp',
  options: smppOptions,
  entry: smppEntry,
  create: createAccount,
  examine: createExamination,
});
