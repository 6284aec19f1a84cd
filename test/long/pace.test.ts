import test from 'ava';
import {keepsRate} from '../helpers/keeps-rate.ts';

/** Here and not in the gate: a machine that is busy with other tests holds the pretend SMSC back, and what it then reads at once had left apart. */
test('never more than 200 segments reach the SMSC in any second, over three binds and a reconnect', keepsRate, 200);
