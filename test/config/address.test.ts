import test from 'ava';
import {type AddressSetting, readAddress} from '../../src/config/address.ts';

const reads = test.macro<[setting: AddressSetting, address: string, country?: string]>({
  exec(t, setting, address, country) {
    t.deepEqual(readAddress(setting), {address, country});
  },
  title: (_, {address, country, kind}, result) =>
    `reads ${address} (${country ?? 'no country'}, ${kind ?? 'no kind'}) as ${result}`,
});

test(reads, {address: '+16504661149'}, '+16504661149', 'US');
test(reads, {address: '+1 (650) 466-1149'}, '+16504661149', 'US');
test(reads, {address: '0033 6 12 34 56 78'}, '+33612345678', 'FR');
test(reads, {address: '16504661149'}, '+16504661149', 'US');
test(reads, {address: '6504661149', country: 'US'}, '+16504661149', 'US');
test(reads, {address: '16504661149', country: 'US'}, '+16504661149', 'US');
test(reads, {address: '0612345678', country: 'FR'}, '+33612345678', 'FR');
test(reads, {address: '+18005550199', country: 'US'}, '+18005550199', 'US');
test(reads, {address: '44636', country: 'US'}, '44636', 'US');
test(reads, {address: '44636'}, '44636');
test(reads, {address: '1234567', kind: 'shortCode'}, '1234567');
test(reads, {address: 'BRAND'}, 'BRAND');
test(reads, {address: '24Seven', country: 'GB'}, '24Seven', 'GB');
test(reads, {address: 'whatsapp:+14155550123'}, 'whatsapp:+14155550123');
test(reads, {address: 'WhatsApp: +1 (650) 466-1149'}, 'whatsapp:+16504661149');
test(reads, {address: 'whatsapp:16504661149'}, 'whatsapp:+16504661149');
test(reads, {address: 'whatsapp:6504661149', country: 'US'}, 'whatsapp:+16504661149', 'US');
test(reads, {address: 'whatsapp:+16504661149', country: 'FR'}, 'whatsapp:+16504661149', 'FR');
test(reads, {address: 'messenger:1234567890'}, 'messenger:1234567890');
test(reads, {address: 'rcs:brand_agent'}, 'rcs:brand_agent');

const refuses = test.macro({
  exec(t, setting: AddressSetting, why: RegExp) {
    const read = readAddress(setting);
    t.regex('mistake' in read ? read.mistake : `was read as ${read.address}`, why);
  },
  title: (_, {address, country, kind}: AddressSetting) =>
    `refuses ${address} (${country ?? 'no country'}, ${kind ?? 'no kind'})`,
});

test(refuses, {address: '6504661149'}, /can be read two ways/);
test(refuses, {address: '4155550123'}, /can be read two ways/);
test(refuses, {address: 'whatsapp:6504661149'}, /can be read two ways/);
test(refuses, {address: 'whatsapp:brand'}, /must be `\+`/);
test(refuses, {address: 'whatsapp:44636'}, /can be read two ways/);
test(refuses, {address: '1234567'}, /can be a short code or a phone number/);
test(refuses, {address: '12345678', kind: 'phone'}, /can be read two ways/);
test(refuses, {address: '123', country: 'US', kind: 'phone'}, /is no number of US/);
test(refuses, {address: '0123456789'}, /can be read two ways/);
test(refuses, {address: '+16504661149', country: 'FR'}, /is a number of US, but `country` says FR/);
test(refuses, {address: '+16504661149', country: 'XX'}, /has no numbering plan/);
test(refuses, {address: '+123'}, /must be `\+`, a country code and the number/);
test(refuses, {address: 'A brand too long'}, /at most 11/);
test(refuses, {address: 'BRAND', kind: 'phone'}, /has letters in it/);
test(refuses, {address: '123456789', kind: 'shortCode'}, /3 to 8 digits/);
test(refuses, {address: ''}, /must be/);
test(refuses, {address: '+1650466114x'}, /at most 11|letters/);
