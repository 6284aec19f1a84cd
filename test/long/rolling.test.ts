import test from 'ava';
import {checkRolled, rollReplicas} from '../helpers/replicas/rolling.ts';

test('three replicas behind a proxy are replaced again and again under load, and nobody sees it', async t => {
  t.timeout(900_000);
  const rolled = await rollReplicas(t, {replicas: 3, rounds: 4, lanes: 6});
  t.log({
    sent: rolled.sent.size,
    heard: rolled.heard.length,
    replaced: rolled.exits.length - 3,
    refused: rolled.refused,
  });
  t.true(rolled.sent.size > 500, 'hardly anything was written: nothing was tested');
  t.is(rolled.refused, 0, 'a replica closed before stopDelay was over');
  t.deepEqual(checkRolled(rolled), []);
});
