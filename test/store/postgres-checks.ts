import type {Server} from './open-postgres.ts';

/** What must be true of the rows whatever several replicas have done at once; each breach a sentence. */
export async function findBroken(server: Server, schema: string): Promise<string[]> {
  const broken: string[] = [];
  for (const [what, text] of checks) {
    const rows = await server.query(text.replaceAll('@', `${schema}.`));
    if (rows.length > 0) broken.push(`${what}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return broken;
}

const checks: ReadonlyArray<readonly [string, string]> = [
  [
    'lanes without exactly one head',
    `select lane, count(*) filter (where state <> 'waiting') as heads from @job where lane is not null
     group by lane having count(*) filter (where state <> 'waiting') <> 1`,
  ],
  ['jobs that stand alone in their lane and wait', `select id from @job where lane is null and state = 'waiting'`],
  ['jobs without a message', `select id from @job where message not in (select seq from @message)`],
  [
    'jobs of messages that have ended',
    `select j.id from @job j join @message m on m.seq = j.message
     where j.kind = 'outbound' and m.state in ('sent', 'delivered', 'failed', 'expired', 'unknown')`,
  ],
  [
    'messages nobody will send',
    `select id from @message m where direction = 'outbound' and state in ('accepted', 'sending')
       and not exists (select 1 from @job j where j.message = m.seq and j.kind = 'outbound')`,
  ],
  [
    'queues whose count is wrong',
    `select coalesce(c.queue, j.queue) as queue, c.waiting, j.jobs from
       (select queue, sum(waiting) as waiting from @queue_count where queue <> 0 group by queue) c
       full join (select queue, count(*) filter (where state <> 'leased') as jobs from @job group by queue) j on j.queue = c.queue
     where coalesce(c.waiting, 0) <> coalesce(j.jobs, 0)`,
  ],
  [
    'a wrong count of outbound jobs',
    `select c.outbound, j.jobs from (select coalesce(sum(outbound), 0) as outbound from @queue_count) c,
       (select count(*) as jobs from @job where kind = 'outbound') j where c.outbound <> j.jobs`,
  ],
  ['leases of nobody', `select id from @job where state = 'leased' and holder not in (select id from @replica)`],
];
