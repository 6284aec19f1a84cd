import test from 'ava';
import {checkRolled, rollReplicas} from '../helpers/replicas/rolling.ts';

test('two replicas behind a proxy are replaced under load, and nobody sees it', async t => {
  t.timeout(300_000);
  const rolled = await rollReplicas(t, {replicas: 2, rounds: 1, lanes: 3});
  t.log({
    sent: rolled.sent.size,
    heard: rolled.heard.length,
    replaced: rolled.exits.length - 2,
    refused: rolled.refused,
  });
  t.true(rolled.sent.size > 20, 'hardly anything was written: nothing was tested');
  t.deepEqual(checkRolled(rolled), []);
});
