import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import Database from 'better-sqlite3';
import {startWorld, type WorldOptions} from '../helpers/world.ts';

/** Later at each look: what was written down at one time was written down in one transaction. */
function createSlowClock(): () => number {
  let last = Date.now();
  return () => {
    last = Math.max(last + 1, Date.now());
    return last;
  };
}

/** Three texts to their ends over a link that is up; which of them were accepted and began at one time. */
async function sendThree(t: ExecutionContext, more: WorldOptions['more'] = {}) {
  const world = await startWorld(t, {now: createSlowClock(), more});
  await world.reaches(await world.send({to: '+14155550119', text: 'is the link up?'}), 'delivered');
  const ids: string[] = [];
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
  return ids.map(id => begun.includes(id));
}

test('a text that finds room is accepted and begins in one transaction, and leaves without another', async t => {
  t.deepEqual(await sendThree(t), [true, true, true]);
});

for (const setting of [
  'dailySegments: 100',
  'sendingHours: {from: "00:00", to: "24:00", days: [mon, tue, wed, thu, fri, sat, sun]}',
])
  test(`where there is ${setting.split(':')[0]} it begins once that was seen to`, async t => {
    t.deepEqual(await sendThree(t, {smppChannel: `    ${setting}`}), [false, false, false]);
  });
