import test from 'ava';
import {maskPhone, toAddress, toPhone} from '../../src/core/address.ts';

const reads = test.macro({
  exec: (t, raw: string, expected: string | undefined) => t.is(toAddress(raw), expected),
  title: (_, raw, expected) => `reads ${JSON.stringify(raw)} as ${expected ?? 'no address'}`,
});

test(reads, '14155550123', '+14155550123');
test(reads, '+14155550123', '+14155550123');
test(reads, ' +1 (415) 555-0123 ', '+14155550123');
test(reads, '0014155550123', '+14155550123');
test(reads, '447700900001', '+447700900001');
test(reads, '+44 (0)7700 900001', '+447700900001');
test(reads, '0044(0)7700900001', '+447700900001');
test(reads, '+1 (000) 555-0123', '+10005550123');
test(reads, '72345', '72345');
test(reads, '12345678', '12345678');
test(reads, 'ACME Bank', 'ACME Bank');
test(reads, 'whatsapp:+14155550123', 'whatsapp:+14155550123');
test(reads, '04155550123', undefined);
test(reads, '+1', undefined);
test(reads, '1234567890123456', undefined);
test(reads, '', undefined);
test(reads, 'a name too long', undefined);

const readsPhone = test.macro({
  exec: (t, raw: string, expected: string | undefined) => t.is(toPhone(raw), expected),
  title: (_, raw, expected) => `reads the phone ${JSON.stringify(raw)} as ${expected ?? 'none'}`,
});

test(readsPhone, '+1 (415) 555-0123', '+14155550123');
test(readsPhone, 'tel:+1-415-555-0123', '+14155550123');
test(readsPhone, 'SMS:14155550123', '+14155550123');
test(readsPhone, 'whatsapp:+14155550123', '+14155550123');
test(readsPhone, 'whatsapp:US.1234abc', 'whatsapp:US.1234abc');
test(readsPhone, 'ACME Bank', undefined);
test(readsPhone, '1.41556E+10', undefined);
test(readsPhone, '0151 1234567', undefined);

const masks = test.macro({
  exec: (t, address: string, expected: string) => t.is(maskPhone(address), expected),
  title: (_, address) => `masks ${address}`,
});

test(masks, '+14155550123', '+1415555****');
test(masks, 'whatsapp:+14155550123', 'whatsapp:+1415555****');
test(masks, '72345', '7****');
test(masks, 'ACME', 'ACME');
