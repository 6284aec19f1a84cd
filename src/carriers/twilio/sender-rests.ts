import type {Reason} from '../../core/message.ts';
import type {CarrierContext, CarrierStatus} from '../carrier.ts';

export interface SenderRests {
  /** A receipt said that nothing of this sender (address or Messaging Service) passes: `code` is Twilio's. */
  begin(sender: string, code: string): void;
  /** Why nothing should be sent now, or undefined. */
  of(sender: string): Reason | undefined;
  /** For people: who rests, and why. */
  links(): CarrierStatus['links'];
}

/** Long enough to lose one text, not a campaign, to an unregistered number; short enough to notice that it was mended. */
const restMs = 300_000;
const mostSenders = 1000;

/**
 * Twilio takes texts of a sender that the networks refuse (30034, 30032…) and fails them one by one. After such a failure the
 * sender rests, its texts wait, and every few minutes one tries again.
 */
export function createSenderRests({name, now, log}: Pick<CarrierContext, 'name' | 'now' | 'log'>): SenderRests {
  const rests = new Map<string, {since: number; code: string}>();
  return {
    begin(sender, code) {
      if (sender === '' || (rests.size >= mostSenders && !rests.has(sender))) return;
      rests.set(sender, {since: now(), code});
      log.error('twilio.sender_refused', {carrier: name, from: sender, twilioCode: code});
    },
    of(sender) {
      const rest = rests.get(sender);
      if (rest === undefined) return undefined;
      if (now() < rest.since + restMs) {
        return {
          code: 'ServerError',
          message: `Twilio error ${rest.code}: the sender rests until its registration or account is mended`,
        };
      }
      rests.delete(sender);
      return undefined;
    },
    links: () =>
      [...rests].map(([sender, {since, code}]) => {
        return {
          name: sender,
          state: 'resting',
          since,
          detail: `Twilio error ${code}: mend its registration or account`,
        };
      }),
  };
}
