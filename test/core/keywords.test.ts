import test from 'ava';
import {findOrder, isSuspect, type Language, type Order, toWords} from '../../src/core/keywords.ts';

const all = toWords(['en', 'fr', 'es']);

const orders = test.macro({
  exec(t, text: string, order: Order | undefined, languages: Language[] = ['en']) {
    t.is(findOrder(text, toWords(languages))?.order, order);
  },
  title: (_, text: string, order: Order | undefined, languages: Language[] = ['en']) =>
    `"${text.slice(0, 40)}" (${text.length}) is ${order ?? 'no order'} in ${languages.join(', ')}`,
});

for (const word of ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'])
  test(orders, word, 'stop');
for (const word of ['START', 'YES', 'UNSTOP']) test(orders, word, 'start');
for (const word of ['HELP', 'INFO']) test(orders, word, 'help');
for (const text of ['stop', '  Stop  ', 'STOP.', '"stop!!"', 'Opt-Out', 'opt out', 'stop\n', 'STOP 🛑', 'ＳＴＯＰ'])
  test(orders, text, 'stop');
for (const text of ['', '!', '🛑', 'stop it', 'please stop', 'STOPP', 'end of story', 'yes please', 'ARRET', 'no'])
  test(orders, text, undefined);
for (const text of ['Arrêt', 'ARRET', 'désabonner', 'STOP', 'unsub']) test(orders, text, 'stop', ['fr']);
test(orders, 'Oui !', 'start', ['fr']);
test(orders, 'aide', 'help', ['fr']);
for (const text of ['Alto', '¡ALTO!', 'baja', 'cancelar']) test(orders, text, 'stop', ['es']);
test(orders, 'Sí', 'start', ['es']);
test(orders, 'ayuda', 'help', ['es']);
test(orders, 'QUIT', undefined, ['fr']);
test(orders, `stop${' '.repeat(100_000)}`, 'stop');

test('a channel’s own words are beside those of its languages', t => {
  const words = toWords(['en'], {stop: ['no más'], help: []});
  t.is(findOrder('NO MAS!', words)?.order, 'stop');
  t.is(findOrder('stop', words)?.order, 'stop');
  t.is(findOrder('help', words)?.order, 'help');
});

const suspects = test.macro({
  exec(t, text: string, expected: boolean) {
    t.is(isSuspect(text, all), expected);
  },
  title: (_, text: string, expected: boolean) => `"${text}" is ${expected ? '' : 'not '}suspected of an opt-out`,
});

test(suspects, 'Please stop texting me', true);
test(suspects, 'STOP!!! I mean it', true);
test(suspects, 'I want to opt out now', true);
test(suspects, 'me désabonner svp', true);
test(suspects, 'Please cancel my appointment', false);
test(suspects, 'the bus-stopper', false);
test(suspects, 'in the end we quit', false);
test(suspects, '', false);
