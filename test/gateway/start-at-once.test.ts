import {join} from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import {startWorld} from '../helpers/world.ts';

/** Later at each look: what was written down at one time was written down in one transaction. */
function createSlowClock(): () => number {
  let last = Date.now();
  return () => {
    last = Math.max(last + 1, Date.now());
    return last;
  };
}

test('a text that finds room is accepted and begins in one transaction, and leaves without another', async t => {
  const world = await startWorld(t, {now: createSlowClock()});
  await world.reaches(await world.send({to: '+14155550119', text: 'is the link up?'}), 'delivered');
  const ids = [];
  for (const number of [1, 2, 3]) {
    const id = await world.send({to: `+1415555012${number}`, text: `text ${number}`});
    await world.reaches(id, 'delivered');
    ids.push(id);
  }
  const database = new Database(join(world.folder, 'gateway.db'), {readonly: true});
  const begun = database
    .prepare('select m.id from message m join segment s on s.message = m.seq where s.started_at = m.accepted_at')
    .pluck()
    .all();
  database.close();
  for (const id of ids) t.true(begun.includes(id));
});
