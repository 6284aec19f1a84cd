import test from 'ava';
import {parseAddress} from '../../../src/store/postgres/address.ts';
import {StoreRefused} from '../../../src/store/refused.ts';

test('user and password are unescaped', t => {
  const {config} = parseAddress('postgres://g%40w:10%25%23off@db.example.com/gateway');
  t.like(config, {user: 'g@w', password: '10%#off', host: 'db.example.com', database: 'gateway'});
});

for (const password of ['10%off', '%E0%A4']) {
  test(`a password that can't be unescaped is refused without being told: ${password}`, t => {
    const error = t.throws(() => parseAddress(`postgres://gw:${password}@db.example.com/gateway`), {
      instanceOf: StoreRefused,
      message: /% itself is written %25/,
    });
    t.false(error?.message.includes(password));
  });
}
