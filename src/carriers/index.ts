import {smpp} from './smpp/index.ts';
import {twilio} from './twilio/index.ts';

/** Every kind of way to phones the gateway knows. */
export const carrierTypes = [smpp, twilio] as const;
