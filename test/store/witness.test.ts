import {join} from 'node:path';
import test from 'ava';
import type {Connection} from '../../src/store/sqlite/connection.ts';
import {createEngine} from '../../src/store/sqlite/engine.ts';
import {open} from '../../src/store/sqlite/open.ts';
import {findDoubt} from '../../src/store/sqlite/witness.ts';
import {startOfTime, toOutbound} from './contract/kit.ts';
import {makeFolder} from './open-sqlite.ts';

/** Transactions fail at their end while `fails` says so, as on a disk that has just become full. */
function failing(connection: Connection, fails: () => boolean): Connection {
  return {
    ...connection,
    transaction: body =>
      connection.transaction(() => {
        const result = body();
        if (fails()) throw new Error('the commit failed');
        return result;
      }),
  };
}

test('a store that could not commit for a moment is not taken for a backup after a crash', async t => {
  const file = join(await makeFolder(t), 'gateway.db');
  const bounds = {maxOutbound: 100, maxOutboundPerPlatform: 100};
  const opened = open({file, bounds, now: startOfTime, maxPages: undefined});
  t.teardown(opened.close);
  let isFull = false;
  const connection = failing(opened.connection, () => isFull);
  const engine = createEngine(connection, opened.ledger, opened.vault, opened.witness);
  const take = (id: string, now: number) => engine.group(now, [['acceptOutbound', [toOutbound(id)]]]).results;
  const doubt = () => opened.connection.drive(findDoubt(file));

  t.deepEqual(take('m1', startOfTime + 2000), [{value: {messageId: 'm1', result: 'stored'}}]);
  isFull = true;
  t.true('failed' in (take('m2', startOfTime + 4000)[0] ?? {}));
  isFull = false;
  t.deepEqual(take('m3', startOfTime + 4100), [{value: {messageId: 'm3', result: 'stored'}}]);
  // What the next process finds if this one is killed now.
  t.is(doubt(), undefined);
});
