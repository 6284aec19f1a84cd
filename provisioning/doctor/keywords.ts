import type {Config} from '../../src/config.ts';
import {isAnsweredByNetwork} from '../../src/core/consent.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

type Channel = Config['channels'][number];

/** Who answers STOP and HELP on each channel: exactly one should. Pure. */
export function judgeKeywords(config: Pick<Config, 'channels' | 'carriers' | 'nexusServices'>): Finding[] {
  return config.channels.map(channel => {
    const types = channel.carriers.map(({carrier}) => config.carriers.get(carrier)?.type);
    const campaigns = config.nexusServices.some(
      ({platform, channel: id, cxcOnly}) => cxcOnly && id === channel.id && platform === channel.platform,
    );
    return judgeChannel(channel, types.includes('twilio'), campaigns);
  });
}

function judgeChannel({id, address, keywords}: Channel, byTwilio: boolean, campaigns: boolean): Finding {
  const {mode, owner} = keywords ?? {mode: 'forward', owner: 'nobody'};
  if (owner === 'twilio' && !byTwilio) {
    const message = `Channel ${id} leaves STOP and HELP to Twilio, and none of its carriers is Twilio: correct keywords.owner, or nobody answers.`;
    return problem('keywords_owner', message);
  }
  if (mode === 'forward' && owner === 'nobody' && byTwilio && campaigns) {
    const message = `Channel ${id}: Twilio and CX Contact both answer STOP and HELP unless one is told not to: switch one off, and say in keywords.owner which answers.`;
    return warning('keywords_unsaid', message);
  }
  const ours = mode !== 'forward' && owner === 'nobody';
  if (ours && campaigns) {
    const message = `Channel ${id}: the gateway and CX Contact would both answer STOP and HELP: set keywords.owner to cx-contact.`;
    return problem('keywords_twice', message);
  }
  if (ours && byTwilio) {
    const message = `Channel ${id}: the gateway and Twilio would both answer STOP and HELP, unless Twilio's own handling is off: set keywords.owner to twilio, or switch it off there.`;
    return warning('keywords_twilio', message);
  }
  if (byTwilio && (owner === 'cx-contact' || owner === 'carrier')) {
    const message = `Channel ${id}: ${owner === 'carrier' ? 'keywords.owner is carrier' : 'CX Contact answers STOP and HELP'}, and Twilio answers them too unless its own handling is off, which can't be read: make sure with Twilio that it is, or set keywords.owner to twilio.`;
    return warning('keywords_twilio', message);
  }
  return ok('keywords', `Channel ${id}: ${toAnswerer({address, ours, owner, byTwilio, campaigns})}.`);
}

interface Answering {
  address: string;
  ours: boolean;
  owner: string;
  byTwilio: boolean;
  campaigns: boolean;
}

function toAnswerer({address, ours, owner, byTwilio, campaigns}: Answering): string {
  const network = isAnsweredByNetwork(address) ? '; to STOP and START the toll-free network answers' : '';
  if (ours) return `STOP and HELP are followed and answered by the gateway${network}`;
  if (owner === 'twilio' || (owner === 'nobody' && byTwilio)) {
    return 'Twilio answers STOP and HELP, unless that is switched off there; they are forwarded';
  }
  if (owner === 'carrier') return 'the carrier answers STOP and HELP';
  if (owner === 'cx-contact' || campaigns) return 'CX Contact answers STOP and HELP';
  return `STOP and HELP are forwarded: the contact centre has to answer them${network}`;
}
