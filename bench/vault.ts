import {randomBytes} from 'node:crypto';
import {createVault, noSecrecy} from '../src/store/vault.ts';

/** What sealing costs: µs of CPU for the body and the webhook of one text, and for finding a phone under its hash. `node bench/vault.ts [texts]` */
const [texts = 50_000] = process.argv.slice(2).map(Number);
const keys = [{id: 'k1', key: randomBytes(32).toString('base64')}];
const body = JSON.stringify({
  text: 'Your order has left our house and will be with you tomorrow between nine and eleven.',
});
const raw = JSON.stringify({messages: [{text: body, padding: 'x'.repeat(400)}]});

for (const [name, secrecy] of [
  ['off', noSecrecy],
  ['sealed', {keys, seals: true, phoneKeys: ['a secret of some length']}],
] as const) {
  const vault = createVault(secrecy);
  const sealed = vault.seal(body, 'm body');
  const of = {
    'seal body and webhook': () => [vault.seal(body, 'm body'), vault.seal(raw, 'm raw')],
    'open body': () => vault.open(sealed, 'm body'),
    'names of a phone': () => vault.namesOf('+14155550123'),
  };
  for (const [what, once] of Object.entries(of))
    console.log(name.padEnd(7), what.padEnd(22), `${measure(once).toFixed(2)} µs`);
}

function measure(once: () => unknown): number {
  for (let turn = 0; turn < 2000; turn += 1) once();
  const before = process.cpuUsage();
  for (let turn = 0; turn < texts; turn += 1) once();
  const {user, system} = process.cpuUsage(before);
  return (user + system) / texts;
}
