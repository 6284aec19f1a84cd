import test from 'ava';
import {checkInDoubt, leaveInDoubt} from '../helpers/replicas/in-doubt.ts';

test('a replica that learns of its commits when others have taken over sends nothing of theirs', async t => {
  t.timeout(600_000);
  const told = await leaveInDoubt(t, {lanes: 24, writeMs: 3000});
  const states = Map.groupBy(told.outbound, ({state}) => state);
  t.log({
    sent: told.sent.size,
    doubted: told.doubted.length,
    ...Object.fromEntries([...states].map(([state, all]) => [state, all.length])),
  });
  t.true(told.doubted.length > 0, 'nothing was in doubt: nothing was tested');
  t.deepEqual(checkInDoubt(told), []);
});
