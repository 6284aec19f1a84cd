import {made} from '../../../src/sandbox/peers.ts';
import type {TrafficOptions} from './agents.ts';
import {sleep} from './clock.ts';
import type {Heard} from './promises.ts';
import {makeText, type Shape} from './texts.ts';

const smppPhones = ['+14155550101', '+14155550102', '+14155550301', '+14155550302'];
const twilioPhones = ['+14155550201', '+14155550401', '+14155550402'];
const shapes: readonly [Shape, ...Shape[]] = ['short', 'short', 'long', 'wide'];
const ok = 0;
/** ESME_RX_T_APPN: "come again". */
const temporary = 0x64;
const againMs = 100;

/** People who write from phones, one text after the other. The SMSC repeats what got no answer, Twilio tries its five times. */
export async function writeFromPhones(options: TrafficOptions): Promise<void> {
  const {peers, promises, random, isOver, url} = options;
  let reference = 0;

  async function runLane(channel: string, phone: string, send: (heard: Heard) => Promise<void>): Promise<void> {
    for (let last = false; !last; ) {
      last = isOver();
      const serial = promises.nextSerial();
      const heard = {serial, channel, phone, text: makeText(serial, random.pick(shapes), random), acknowledged: false};
      promises.heard.push(heard);
      await send(heard);
      await sleep(random.between(10, 150));
    }
  }

  async function sendBySmsc(heard: Heard): Promise<void> {
    reference = (reference + 1) % 256;
    const text = {from: heard.phone, to: heard.channel, text: heard.text, reference};
    while (!heard.acknowledged) {
      const statuses = await peers.smsc.sendFromPhone(text);
      heard.acknowledged = statuses.every(status => status === ok);
      const strange = statuses.filter(status => status !== ok && status !== temporary);
      if (strange.length > 0) promises.strange.push(`deliver_sm of ${heard.serial}: ${strange.join()}`);
      if (!heard.acknowledged) await sleep(againMs);
    }
  }

  async function sendByTwilio(heard: Heard): Promise<void> {
    const webhookUrl = `${url}/twilio/twilio-main/inbound#rc=5&rp=5xx,ct,rt`;
    const {phone: from, channel, text} = heard;
    const {status} = await peers.twilio.sendFromPhone({webhookUrl, from, to: `+${channel}`, text});
    heard.acknowledged = status === 200;
    if (![0, 200, 503].includes(status)) promises.strange.push(`Twilio's webhook of ${heard.serial}: ${status}`);
  }

  await Promise.all([
    ...smppPhones.map(phone => runLane(made.smppChannel, phone, sendBySmsc)),
    ...twilioPhones.map(phone => runLane(made.twilioChannel, phone, sendByTwilio)),
  ]);
}
