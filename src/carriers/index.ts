import type {CarrierType} from './carrier.ts';
import {smpp} from './smpp/index.ts';
import {twilio} from './twilio/index.ts';

/** Every kind of way to phones the gateway knows. */
export const carrierTypes: readonly CarrierType[] = [smpp, twilio];
