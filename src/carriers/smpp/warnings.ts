import type {Log} from '../../core/log.ts';
import type {SmppOptions} from './options/schema.ts';

/** What an operator should know at each start of settings that work and are not as they should be. */
export function warnOf({tls, password}: SmppOptions, carrier: string, log: Log): void {
  if (typeof tls === 'object' && tls.acceptAnyCertificate) {
    log.warn('smpp.any_certificate', {carrier, advice: 'give tls.ca instead of acceptAnyCertificate'});
  }
  if (password.length > 8) {
    log.info('smpp.long_password', {carrier, why: 'SMPP 3.4 allows 8 characters, some SMSCs refuse more'});
  }
}
